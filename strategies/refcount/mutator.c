/* mutator.c: opening, closing and the account, where there is one mutator. */
#include "internal.h"

#include "check.h"
#include "common/common.h"

struct heap refcount_heap;

static size_t held(const struct refcount_mutator *mutator)
{
    return mutator->mark - mutator->left;
}

static void mark_set(struct refcount_mutator *mutator, size_t held_bytes)
{
    size_t mark = held_bytes + held_bytes / 256 + 64;
    mutator->mark = mark < refcount_heap.limit_bytes ? mark : refcount_heap.limit_bytes;
    mutator->left = mutator->mark - held_bytes;
}

bool refcount_hold_slow(struct refcount_mutator *mutator, size_t bytes)
{
    mutator->left += bytes;
    if (bytes > refcount_heap.limit_bytes - held(mutator))
        return false;
    size_t after = held(mutator) + bytes;
    if (after > refcount_heap.peak_bytes)
        refcount_heap.peak_bytes = after;
    mark_set(mutator, after);
    return true;
}

int mm_heap_open(const struct mm_config *config)
{
    int error = common_params_read(config, NULL, NULL);
    if (error)
        return error;
    refcount_heap = (struct heap){.limit_bytes = config->heap_limit_bytes ? config->heap_limit_bytes : SIZE_MAX / 2};
    mark_set(&refcount_heap.mutator, 0);
    return 0;
}

void mm_heap_close(void)
{
    refcount_list_free();
    refcount_heap = (struct heap){0};
}

void mm_stats_get(struct mm_stats *stats)
{
    const struct refcount_mutator *mutator = refcount_mutator();
    uint64_t live_objects = mutator->objects_allocated - mutator->objects_freed;
    uint64_t live_bytes = held(mutator) - live_objects * sizeof(struct refcount_header);
    *stats = (struct mm_stats){
        .objects_allocated = mutator->objects_allocated,
        .bytes_allocated = live_bytes + mutator->bytes_freed,
        .objects_freed = mutator->objects_freed,
        .bytes_freed = mutator->bytes_freed,
        .footprint_bytes = held(mutator),
        .peak_footprint_bytes = held(mutator) > refcount_heap.peak_bytes ? held(mutator) : refcount_heap.peak_bytes,
    };
}

void mm_stats_reset_peak(void)
{
    refcount_heap.peak_bytes = held(refcount_mutator());
    mark_set(refcount_mutator(), refcount_heap.peak_bytes);
}
