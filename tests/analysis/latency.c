/* Intervals of percentiles of latencies: by hand where that can be done, and how often they hold the true percentile,
 * simulated where it is known.
 *
 *     test-analysis-latency [EXPERIMENTS]
 *
 * prints the table of docs/reading-results.md (2000 experiments there). */
#include "fixture.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/latency.h"

enum { REPETITIONS = 2, INVOCATIONS_MAX = 10, REQUESTS = 1000 };
enum { ROWS_MAX = REPETITIONS * INVOCATIONS_MAX };

static long experiments = 40;

/* A run of one cell, in memory: each request is a step of its own. */
struct cell_run {
    struct dataset data;
    struct cell cell;
    struct contender contender;
    struct variant variant;
    struct sample samples[ROWS_MAX];
    struct latency latencies[ROWS_MAX];
    struct latency_step steps[ROWS_MAX * REQUESTS];
    uint32_t metering;
};

static void run_open(struct cell_run *run)
{
    static char label[] = "x";
    memset(run, 0, sizeof *run);
    run->contender.label = run->variant.label = label;
    run->metering = names_id(&run->data.names, "simple", 6);
    run->cell.key.allocator = run->metering;
    run->cell.samples = run->samples;
    run->data.contenders = &run->contender;
    run->data.variants = &run->variant;
    run->data.meterings = &run->metering;
    run->data.metering_count = 1;
    run->data.latencies = run->latencies;
    run->data.latency_steps = run->steps;
}

static void add_repetition(struct cell_run *run, uint32_t invocation)
{
    size_t row = run->cell.latency_count++;
    run->samples[row] = (struct sample){.invocation = invocation};
    run->latencies[row] =
        (struct latency){.sample = (uint32_t)row, .first_step = row ? run->latencies[row - 1].first_step : 0};
    if (row)
        run->latencies[row].first_step += run->latencies[row - 1].step_count;
}

static void add_requests(struct cell_run *run, int64_t ns, int64_t requests)
{
    struct latency *row = &run->latencies[run->cell.latency_count - 1];
    run->steps[row->first_step + row->step_count++] = (struct latency_step){ns, requests};
    row->max_ns = ns > row->max_ns ? ns : row->max_ns;
}

static struct interval interval_of(const struct cell_run *run, double quantile, double *value)
{
    struct latency_curve curve;
    struct interval interval;
    assert_int_equal(latency_of_cell(&run->data, &run->cell, 0, &curve), 0);
    assert_int_equal(latency_interval(&run->data, &run->cell, 0, &curve, quantile, &interval), 0);
    *value = latency_quantile(&curve, quantile);
    latency_free(&curve);
    return interval;
}

/* ---- by hand */

/* One process says nothing of another. */
static void test_single(void **state)
{
    struct cell_run *run = *state;
    for (int i = 0; i < REPETITIONS; i++) {
        add_repetition(run, 0);
        add_requests(run, 1000, 50);
        add_requests(run, 2000 + i, 50);
    }
    double value;
    struct interval interval = interval_of(run, 0.9, &value);
    assert_true(isnan(interval.low) && isnan(interval.high));
}

/* The longest has none, and what is the same in each process is certain. */
static void test_equal(void **state)
{
    struct cell_run *run = *state;
    for (uint32_t i = 0; i < 3; i++) {
        add_repetition(run, i);
        add_requests(run, 1000, 89);
        add_requests(run, 2000, 11);
    }
    double value;
    struct interval interval = interval_of(run, 0.9, &value);
    assert_true(value == 2000 && interval.low == 2000 && interval.high == 2000);
    interval = interval_of(run, 1, &value);
    assert_true(value == 2000 && isnan(interval.low));
}

/* Three processes of 100 requests, 1 µs apart, that begin at 1, 11 and 21 µs. From 20 to 100 µs, 3 v - 30 of all take
 * at most v µs: the median is 60. 41, 51 and 61 % of each take as long or longer: their mean is 0.51, its standard
 * error 0.1 / sqrt(3), so 0.11321 of it, and with Student's t of 2 degrees of freedom, 4.30265, an arm on the logarithm
 * is 0.48710, or for skew up to 1.5 times that on one side. So the share is at the least 0.5 exp(0.48710) = 0.8138 at
 * the lower end, which 29 µs is the first to reach, or up to 1.04: all; and at the upper end 0.3072, which is 80 µs, or
 * down to 0.2408, which is 86. */
static void test_by_hand(void **state)
{
    struct cell_run *run = *state;
    for (uint32_t i = 0; i < 3; i++) {
        add_repetition(run, i);
        for (int64_t request = 1; request <= 100; request++)
            add_requests(run, 1000 * (request + 10 * i), 1);
    }
    double value;
    struct interval interval = interval_of(run, 0.5, &value);
    assert_true(value == 60000);
    assert_true(interval.low >= 1000 && interval.low <= 29000);
    assert_true(interval.high >= 80000 && interval.high <= 86000);
    assert_true(interval.low == 29000 || interval.high == 80000);
}

/* ---- simulated */

/* Requests are lognormal, and so is what a process multiplies all of its requests by: so is their product. */
static const struct spread {
    const char *name;
    double process, request;
} spreads[] = {{"processes alike", 0.02, 0.5}, {"processes differ", 0.2, 0.5}, {"a long tail", 0.1, 1.5}};
static const double quantiles[] = {0.5, 0.9, 0.99};
static const uint32_t counts[] = {3, 5, INVOCATIONS_MAX};
enum { SPREADS = 3, QUANTILES = 3, COUNTS = 3 };

static void measure(struct cell_run *run, const struct spread *spread, uint32_t invocations, gsl_rng *rng)
{
    run->cell.latency_count = 0;
    for (uint32_t i = 0; i < invocations; i++) {
        double factor = 1e6 * gsl_ran_lognormal(rng, 0, spread->process);
        for (int j = 0; j < REPETITIONS; j++) {
            add_repetition(run, i);
            for (int k = 0; k < REQUESTS; k++)
                add_requests(run, (int64_t)(factor * gsl_ran_lognormal(rng, 0, spread->request)), 1);
        }
    }
}

/* Per cent of experiments whose interval holds the true percentile, for each of `quantiles`. */
static void simulate(struct cell_run *run, const struct spread *spread, uint32_t invocations, gsl_rng *rng,
                     double held[QUANTILES])
{
    double sigma = hypot(spread->process, spread->request);
    memset(held, 0, QUANTILES * sizeof *held);
    for (long i = 0; i < experiments; i++) {
        measure(run, spread, invocations, rng);
        for (size_t j = 0; j < QUANTILES; j++) {
            double value, truth = 1e6 * exp(gsl_cdf_gaussian_Pinv(quantiles[j], sigma));
            struct interval interval = interval_of(run, quantiles[j], &value);
            assert_true(interval.low <= value && value <= interval.high);
            held[j] += interval.low <= truth && truth <= interval.high;
        }
    }
    for (size_t j = 0; j < QUANTILES; j++)
        held[j] *= 100 / (double)experiments;
}

/* At least 90 %, less three standard deviations of the simulation. */
static void test_coverage(void **state)
{
    struct cell_run *run = *state;
    gsl_rng *rng = bootstrap_rng("coverage of percentiles");
    double least = 90 - 3 * 100 * sqrt(0.95 * 0.05 / (double)experiments);
    bool low = false;
    printf("\n| requests | percentile | 3 | 5 | 10 |\n|---|---|---:|---:|---:|\n");
    for (size_t i = 0; i < SPREADS; i++) {
        double held[COUNTS][QUANTILES];
        for (size_t j = 0; j < COUNTS; j++)
            simulate(run, &spreads[i], counts[j], rng, held[j]);
        for (size_t k = 0; k < QUANTILES; k++) {
            printf("| %s | %g %% |", spreads[i].name, 100 * quantiles[k]);
            for (size_t j = 0; j < COUNTS; j++) {
                printf(" %.1f |", held[j][k]);
                low |= held[j][k] < least;
            }
            printf("\n");
        }
        fflush(stdout);
    }
    gsl_rng_free(rng);
    assert_false(low);
}

static int setup(void **state)
{
    struct cell_run *run = malloc(sizeof *run);
    *state = run;
    if (!run)
        return -1;
    run_open(run);
    return 0;
}

static int teardown(void **state)
{
    struct cell_run *run = *state;
    names_free(&run->data.names);
    free(run);
    return 0;
}

int main(int count, char **words)
{
    if (count > 1)
        experiments = strtol(words[1], NULL, 10);
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(test_single, setup, teardown),
                                       cmocka_unit_test_setup_teardown(test_equal, setup, teardown),
                                       cmocka_unit_test_setup_teardown(test_by_hand, setup, teardown),
                                       cmocka_unit_test_setup_teardown(test_coverage, setup, teardown)};
    return experiments > 0 ? cmocka_run_group_tests_name("latency", tests, NULL, NULL) : 2;
}
