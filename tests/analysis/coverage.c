/* How often an interval holds the true value: simulated, where the truth is known.
 *
 *     test-analysis-coverage [EXPERIMENTS]
 *
 * prints the table that docs/reading-results.md has (10000 experiments there) and fails where a share that should be
 * 95 % is not within 2 % of it, plus three standard deviations of the simulation itself. */
#include "fixture.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>

#include "analysis/bootstrap.h"
#include "analysis/compare.h"

enum { REPETITIONS = 5, INVOCATIONS_MAX = 30, COUNTS = 5 };

static const size_t counts[COUNTS] = {3, 5, 10, 20, 30};

static long experiments = 300;

/* What an invocation adds to all of its repetitions, and what a repetition adds. Times: above 0. */
static double normal(gsl_rng *rng)
{
    return 50 + gsl_ran_gaussian_ziggurat(rng, 2);
}

static double lognormal_mild(gsl_rng *rng)
{
    return gsl_ran_lognormal(rng, 0, 0.2);
}

static double lognormal(gsl_rng *rng)
{
    return gsl_ran_lognormal(rng, 0, 0.5);
}

static double lognormal_heavy(gsl_rng *rng)
{
    return gsl_ran_lognormal(rng, 0, 1);
}

static double exponential(gsl_rng *rng)
{
    return gsl_ran_exponential(rng, 1);
}

static double two_modes(gsl_rng *rng)
{
    return (gsl_rng_uniform(rng) < 0.7 ? 10 : 11) + gsl_ran_gaussian_ziggurat(rng, 0.3);
}

/* One process in seven takes half as long again, as on a machine that is shared. */
static double disturbed(gsl_rng *rng)
{
    return (gsl_rng_uniform(rng) < 0.85 ? 50 : 75) + gsl_ran_gaussian_ziggurat(rng, 2);
}

static double two_sharp_modes(gsl_rng *rng)
{
    return (gsl_rng_uniform(rng) < 0.5 ? 10 : 12) + gsl_ran_gaussian_ziggurat(rng, 0.2);
}

static double rare_mode(gsl_rng *rng)
{
    return (gsl_rng_uniform(rng) < 0.8 ? 10 : 12) + gsl_ran_gaussian_ziggurat(rng, 0.2);
}

static double always_ten(gsl_rng *rng)
{
    (void)rng;
    return 10;
}

static double small_noise(gsl_rng *rng)
{
    return gsl_ran_gaussian_ziggurat(rng, 0.05);
}

static double noise(gsl_rng *rng)
{
    return gsl_ran_gaussian_ziggurat(rng, 1);
}

static double skewed_noise(gsl_rng *rng)
{
    return gsl_ran_exponential(rng, 1) - 1;
}

static const struct distribution {
    const char *name;
    double (*invocation)(gsl_rng *rng), (*repetition)(gsl_rng *rng);
    double mean;
    bool held[COUNTS]; /* to 95 ± 2 %; elsewhere the table says how far it is off */
} distributions[] = {
    {"normal", normal, noise, 50, {1, 1, 1, 1, 1}},
    {"lognormal, sigma 0.2", lognormal_mild, small_noise, 1.0202013, {1, 1, 1, 1, 1}},
    {"lognormal, sigma 0.5", lognormal, small_noise, 1.1331485, {1, 1, 1, 1, 1}},
    {"exponential", exponential, small_noise, 1, {1, 1, 1, 1, 1}},
    {"repetitions exponential", always_ten, skewed_noise, 10, {1, 1, 1, 1, 1}},
    {"two modes, 70 : 30", two_modes, small_noise, 10.3, {1, 1, 1, 1, 1}},
    {"one in seven disturbed", disturbed, noise, 53.75, {0, 0, 0, 1, 1}},
    {"two sharp modes, 50 : 50", two_sharp_modes, small_noise, 11, {0, 1, 0, 0, 1}},
    {"a rare sharp mode, 80 : 20", rare_mode, small_noise, 10.4, {0, 0, 0, 0, 0}},
    {"lognormal, sigma 1", lognormal_heavy, small_noise, 1.6487213, {0, 0, 0, 0, 0}},
};
enum { DISTRIBUTIONS = sizeof distributions / sizeof *distributions };

/* One cell as it would be measured. */
static void measure(const struct distribution *distribution, size_t invocations, bool trims, gsl_rng *rng,
                    struct estimate *estimate, struct resample *resamples)
{
    double values[INVOCATIONS_MAX * REPETITIONS];
    size_t start[INVOCATIONS_MAX + 1];
    for (size_t i = 0; i < invocations; i++) {
        double shift = distribution->invocation(rng);
        start[i] = i * REPETITIONS;
        for (size_t j = 0; j < REPETITIONS; j++)
            values[i * REPETITIONS + j] = shift + distribution->repetition(rng);
    }
    start[invocations] = invocations * REPETITIONS;
    const struct nested nested = {values, start, invocations};
    assert_int_equal(bootstrap_estimate(&nested, trims ? compare_trims(invocations) : 0, rng, estimate, resamples), 0);
}

/* Per cent of experiments whose interval holds the mean; or, of more than one cell, the geometric mean of the ratios of
 * each pair of them, which is 1. */
static double simulate(const struct distribution *distribution, size_t invocations, size_t cells, bool trims,
                       gsl_rng *rng)
{
    static struct resample resamples[BOOTSTRAP_RESAMPLES];
    double truth = cells == 1 ? distribution->mean : 1;
    long held = 0;
    for (long i = 0; i < experiments; i++) {
        struct log_sum sum = {0};
        for (size_t j = 0; j < cells; j++) {
            struct estimate estimate;
            measure(distribution, invocations, trims, rng, &estimate, resamples);
            log_sum_add(&sum, &estimate, resamples, j % 2 ? -1 : 1);
        }
        log_sum_scale(&sum, cells == 1 ? 1 : 2 / (double)cells);
        struct interval interval = log_sum_interval(&sum);
        held += interval.low <= truth && truth <= interval.high;
    }
    return 100 * (double)held / (double)experiments;
}

/* A share of 95 % seen in so many experiments spreads by so much. */
static double tolerance(void)
{
    return 2 + 3 * 100 * sqrt(0.95 * 0.05 / (double)experiments);
}

static void print_head(const char *what)
{
    printf("\n| %s |", what);
    for (size_t i = 0; i < COUNTS; i++)
        printf(" %zu |", counts[i]);
    printf("\n|---|---:|---:|---:|---:|---:|\n");
}

static void check_all(const char *what, size_t cells, size_t kinds, bool trims, const char *seed)
{
    gsl_rng *rng = bootstrap_rng(seed);
    unsigned failures = 0;
    print_head(what);
    for (size_t i = 0; i < kinds; i++) {
        printf("| %s |", distributions[i].name);
        for (size_t j = 0; j < COUNTS; j++) {
            double share = simulate(&distributions[i], counts[j], cells, trims, rng);
            bool off = fabs(share - 95) > tolerance();
            failures += off && distributions[i].held[j] && (cells == 1 || counts[j] >= 5);
            printf(off ? " *%.1f* |" : " %.1f |", share);
        }
        printf("\n");
        fflush(stdout);
    }
    gsl_rng_free(rng);
    assert_int_equal(failures, 0);
}

static void test_mean(void **state)
{
    (void)state;
    check_all("the mean of a cell", 1, DISTRIBUTIONS, false, "coverage of a mean");
}

static void test_ratio(void **state)
{
    (void)state;
    check_all("the ratio of two cells", 2, 6, false, "coverage of a ratio");
}

/* As `reclaim compare` makes it. */
static void test_trimmed_ratio(void **state)
{
    (void)state;
    check_all("the ratio of two cells, trimmed", 2, 7, true, "coverage of a trimmed ratio");
}

static void test_geometric_mean(void **state)
{
    (void)state;
    check_all("the geometric mean of four ratios", 8, 4, false, "coverage of a geometric mean");
}

int main(int count, char **words)
{
    if (count > 1)
        experiments = strtol(words[1], NULL, 10);
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_mean), cmocka_unit_test(test_ratio),
                                       cmocka_unit_test(test_trimmed_ratio), cmocka_unit_test(test_geometric_mean)};
    return experiments > 0 ? cmocka_run_group_tests_name("coverage", tests, NULL, NULL) : 2;
}
