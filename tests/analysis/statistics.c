/* The bootstrap against what can be known otherwise, percentiles and figures against hand calculation. */
#include "fixture.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <string.h>

#include "analysis/bootstrap.h"
#include "analysis/format.h"

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
    assert_int_equal(bootstrap_estimate(nested, rng, &estimate, resamples), 0);
    gsl_rng_free(rng);
    const struct term term = {&estimate, resamples, 1};
    return terms_interval(&term, 1);
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
    assert_int_equal(bootstrap_estimate(&nested, rng, &estimate, resamples), 0);
    gsl_rng_free(rng);
    assert_near(estimate.mean, 2.33, 1e-12);
    assert_near(sqrt(estimate.variance) * estimate.mean, 0.6331670, 1e-6);
    assert_near(2.33 - 2.2621572 * sqrt(estimate.variance) * 2.33, 0.8976775, 1e-5);
    assert_near(estimate.freedom, 9, 0);
    const struct term term = {&estimate, resamples, 1};
    struct interval interval = terms_interval(&term, 1);
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
    const struct term terms[] = {{&over, none, 1}, {&under, none, -1}};
    assert_near(terms_value(terms, 2), 3, 1e-12);
    struct interval interval = terms_interval(terms, 2);
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
    assert_int_equal(bootstrap_estimate(&nested, rng, &estimate, resamples), 0);
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
        cmocka_unit_test(test_nested_mean),  cmocka_unit_test(test_two_invocations),
        cmocka_unit_test(test_student),      cmocka_unit_test(test_ratio),
        cmocka_unit_test(test_constant),     cmocka_unit_test(test_one_invocation),
        cmocka_unit_test(test_levels),       cmocka_unit_test(test_seed),
        cmocka_unit_test(test_nearest_rank), cmocka_unit_test(test_format),
    };
    return cmocka_run_group_tests_name("statistics", tests, NULL, NULL);
}
