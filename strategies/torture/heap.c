/* The heap: opened, closed, abandoned, measured. */
#include <errno.h>
#include <stdlib.h>

#include "torture/torture.h"

struct heap torture_heap;

enum { EVERY, FAIL_AT, PARAMS };

static const struct mm_param params[] = {
    [EVERY] = {.name = "every",
               .initial = 1,
               .lowest = 1,
               .highest = INT64_C(1) << 31,
               .help = "allocations from one move of all objects to the next"},
    [FAIL_AT] = {.name = "fail_at",
                 .initial = 0,
                 .lowest = 0,
                 .highest = INT64_MAX,
                 .help = "the number of the allocation that fails, resizes counted too; 0: none"},
    {.name = NULL},
};

const struct mm_strategy mm_strategy = {
    .name = "torture",
    .summary = "the judge: moves all objects at every allocation and checks every rule of the contract",
    .traits = MM_TRAITS,
    .params = params,
};

int mm_heap_open(const struct mm_config *config)
{
    int64_t values[PARAMS];
    int error = common_params_read(config, params, values);
    if (error)
        return error;
    struct torture_root *roots = malloc(TORTURE_ROOTS * sizeof *roots);
    if (!roots || torture_reserve() != 0) {
        free(roots);
        return -ENOMEM;
    }
    torture_heap = (struct heap){
        .roots = roots,
        .root_capacity = TORTURE_ROOTS,
        .next_serial = 1,
        .limit_bytes = config->heap_limit_bytes ? config->heap_limit_bytes : SIZE_MAX,
        .every = (uint64_t)values[EVERY],
        .fail_at = (uint64_t)values[FAIL_AT],
        .threshold = {(uint32_t)values[EVERY], 0, 0},
        .open = true,
        .enabled = true,
    };
    return 0;
}

void torture_abandon(void)
{
    struct heap *heap = &torture_heap;
    if (!heap->open)
        return;
    for (size_t i = 0; i < heap->count; i++)
        torture_record_free(&heap->objects[i]);
    free(heap->objects);
    free(heap->pending);
    free(heap->roots);
    free(heap->space.owners);
    *heap = (struct heap){0};
    torture_unreserve();
}

void mm_heap_close(void)
{
    struct heap *heap = &torture_heap;
    if (heap->root_count)
        torture_violate(TORTURE_ROOT_LEFT, torture_by_serial(heap->roots[heap->root_count - 1].held), NULL);
    if (heap->region)
        torture_violate(TORTURE_REGION_ORDER, NULL, "the heap was closed");
    torture_mark();
    for (size_t i = 0; i < heap->count; i++)
        torture_object_verify(&heap->objects[i]);
    torture_abandon();
}

void mm_stats_get(struct mm_stats *stats)
{
    const struct heap *heap = &torture_heap;
    *stats = (struct mm_stats){
        .footprint_bytes = heap->held_bytes,
        .peak_footprint_bytes = heap->peak_bytes,
    };
    common_counts_report(&heap->counts, stats);
    for (int i = 0; i < MM_GENERATIONS; i++) {
        stats->collections[i] = heap->collections[i];
        stats->collection_ns[i] = heap->collection_ns[i];
        stats->collected[i] = heap->collected[i];
        stats->uncollectable[i] = heap->uncollectable[i];
    }
}

void mm_stats_reset_peak(void)
{
    torture_heap.peak_bytes = torture_heap.held_bytes;
}

size_t mm_size_of(const struct mm_type *type, const void *object)
{
    const struct torture_object *record = torture_expect(object);
    if (!torture_is_of_type(record, type))
        torture_violate(TORTURE_TYPE, record, "mm_size_of: it is of another type than was given");
    return torture_object_bytes(record);
}
