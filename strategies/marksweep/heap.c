#include "mm.h"

#include <errno.h>

#include "cell.h"
#include "collect.h"
#include "common/common.h"
#include "death.h"
#include "mark.h"
#include "space.h"
#include "sweep.h"

struct heap marksweep_heap;

enum { GROWTH_PERCENT, MINIMUM_KIB, COLLECT_EVERY, MARK_STACK, HUGE_FROM_MIB, OWN_FROM_KIB, PARAMS };

static const struct mm_param params[] = {
    [GROWTH_PERCENT] = {"growth_percent", 250, 0, 10000,
                        "allocate this much of what is live before the next collection, in percent"},
    [MINIMUM_KIB] = {"minimum_kib", 1024, 0, 1 << 30,
                     "but at least this much, in KiB; 0: collect at the heap limit only"},
    [COLLECT_EVERY] = {"collect_every", 0, 0, 1 << 30, "for tests: collect at every nth allocation; 0: do not"},
    [MARK_STACK] = {"mark_stack", 0, 0, 1 << 24,
                    "for tests: entries of a mark stack that does not grow, 4 at least; 0: it grows"},
    [HUGE_FROM_MIB] = {"huge_from_mib", 8, 0, 1 << 24, "ask for huge pages once so many MiB are held; 0: do not"},
    [OWN_FROM_KIB] = {"own_from_kib", 32, 0, 1 << 20,
                      "a type has blocks of its own once about so many KiB of it were allocated; 0: at once"},
    [PARAMS] = {.name = NULL},
};

const struct mm_strategy mm_strategy = {
    .name = "marksweep",
    .summary = "precise, stop-the-world mark, lazy sweep, size-segregated blocks",
    .traits = MM_TRAITS,
    .params = params,
};

int mm_heap_open(const struct mm_config *config)
{
    int64_t values[PARAMS];
    int error = common_params_read(config, params, values);
    if (error)
        return error;
    marksweep_heap = (struct heap){0};
    marksweep_collector = (struct collector){
        .threshold = {(uint32_t)values[MINIMUM_KIB]},
        .growth_percent = (size_t)values[GROWTH_PERCENT],
        .every = (size_t)values[COLLECT_EVERY],
        .until = (size_t)values[COLLECT_EVERY],
    };
    marksweep_budget_set();
    marksweep_space_open(config->heap_limit_bytes, (size_t)values[HUGE_FROM_MIB] << 20);
    marksweep_mark_open((size_t)values[MARK_STACK]);
    marksweep_sweep_open((size_t)values[OWN_FROM_KIB] << 10, values[COLLECT_EVERY] != 0);
    return 0;
}

void mm_heap_close(void)
{
    marksweep_table_close(&marksweep_finalizable);
    marksweep_table_close(&marksweep_weaks);
    marksweep_mark_close();
    marksweep_space_close();
    marksweep_collector = (struct collector){0};
    marksweep_heap = (struct heap){0};
}

size_t mm_collect(int generation)
{
    (void)generation; /* there are none: it is always everything */
    return marksweep_collect();
}

void mm_stats_get(struct mm_stats *stats)
{
    const struct collector *collector = &marksweep_collector;
    *stats = (struct mm_stats){
        .footprint_bytes = marksweep_space.held_bytes,
        .peak_footprint_bytes = marksweep_space.peak_bytes,
        .collections[MM_GENERATIONS - 1] = collector->collections,
        .collection_ns[MM_GENERATIONS - 1] = collector->collection_ns,
        .collected[MM_GENERATIONS - 1] = collector->collected,
    };
    struct common_counts counts = marksweep_counts();
    common_counts_report(&counts, stats);
}

void mm_stats_reset_peak(void)
{
    marksweep_space.peak_bytes = marksweep_space.held_bytes;
}

size_t mm_size_of(const struct mm_type *type, const void *object)
{
    void *payload = (void *)(uintptr_t)object;
    size_t bytes = block_header_bytes(block_of(object)) + marksweep_object_bytes(type, object);
    for (unsigned i = 0; i < type->refs_count; i++)
        bytes += mm_refs_at(payload, type->ref_buffers[i])->capacity ? MARKSWEEP_HEADER_BYTES : 0;
    for (unsigned i = 0; i < type->bytes_count; i++)
        bytes += mm_bytes_at(payload, type->byte_buffers[i])->capacity ? MARKSWEEP_HEADER_BYTES : 0;
    return bytes;
}
