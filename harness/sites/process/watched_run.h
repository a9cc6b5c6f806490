/* watched_run.h: one repetition of a workload, as a measuring process runs it (harness/bench/main/repetition.h),
 * without a clock and with snapshots. */
#ifndef SITES_WATCHED_RUN_H
#define SITES_WATCHED_RUN_H

#include "bench/options.h"
#include "workload.h"

/* Where to take a snapshot besides those that are always taken: per cent of the operations, each from 1 to 99,
 * ascending. */
struct moments {
    int percent[99];
    size_t count;
};

/* Opens the heap, runs, takes the snapshots and closes it. An exit code, after a message if it is not 0. */
int watched_run(const struct options *options, const struct workload_entry *entry, const struct workload_value *params,
                const char *const *strategy_params, const struct moments *moments);

#endif
