/* malloc: hand-placed frees. The baseline: what a C programmer writes who knows where each object dies.
 *
 * An object is exactly one block of malloc's, without a header; only a MM_TYPE_TAGGED type has a word before it. */
#ifndef MALLOC_HEAP_H
#define MALLOC_HEAP_H

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/counts.h"
#include "common/held.h"
#include "common/plain.h"

#define MM_TRAITS (MM_TRAIT_EXPLICIT_FREE)

struct heap {
    struct common_counts counts;
    struct held held;
};

extern struct heap malloc_heap;

struct mm_region {
    char unused;
};

/* ---- allocation */

MM_INLINE void *malloc_new(const struct mm_type *type, size_t payload_bytes)
{
    size_t tag_bytes = plain_tag_bytes(type);
    if (!held_take(&malloc_heap.held, tag_bytes + payload_bytes))
        return NULL;
    void *block = malloc(tag_bytes + payload_bytes);
    if (__builtin_expect(!block, 0)) {
        held_refused_slow(&malloc_heap.held, tag_bytes + payload_bytes);
        return NULL;
    }
    /* Or gcc makes one calloc of malloc and memset, which in glibc bypasses the thread's cache: 11.4 ns instead of 9.5
     * for a list's node, on one strategy alone. */
    __asm__("" : "+r"(block));
    counts_new(&malloc_heap.counts, payload_bytes);
    return memset(plain_tag(type, block), 0, payload_bytes);
}

static inline void *mm_new(const struct mm_type *type, struct mm_root *out)
{
    void *object = malloc_new(type, type->size);
    if (object)
        out->object = object;
    return object;
}

/* Longer than any memory: refused before its bytes are computed, which could overflow. */
#define MALLOC_LENGTH_MAX (SIZE_MAX / 4 / sizeof(struct mm_ref))

static inline void *mm_new_tail(const struct mm_type *type, size_t length, struct mm_root *out)
{
    if (length > MALLOC_LENGTH_MAX)
        return NULL;
    size_t *object = malloc_new(type, mm_type_payload_bytes(type, length));
    if (!object)
        return NULL;
    *object = length;
    out->object = object;
    return object;
}

/* Resizes a buffer from one size in bytes to another; new bytes are 0. 0 or -ENOMEM. */
int malloc_buffer_resize(void **buffer, size_t old_bytes, size_t new_bytes);

static inline int mm_refs_resize(struct mm_root *owner, size_t offset, size_t capacity)
{
    struct mm_refs *refs = mm_refs_at(owner->object, offset);
    if (capacity > MALLOC_LENGTH_MAX)
        return -ENOMEM;
    void *buffer = refs->slots;
    int error = malloc_buffer_resize(&buffer, refs->capacity * sizeof *refs->slots, capacity * sizeof *refs->slots);
    if (error)
        return error;
    *refs = (struct mm_refs){buffer, capacity};
    return 0;
}

static inline int mm_bytes_resize(struct mm_root *owner, size_t offset, size_t capacity)
{
    struct mm_bytes *bytes = mm_bytes_at(owner->object, offset);
    if (capacity > MALLOC_LENGTH_MAX)
        return -ENOMEM;
    void *buffer = bytes->bytes;
    int error = malloc_buffer_resize(&buffer, bytes->capacity, capacity);
    if (error)
        return error;
    *bytes = (struct mm_bytes){buffer, capacity};
    return 0;
}

/* ---- what the programmer knows */

void malloc_free_buffers(const struct mm_type *type, void *object);

static inline void mm_dead(const struct mm_type *type, void *object)
{
    size_t tag_bytes = plain_tag_bytes(type);
    size_t payload_bytes = mm_type_payload_bytes(type, mm_type_length(type, object));
    if (type->refs_count || type->bytes_count)
        malloc_free_buffers(type, object);
    counts_free(&malloc_heap.counts, payload_bytes);
    held_give(&malloc_heap.held, tag_bytes + payload_bytes);
    free((char *)object - tag_bytes);
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
