/* failures.h: what did not work in a run, for people: a line for each kind. */
#ifndef FAILURES_H
#define FAILURES_H

#include <stdio.h>

#include "driver/plan.h"
#include "driver/samples.h"

/* Whether a row is of the cell, or of one that differs from it in the heap limit alone. */
bool failure_is_of_work(const struct sample *row, const struct cell *cell);

/* Whether a row is of the cell. */
bool failure_is_of(const struct sample *row, const struct cell *cell);

/* Prints the rows that are not ok, those of one cell and status as one. What a strategy does not support is no failure:
 * it is only counted. Returns how many rows failed. */
size_t failures_print(const struct samples *samples, FILE *out);

#endif
