/* mutator.c: opening, closing and the account, where there is one mutator. */
#include "internal.h"

#include "check.h"
#include "common/common.h"

struct heap refcount_heap;

int mm_heap_open(const struct mm_config *config)
{
    int error = common_params_read(config, NULL, NULL);
    if (error)
        return error;
    refcount_heap = (struct heap){0};
    held_open(&refcount_heap.mutator.held, config->heap_limit_bytes);
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
    *stats = (struct mm_stats){
        .footprint_bytes = mutator->held.bytes,
        .peak_footprint_bytes = held_peak(&mutator->held),
    };
    common_counts_report(&mutator->counts, stats);
}

void mm_stats_reset_peak(void)
{
    held_reset_peak(&refcount_mutator()->held);
}
