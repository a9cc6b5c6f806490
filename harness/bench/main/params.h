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

/* The strategy's, as mm_heap_open wants them: checked, and with suffixes (64K) worked out. */
const char *const *params_for_strategy(const char *const *given);

#endif
