/* plan_print.h: a plan for people. */
#ifndef PLAN_PRINT_H
#define PLAN_PRINT_H

#include <stdio.h>

#include "driver/plan.h"

/* A line for each cell: how often it is measured, and what a pilot expects; then the whole. Of a shard its own. */
void plan_print(const struct plan *plan, FILE *out);

#endif
