/* my_strategy: hand-placed frees onto free lists of its own. See README.md; it is an example, to be copied.
 *
 * Invariant: a cell is in exactly one of three places: before `free_cells` of its class it was never handed out, on its
 * class's list it is dead, anywhere else it is live. */
#ifndef MY_STRATEGY_HEAP_H
#define MY_STRATEGY_HEAP_H

#include <errno.h>
#include <string.h>

#include "common/counts.h"
#include "common/plain.h"

/* What it promises. It frees where the workload says mm_dead, and nowhere else. */
#define MM_TRAITS (MM_TRAIT_EXPLICIT_FREE)

enum {
    MY_STRATEGY_STEP_BYTES = 16, /* cells come in multiples of it */
    MY_STRATEGY_CELL_MAX = 512,  /* what is larger is a block of the system's allocator */
    MY_STRATEGY_CLASSES = MY_STRATEGY_CELL_MAX / MY_STRATEGY_STEP_BYTES + 1,
};

/* A dead cell. */
struct my_strategy_cell {
    struct my_strategy_cell *next;
};

struct heap {
    struct common_counts counts;
    struct my_strategy_cell *lists[MY_STRATEGY_CLASSES];
    char *fresh, *end; /* of the newest chunk: what was never handed out */
    struct my_strategy_chunk *chunks;
    struct my_strategy_block *blocks;
    size_t chunk_bytes, limit_bytes, footprint_bytes, peak_bytes;
};

extern struct heap my_strategy_heap;

/* Regions mean nothing to it. */
struct mm_region {
    char unused;
};

static inline void mm_region_begin(struct mm_region *region)
{
    (void)region;
}

static inline void mm_region_end(struct mm_region *region)
{
    (void)region;
}

/* ---- allocation: from the class's list; the twin out of line does the rest */

void *my_strategy_take_slow(size_t bytes);
void my_strategy_give_block(void *memory);

static inline void *my_strategy_take(size_t bytes)
{
    size_t class = (bytes + MY_STRATEGY_STEP_BYTES - 1) / MY_STRATEGY_STEP_BYTES;
    struct my_strategy_cell *cell = class < MY_STRATEGY_CLASSES ? my_strategy_heap.lists[class] : NULL;
    if (__builtin_expect(!cell, 0))
        return my_strategy_take_slow(bytes);
    my_strategy_heap.lists[class] = cell->next;
    return cell;
}

static inline void my_strategy_give(void *memory, size_t bytes)
{
    size_t class = (bytes + MY_STRATEGY_STEP_BYTES - 1) / MY_STRATEGY_STEP_BYTES;
    if (__builtin_expect(class >= MY_STRATEGY_CLASSES, 0)) {
        my_strategy_give_block(memory);
        return;
    }
    struct my_strategy_cell *cell = memory;
    cell->next = my_strategy_heap.lists[class];
    my_strategy_heap.lists[class] = cell;
}

/* An object is its payload; a type that is MM_TYPE_TAGGED has a word before it. */
static inline void *my_strategy_new(const struct mm_type *type, size_t payload_bytes)
{
    void *memory = my_strategy_take(plain_tag_bytes(type) + payload_bytes);
    if (__builtin_expect(!memory, 0))
        return NULL;
    counts_new(&my_strategy_heap.counts, payload_bytes);
    return memset(plain_tag(type, memory), 0, payload_bytes);
}

static inline void *mm_new(const struct mm_type *type, struct mm_root *out)
{
    void *object = my_strategy_new(type, type->size);
    if (object)
        out->object = object;
    return object;
}

static inline void *mm_new_tail(const struct mm_type *type, size_t length, struct mm_root *out)
{
    if (length > PTRDIFF_MAX / sizeof(struct mm_ref))
        return NULL;
    size_t *object = my_strategy_new(type, mm_type_payload_bytes(type, length));
    if (!object)
        return NULL;
    *object = length;
    out->object = object;
    return object;
}

/* ---- buffers */

/* From one size in bytes to another; new bytes are 0. 0 or -ENOMEM. */
int my_strategy_resize(void **buffer, size_t old_bytes, size_t new_bytes);

static inline int mm_refs_resize(struct mm_root *owner, size_t offset, size_t capacity)
{
    struct mm_refs *refs = mm_refs_at(owner->object, offset);
    void *buffer = refs->slots;
    if (capacity > PTRDIFF_MAX / sizeof *refs->slots ||
        my_strategy_resize(&buffer, refs->capacity * sizeof *refs->slots, capacity * sizeof *refs->slots))
        return -ENOMEM;
    *refs = (struct mm_refs){buffer, capacity};
    return 0;
}

static inline int mm_bytes_resize(struct mm_root *owner, size_t offset, size_t capacity)
{
    struct mm_bytes *bytes = mm_bytes_at(owner->object, offset);
    void *buffer = bytes->bytes;
    if (capacity > PTRDIFF_MAX || my_strategy_resize(&buffer, bytes->capacity, capacity))
        return -ENOMEM;
    *bytes = (struct mm_bytes){buffer, capacity};
    return 0;
}

/* ---- the end of an object */

void my_strategy_free_buffers(const struct mm_type *type, void *object);

static inline void mm_dead(const struct mm_type *type, void *object)
{
    size_t payload_bytes = mm_type_payload_bytes(type, mm_type_length(type, object));
    if (type->refs_count || type->bytes_count)
        my_strategy_free_buffers(type, object);
    counts_free(&my_strategy_heap.counts, payload_bytes);
    my_strategy_give((char *)object - plain_tag_bytes(type), plain_tag_bytes(type) + payload_bytes);
}

#endif
