/* arena: regions. An object is laid behind the one before it, and all that was allocated in a region is freed at its
 * end by setting a pointer back.
 *
 * An object is its payload, without a header; only a MM_TYPE_TAGGED type has a word before it. Memory is handed out
 * again and again, so objects are cleared when they are made: what nogc need not do. */
#ifndef ARENA_HEAP_H
#define ARENA_HEAP_H

#include <errno.h>
#include <string.h>

#include "common/bump_object.h"

#define MM_TRAITS (MM_TRAIT_CYCLES | MM_TRAIT_REGIONS)

/* What to go back to at the region's end. */
struct mm_region {
    struct mm_region *outer;
    struct bump_position position;
    uint64_t live_objects, live_bytes; /* that were live at the beginning, and still are */
};

struct heap {
    struct bump bump;         /* its epoch: how many regions are open */
    struct mm_region *region; /* the innermost; NULL: none */
};

extern struct heap arena_heap;

/* ---- allocation */

static inline void *mm_new(const struct mm_type *type, struct mm_root *out)
{
    void *object = bump_object_new(&arena_heap.bump, type, type->size);
    if (__builtin_expect(!object, 0))
        return NULL;
    out->object = object;
    return memset(object, 0, type->size);
}

static inline void *mm_new_tail(const struct mm_type *type, size_t length, struct mm_root *out)
{
    if (length > BUMP_BLOCK_MAX / sizeof(struct mm_ref))
        return NULL;
    size_t payload_bytes = mm_type_payload_bytes(type, length);
    size_t *object = bump_object_new(&arena_heap.bump, type, payload_bytes);
    if (!object)
        return NULL;
    memset(object, 0, payload_bytes);
    *object = length;
    out->object = object;
    return object;
}

/* Resizes a buffer and counts it. */
int arena_buffer_resize(void **buffer, size_t old_bytes, size_t new_bytes);

static inline int mm_refs_resize(struct mm_root *owner, size_t offset, size_t capacity)
{
    struct mm_refs *refs = mm_refs_at(owner->object, offset);
    if (capacity > BUMP_BLOCK_MAX / sizeof *refs->slots)
        return -ENOMEM;
    void *buffer = refs->slots;
    int error = arena_buffer_resize(&buffer, refs->capacity * sizeof *refs->slots, capacity * sizeof *refs->slots);
    if (error)
        return error;
    *refs = (struct mm_refs){buffer, capacity};
    return 0;
}

static inline int mm_bytes_resize(struct mm_root *owner, size_t offset, size_t capacity)
{
    struct mm_bytes *bytes = mm_bytes_at(owner->object, offset);
    void *buffer = bytes->bytes;
    int error = arena_buffer_resize(&buffer, bytes->capacity, capacity);
    if (error)
        return error;
    *bytes = (struct mm_bytes){buffer, capacity};
    return 0;
}

/* ---- what the programmer knows */

static inline void mm_dead(const struct mm_type *type, void *object)
{
    (void)type;
    (void)object;
}

static inline void mm_region_begin(struct mm_region *region)
{
    struct heap *heap = &arena_heap;
    const struct common_counts *counts = bump_counts(&heap->bump);
    *region = (struct mm_region){
        .outer = heap->region,
        .position = bump_position(&heap->bump),
        .live_objects = counts->objects_allocated - counts->objects_freed,
        .live_bytes = counts->bytes_allocated - counts->bytes_freed,
    };
    heap->region = region;
    heap->bump.epoch++;
}

static inline void mm_region_end(struct mm_region *region)
{
    struct heap *heap = &arena_heap;
    bump_reset(&heap->bump, &region->position);
    struct common_counts *counts = bump_counts(&heap->bump);
    counts->objects_freed = counts->objects_allocated - region->live_objects;
    counts->bytes_freed = counts->bytes_allocated - region->live_bytes;
    heap->region = region->outer;
    heap->bump.epoch--;
}

#endif
