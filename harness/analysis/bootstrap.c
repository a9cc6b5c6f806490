#include "bootstrap.h"

#include <errno.h>
#include <float.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

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

/* ---- estimates and resamples */

/* The variance of the mean's logarithm, by the delta method, from the sums of the groups' means and their squares. */
static double log_variance(double sum, double squares, double count)
{
    double mean = sum / count;
    double variance = fmax(squares / count - mean * mean, 0) * count / (count - 1);
    return variance / count / (mean * mean);
}

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

/* One random number of 32 bits serves for two draws: which group, and which of its means. */
static struct resample resample_all(const double *means, size_t groups, gsl_rng *rng, double mean)
{
    double sum = 0, squares = 0, count = (double)groups;
    for (size_t i = 0; i < groups; i++) {
        uint64_t product = (uint64_t)gsl_rng_get(rng) * groups;
        uint64_t group = product >> 32, within = (product & UINT32_MAX) * MEANS_PER_GROUP >> 32;
        double value = means[group * MEANS_PER_GROUP + within] / mean;
        sum += value;
        squares += value * value;
    }
    return (struct resample){(float)log(sum / count), (float)log_variance(sum, squares, count)};
}

/* What the groups' means say. Divided by the mean before they are squared, so that no precision is lost. */
static struct estimate estimate_of(const struct nested *nested)
{
    struct estimate estimate = {.mean = nested_mean(nested), .variance = NAN, .freedom = 0};
    if (nested->groups < 2 || !(estimate.mean > 0))
        return estimate;
    double squares = 0, count = (double)nested->groups;
    for (size_t i = 0; i < nested->groups; i++) {
        size_t members = nested->start[i + 1] - nested->start[i];
        double shift = gsl_stats_mean(nested->values + nested->start[i], 1, members) / estimate.mean - 1;
        squares += shift * shift;
    }
    estimate.variance = squares / (count - 1) / count;
    estimate.freedom = count - 1;
    return estimate;
}

int bootstrap_estimate(const struct nested *nested, gsl_rng *rng, struct estimate *estimate, struct resample *resamples)
{
    *estimate = estimate_of(nested);
    if (isnan(estimate->variance))
        return 0;
    double *means = malloc(nested->groups * MEANS_PER_GROUP * sizeof *means);
    if (!means)
        return -ENOMEM;
    for (size_t i = 0; i < nested->groups; i++)
        resample_group(nested->values + nested->start[i], nested->start[i + 1] - nested->start[i], rng,
                       means + i * MEANS_PER_GROUP);
    for (size_t i = 0; i < BOOTSTRAP_RESAMPLES; i++)
        resamples[i] = resample_all(means, nested->groups, rng, estimate->mean);
    free(means);
    return 0;
}

/* ---- intervals */

double terms_value(const struct term *terms, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += terms[i].weight * log(terms[i].estimate->mean);
    return isfinite(sum) ? exp(sum) : NAN;
}

/* The variance of the sum, and its degrees of freedom (Satterthwaite 1946); NaN where one term has none. */
static double terms_variance(const struct term *terms, size_t count, double *freedom)
{
    double variance = 0, squares = 0;
    for (size_t i = 0; i < count; i++) {
        double part = terms[i].weight * terms[i].weight * terms[i].estimate->variance;
        variance += part;
        squares += part > 0 ? part * part / terms[i].estimate->freedom : 0;
    }
    *freedom = variance * variance / squares;
    return variance;
}

/* The resampled sums over their own standard errors, ascending. An error of nothing (the same group each time) is taken
 * as one that is small beside the sum's own. */
static void studentize(const struct term *terms, size_t count, double variance, double *statistics)
{
    for (size_t i = 0; i < BOOTSTRAP_RESAMPLES; i++) {
        double shift = 0, own = 0;
        for (size_t j = 0; j < count; j++) {
            shift += terms[j].weight * (double)terms[j].resamples[i].shift;
            own += terms[j].weight * terms[j].weight * (double)terms[j].resamples[i].variance;
        }
        statistics[i] = shift / sqrt(fmax(own, variance * FLT_EPSILON));
    }
    gsl_sort(statistics, 1, BOOTSTRAP_RESAMPLES);
}

struct interval terms_interval(const struct term *terms, size_t count)
{
    double freedom, value = terms_value(terms, count), variance = terms_variance(terms, count, &freedom);
    if (isnan(value) || isnan(variance))
        return (struct interval){NAN, NAN};
    if (variance == 0)
        return (struct interval){value, value};
    double statistics[BOOTSTRAP_RESAMPLES], tail = (1 - BOOTSTRAP_LEVEL) / 2;
    studentize(terms, count, variance, statistics);
    /* What is too low when resampled is too high as an estimate: the lower quantile makes the upper arm. */
    double up = -gsl_stats_quantile_from_sorted_data(statistics, 1, BOOTSTRAP_RESAMPLES, tail);
    double down = gsl_stats_quantile_from_sorted_data(statistics, 1, BOOTSTRAP_RESAMPLES, 1 - tail);
    double student = gsl_cdf_tdist_Pinv(1 - tail, freedom), error = sqrt(variance);
    double longer = fmin(fmax(fmax(up, down), student), BOOTSTRAP_REACH * student);
    return (struct interval){value * exp(-error * (down > up ? longer : student)),
                             value * exp(error * (down > up ? student : longer))};
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
