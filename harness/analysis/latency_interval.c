#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "format.h"
#include "latency.h"

/* The shares of each repetition's requests that took as long as a value or longer, grouped by invocation. */
struct shares {
    double *values;
    size_t *start, groups;
};

static int shares_open(struct shares *shares, size_t rows)
{
    *shares = (struct shares){malloc((rows + 1) * sizeof(double)), malloc((rows + 1) * sizeof(size_t)), 0};
    return shares->values && shares->start ? 0 : -ENOMEM;
}

static void shares_close(struct shares *shares)
{
    free(shares->values);
    free(shares->start);
}

/* NaN of a repetition without requests. */
static double share_of(const struct dataset *data, const struct latency *row, double value)
{
    const struct latency_step *steps = data->latency_steps + row->first_step;
    int64_t all = 0, longer = 0;
    for (size_t i = 0; i < row->step_count; i++) {
        all += steps[i].requests;
        longer += (double)steps[i].ns >= value ? steps[i].requests : 0;
    }
    return all ? (double)longer / (double)all : NAN;
}

static struct nested shares_of(struct shares *shares, const struct dataset *data, const struct cell *cell,
                               uint32_t metering, double value)
{
    const struct latency *rows = data->latencies + cell->first_latency;
    size_t count = 0;
    uint32_t invocation = 0;
    for (size_t i = 0; i < cell->latency_count; i++) {
        double share = rows[i].metering == metering ? share_of(data, &rows[i], value) : NAN;
        if (isnan(share))
            continue;
        if (shares->groups == 0 || cell->samples[rows[i].sample].invocation != invocation)
            shares->start[shares->groups++] = count;
        invocation = cell->samples[rows[i].sample].invocation;
        shares->values[count++] = share;
    }
    shares->start[shares->groups] = count;
    return (struct nested){shares->values, shares->start, shares->groups};
}

/* Draws depend on what the share is of, not on what else is in the run. */
static gsl_rng *rng_of(const struct dataset *data, const struct cell *cell, uint32_t metering, double quantile)
{
    struct phrase seed = {0};
    phrase_add_format(&seed, "latency|%s|%s|%s|%s|%.6g", data->contenders[cell->contender].label,
                      data->variants[cell->variant].label, dataset_name(data, cell->key.allocator),
                      dataset_name(data, data->meterings[metering]), quantile);
    char *text = phrase_take(&seed);
    gsl_rng *rng = text ? bootstrap_rng(text) : NULL;
    free(text);
    return rng;
}

/* The interval of the mean share, over that mean. */
static int relative_interval(const struct nested *nested, gsl_rng *rng, struct interval *interval)
{
    struct estimate estimate;
    struct resample *resamples = malloc(BOOTSTRAP_RESAMPLES * sizeof *resamples);
    if (!resamples || bootstrap_estimate(nested, 0, rng, &estimate, resamples)) {
        free(resamples);
        return -ENOMEM;
    }
    *interval = mean_interval(&estimate, resamples);
    interval->low /= estimate.mean;
    interval->high /= estimate.mean;
    free(resamples);
    return 0;
}

int latency_interval(const struct dataset *data, const struct cell *cell, uint32_t metering,
                     const struct latency_curve *curve, double quantile, struct interval *interval)
{
    *interval = (struct interval){NAN, NAN};
    if (quantile >= 1)
        return 0;
    struct shares shares;
    int error = shares_open(&shares, cell->latency_count);
    gsl_rng *rng = error ? NULL : rng_of(data, cell, metering, quantile);
    struct interval share = *interval;
    if (rng) {
        struct nested nested = shares_of(&shares, data, cell, metering, latency_quantile(curve, quantile));
        error = nested.groups < 2 ? 0 : relative_interval(&nested, rng, &share);
        gsl_rng_free(rng);
    } else {
        error = -ENOMEM;
    }
    shares_close(&shares);
    if (!error && !isnan(share.low)) /* the larger the share above, the shorter the time */
        *interval = (struct interval){latency_quantile(curve, 1 - fmin((1 - quantile) * share.high, 1)),
                                      latency_quantile(curve, 1 - (1 - quantile) * share.low)};
    return error;
}
