#include "mm.h"

#include "common/common.h"

struct heap nogc_heap;

enum { CHUNK_KIB, HUGE_PAGES, PARAMS };

static const struct mm_param params[] = {
    [CHUNK_KIB] = {.name = "chunk_kib",
                   .initial = 4096,
                   .lowest = 16,
                   .highest = BUMP_CHUNK_MAX >> 10,
                   .help = "memory taken from the system at a time, in KiB"},
    [HUGE_PAGES] = {.name = "huge_pages",
                    .initial = 1,
                    .lowest = 0,
                    .highest = 1,
                    .help = "1: ask for pages of 2 MiB, where chunk_kib is a multiple of 2048; 0: do not"},
    {.name = NULL},
};

const struct mm_strategy mm_strategy = {
    .name = "nogc",
    .summary = "never frees: the lower bound of the mutator's own cost",
    .traits = MM_TRAITS,
    .params = params,
};

int mm_heap_open(const struct mm_config *config)
{
    int64_t values[PARAMS];
    int error = common_params_read(config, params, values);
    if (error)
        return error;
    nogc_heap = (struct heap){0};
    bump_open(&nogc_heap.bump, (size_t)values[CHUNK_KIB] << 10, config->heap_limit_bytes);
    nogc_heap.bump.free_is_zero = true;
    nogc_heap.bump.huge_pages = values[HUGE_PAGES];
    return 0;
}

void mm_heap_close(void)
{
    bump_close(&nogc_heap.bump);
    nogc_heap = (struct heap){0};
}

const char *mm_heap_check(void)
{
    const struct common_counts *counts = bump_counts(&nogc_heap.bump);
    if (counts->objects_freed)
        return "nogc: an object was freed";
    if (counts->bytes_freed > counts->bytes_allocated)
        return "nogc: buffers gave back more bytes than were allocated";
    return bump_check(&nogc_heap.bump);
}

size_t mm_collect(int generation)
{
    (void)generation;
    return 0;
}

void mm_stats_get(struct mm_stats *stats)
{
    *stats = (struct mm_stats){
        .footprint_bytes = nogc_heap.bump.held_bytes,
        .peak_footprint_bytes = nogc_heap.bump.peak_bytes,
    };
    common_counts_report(bump_counts(&nogc_heap.bump), stats);
}

void mm_stats_reset_peak(void)
{
    bump_reset_peak(&nogc_heap.bump);
}

size_t mm_size_of(const struct mm_type *type, const void *object)
{
    return bump_object_bytes(type, object);
}
