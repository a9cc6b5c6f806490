#include "bootstrap.h"

#include <errno.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

/* What is needed of one group: its mean, and the standard deviation of the mean of as many draws as it has values. */
struct group {
    double mean, deviation;
};

static struct group describe(const double *values, size_t count)
{
    double mean = gsl_stats_mean(values, 1, count);
    double variance = gsl_stats_variance_with_fixed_mean(values, 1, count, mean);
    return (struct group){mean, sqrt(variance / (double)count)};
}

double nested_mean(const struct nested *nested)
{
    double sum = 0;
    for (size_t i = 0; i < nested->groups; i++)
        sum += gsl_stats_mean(nested->values + nested->start[i], 1, nested->start[i + 1] - nested->start[i]);
    return nested->groups ? sum / (double)nested->groups : NAN;
}

/* A number below `count`, from 32 random bits. */
static inline size_t draw(gsl_rng *rng, size_t count)
{
    return (size_t)(((uint64_t)gsl_rng_get(rng) * count) >> 32);
}

static double resampled_group_mean(const struct nested *nested, const struct group *groups, size_t index, gsl_rng *rng)
{
    const double *values = nested->values + nested->start[index];
    size_t count = nested->start[index + 1] - nested->start[index];
    if (count == 1)
        return values[0];
    if (count > BOOTSTRAP_EXACT)
        return groups[index].mean + gsl_ran_gaussian_ziggurat(rng, groups[index].deviation);
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[draw(rng, count)];
    return sum / (double)count;
}

static void resample_exactly(const struct nested *nested, const struct group *groups, gsl_rng *rng, double *means)
{
    for (size_t i = 0; i < BOOTSTRAP_RESAMPLES; i++) {
        double sum = 0;
        for (size_t j = 0; j < nested->groups; j++)
            sum += resampled_group_mean(nested, groups, draw(rng, nested->groups), rng);
        means[i] = sum / (double)nested->groups;
    }
}

/* The variance of the resampled mean: what groups differ by, and what values differ by within them. */
static void resample_normally(const struct nested *nested, const struct group *groups, gsl_rng *rng, double *means)
{
    double count = (double)nested->groups, mean = 0, between = 0, within = 0;
    for (size_t i = 0; i < nested->groups; i++)
        mean += groups[i].mean / count;
    for (size_t i = 0; i < nested->groups; i++) {
        between += (groups[i].mean - mean) * (groups[i].mean - mean) / count;
        within += groups[i].deviation * groups[i].deviation / count;
    }
    for (size_t i = 0; i < BOOTSTRAP_RESAMPLES; i++)
        means[i] = mean + gsl_ran_gaussian_ziggurat(rng, sqrt((between + within) / count));
}

int bootstrap_means(const struct nested *nested, gsl_rng *rng, double *means)
{
    struct group *groups = malloc(nested->groups * sizeof *groups);
    if (!groups)
        return -ENOMEM;
    for (size_t i = 0; i < nested->groups; i++)
        groups[i] = describe(nested->values + nested->start[i], nested->start[i + 1] - nested->start[i]);
    if (nested->groups > BOOTSTRAP_EXACT)
        resample_normally(nested, groups, rng, means);
    else
        resample_exactly(nested, groups, rng, means);
    free(groups);
    return 0;
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
