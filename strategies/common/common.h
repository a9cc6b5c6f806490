/* common.h: what every strategy needs and none is measured by: parameters, events, the clock, counts. */
#ifndef COMMON_H
#define COMMON_H

#include <stdint.h>

#include "common/counts.h"

struct mm_config;
struct mm_event;
struct mm_param;

/* Fills `values[i]` for each entry i of `table` (NULL: none) from `config->params` or the entry's default. 0, or
 * -EINVAL for an unknown name, a malformed number or one out of range. */
int common_params_read(const struct mm_config *config, const struct mm_param *table, int64_t values[]);

/* Tells the listener, if there is one (mm_listen). */
void common_emit(const struct mm_event *event);

/* Monotonic, in ns. */
uint64_t common_clock_ns(void);

/* Copies the counts into `stats`; the other fields stay as they are. */
struct mm_stats;
void common_counts_report(const struct common_counts *counts, struct mm_stats *stats);

#endif
