/* bootstrap.h: the mean of what was measured at two levels, and how far it can be trusted.
 *
 * Repetitions of one process resemble each other more than those of two, so they are not independent: the mean is
 * taken over invocations of the mean over repetitions, and the bootstrap draws invocations with replacement, then
 * repetitions within each one drawn (Kalibera and Jones 2013, "Rigorous benchmarking in reasonable time"; Davison and
 * Hinkley 1997, "Bootstrap methods and their application", section 3.8). The interval is between the percentiles of
 * the resampled means (Efron and Tibshirani 1993, section 13.3). With few invocations it is too narrow; where the
 * spread within invocations dominates it is too wide, by up to the square root of 2, since the means of the invocations
 * have that spread in them already.
 *
 * A level with more than BOOTSTRAP_EXACT members is not drawn member by member: the mean of its draws is then normal
 * for every purpose here, and is drawn from that normal distribution, so that the cost of a large run is bounded.
 */
#ifndef ANALYSIS_BOOTSTRAP_H
#define ANALYSIS_BOOTSTRAP_H

#include <gsl/gsl_rng.h>
#include <stddef.h>

enum { BOOTSTRAP_RESAMPLES = 1000, BOOTSTRAP_EXACT = 64 };

#define BOOTSTRAP_LEVEL 0.95
#define BOOTSTRAP_METHOD                                                                                               \
    "95 % percentile interval of a hierarchical bootstrap (invocations, then repetitions; 1000 resamples)"

/* Values of one cell: group g has values[start[g] .. start[g + 1]), groups of at least one. */
struct nested {
    const double *values;
    const size_t *start; /* groups + 1 of them */
    size_t groups;
};

struct interval {
    double low, high; /* NaN where there is none */
};

/* Mean over groups of the mean over a group's values. NaN without groups. */
double nested_mean(const struct nested *nested);

/* BOOTSTRAP_RESAMPLES resampled means into `means`. 0 or -ENOMEM. */
int bootstrap_means(const struct nested *nested, gsl_rng *rng, double *means);

/* The interval of BOOTSTRAP_LEVEL of resampled statistics, which are sorted by it. */
struct interval bootstrap_interval(double *statistics, size_t count);

/* A generator whose draws depend on the text alone. NULL when memory is out; free with gsl_rng_free. */
gsl_rng *bootstrap_rng(const char *text);

/* The index, among `count` (above 0) ascending values, of the smallest with at least the share `quantile` of all at or
 * below it: nearest rank, no interpolation. */
size_t nearest_rank(size_t count, double quantile);

#endif
