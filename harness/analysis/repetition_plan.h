/* repetition_plan.h: from a pilot's times to how many invocations, and how many repetitions in each.
 *
 * Kalibera and Jones 2013, "Rigorous benchmarking in reasonable time", section 5: with two levels, the variance of the
 * mean is (T2 + T1 / r) / n, where n are invocations, r repetitions in each, T1 the variance of repetitions within an
 * invocation, and T2 that of invocations themselves, which is what the means of invocations vary by less what they
 * would vary by for T1 alone (an estimate below 0 is 0). Where an invocation costs c2 on its own (a process, its setup,
 * its warm-up) and each repetition c1, the same precision is cheapest at
 *
 *     r = sqrt(c2 / c1 * T1 / T2)
 *
 * whatever the total; n then follows from the time, or from the half-width of the interval that is wanted. Counts are
 * fixed before the run: who stops when the interval looks good stops when it happens to be narrow.
 *
 * What a pilot says of itself is as rough as the pilot is small: 5 invocations of 5 repetitions are a good one.
 */
#ifndef ANALYSIS_REPETITION_PLAN_H
#define ANALYSIS_REPETITION_PLAN_H

#include <stddef.h>

#include "bootstrap.h"

/* How a cell's times vary, relative to their mean squared: 0.0001 is 1 %. */
struct variances {
    double mean;
    double repetition; /* T1: NaN where no invocation has two repetitions */
    double invocation; /* T2: NaN with a single invocation */
};

struct variances variances_of(const struct nested *nested);

/* What a level costs, in any unit of time. */
struct level_costs {
    double invocation; /* before its first repetition: start, setup, warm-up */
    double repetition;
};

struct counts {
    unsigned invocations, repetitions;
};

/* Bounds of what is planned; `least` has at least 2 invocations, else there is no interval. */
struct count_bounds {
    struct counts least, most;
};

/* The repetitions that make a given precision cheapest, within the bounds. Without T2 (or T2 = 0) as many as allowed;
 * without T1 as few. */
unsigned plan_repetitions(const struct variances *variances, const struct level_costs *costs,
                          const struct count_bounds *bounds);

/* The counts that fit into `time` with the best precision. At least `bounds->least`, even if that takes longer. */
struct counts plan_for_time(const struct variances *variances, const struct level_costs *costs, double time,
                            const struct count_bounds *bounds);

/* The cheapest counts whose 95 % interval is expected to reach `half_width` (0.01: 1 %) of the mean to each side, by
 * Student's quantile. At most `bounds->most`: then plan_half_width says what they give. */
struct counts plan_for_precision(const struct variances *variances, const struct level_costs *costs, double half_width,
                                 const struct count_bounds *bounds);

/* The half-width of the 95 % interval, relative to the mean, that counts are expected to give. */
double plan_half_width(const struct variances *variances, struct counts counts);

/* What counts take, in the unit of the costs. */
double plan_time(const struct level_costs *costs, struct counts counts);

#endif
