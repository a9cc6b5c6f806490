/* rows.h: the lines that the measuring process writes: README.md. Columns have the names of harness/schema. */
#ifndef BENCH_ROWS_H
#define BENCH_ROWS_H

#include "bench/main/repetition.h"

void row_process(const char *allocator, const char *workload_params, const char *unit);

/* The repetition's pauses. */
void row_pauses(uint64_t repetition, const struct recorder *recorder);

/* The repetition's latencies, a row for each way to count. */
void row_latencies(uint64_t repetition, const struct latency *latency);

/* The figures that its workload reported. */
void row_figures(uint64_t repetition, const struct outcome *outcome);

/* The repetition's timeline. */
void row_timeline(uint64_t repetition, const struct timeline *timeline);

/* The repetition itself. Times and pauses only with a recorder: a timeline is not timed. */
void row_sample(uint64_t repetition, const struct task *task, const struct outcome *outcome,
                const struct recorder *recorder);

void row_end(void);

#endif
