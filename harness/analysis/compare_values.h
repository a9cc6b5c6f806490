/* compare_values.h: the values of a metric that a cell has, grouped by invocation. */
#ifndef ANALYSIS_COMPARE_VALUES_H
#define ANALYSIS_COMPARE_VALUES_H

#include "compare.h"

/* Room for one cell's values at a time. */
struct value_room {
    double *values;
    size_t *start;
    size_t *invocation, *pauses, *seen; /* of each sample; of each invocation */
};

/* Room for any cell of the run. 0 or -ENOMEM. */
int value_room_open(struct value_room *room, const struct dataset *data);
void value_room_close(struct value_room *room);

/* The cell's values; no groups if it has none: no pauses, or too few for a percentile. Valid until the next call. */
struct nested values_of(const struct dataset *data, const struct cell *cell, enum metric_id metric,
                        struct value_room *room);

#endif
