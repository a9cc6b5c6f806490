/* params.h: parameters of the workload and of the strategy, from "name=value" to values, checked against their tables.
 *
 * Whatever is wrong is said in a message on stderr; the functions then return NULL. All is done before anything is
 * measured, and lives until the process ends. */
#ifndef BENCH_PARAMS_H
#define BENCH_PARAMS_H

#include <stdbool.h>

#include "workload.h"

/* The values by index into the workload's table. What is not given is its initial value, or its small one. Of two for
 * the same parameter the later counts. */
const struct workload_value *params_read(const struct workload *workload, const char *const *given, bool small);

/* All of them as "name=value name=value". */
const char *params_text(const struct workload *workload, const struct workload_value *values);

/* Parameters that every strategy has, since they are the harness's: so that a run can hold the same strategy twice, or
 * one that is made slower, and what is found of the difference is known beforehand. Ends with name == NULL. */
extern const struct mm_param harness_params[];

struct harness_values {
    uint64_t slowdown_percent; /* by how much the timed part is made longer */
};

/* The strategy's, as mm_heap_open wants them: checked, and with suffixes (64K) worked out. Those of the harness are
 * not among them: they are in *values. */
const char *const *params_for_strategy(const char *const *given, struct harness_values *values);

#endif
