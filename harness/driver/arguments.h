/* arguments.h: the command line of a process that runs a cell: one that measures (harness/bench/README.md), or one that
 * records where is allocated (harness/sites). */
#ifndef ARGUMENTS_H
#define ARGUMENTS_H

#include "driver/plan.h"

/* What every such process is given: which workload and strategy with their parameters, heap limit, iterations, seed.
 * Free with strings_free. */
struct strings arguments_of_cell(const char *executable, const struct cell *cell, const struct experiment *experiment);

void arguments_add_number(struct strings *arguments, const char *option, uint64_t number);

#endif
