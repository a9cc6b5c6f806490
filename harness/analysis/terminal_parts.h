/* terminal_parts.h: what the tables of the terminal share. */
#ifndef ANALYSIS_TERMINAL_PARTS_H
#define ANALYSIS_TERMINAL_PARTS_H

#include <stdio.h>

#include "summary.h"

struct unit {
    const char *name;
    double size;
};

/* The largest unit of a cost that is not above it; of an infinite one none. */
struct unit terminal_cost_unit(const struct dataset *data, double cost);

/* Right-aligned in `width` columns. */
void terminal_pad_left(FILE *out, const char *text, size_t width);

/* A label in `width` columns, cut if it is too long, with `unit` at their right end. */
void terminal_label(FILE *out, const char *label, const char *unit, size_t width);

/* The least figure of a variant on an allocator; of those that free, or of all. Infinite without one. */
double terminal_least(const struct summary *summary, size_t variant, size_t allocator, bool all,
                      double (*of)(const struct cell_summary *figures));

static inline double terminal_cost(const struct cell_summary *figures)
{
    return figures->cost;
}

/* Costs of the variants that ran with several heap limits: a row per variant and strategy, a column per limit, as a
 * multiple of the row's smallest. At most 100 columns wide. */
void terminal_sweep(const struct summary *summary, FILE *out, size_t allocator);
void terminal_sweep_legend(FILE *out);

#endif
