#include "repetition_plan.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics.h>
#include <math.h>

/* T1: the variance within groups, over all groups with at least two values, each by its degrees of freedom. */
static double variance_within(const struct nested *nested)
{
    double squares = 0, freedom = 0;
    for (size_t i = 0; i < nested->groups; i++) {
        size_t count = nested->start[i + 1] - nested->start[i];
        if (count < 2)
            continue;
        squares += gsl_stats_variance(nested->values + nested->start[i], 1, count) * (double)(count - 1);
        freedom += (double)(count - 1);
    }
    return freedom > 0 ? squares / freedom : NAN;
}

/* The variance of the groups' means, and what T1 alone would make of it: the mean of 1 / count times T1. */
static double variance_between(const struct nested *nested, double mean, double *inverse_count)
{
    double squares = 0, groups = (double)nested->groups;
    *inverse_count = 0;
    for (size_t i = 0; i < nested->groups; i++) {
        size_t count = nested->start[i + 1] - nested->start[i];
        double shift = gsl_stats_mean(nested->values + nested->start[i], 1, count) - mean;
        squares += shift * shift;
        *inverse_count += 1 / (double)count / groups;
    }
    return nested->groups > 1 ? squares / (groups - 1) : NAN;
}

struct variances variances_of(const struct nested *nested)
{
    double inverse_count, mean = nested_mean(nested), within = variance_within(nested);
    double between = variance_between(nested, mean, &inverse_count);
    if (!isnan(within))
        between -= within * inverse_count;
    return (struct variances){mean, within / (mean * mean), between < 0 ? 0 : between / (mean * mean)};
}

static unsigned clamp(double value, unsigned least, unsigned most)
{
    return value <= (double)least ? least : value >= (double)most ? most : (unsigned)value;
}

/* Kalibera and Jones round up: a repetition too many costs less than one too few. */
unsigned plan_repetitions(const struct variances *variances, const struct level_costs *costs,
                          const struct count_bounds *bounds)
{
    if (!(variances->repetition > 0))
        return bounds->least.repetitions;
    if (!(variances->invocation > 0) || !(costs->repetition > 0))
        return bounds->most.repetitions;
    double best = sqrt(costs->invocation / costs->repetition * variances->repetition / variances->invocation);
    return clamp(ceil(best), bounds->least.repetitions, bounds->most.repetitions);
}

double plan_time(const struct level_costs *costs, struct counts counts)
{
    return counts.invocations * (costs->invocation + counts.repetitions * costs->repetition);
}

double plan_half_width(const struct variances *variances, struct counts counts)
{
    double within = isnan(variances->repetition) ? 0 : variances->repetition / counts.repetitions;
    double between = isnan(variances->invocation) ? 0 : variances->invocation;
    double tail = (1 - BOOTSTRAP_LEVEL) / 2;
    return gsl_cdf_tdist_Pinv(1 - tail, counts.invocations - 1) * sqrt((between + within) / counts.invocations);
}

struct counts plan_for_time(const struct variances *variances, const struct level_costs *costs, double time,
                            const struct count_bounds *bounds)
{
    struct counts counts = {1, plan_repetitions(variances, costs, bounds)};
    /* Fewer repetitions, if what is best for precision does not leave time for the least invocations. */
    double room = (time / bounds->least.invocations - costs->invocation) / costs->repetition;
    if (room < counts.repetitions)
        counts.repetitions = clamp(floor(room), bounds->least.repetitions, counts.repetitions);
    counts.invocations =
        clamp(floor(time / plan_time(costs, counts)), bounds->least.invocations, bounds->most.invocations);
    return counts;
}

struct counts plan_for_precision(const struct variances *variances, const struct level_costs *costs, double half_width,
                                 const struct count_bounds *bounds)
{
    unsigned low = bounds->least.invocations, high = bounds->most.invocations;
    struct counts counts = {low, plan_repetitions(variances, costs, bounds)};
    while (low < high) { /* the half-width falls with every invocation */
        counts.invocations = low + (high - low) / 2;
        if (plan_half_width(variances, counts) <= half_width)
            high = counts.invocations;
        else
            low = counts.invocations + 1;
    }
    counts.invocations = low;
    return counts;
}
