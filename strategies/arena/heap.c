#include "mm.h"

#include "common/common.h"

struct heap arena_heap;

enum { CHUNK_KIB, KEEP_KIB, PARAMS };

static const struct mm_param params[] = {
    [CHUNK_KIB] = {.name = "chunk_kib",
                   .initial = 1024,
                   .lowest = 16,
                   .highest = BUMP_CHUNK_MAX >> 10,
                   .help = "memory taken from the system at a time, in KiB"},
    [KEEP_KIB] = {.name = "keep_kib",
                  .initial = 64 << 10,
                  .lowest = 0,
                  .highest = INT64_C(1) << 34,
                  .help = "memory kept for the next region when one ends, at most, in KiB"},
    {.name = NULL},
};

const struct mm_strategy mm_strategy = {
    .name = "arena",
    .summary = "regions: what was allocated in one is freed at its end, at once",
    .traits = MM_TRAITS,
    .params = params,
};

int mm_heap_open(const struct mm_config *config)
{
    int64_t values[PARAMS];
    int error = common_params_read(config, params, values);
    if (error)
        return error;
    arena_heap = (struct heap){0};
    bump_open(&arena_heap.bump, (size_t)values[CHUNK_KIB] << 10, config->heap_limit_bytes);
    arena_heap.bump.spare_limit_bytes = (size_t)values[KEEP_KIB] << 10;
    return 0;
}

void mm_heap_close(void)
{
    bump_close(&arena_heap.bump);
    arena_heap = (struct heap){0};
}

/* A buffer that is resized may be older than the innermost regions: what they found live has become less when it
 * shrinks. When it grows, all of it is gone: the grown one is the innermost region's. */
static void regions_shrink(unsigned epoch, size_t bytes)
{
    unsigned depth = arena_heap.bump.epoch;
    for (struct mm_region *region = arena_heap.region; depth > epoch; region = region->outer, depth--)
        region->live_bytes -= bytes;
}

int arena_buffer_resize(void **buffer, size_t old_bytes, size_t new_bytes)
{
    unsigned epoch = *buffer ? bump_buffer_of(*buffer)->epoch : 0;
    int error = bump_buffer_resize(&arena_heap.bump, buffer, old_bytes, new_bytes);
    if (error)
        return error;
    counts_resize(&arena_heap.bump.counts, old_bytes, new_bytes);
    if (new_bytes < old_bytes) {
        regions_shrink(epoch, old_bytes - new_bytes);
    } else if (new_bytes > old_bytes) {
        regions_shrink(epoch, old_bytes);
        bump_buffer_of(*buffer)->epoch = arena_heap.bump.epoch & UINT16_MAX;
    }
    return 0;
}

static const char *regions_check(void)
{
    unsigned depth = 0;
    const struct common_counts *counts = bump_counts(&arena_heap.bump);
    uint64_t live_objects = counts->objects_allocated - counts->objects_freed;
    for (const struct mm_region *region = arena_heap.region; region; region = region->outer, depth++) {
        if (region->live_objects > live_objects)
            return "arena: an outer region found more live objects than an inner one";
        live_objects = region->live_objects;
    }
    return depth == arena_heap.bump.epoch ? NULL : "arena: the open regions are not as many as were begun";
}

const char *mm_heap_check(void)
{
    const struct common_counts *counts = bump_counts(&arena_heap.bump);
    if (counts->objects_freed > counts->objects_allocated)
        return "arena: more objects were freed than allocated";
    if (counts->bytes_freed > counts->bytes_allocated)
        return "arena: more bytes were freed than allocated";
    const char *wrong = regions_check();
    return wrong ? wrong : bump_check(&arena_heap.bump);
}

size_t mm_collect(int generation)
{
    (void)generation;
    return 0;
}

void mm_stats_get(struct mm_stats *stats)
{
    *stats = (struct mm_stats){
        .footprint_bytes = arena_heap.bump.held_bytes,
        .peak_footprint_bytes = arena_heap.bump.peak_bytes,
    };
    common_counts_report(bump_counts(&arena_heap.bump), stats);
}

void mm_stats_reset_peak(void)
{
    bump_reset_peak(&arena_heap.bump);
}

size_t mm_size_of(const struct mm_type *type, const void *object)
{
    return bump_object_bytes(type, object);
}
