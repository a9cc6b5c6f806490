#include "bootstrap.h"

#include <errno.h>
#include <float.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Of each group so many resampled means are made in advance, and drawn from: then a resample of all groups costs a draw
 * a group, however many values a group has. */
enum { MEANS_PER_GROUP = 64 };

double nested_mean(const struct nested *nested)
{
    double sum = 0;
    for (size_t i = 0; i < nested->groups; i++)
        sum += gsl_stats_mean(nested->values + nested->start[i], 1, nested->start[i + 1] - nested->start[i]);
    return nested->groups ? sum / (double)nested->groups : NAN;
}

/* ---- trimmed means; with nothing trimmed, means */

/* A mean, and the variance that it has itself, not what it is the mean of. */
struct spread {
    double mean, variance;
};

/* Ascending. Resamples have tens of values, for which nothing is faster. */
static void sort_few(double *values, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        double value = values[i];
        size_t at = i;
        for (; at > 0 && values[at - 1] > value; at--)
            values[at] = values[at - 1];
        values[at] = value;
    }
}

static void sort(double *values, size_t count)
{
    enum { FEW = 64 };
    if (count <= FEW)
        sort_few(values, count);
    else
        gsl_sort(values, 1, count);
}

/* Of at least two values, which it sorts if something is trimmed. They lie around 1, so that squares lose nothing. */
static struct spread spread_of(double *values, size_t count, size_t trimmed)
{
    double sum = 0, squares = 0, kept = (double)(count - 2 * trimmed);
    if (trimmed)
        sort(values, count);
    for (size_t i = trimmed; i < count - trimmed; i++) {
        sum += values[i];
        squares += values[i] * values[i];
    }
    double mean = sum / kept;
    if (trimmed) { /* winsorized: in the place of each that is left out stands the next that is not */
        double low = values[trimmed], high = values[count - trimmed - 1], out = (double)trimmed;
        sum += out * (low + high);
        squares += out * (low * low + high * high);
    }
    double deviations = fmax(squares - sum * sum / (double)count, 0);
    return (struct spread){mean, deviations / (kept * (kept - 1))};
}

/* ---- estimates and resamples */

/* A group's means of values drawn from it with replacement. */
static void resample_group(const double *values, size_t count, gsl_rng *rng, double *means)
{
    for (size_t i = 0; i < MEANS_PER_GROUP; i++) {
        double sum = 0;
        for (size_t j = 0; j < count; j++)
            sum += values[((uint64_t)gsl_rng_get(rng) * count) >> 32];
        means[i] = sum / (double)count;
    }
}

/* What the logarithm of a mean varies by, by the delta method. */
static double log_variance(struct spread spread)
{
    return spread.variance / (spread.mean * spread.mean);
}

/* One random number of 32 bits serves for two draws: which group, and which of its means. `values` has room for one of
 * each group. */
static struct resample resample_all(const double *means, size_t groups, size_t trimmed, gsl_rng *rng, double mean,
                                    double *values)
{
    for (size_t i = 0; i < groups; i++) {
        uint64_t product = (uint64_t)gsl_rng_get(rng) * groups;
        uint64_t group = product >> 32, within = (product & UINT32_MAX) * MEANS_PER_GROUP >> 32;
        values[i] = means[group * MEANS_PER_GROUP + within] / mean;
    }
    struct spread spread = spread_of(values, groups, trimmed);
    return (struct resample){(float)log(spread.mean), (float)log_variance(spread)};
}

/* What the groups' means say; `values` is room for them. */
static struct estimate estimate_of(const struct nested *nested, size_t trimmed, double *values)
{
    double mean = nested_mean(nested);
    struct estimate estimate = {.mean = mean, .variance = NAN, .freedom = 0};
    if (nested->groups < 2 || !(mean > 0))
        return estimate;
    for (size_t i = 0; i < nested->groups; i++)
        values[i] =
            gsl_stats_mean(nested->values + nested->start[i], 1, nested->start[i + 1] - nested->start[i]) / mean;
    struct spread spread = spread_of(values, nested->groups, trimmed);
    estimate.mean = spread.mean * mean;
    if (spread.mean > 0) {
        estimate.variance = log_variance(spread);
        estimate.freedom = (double)(nested->groups - 2 * trimmed - 1);
    }
    return estimate;
}

static bool is_constant(const struct nested *nested)
{
    for (size_t i = 1; i < nested->start[nested->groups]; i++)
        if (nested->values[i] != nested->values[0])
            return false;
    return true;
}

int bootstrap_estimate(const struct nested *nested, size_t trimmed, gsl_rng *rng, struct estimate *estimate,
                       struct resample *resamples)
{
    size_t groups = nested->groups;
    double *values = malloc((groups + 1) * (MEANS_PER_GROUP + 1) * sizeof *values), *means = values + groups;
    if (!values)
        return -ENOMEM;
    *estimate = estimate_of(nested, trimmed, values);
    if (trimmed && estimate->variance == 0 && !is_constant(nested)) {
        trimmed = 0;
        *estimate = estimate_of(nested, trimmed, values);
    }
    if (isnan(estimate->variance) || is_constant(nested)) {
        memset(resamples, 0, BOOTSTRAP_RESAMPLES * sizeof *resamples);
        free(values);
        return 0;
    }
    for (size_t i = 0; i < groups; i++)
        resample_group(nested->values + nested->start[i], nested->start[i + 1] - nested->start[i], rng,
                       means + i * MEANS_PER_GROUP);
    for (size_t i = 0; i < BOOTSTRAP_RESAMPLES; i++)
        resamples[i] = resample_all(means, groups, trimmed, rng, estimate->mean, values);
    free(values);
    return 0;
}

/* ---- intervals */

void log_sum_add(struct log_sum *sum, const struct estimate *estimate, const struct resample *resamples, double weight)
{
    double variance = weight * weight * estimate->variance;
    sum->value += weight * log(estimate->mean);
    sum->variance += variance;
    sum->squares += variance > 0 ? variance * variance / estimate->freedom : 0;
    if (isnan(estimate->variance))
        return;
    for (size_t i = 0; i < BOOTSTRAP_RESAMPLES; i++) {
        sum->shift[i] += weight * (double)resamples[i].shift;
        sum->own[i] += weight * weight * (double)resamples[i].variance;
    }
}

void log_sum_scale(struct log_sum *sum, double factor)
{
    sum->value *= factor;
    sum->variance *= factor * factor;
    sum->squares *= factor * factor * factor * factor;
    for (size_t i = 0; i < BOOTSTRAP_RESAMPLES; i++) {
        sum->shift[i] *= factor;
        sum->own[i] *= factor * factor;
    }
}

double log_sum_value(const struct log_sum *sum)
{
    return isfinite(sum->value) ? exp(sum->value) : NAN;
}

/* The resampled sums over their own standard errors, ascending. An error of nothing (the same group each time) is taken
 * as one that is small beside the sum's own. */
static void studentize(const struct log_sum *sum, double *statistics)
{
    for (size_t i = 0; i < BOOTSTRAP_RESAMPLES; i++)
        statistics[i] = sum->shift[i] / sqrt(fmax(sum->own[i], sum->variance * FLT_EPSILON));
    gsl_sort(statistics, 1, BOOTSTRAP_RESAMPLES);
}

struct interval log_sum_interval(const struct log_sum *sum)
{
    double value = log_sum_value(sum);
    if (isnan(value) || isnan(sum->variance))
        return (struct interval){NAN, NAN};
    if (sum->variance == 0)
        return (struct interval){value, value};
    double statistics[BOOTSTRAP_RESAMPLES], tail = (1 - BOOTSTRAP_LEVEL) / 2;
    studentize(sum, statistics);
    /* What is too low when resampled is too high as an estimate: the lower quantile makes the upper arm. */
    double up = -gsl_stats_quantile_from_sorted_data(statistics, 1, BOOTSTRAP_RESAMPLES, tail);
    double down = gsl_stats_quantile_from_sorted_data(statistics, 1, BOOTSTRAP_RESAMPLES, 1 - tail);
    double freedom = sum->variance * sum->variance / sum->squares; /* Satterthwaite 1946 */
    double student = gsl_cdf_tdist_Pinv(1 - tail, freedom), error = sqrt(sum->variance);
    double longer = fmin(fmax(fmax(up, down), student), BOOTSTRAP_REACH * student);
    return (struct interval){value * exp(-error * (down > up ? longer : student)),
                             value * exp(error * (down > up ? student : longer))};
}

struct interval mean_interval(const struct estimate *estimate, const struct resample *resamples)
{
    struct log_sum sum = {0};
    log_sum_add(&sum, estimate, resamples, 1);
    return log_sum_interval(&sum);
}

struct interval ratio_interval(const struct estimate *over, const struct resample *over_resamples,
                               const struct estimate *under, const struct resample *under_resamples)
{
    struct log_sum sum = {0};
    log_sum_add(&sum, over, over_resamples, 1);
    log_sum_add(&sum, under, under_resamples, -1);
    return log_sum_interval(&sum);
}

struct interval bootstrap_interval(double *statistics, size_t count)
{
    gsl_sort(statistics, 1, count);
    double tail = (1 - BOOTSTRAP_LEVEL) / 2;
    return (struct interval){gsl_stats_quantile_from_sorted_data(statistics, 1, count, tail),
                             gsl_stats_quantile_from_sorted_data(statistics, 1, count, 1 - tail)};
}

gsl_rng *bootstrap_rng(const char *text)
{
    uint32_t seed = 2166136261u; /* FNV-1a */
    for (; *text; text++)
        seed = (seed ^ (unsigned char)*text) * 16777619u;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
    if (rng)
        gsl_rng_set(rng, seed);
    return rng;
}

size_t nearest_rank(size_t count, double quantile)
{
    /* The product of a decimal quantile and a count may lie a rounding above the whole number that it is. */
    double rank = ceil(quantile * (double)count - 1e-9 * (double)count);
    return rank < 1 ? 0 : rank > (double)count ? count - 1 : (size_t)rank - 1;
}
