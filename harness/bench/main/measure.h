/* measure.h: the repetitions of one process, from opening the heap to the end row. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include "bench/main/params.h"
#include "bench/options.h"
#include "workload.h"

/* Runs the workload as the options say and writes its rows. Parameters are checked already. An exit code. */
int measure(const struct options *options, const struct workload_entry *entry, const struct workload_value *params,
            const char *const *strategy_params, const struct harness_values *values);

#endif
