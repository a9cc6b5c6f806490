/* mutator.c: opening, closing and the account, where there is one mutator. */
#include "internal.h"

#include "check.h"
#include "common/common.h"

struct refcount_mutator refcount_the_mutator;

int mm_heap_open(const struct mm_config *config)
{
    int error = common_params_read(config, NULL, NULL);
    if (error)
        return error;
    refcount_the_mutator = (struct refcount_mutator){0};
    held_open(&refcount_the_mutator.held, config->heap_limit_bytes, &refcount_the_mutator.objects_allocated);
    return 0;
}

void mm_heap_close(void)
{
    refcount_list_free();
    refcount_the_mutator = (struct refcount_mutator){0};
}

void mm_stats_get(struct mm_stats *stats)
{
    const struct refcount_mutator *mutator = refcount_mutator();
    *stats = (struct mm_stats){
        .objects_allocated = mutator->objects_allocated,
        .objects_freed = mutator->objects_freed,
        .bytes_freed = mutator->bytes_freed,
        .footprint_bytes = held_bytes(&mutator->held),
        .peak_footprint_bytes = held_peak(&mutator->held),
    };
    stats->bytes_allocated = refcount_live_bytes(stats, mutator->typed) + stats->bytes_freed;
}

void mm_stats_reset_peak(void)
{
    held_reset_peak(&refcount_mutator()->held);
}
