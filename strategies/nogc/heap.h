/* nogc: objects are laid one behind the other and never freed. What is left of a run's time is the mutator's own cost
 * and that of touching fresh memory: the lower bound for the others.
 *
 * An object is its payload, without a header; only a MM_TYPE_TAGGED type has a word before it. No memory is handed out
 * twice, so what the system gave is still zero: nothing is cleared here. */
#ifndef NOGC_HEAP_H
#define NOGC_HEAP_H

#include <errno.h>

#include "common/bump_object.h"

#define MM_TRAITS (MM_TRAIT_NEVER_FREES)

struct heap {
    struct bump bump;
};

extern struct heap nogc_heap;

struct mm_region {
    char unused;
};

/* ---- allocation */

static inline void *mm_new(const struct mm_type *type, struct mm_root *out)
{
    void *object = bump_object_new(&nogc_heap.bump, type, type->size);
    if (object)
        out->object = object;
    return object;
}

static inline void *mm_new_tail(const struct mm_type *type, size_t length, struct mm_root *out)
{
    if (length > BUMP_BLOCK_MAX / sizeof(struct mm_ref))
        return NULL;
    size_t *object = bump_object_new(&nogc_heap.bump, type, mm_type_payload_bytes(type, length));
    if (!object)
        return NULL;
    *object = length;
    out->object = object;
    return object;
}

static inline int mm_refs_resize(struct mm_root *owner, size_t offset, size_t capacity)
{
    struct mm_refs *refs = mm_refs_at(owner->object, offset);
    if (capacity > BUMP_BLOCK_MAX / sizeof *refs->slots)
        return -ENOMEM;
    void *buffer = refs->slots;
    size_t old_bytes = refs->capacity * sizeof *refs->slots, new_bytes = capacity * sizeof *refs->slots;
    int error = bump_buffer_resize(&nogc_heap.bump, &buffer, old_bytes, new_bytes);
    if (error)
        return error;
    *refs = (struct mm_refs){buffer, capacity};
    counts_resize(&nogc_heap.bump.counts, old_bytes, new_bytes);
    return 0;
}

static inline int mm_bytes_resize(struct mm_root *owner, size_t offset, size_t capacity)
{
    struct mm_bytes *bytes = mm_bytes_at(owner->object, offset);
    void *buffer = bytes->bytes;
    int error = bump_buffer_resize(&nogc_heap.bump, &buffer, bytes->capacity, capacity);
    if (error)
        return error;
    counts_resize(&nogc_heap.bump.counts, bytes->capacity, capacity);
    *bytes = (struct mm_bytes){buffer, capacity};
    return 0;
}

/* ---- what the programmer knows: of no use here */

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
