/* statistics.h: how long one thing takes as a multiple of another, from rounds.
 *
 * In a round both are measured, one right after the other in random order, so that what drifts hits both alike. A round
 * gives one ratio: of the medians of its repetitions. The median of the rounds' ratios is the figure. Its interval is
 * between the percentiles of a hierarchical bootstrap: rounds are drawn with replacement, then the repetitions of both
 * sides within each one drawn (harness/analysis/bootstrap.h has the sources). */
#ifndef BENCHMARKS_STATISTICS_H
#define BENCHMARKS_STATISTICS_H

#include <stddef.h>

#include "analysis/bootstrap.h"

/* One side of a round: its repetitions, at least one. */
struct side {
    const double *values;
    size_t count;
};

struct round {
    struct side ours, against;
};

struct ratio {
    double median;
    struct interval interval; /* of BOOTSTRAP_LEVEL */
};

/* Ours over the other's, of `count` rounds, at least one. 0 or -ENOMEM. */
int ratio_of_rounds(const struct round rounds[], size_t count, gsl_rng *rng, struct ratio *ratio);

/* The median of `count` values, at least one; sorts them. */
double median_of(double values[], size_t count);

#endif
