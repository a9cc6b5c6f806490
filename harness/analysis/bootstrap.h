/* bootstrap.h: the mean of what was measured at two levels, and how far it can be trusted.
 *
 * Repetitions of one process resemble each other more than those of two, so they are not independent: the mean is
 * taken over invocations of the mean over repetitions (Kalibera and Jones 2013, "Rigorous benchmarking in reasonable
 * time"). Intervals are made on the logarithm, since what is compared are ratios: the mean, a ratio of two means, and a
 * geometric mean of such ratios are all exp of a weighted sum of logarithms of means, and have their interval by the
 * same steps:
 *
 *   1. Student's interval for that sum, from the spread of the invocations' means; the degrees of freedom of several
 *      together are Welch's and Satterthwaite's.
 *   2. A studentized hierarchical bootstrap: invocations are drawn with replacement, then repetitions within each
 *      (Davison and Hinkley 1997, "Bootstrap methods and their application", sections 3.8 and 5.2). It sees to which
 *      side the mean is skewed. Its spread is too large where repetitions differ more than invocations, but divided by
 *      its own standard error that cancels.
 *   3. The arm on the side where 2 reaches further gets 2's length, if that is more than Student's, up to
 *      BOOTSTRAP_REACH times as much; the other arm stays Student's.
 *
 * Percentile intervals, the simpler choice, hold the mean of normal values in 77 % of cases instead of 95 % with three
 * invocations, and in 92 % with ten. docs/reading-results.md has the simulated coverage of this one, and where no
 * method can do it.
 */
#ifndef ANALYSIS_BOOTSTRAP_H
#define ANALYSIS_BOOTSTRAP_H

#include <gsl/gsl_rng.h>
#include <stddef.h>

enum { BOOTSTRAP_RESAMPLES = 1000 };

#define BOOTSTRAP_LEVEL  0.95
#define BOOTSTRAP_REACH  1.5
#define BOOTSTRAP_METHOD "95 % of Student's t, lengthened to the skewed side by a hierarchical studentized bootstrap"

/* Values of one cell: group g has values[start[g] .. start[g + 1]), groups of at least one. */
struct nested {
    const double *values;
    const size_t *start; /* groups + 1 of them */
    size_t groups;
};

struct interval {
    double low, high; /* NaN where there is none */
};

/* A mean, trimmed or not, and what is known of its logarithm. */
struct estimate {
    double mean;
    double variance; /* of the logarithm; NaN with a single group or a mean not above 0 */
    double freedom;  /* degrees of freedom of that variance */
};

/* One resample: its logarithm less that of the mean, and its own variance. */
struct resample {
    float shift, variance;
};

/* A weighted sum of logarithms of means, resample by resample. Zeroed is 0. */
struct log_sum {
    double value;             /* of the sum */
    double variance, squares; /* of its parts: their sum, and that of their squares over degrees of freedom */
    double shift[BOOTSTRAP_RESAMPLES], own[BOOTSTRAP_RESAMPLES];
};

/* Mean over groups of the mean over a group's values. NaN without groups. */
double nested_mean(const struct nested *nested);

/* The estimate, and BOOTSTRAP_RESAMPLES resamples of it. 0 or -ENOMEM.
 *
 * `trimmed` groups with the lowest means are left out, and as many with the highest; 0 for the mean of all. Fewer than
 * half of all in sum. The variance is then the winsorized one's, with the degrees of freedom of what is left (Yuen
 * 1974, "The two-sample trimmed t for unequal population variances"); each resample is trimmed alike. Where what is
 * left is all the same and the whole is not, nothing is trimmed: an interval without width would be a lie. */
int bootstrap_estimate(const struct nested *nested, size_t trimmed, gsl_rng *rng, struct estimate *estimate,
                       struct resample *resamples);

/* Adds weight times log(mean): weight 1 alone is the mean itself; another of weight -1 makes it a ratio. */
void log_sum_add(struct log_sum *sum, const struct estimate *estimate, const struct resample *resamples, double weight);

/* Multiplies it: by 1 / n, the sum of n ratios becomes their geometric mean. */
void log_sum_scale(struct log_sum *sum, double factor);

/* exp of the sum; NaN if a mean was not above 0. */
double log_sum_value(const struct log_sum *sum);

/* Its interval of BOOTSTRAP_LEVEL; NaN where an estimate came from a single group. */
struct interval log_sum_interval(const struct log_sum *sum);

/* The interval of one mean, and of the ratio of two. */
struct interval mean_interval(const struct estimate *estimate, const struct resample *resamples);
struct interval ratio_interval(const struct estimate *over, const struct resample *over_resamples,
                               const struct estimate *under, const struct resample *under_resamples);

/* Between the percentiles of resampled statistics, which it sorts: for what is no mean, such as a median. Too narrow
 * with few invocations. */
struct interval bootstrap_interval(double *statistics, size_t count);

/* A generator whose draws depend on the text alone. NULL when memory is out; free with gsl_rng_free. */
gsl_rng *bootstrap_rng(const char *text);

/* The index, among `count` (above 0) ascending values, of the smallest with at least the share `quantile` of all at or
 * below it: nearest rank, no interpolation. */
size_t nearest_rank(size_t count, double quantile);

#endif
