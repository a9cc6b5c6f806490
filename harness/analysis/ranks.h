/* ranks.h: whether one set of values tends to be above another, whatever their distribution; and what stays of many
 * such findings.
 *
 * The test is Mann and Whitney's (1947) of two-sided p values, exact given the ties (Streitberg and Roehmel 1986,
 * "Exact distributions for permutation and rank tests"): the share of all ways to deal the values out to the two sets
 * whose rank sum is at least as far from its mean. That is a permutation test, so it is right for any distribution; the
 * price is that small sets cannot show anything: 3 and 3 values have a p value of at least 0.1, 4 and 4 of at least
 * 0.029. Beyond RANKS_EXACT values it is normal, with the correction for ties and for continuity.
 */
#ifndef ANALYSIS_RANKS_H
#define ANALYSIS_RANKS_H

#include <stddef.h>

enum { RANKS_EXACT = 100 };

struct rank_test {
    double u;     /* pairs in which the second set's value is the larger, ties as a half */
    double delta; /* Cliff's (1993): share of pairs in which the second's is larger, less that in which it is smaller */
    double p;
};

/* 0 or -ENOMEM. Sets of at least one value. */
int ranks_compare(const double *first, size_t first_count, const double *second, size_t second_count,
                  struct rank_test *test);

/* The least p value that sets of these sizes can have. */
double ranks_least_p(size_t first_count, size_t second_count);

/* Adjusts p values so that among those at most q, a share of q at most is expected to be false (Benjamini and Hochberg
 * 1995). In place; NaN is no test, and stays. 0 or -ENOMEM. */
int ranks_adjust(double *p, size_t count);

#endif
