/* bdwgc: the Boehm-Demers-Weiser collector, libgc, used as who knows it well would use it.
 *
 * An object is a cell of libgc without a header; one whose type is tagged has its type in the word before the payload.
 * Cells come from lists of free ones, a list for a kind and a size, which GC_generic_malloc_many fills: what libgc's
 * gc_inline.h does, as functions. A scoped root (MM_ROOT) is a plain variable, which libgc finds by scanning the C
 * stack and the registers; any other root is in a list that is scanned with them. See README.md.
 *
 * Invariant of the fast path: the cells of a list are free, of the list's kind and size, linked by their first words;
 * those of a kind that libgc scans are zero but for that. When a collection marks, all lists are empty. */
#ifndef BDWGC_HEAP_H
#define BDWGC_HEAP_H

#define MM_TRAITS (MM_TRAIT_CYCLES | MM_TRAIT_WEAK | MM_TRAIT_FINALIZERS | MM_TRAIT_COLLECTOR | MM_TRAIT_CONSERVATIVE)

/* What libgc is told of a cell, and what it tells us when it lists them. */
enum bdwgc_kind {
    BDWGC_PLAIN,         /* an object with references: every word of it is scanned */
    BDWGC_TAGGED,        /* the same after its tag */
    BDWGC_ATOMIC,        /* an object without references: not scanned */
    BDWGC_ATOMIC_TAGGED, /* the same after its tag */
    BDWGC_OBJECT_KINDS,
    BDWGC_SLOTS = BDWGC_OBJECT_KINDS, /* a buffer of references: scanned */
    BDWGC_BUFFER,                     /* a buffer of bytes: not scanned */
    BDWGC_KINDS,
};

enum {
    BDWGC_GRANULE_BYTES = 16, /* cells are multiples of it */
    BDWGC_CLASSES = 25,       /* cells of 1 to 24 granules have lists, as in libgc's own gc_tiny_fl.h */
    BDWGC_LARGE = 0,          /* the class of all others: its list is always empty */
};

/* Longer tails are refused, so that a size in bytes cannot overflow. */
#define BDWGC_LENGTH_MOST ((size_t)1 << 44)

struct bdwgc_list {
    void *first;
    uint64_t cells, bytes; /* handed out since the heap was opened, and the payloads in them */
};

struct heap {
    struct mm_root *roots; /* the last one pushed, of those that are not scoped */
    struct bdwgc_list lists[BDWGC_KINDS][BDWGC_CLASSES];
};

extern struct heap bdwgc_heap;

struct mm_region {
    char unused;
};

/* ---- roots */

struct mm_root {
    void *object;
    struct mm_root *previous; /* not of a scoped one */
};

static inline void mm_root_push(struct mm_root *root)
{
    root->object = NULL;
    root->previous = bdwgc_heap.roots;
    bdwgc_heap.roots = root;
}

static inline void mm_root_pop(struct mm_root *root)
{
    bdwgc_heap.roots = root->previous;
}

/* The address sanitizer may keep variables elsewhere than on the stack that libgc scans: there, all are in the list. */
#if defined __has_feature
#if __has_feature(address_sanitizer)
#define BDWGC_STACK_MOVES
#endif
#endif
#if defined __SANITIZE_ADDRESS__
#define BDWGC_STACK_MOVES
#endif

#ifndef BDWGC_STACK_MOVES
#define MM_SCOPED_ROOTS

static inline void mm_root_enter(struct mm_root *root)
{
    root->object = NULL;
}

/* What it holds has to be in a register or on the stack until here: libgc's GC_reachable_here. */
static inline void mm_root_leave(struct mm_root *root)
{
    __asm__ volatile("" : : "g"(root->object));
}
#endif

#include "common/pointers.h"

/* ---- allocation */

static inline enum bdwgc_kind bdwgc_kind(const struct mm_type *type)
{
    bool tagged = type->flags & MM_TYPE_TAGGED;
    if (mm_type_has_refs(type) || type->bytes_count != 0)
        return tagged ? BDWGC_TAGGED : BDWGC_PLAIN;
    return tagged ? BDWGC_ATOMIC_TAGGED : BDWGC_ATOMIC;
}

static inline bool bdwgc_is_scanned(enum bdwgc_kind kind)
{
    return kind <= BDWGC_TAGGED || kind == BDWGC_SLOTS;
}

/* Any size, any type: fills a list, runs what is due after a collection, registers a finalizer. */
void *bdwgc_new_slow(const struct mm_type *type, size_t payload_bytes);

MM_INLINE void *bdwgc_new(const struct mm_type *type, size_t payload_bytes)
{
    enum bdwgc_kind kind = bdwgc_kind(type);
    size_t granules = (payload_bytes + plain_tag_bytes(type) + BDWGC_GRANULE_BYTES - 1) / BDWGC_GRANULE_BYTES;
    if (type->finalize || granules - 1 >= BDWGC_CLASSES - 1)
        return bdwgc_new_slow(type, payload_bytes);
    struct bdwgc_list *list = &bdwgc_heap.lists[kind][granules];
    void **cell = list->first;
    if (__builtin_expect(!cell, 0))
        return bdwgc_new_slow(type, payload_bytes);
    list->first = *cell;
    list->cells++;
    list->bytes += payload_bytes;
    void *object = plain_tag(type, cell);
    if (!bdwgc_is_scanned(kind))
        __builtin_memset(object, 0, payload_bytes);
    else if (object == cell)
        *cell = NULL;
    return object;
}

static inline void *mm_new(const struct mm_type *type, struct mm_root *out)
{
    void *object = bdwgc_new(type, type->size);
    if (__builtin_expect(!object, 0))
        return NULL;
    return out->object = object;
}

static inline void *mm_new_tail(const struct mm_type *type, size_t length, struct mm_root *out)
{
    if (__builtin_expect(length > BDWGC_LENGTH_MOST, 0))
        return NULL;
    size_t *object = bdwgc_new(type, mm_type_payload_bytes(type, length));
    if (__builtin_expect(!object, 0))
        return NULL;
    *object = length;
    return out->object = object;
}

/* Resize a buffer that belongs to an object in a root. 0 or -ENOMEM. */
int bdwgc_refs_resize(struct mm_refs *refs, size_t capacity);
int bdwgc_bytes_resize(struct mm_bytes *bytes, size_t capacity);

static inline int mm_refs_resize(struct mm_root *owner, size_t offset, size_t capacity)
{
    return bdwgc_refs_resize(mm_refs_at(owner->object, offset), capacity);
}

static inline int mm_bytes_resize(struct mm_root *owner, size_t offset, size_t capacity)
{
    return bdwgc_bytes_resize(mm_bytes_at(owner->object, offset), capacity);
}

/* ---- what the programmer knows: nothing that a collector needs */

static inline void mm_dead(const struct mm_type *type, void *object)
{
    (void)type;
    (void)object;
}

static inline void mm_region_begin(struct mm_region *region)
{
    (void)region;
}

static inline void mm_region_end(struct mm_region *region)
{
    (void)region;
}

#endif
