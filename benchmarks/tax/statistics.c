#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>

#include "tax.h"

enum { RESAMPLES = 4000, SAMPLES_MAX = 4096 };

double tax_median(double values[], size_t count)
{
    gsl_sort(values, 1, count);
    return gsl_stats_median_from_sorted_data(values, 1, count);
}

struct tax_interval tax_interval(const double values[], size_t count, uint64_t seed)
{
    static double medians[RESAMPLES], resample[SAMPLES_MAX];
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, seed);
    size_t drawn = count < SAMPLES_MAX ? count : SAMPLES_MAX;
    for (size_t i = 0; i < RESAMPLES; i++) {
        for (size_t j = 0; j < drawn; j++)
            resample[j] = values[gsl_rng_uniform_int(rng, count)];
        medians[i] = tax_median(resample, drawn);
    }
    gsl_rng_free(rng);
    gsl_sort(medians, 1, RESAMPLES);
    return (struct tax_interval){
        .low = gsl_stats_quantile_from_sorted_data(medians, 1, RESAMPLES, 0.025),
        .high = gsl_stats_quantile_from_sorted_data(medians, 1, RESAMPLES, 0.975),
    };
}
