/* cpython: CPython's own objects and its own collector, embedded, used as a C extension uses them.
 *
 * README.md says what was chosen and why. What an extension has inline in its code is inline here: taking and dropping
 * references, and the calls that make an object. */
#ifndef CPYTHON_HEAP_H
#define CPYTHON_HEAP_H

#include "object.h"

#include <string.h>

#include "common/counts.h"
#include "common/held.h"

#define MM_TRAITS                                                                                                      \
    (MM_TRAIT_CYCLES | MM_TRAIT_PROMPT | MM_TRAIT_WEAK | MM_TRAIT_FINALIZERS | MM_TRAIT_COLLECTOR | MM_TRAIT_COUNTS |  \
     MM_TRAIT_SAVE_ALL)

struct heap {
    struct held held; /* what was asked of CPython's allocators for this heap, with headers */
    struct common_counts counts;
    bool open, closing;
    bool collecting;
    size_t foreign_frozen; /* objects of the interpreter's own in the permanent generation */
    uint64_t collections[MM_GENERATIONS], collection_ns[MM_GENERATIONS];
    uint64_t collected[MM_GENERATIONS], uncollectable[MM_GENERATIONS];
    uint64_t collection_start_ns;

    /* The cascade of destructions that the mutator is in. */
    unsigned depth;         /* destructors on the C stack */
    bool announced;         /* the cascade has become a pause */
    uint64_t cascade_start; /* objects freed when it began */
    uint64_t cascade_mark;  /* when more are freed, the cascade is a pause */
};

extern struct heap cpython_heap;

MM_INLINE void counted_take(void *object)
{
    if (object)
        Py_INCREF(cpython_of(object));
}

MM_INLINE void counted_drop(void *object)
{
    if (object)
        Py_DECREF(cpython_of(object));
}

#include "common/counted.h"

/* ---- types: an extension names its type; here it is looked up by the address of its definition */

enum { CPYTHON_SLOTS = 1024, CPYTHON_SLOT_SHIFT = 5 };

struct cpython_slot {
    const struct mm_type *mm;
    struct cpython_type *type;
};

extern struct cpython_slot cpython_slots[CPYTHON_SLOTS];

/* Finds the type that says the same, or makes it; and puts it into its slot. NULL without memory. */
struct cpython_type *cpython_type_slow(const struct mm_type *mm);

static inline struct cpython_slot *cpython_slot(const struct mm_type *mm)
{
    return &cpython_slots[((uintptr_t)mm >> CPYTHON_SLOT_SHIFT) % CPYTHON_SLOTS];
}

MM_INLINE struct cpython_type *cpython_type(const struct mm_type *mm)
{
    const struct cpython_slot *slot = cpython_slot(mm);
    return __builtin_expect(slot->mm == mm, 1) ? slot->type : cpython_type_slow(mm);
}

/* ---- allocation */

/* CPython has no more: its exception is cleared, and what was accounted for is given back. */
void cpython_no_memory_slow(size_t bytes);

/* The calls that an extension makes: an object with a reference, the caller's, its payload not yet zeroed. */
MM_INLINE PyObject *cpython_call_new(const struct mm_type *mm, PyTypeObject *type, size_t length)
{
    if (mm->tail == MM_TAIL_NONE)
        return cpython_is_gc(mm) ? PyObject_GC_New(PyObject, type) : PyObject_New(PyObject, type);
    PyVarObject *object = cpython_is_gc(mm) ? PyObject_GC_NewVar(PyVarObject, type, (Py_ssize_t)length)
                                            : PyObject_NewVar(PyVarObject, type, (Py_ssize_t)length);
    return (PyObject *)object;
}

MM_INLINE void *cpython_new(const struct mm_type *mm, size_t length, struct mm_root *out)
{
    struct cpython_type *type = cpython_type(mm);
    size_t payload_bytes = mm_type_payload_bytes(mm, length), bytes = cpython_block_bytes(mm, payload_bytes);
    if (!type || !held_take(&cpython_heap.held, bytes))
        return NULL;
    PyObject *object = cpython_call_new(mm, &type->python, length);
    if (__builtin_expect(!object, 0)) {
        cpython_no_memory_slow(bytes);
        return NULL;
    }
    counts_new(&cpython_heap.counts, payload_bytes);
    char *payload = cpython_payload(object);
    size_t known = mm->tail == MM_TAIL_NONE ? 0 : sizeof(size_t); /* ob_size */
    memset(payload + known, 0, payload_bytes - known);
    if (mm_type_has_refs(mm))
        PyObject_GC_Track(object);
    counted_deliver(out, payload);
    return payload;
}

MM_INLINE void *mm_new(const struct mm_type *type, struct mm_root *out)
{
    return cpython_new(type, 0, out);
}

MM_INLINE void *mm_new_tail(const struct mm_type *type, size_t length, struct mm_root *out)
{
    return length > COUNTED_LENGTH_MAX ? NULL : cpython_new(type, length, out);
}

int cpython_refs_resize(struct mm_root *owner, size_t offset, size_t capacity);
int cpython_bytes_resize(struct mm_root *owner, size_t offset, size_t capacity);

MM_INLINE int mm_refs_resize(struct mm_root *owner, size_t offset, size_t capacity)
{
    return cpython_refs_resize(owner, offset, capacity);
}

MM_INLINE int mm_bytes_resize(struct mm_root *owner, size_t offset, size_t capacity)
{
    return cpython_bytes_resize(owner, offset, capacity);
}

MM_INLINE const struct mm_type *mm_type_of(const void *object)
{
    return cpython_type_of(cpython_of(object))->mm;
}

#endif
