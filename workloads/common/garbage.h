/* garbage.h: how much is dead and not reclaimed, for a workload that knows what it can still reach.
 *
 * What is allocated and not freed, less what is reachable: looked at every so often, and at the end. Exact where the
 * strategy's counts are; a strategy that sweeps late has freed what it knows to be dead. */
#ifndef WORK_GARBAGE_H
#define WORK_GARBAGE_H

#include "workload.h"

struct garbage {
    uint64_t reachable_objects, reachable_bytes;
    uint64_t looks;
    double objects_sum, bytes_sum;
    uint64_t objects_max, bytes_max;
};

/* Live before the workload makes anything: nothing of it is its own garbage. */
static inline struct garbage garbage_begin(const struct mm_stats *stats)
{
    return (struct garbage){.reachable_objects = stats->objects_allocated - stats->objects_freed,
                            .reachable_bytes = stats->bytes_allocated - stats->bytes_freed};
}

/* Not below 0: a conservative collector may find later what it had kept before. */
static inline uint64_t garbage_over(uint64_t live, uint64_t reachable)
{
    return live > reachable ? live - reachable : 0;
}

static inline uint64_t garbage_objects(const struct garbage *garbage, const struct mm_stats *stats)
{
    return garbage_over(stats->objects_allocated - stats->objects_freed, garbage->reachable_objects);
}

static inline uint64_t garbage_bytes(const struct garbage *garbage, const struct mm_stats *stats)
{
    return garbage_over(stats->bytes_allocated - stats->bytes_freed, garbage->reachable_bytes);
}

static inline void garbage_look(struct garbage *garbage)
{
    struct mm_stats stats;
    mm_stats_get(&stats);
    uint64_t objects = garbage_objects(garbage, &stats), bytes = garbage_bytes(garbage, &stats);
    garbage->looks++;
    garbage->objects_sum += (double)objects;
    garbage->bytes_sum += (double)bytes;
    if (objects > garbage->objects_max)
        garbage->objects_max = objects;
    if (bytes > garbage->bytes_max)
        garbage->bytes_max = bytes;
}

/* Figures of the end, and of all looks so far, if there were any. */
static inline void garbage_report(const struct garbage *garbage, const struct mm_stats *end, struct run *run)
{
    run_figure(run, "dead_objects_end", "objects", (double)garbage_objects(garbage, end));
    run_figure(run, "dead_bytes_end", "bytes", (double)garbage_bytes(garbage, end));
    if (garbage->looks == 0)
        return;
    double looks = (double)garbage->looks;
    run_figure(run, "dead_objects_mean", "objects", garbage->objects_sum / looks);
    run_figure(run, "dead_objects_max", "objects", (double)garbage->objects_max);
    run_figure(run, "dead_bytes_mean", "bytes", garbage->bytes_sum / looks);
    run_figure(run, "dead_bytes_max", "bytes", (double)garbage->bytes_max);
}

#endif
