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

/* Two invocations of one repetition: a resampled mean is 1, 2 or 3 with chances 1/4, 1/2, 1/4. */
static void test_two_values(void **state)
{
    (void)state;
    const double values[] = {1, 3};
    const size_t start[] = {0, 1, 2};
    const struct nested nested = {values, start, 2};
    gsl_rng *rng = bootstrap_rng("two values");
    double means[BOOTSTRAP_RESAMPLES];
    assert_int_equal(bootstrap_means(&nested, rng, means), 0);
    size_t counts[4] = {0};
    for (size_t i = 0; i < BOOTSTRAP_RESAMPLES; i++) {
        assert_true(means[i] == 1 || means[i] == 2 || means[i] == 3);
        counts[(int)means[i]]++;
    }
    assert_in_range(counts[1], 190, 310); /* 250, with a standard deviation of 14 */
    assert_in_range(counts[2], 420, 580); /* 500, of 16 */
    struct interval interval = bootstrap_interval(means, BOOTSTRAP_RESAMPLES);
    assert_near(interval.low, 1, 0);
    assert_near(interval.high, 3, 0);
    gsl_rng_free(rng);
}

static void test_constant(void **state)
{
    (void)state;
    double values[200];
    size_t start[] = {0, 100, 200};
    for (size_t i = 0; i < 200; i++)
        values[i] = 7;
    const struct nested nested = {values, start, 2};
    gsl_rng *rng = bootstrap_rng("constant");
    double means[BOOTSTRAP_RESAMPLES];
    assert_int_equal(bootstrap_means(&nested, rng, means), 0);
    struct interval interval = bootstrap_interval(means, BOOTSTRAP_RESAMPLES);
    assert_near(interval.low, 7, 1e-12);
    assert_near(interval.high, 7, 1e-12);
    gsl_rng_free(rng);
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

static void check_deviation(size_t groups, size_t members)
{
    static double values[200 * 200];
    static size_t start[201];
    gsl_rng *rng = bootstrap_rng("values");
    for (size_t i = 0; i < groups; i++) {
        double shift = gsl_ran_gaussian(rng, 3);
        start[i] = i * members;
        for (size_t j = 0; j < members; j++)
            values[i * members + j] = shift + gsl_ran_gaussian(rng, 5);
    }
    start[groups] = groups * members;
    const struct nested nested = {values, start, groups};
    double means[BOOTSTRAP_RESAMPLES], sum = 0, squares = 0;
    assert_int_equal(bootstrap_means(&nested, rng, means), 0);
    gsl_rng_free(rng);
    for (size_t i = 0; i < BOOTSTRAP_RESAMPLES; i++) {
        sum += means[i] - nested_mean(&nested);
        squares += (means[i] - nested_mean(&nested)) * (means[i] - nested_mean(&nested));
    }
    double expected = expected_deviation(&nested);
    assert_near(sum / BOOTSTRAP_RESAMPLES / expected, 0, 0.12);          /* a deviation of 0.03 */
    assert_near(sqrt(squares / BOOTSTRAP_RESAMPLES) / expected, 1, 0.1); /* of 0.022 */
}

/* A level that is drawn as a whole has the spread that drawing its members gives, on both sides of the limit. */
static void test_large_levels(void **state)
{
    (void)state;
    check_deviation(10, BOOTSTRAP_EXACT);
    check_deviation(10, BOOTSTRAP_EXACT + 1);
    check_deviation(BOOTSTRAP_EXACT, 5);
    check_deviation(BOOTSTRAP_EXACT + 1, 5);
    check_deviation(200, 100);
}

/* How often the interval holds the true mean, in 400 experiments of 12 invocations of 5 repetitions. For normal values
 * the percentile interval's coverage there is near 92 %: it is too narrow by the factor sqrt(11/12), and by the
 * normal's quantile instead of Student's. Over 400 experiments it spreads by 1.4 % (a standard deviation). */
static void test_coverage(void **state)
{
    (void)state;
    enum { EXPERIMENTS = 400, GROUPS = 12, MEMBERS = 5 };
    gsl_rng *rng = bootstrap_rng("coverage");
    size_t start[GROUPS + 1], held = 0;
    for (size_t experiment = 0; experiment < EXPERIMENTS; experiment++) {
        double values[GROUPS * MEMBERS], means[BOOTSTRAP_RESAMPLES];
        for (size_t i = 0; i < GROUPS; i++) {
            double shift = gsl_ran_gaussian(rng, 2);
            start[i] = i * MEMBERS;
            for (size_t j = 0; j < MEMBERS; j++)
                values[i * MEMBERS + j] = 50 + shift + gsl_ran_gaussian(rng, 1);
        }
        start[GROUPS] = sizeof values / sizeof *values;
        const struct nested nested = {values, start, GROUPS};
        assert_int_equal(bootstrap_means(&nested, rng, means), 0);
        struct interval interval = bootstrap_interval(means, BOOTSTRAP_RESAMPLES);
        held += interval.low <= 50 && 50 <= interval.high;
    }
    gsl_rng_free(rng);
    print_message("the interval held the true mean in %zu of %d experiments\n", held, EXPERIMENTS);
    assert_in_range(held, EXPERIMENTS * 87 / 100, EXPERIMENTS * 97 / 100);
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
        cmocka_unit_test(test_nested_mean),  cmocka_unit_test(test_two_values), cmocka_unit_test(test_constant),
        cmocka_unit_test(test_large_levels), cmocka_unit_test(test_coverage),   cmocka_unit_test(test_seed),
        cmocka_unit_test(test_nearest_rank), cmocka_unit_test(test_format),
    };
    return cmocka_run_group_tests_name("statistics", tests, NULL, NULL);
}
