#include "common/statistics.h"

#include <errno.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <stdlib.h>
#include <string.h>

enum { RESAMPLES = 4000 };

/* Room for what is drawn. */
struct scratch {
    double *repetitions, *ratios, *medians;
};

double median_of(double values[], size_t count)
{
    gsl_sort(values, 1, count);
    return gsl_stats_median_from_sorted_data(values, 1, count);
}

/* The median of a side's repetitions; of as many draws from them, with a generator. */
static double median_of_side(const struct side *side, gsl_rng *rng, double *repetitions)
{
    if (rng)
        gsl_ran_sample(rng, repetitions, side->count, (void *)(size_t)side->values, side->count, sizeof *repetitions);
    else
        memcpy(repetitions, side->values, side->count * sizeof *repetitions);
    return median_of(repetitions, side->count);
}

static double ratio_of_round(const struct round *round, gsl_rng *rng, double *repetitions)
{
    double ours = median_of_side(&round->ours, rng, repetitions);
    return ours / median_of_side(&round->against, rng, repetitions);
}

static double resample(const struct round rounds[], size_t count, gsl_rng *rng, const struct scratch *scratch)
{
    for (size_t i = 0; i < count; i++)
        scratch->ratios[i] = ratio_of_round(&rounds[gsl_rng_uniform_int(rng, count)], rng, scratch->repetitions);
    return median_of(scratch->ratios, count);
}

static size_t most_repetitions(const struct round rounds[], size_t count)
{
    size_t most = 0;
    for (size_t i = 0; i < count; i++) {
        most = rounds[i].ours.count > most ? rounds[i].ours.count : most;
        most = rounds[i].against.count > most ? rounds[i].against.count : most;
    }
    return most;
}

int ratio_of_rounds(const struct round rounds[], size_t count, gsl_rng *rng, struct ratio *ratio)
{
    size_t repetitions = most_repetitions(rounds, count);
    double *memory = malloc((repetitions + count + RESAMPLES) * sizeof *memory);
    if (!memory)
        return -ENOMEM;
    struct scratch scratch = {memory, memory + repetitions, memory + repetitions + count};
    for (size_t i = 0; i < count; i++)
        scratch.ratios[i] = ratio_of_round(&rounds[i], NULL, scratch.repetitions);
    ratio->median = median_of(scratch.ratios, count);
    for (size_t i = 0; i < RESAMPLES; i++)
        scratch.medians[i] = resample(rounds, count, rng, &scratch);
    gsl_sort(scratch.medians, 1, RESAMPLES);
    ratio->interval = (struct interval){
        .low = gsl_stats_quantile_from_sorted_data(scratch.medians, 1, RESAMPLES, (1 - BOOTSTRAP_LEVEL) / 2),
        .high = gsl_stats_quantile_from_sorted_data(scratch.medians, 1, RESAMPLES, (1 + BOOTSTRAP_LEVEL) / 2),
    };
    free(memory);
    return 0;
}
