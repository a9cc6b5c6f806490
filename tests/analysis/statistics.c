/* The bootstrap against what can be known otherwise, percentiles and figures against hand calculation. */
#include "fixture.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <string.h>

#include "analysis/bootstrap.h"
#include "analysis/format.h"
#include "analysis/mmu.h"
#include "analysis/ranks.h"
#include "analysis/repetition_plan.h"

static void assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%.10g is not %.10g (within %g)", value, expected, tolerance);
}

/* Groups of different sizes count alike: ((1 + 3) / 2 + 10) / 2, not the mean of all. */
static void test_nested_mean(void **state)
{
    (void)state;
    const double values[] = {1, 3, 10};
    const size_t start[] = {0, 2, 3};
    const struct nested nested = {values, start, 2};
    assert_near(nested_mean(&nested), 6, 1e-12);
}

/* The interval of a single cell's mean. */
static struct interval interval_of(const struct nested *nested, const char *seed)
{
    static struct resample resamples[BOOTSTRAP_RESAMPLES];
    struct estimate estimate;
    gsl_rng *rng = bootstrap_rng(seed);
    assert_int_equal(bootstrap_estimate(nested, 0, rng, &estimate, resamples), 0);
    gsl_rng_free(rng);
    return mean_interval(&estimate, resamples);
}

/* By hand: the invocations' means are 9 and 11, so the mean is 10 and its standard error 1; Student's quantile for one
 * degree of freedom is 12.7062. Of the logarithm the error is 0.1: arms of exp(1.27062) = 3.563. One arm is
 * that long, the other up to BOOTSTRAP_REACH times as long. */
static void test_two_invocations(void **state)
{
    (void)state;
    const double values[] = {8, 10, 11};
    const size_t start[] = {0, 2, 3};
    const struct nested nested = {values, start, 2};
    struct interval interval = interval_of(&nested, "two");
    double up = log(interval.high / 10) / 1.27062, down = log(10 / interval.low) / 1.27062;
    assert_near(fmin(up, down), 1, 1e-5);
    assert_in_range((long)(fmax(up, down) * 1e5), 99999, (long)(BOOTSTRAP_REACH * 1e5) + 1);
}

static struct estimate trimmed_estimate(const double *values, size_t count, size_t trimmed)
{
    static struct resample resamples[BOOTSTRAP_RESAMPLES];
    size_t start[32];
    struct estimate estimate;
    for (size_t i = 0; i <= count; i++)
        start[i] = i;
    gsl_rng *rng = bootstrap_rng("trimmed");
    const struct nested nested = {values, start, count};
    assert_int_equal(bootstrap_estimate(&nested, trimmed, rng, &estimate, resamples), 0);
    gsl_rng_free(rng);
    return estimate;
}

/* Dana's data as Wilcox has them ("Introduction to robust estimation and hypothesis testing", chapter 3): the mean
 * trimmed by 20 % is 283, the winsorized standard deviation 146.8; Yuen's variance of the mean is then
 * 18 * 146.8^2 / (13 * 12), with 12 degrees of freedom. */
static void test_trimmed(void **state)
{
    (void)state;
    static const double values[] = {2611, 87,  88,  114, 151, 210, 219, 246, 253, 262,
                                    296,  299, 306, 376, 428, 515, 666, 77,  1310};
    struct estimate estimate = trimmed_estimate(values, 19, 3);
    assert_near(estimate.mean, 282.69, 0.005);
    assert_near(sqrt(estimate.variance) * estimate.mean, sqrt(18.0 * 146.8 * 146.8 / 13 / 12), 0.02);
    assert_near(estimate.freedom, 12, 0);
}

/* By hand: 9, 10 and 11 are left of five; winsorized they are 9, 9, 10, 11, 11, whose squared deviations sum to 4; over
 * h (h - 1) = 6 and the squared mean that is 4 / 600. A value far off changes nothing. */
static void test_trimmed_by_hand(void **state)
{
    (void)state;
    static const double near[] = {8, 11, 10, 9, 12}, far[] = {8, 11, 10, 9, 1e6};
    struct estimate estimate = trimmed_estimate(near, 5, 1), shaken = trimmed_estimate(far, 5, 1);
    assert_near(estimate.mean, 10, 1e-12);
    assert_near(estimate.variance, 4.0 / 600, 1e-12);
    assert_near(estimate.freedom, 2, 0);
    assert_near(shaken.mean, 10, 1e-9);
    assert_near(shaken.variance, 4.0 / 600, 1e-9);
}

/* What trimming would leave is all the same: then it is the mean of all, (4 * 10 + 20) / 5, with its variance. */
static void test_not_trimmed_to_nothing(void **state)
{
    (void)state;
    static const double values[] = {10, 10, 20, 10, 10};
    struct estimate estimate = trimmed_estimate(values, 5, 1);
    assert_near(estimate.mean, 12, 1e-12);
    assert_near(estimate.variance, 20.0 / 5 / 144, 1e-12);
    assert_near(estimate.freedom, 4, 0);
}

/* Ten values of R's data set `sleep` (the second drug), in hours: t.test(extra)$conf.int there is 0.8976775 to
 * 3.7623225 for a mean of 2.33. Here the interval is Student's on the logarithm, so it has to agree with that in the
 * arms' sum relative to the mean, to first order: error = sd / sqrt(10) = 0.6331670, t(9) = 2.2621572. */
static void test_student(void **state)
{
    (void)state;
    const double values[] = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};
    size_t start[11];
    for (size_t i = 0; i <= 10; i++)
        start[i] = i;
    const struct nested nested = {values, start, 10};
    static struct resample resamples[BOOTSTRAP_RESAMPLES];
    struct estimate estimate;
    gsl_rng *rng = bootstrap_rng("sleep");
    assert_int_equal(bootstrap_estimate(&nested, 0, rng, &estimate, resamples), 0);
    gsl_rng_free(rng);
    assert_near(estimate.mean, 2.33, 1e-12);
    assert_near(sqrt(estimate.variance) * estimate.mean, 0.6331670, 1e-6);
    assert_near(2.33 - 2.2621572 * sqrt(estimate.variance) * 2.33, 0.8976775, 1e-5);
    assert_near(estimate.freedom, 9, 0);
    struct interval interval = mean_interval(&estimate, resamples);
    double student = 2.2621572 * 0.6331670 / 2.33;
    assert_true(log(2.33 / interval.low) >= student - 1e-6 && log(interval.high / 2.33) >= student - 1e-6);
    assert_near(fmin(log(2.33 / interval.low), log(interval.high / 2.33)), student, 1e-6); /* one arm is Student's */
}

/* A ratio of two cells: Welch's degrees of freedom. For variances 4 and 1 of the logarithm, of 5 and 10 groups, by
 * hand: (4 + 1)^2 / (16 / 4 + 1 / 9) = 6.0811; Student's quantile there is 2.4383. */
static void test_ratio(void **state)
{
    (void)state;
    static struct resample none[BOOTSTRAP_RESAMPLES]; /* no shift: no arm is longer */
    const struct estimate over = {.mean = 6, .variance = 4, .freedom = 4};
    const struct estimate under = {.mean = 2, .variance = 1, .freedom = 9};
    static struct log_sum sum;
    log_sum_add(&sum, &over, none, 1);
    log_sum_add(&sum, &under, none, -1);
    assert_near(log_sum_value(&sum), 3, 1e-12);
    struct interval interval = log_sum_interval(&sum);
    assert_near(log(interval.high / 3), 2.4383 * sqrt(5), 2e-3);
    assert_near(log(3 / interval.low), 2.4383 * sqrt(5), 2e-3);
}

static void test_constant(void **state)
{
    (void)state;
    double values[200];
    size_t start[] = {0, 100, 200};
    for (size_t i = 0; i < 200; i++)
        values[i] = 7;
    const struct nested nested = {values, start, 2};
    struct interval interval = interval_of(&nested, "constant");
    assert_near(interval.low, 7, 1e-12);
    assert_near(interval.high, 7, 1e-12);
}

/* One invocation says nothing of another. */
static void test_one_invocation(void **state)
{
    (void)state;
    const double values[] = {1, 2, 3};
    const size_t start[] = {0, 3};
    const struct nested nested = {values, start, 1};
    struct interval interval = interval_of(&nested, "one");
    assert_true(isnan(interval.low) && isnan(interval.high));
}

/* The spread that resampled means have by theory: the variance of the groups' means, and that of the mean of as many
 * draws as a group has members, over the number of groups. Variances of what is drawn from: divided by n, not n - 1. */
static double expected_deviation(const struct nested *nested)
{
    double groups = (double)nested->groups, between = 0, within = 0, mean = nested_mean(nested);
    for (size_t i = 0; i < nested->groups; i++) {
        double sum = 0, squares = 0, members = (double)(nested->start[i + 1] - nested->start[i]);
        for (size_t j = nested->start[i]; j < nested->start[i + 1]; j++) {
            sum += nested->values[j];
            squares += nested->values[j] * nested->values[j];
        }
        between += (sum / members - mean) * (sum / members - mean) / groups;
        within += (squares / members - sum / members * (sum / members)) / members / groups;
    }
    return sqrt((between + within) / groups);
}

/* Resamples have that spread at both levels. The values are large beside it, so that logarithms are linear. */
static void check_deviation(size_t groups, size_t members)
{
    static double values[200 * 100];
    static size_t start[201];
    static struct resample resamples[BOOTSTRAP_RESAMPLES];
    struct estimate estimate;
    gsl_rng *rng = bootstrap_rng("values");
    for (size_t i = 0; i < groups; i++) {
        double shift = 1000 + gsl_ran_gaussian(rng, 3);
        start[i] = i * members;
        for (size_t j = 0; j < members; j++)
            values[i * members + j] = shift + gsl_ran_gaussian(rng, 5);
    }
    start[groups] = groups * members;
    const struct nested nested = {values, start, groups};
    double sum = 0, squares = 0;
    assert_int_equal(bootstrap_estimate(&nested, 0, rng, &estimate, resamples), 0);
    gsl_rng_free(rng);
    for (size_t i = 0; i < BOOTSTRAP_RESAMPLES; i++) {
        double shift = (double)resamples[i].shift * estimate.mean;
        sum += shift;
        squares += shift * shift;
    }
    double expected = expected_deviation(&nested);
    assert_near(sum / BOOTSTRAP_RESAMPLES / expected, 0, 0.15);          /* a deviation of 0.03, and of 64 means */
    assert_near(sqrt(squares / BOOTSTRAP_RESAMPLES) / expected, 1, 0.1); /* of 0.022 */
}

static void test_levels(void **state)
{
    (void)state;
    check_deviation(10, 1);
    check_deviation(10, 5);
    check_deviation(65, 2);
    check_deviation(200, 100);
}

/* ---- ranks */

/* Hollander and Wolfe 1973, table 4.1, permeability of the human chorioamnion, as in R's ?wilcox.test: W = 35 and a
 * one-sided exact p of 0.1272 (382 in 3003), so 0.2544 two-sided. */
static void test_ranks_of_r(void **state)
{
    (void)state;
    const double at_term[] = {0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46};
    const double early[] = {1.15, 0.88, 0.90, 0.74, 1.21};
    struct rank_test test;
    assert_int_equal(ranks_compare(early, 5, at_term, 10, &test), 0);
    assert_near(test.u, 35, 0);
    assert_near(test.p, 0.2544, 1e-4);
    assert_near(test.delta, 2 * 35.0 / 50 - 1, 1e-12);
}

/* The example of SciPy's mannwhitneyu: U = 17 and p = 0.1111111111111111, 14 in 126. */
static void test_ranks_of_scipy(void **state)
{
    (void)state;
    const double males[] = {19, 22, 16, 29, 24}, females[] = {20, 11, 17, 12};
    struct rank_test test;
    assert_int_equal(ranks_compare(females, 4, males, 5, &test), 0);
    assert_near(test.u, 17, 0);
    assert_near(test.p, 1 / 9.0, 1e-12);
}

/* By hand, with ties: {1, 2} and {2, 3} have midranks 1, 2.5, 2.5, 4. Of the 6 ways to choose two, the rank sums are
 * 3.5, 3.5, 5, 5, 6.5, 6.5; the second set's is 6.5, and 4 in 6 are as far from 5. All the same: no difference. */
static void test_ranks_with_ties(void **state)
{
    (void)state;
    const double first[] = {1, 2}, second[] = {2, 3}, same[] = {7, 7, 7};
    struct rank_test test;
    assert_int_equal(ranks_compare(first, 2, second, 2, &test), 0);
    assert_near(test.u, 3.5, 0);
    assert_near(test.p, 4.0 / 6, 1e-12);
    assert_near(test.delta, 0.75, 1e-12);
    assert_int_equal(ranks_compare(same, 3, same, 3, &test), 0);
    assert_near(test.p, 1, 0);
    assert_near(test.delta, 0, 0);
}

/* Apart altogether: one way in each direction, of n over k. */
static void test_least_p(void **state)
{
    (void)state;
    const double low[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, high[] = {11, 12, 13, 14, 15, 16, 17, 18, 19, 20};
    struct rank_test test;
    assert_int_equal(ranks_compare(low, 10, high, 10, &test), 0);
    assert_near(test.p, 2.0 / 184756, 1e-15);
    assert_near(ranks_least_p(10, 10), 2.0 / 184756, 1e-15);
    assert_near(ranks_least_p(3, 3), 0.1, 1e-12);
    assert_near(ranks_least_p(4, 4), 2.0 / 70, 1e-12);
    assert_int_equal(ranks_compare(high, 3, low, 3, &test), 0);
    assert_near(test.p, 0.1, 1e-12);
    assert_near(test.delta, -1, 0);
}

/* Above the limit it is normal, below it exact: on both sides of it they agree. */
static void test_ranks_normal(void **state)
{
    (void)state;
    double first[60], second[60];
    struct rank_test exact, normal;
    for (size_t i = 0; i < 60; i++) {
        first[i] = (double)(i * 37 % 61);
        second[i] = (double)(i * 37 % 61) + 9.5;
    }
    assert_int_equal(ranks_compare(first, 50, second, 50, &exact), 0);
    assert_int_equal(ranks_compare(first, 51, second, 50, &normal), 0);
    assert_near(normal.p / exact.p, 1, 0.15);
    assert_true(exact.p > 0 && exact.p < 0.05);
}

/* The fifteen p values of Benjamini and Hochberg 1995, section 3.2 (thrombolysis after a heart attack); adjusted as in
 * the example of SciPy's false_discovery_control. At 5 % four are rejected. */
static void test_adjust(void **state)
{
    (void)state;
    double p[] = {0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
                  0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.000,  NAN};
    const double expected[] = {0.0015, 0.003, 0.0095,     0.035625, 0.0603,     0.06385714, 0.06385714, 0.0645,
                               0.0765, 0.486, 0.58118182, 0.714875, 0.75323077, 0.81321429, 1.};
    assert_int_equal(ranks_adjust(p, 16), 0);
    for (size_t i = 0; i < 15; i++)
        assert_near(p[i], expected[i], 1e-8);
    assert_true(isnan(p[15]));
    assert_int_equal(ranks_adjust(p, 0), 0);
}

/* ---- utilisation */

/* By hand: stopped from 10 to 20 and from 30 to 40 of 100. The worst window of 10 is a pause; of 20, one pause; of 30,
 * from 10 to 40, both. A third stop within the first, and one that goes beyond the end, change that as they should. */
static void test_utilisation(void **state)
{
    (void)state;
    double before[8];
    struct stop stops[] = {{10, 20}, {30, 40}}, more[] = {{10, 20}, {12, 15}, {18, 22}, {95, 130}};
    assert_int_equal(stops_join(stops, 2, 100), 2);
    assert_near(mmu_of_stops(stops, 2, 100, 5, before), 0, 1e-12);
    assert_near(mmu_of_stops(stops, 2, 100, 10, before), 0, 1e-12);
    assert_near(mmu_of_stops(stops, 2, 100, 20, before), 0.5, 1e-12);
    assert_near(mmu_of_stops(stops, 2, 100, 30, before), 1 / 3.0, 1e-12);
    assert_near(mmu_of_stops(stops, 2, 100, 100, before), 0.8, 1e-12);
    assert_int_equal(stops_join(more, 4, 100), 2);
    assert_near(mmu_of_stops(more, 2, 100, 16, before), 0.25, 1e-12);
    assert_near(mmu_of_stops(more, 2, 100, 100, before), 0.83, 1e-12);
}

/* Stops at whole numbers: some worst window begins at a whole number, so that all of them can be looked at. */
static void test_utilisation_of_all_windows(void **state)
{
    (void)state;
    enum { LENGTH = 300, STOPS = 25 };
    gsl_rng *rng = bootstrap_rng("windows");
    for (unsigned trial = 0; trial < 50; trial++) {
        struct stop stops[STOPS];
        double before[STOPS + 1], start = 0;
        bool stopped[LENGTH] = {false};
        for (size_t i = 0; i < STOPS; i++) {
            start += (double)gsl_rng_uniform_int(rng, 20);
            stops[i] = (struct stop){start, start + 1 + (double)gsl_rng_uniform_int(rng, 12)};
            for (size_t at = (size_t)start; at < (size_t)stops[i].end && at < LENGTH; at++)
                stopped[at] = true;
        }
        size_t count = stops_join(stops, STOPS, LENGTH);
        for (size_t window = 1; window <= LENGTH; window += 1 + window / 7) {
            size_t most = 0;
            for (size_t first = 0; first + window <= LENGTH; first++) {
                size_t sum = 0;
                for (size_t at = first; at < first + window; at++)
                    sum += stopped[at];
                most = sum > most ? sum : most;
            }
            assert_near(mmu_of_stops(stops, count, LENGTH, (double)window, before), 1 - (double)most / (double)window,
                        1e-9);
        }
    }
    gsl_rng_free(rng);
}

/* ---- counts */

/* By hand: invocations {9, 11}, {19, 21}, {14, 16} have means 10, 20, 15 and a mean of 15; within each the variance is
 * 2, so T1 = 2; the means' is 25, so T2 = 25 - 2 / 2 = 24. Relative to 15 squared. */
static void test_variances(void **state)
{
    (void)state;
    const double values[] = {9, 11, 19, 21, 14, 16};
    const size_t start[] = {0, 2, 4, 6};
    const struct nested nested = {values, start, 3};
    struct variances variances = variances_of(&nested);
    assert_near(variances.mean, 15, 1e-12);
    assert_near(variances.repetition * 225, 2, 1e-12);
    assert_near(variances.invocation * 225, 24, 1e-12);
    const double close[] = {9, 11, 9.5, 10.5}; /* means vary by less than repetitions explain */
    const struct nested same = {close, start, 2};
    assert_near(variances_of(&same).invocation, 0, 0);
    const size_t single[] = {0, 1, 2, 3};
    const struct nested once = {values, single, 3};
    assert_true(isnan(variances_of(&once).repetition));
    assert_true(variances_of(&once).invocation > 0);
}

/* By hand: an invocation costs 8, a repetition 2, T1 / T2 = 9: r = sqrt(4 * 9) = 6, so an invocation takes 20. In 205
 * there is room for 10. With T2 = 1e-4 and T1 = 9e-4, 10 of them give sqrt((1e-4 + 1.5e-4) / 10) = 0.005, times
 * Student's 2.2622 for nine degrees of freedom. */
static void test_counts(void **state)
{
    (void)state;
    const struct variances variances = {100, 9e-4, 1e-4};
    const struct level_costs costs = {8, 2};
    const struct count_bounds bounds = {{5, 1}, {50, 20}};
    assert_int_equal(plan_repetitions(&variances, &costs, &bounds), 6);
    struct counts counts = plan_for_time(&variances, &costs, 205, &bounds);
    assert_int_equal(counts.invocations, 10);
    assert_int_equal(counts.repetitions, 6);
    assert_near(plan_time(&costs, counts), 200, 1e-12);
    assert_near(plan_half_width(&variances, counts), 2.2622 * 0.005, 1e-6);
    counts = plan_for_precision(&variances, &costs, 2.2622 * 0.005 + 1e-6, &bounds);
    assert_int_equal(counts.invocations, 10);
    counts = plan_for_precision(&variances, &costs, 2.2622 * 0.005 - 1e-5, &bounds);
    assert_int_equal(counts.invocations, 11);
    assert_int_equal(plan_for_precision(&variances, &costs, 1e-9, &bounds).invocations, 50);
    assert_int_equal(plan_for_precision(&variances, &costs, 1, &bounds).invocations, 5);
}

/* Of all counts that cost no more, none is expected to do better by more than what rounding takes. */
static void test_counts_are_best(void **state)
{
    (void)state;
    const struct variances variances = {100, 4e-4, 1e-5};
    const struct level_costs costs = {3, 1};
    const struct count_bounds bounds = {{2, 1}, {10000, 100}};
    const double time = 3000;
    struct counts best = plan_for_time(&variances, &costs, time, &bounds);
    assert_true(plan_time(&costs, best) <= time);
    for (unsigned repetitions = 1; repetitions <= 100; repetitions++) {
        struct counts other = {(unsigned)(time / (3 + repetitions)), repetitions};
        assert_true(plan_half_width(&variances, other) >= 0.99 * plan_half_width(&variances, best));
    }
}

/* What there is no pilot for: no repetitions to compare, no differences between invocations, no time. */
static void test_counts_at_the_edges(void **state)
{
    (void)state;
    const struct level_costs costs = {8, 2};
    const struct count_bounds bounds = {{5, 3}, {50, 20}};
    const struct variances no_within = {100, NAN, 1e-4}, no_between = {100, 1e-4, 0};
    assert_int_equal(plan_repetitions(&no_within, &costs, &bounds), 3);
    assert_int_equal(plan_repetitions(&no_between, &costs, &bounds), 20);
    struct counts counts = plan_for_time(&no_between, &costs, 100, &bounds); /* 5 of (8 + 6 * 2) */
    assert_int_equal(counts.invocations, 5);
    assert_int_equal(counts.repetitions, 6);
    counts = plan_for_time(&no_between, &costs, 0, &bounds);
    assert_int_equal(counts.invocations, 5);
    assert_int_equal(counts.repetitions, 3);
}

/* What is drawn depends on the text alone. */
static void test_seed(void **state)
{
    (void)state;
    gsl_rng *a = bootstrap_rng("malloc|rings"), *b = bootstrap_rng("malloc|rings"), *c = bootstrap_rng("nogc|rings");
    unsigned long first = gsl_rng_get(a);
    assert_int_equal(first, gsl_rng_get(b));
    assert_int_not_equal(first, gsl_rng_get(c));
    gsl_rng_free(a);
    gsl_rng_free(b);
    gsl_rng_free(c);
}

/* Of 1 .. n the nearest rank of a quantile q is ceil(q n). */
static void test_nearest_rank(void **state)
{
    (void)state;
    assert_int_equal(nearest_rank(1, 0.5) + 1, 1);
    assert_int_equal(nearest_rank(2, 0.5) + 1, 1);
    assert_int_equal(nearest_rank(3, 0.5) + 1, 2);
    assert_int_equal(nearest_rank(10, 0.9) + 1, 9);
    assert_int_equal(nearest_rank(11, 0.9) + 1, 10);
    assert_int_equal(nearest_rank(100, 0.99) + 1, 99);
    assert_int_equal(nearest_rank(1000, 0.999) + 1, 999);
    assert_int_equal(nearest_rank(1001, 0.999) + 1, 1000);
    assert_int_equal(nearest_rank(1000000, 0.999) + 1, 999000);
    assert_int_equal(nearest_rank(7, 1) + 1, 7);
    assert_int_equal(nearest_rank(7, 0) + 1, 1);
}

static void test_format(void **state)
{
    (void)state;
    assert_string_equal(format_ns(0.25).text, "0.25 ns");
    assert_string_equal(format_ns(12.34).text, "12.3 ns");
    assert_string_equal(format_ns(999.4).text, "999 ns");
    assert_string_equal(format_ns(999.6).text, "1.00 µs");
    assert_string_equal(format_ns(4.5e9).text, "4.50 s");
    assert_string_equal(format_bytes(640).text, "640 B");
    assert_string_equal(format_bytes(1.25e6).text, "1.25 MB");
    assert_string_equal(format_count(0).text, "0");
    assert_string_equal(format_count(999).text, "999");
    assert_string_equal(format_count(1234567).text, "1,234,567");
    assert_string_equal(format_number(0.1234).text, "0.123");
    assert_string_equal(format_number(99.96).text, "100");
    assert_string_equal(format_number(12345).text, "12,345");
    assert_string_equal(format_number(NAN).text, "-");
    assert_int_equal(display_width("±3 µs"), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nested_mean),
        cmocka_unit_test(test_trimmed),
        cmocka_unit_test(test_trimmed_by_hand),
        cmocka_unit_test(test_not_trimmed_to_nothing),
        cmocka_unit_test(test_two_invocations),
        cmocka_unit_test(test_student),
        cmocka_unit_test(test_ratio),
        cmocka_unit_test(test_constant),
        cmocka_unit_test(test_one_invocation),
        cmocka_unit_test(test_levels),
        cmocka_unit_test(test_ranks_of_r),
        cmocka_unit_test(test_ranks_of_scipy),
        cmocka_unit_test(test_ranks_with_ties),
        cmocka_unit_test(test_least_p),
        cmocka_unit_test(test_ranks_normal),
        cmocka_unit_test(test_adjust),
        cmocka_unit_test(test_utilisation),
        cmocka_unit_test(test_utilisation_of_all_windows),
        cmocka_unit_test(test_variances),
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_counts_are_best),
        cmocka_unit_test(test_counts_at_the_edges),
        cmocka_unit_test(test_seed),
        cmocka_unit_test(test_nearest_rank),
        cmocka_unit_test(test_format),
    };
    return cmocka_run_group_tests_name("statistics", tests, NULL, NULL);
}
