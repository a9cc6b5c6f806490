#include "latency.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grow.h"

/* A number and what follows it, or -1. */
static int64_t read_number(const char **text, char end)
{
    char *after;
    if (**text < '0' || **text > '9')
        return -1;
    errno = 0;
    unsigned long long value = strtoull(*text, &after, 10);
    if (errno || value > INT64_MAX || (*after != end && !(end == ' ' && *after == '\0')))
        return -1;
    *text = *after ? after + 1 : after;
    return (int64_t)value;
}

long latency_parse(struct dataset *data, const char *text)
{
    size_t first = data->latency_step_count;
    while (*text) {
        if (grow(&data->latency_steps, &data->latency_step_capacity, data->latency_step_count + 1,
                 sizeof *data->latency_steps))
            return -ENOMEM;
        int64_t ns = read_number(&text, ':'), requests = ns < 0 ? -1 : read_number(&text, ' ');
        if (requests < 0)
            return -EINVAL;
        data->latency_steps[data->latency_step_count++] = (struct latency_step){ns, requests};
    }
    return (long)(data->latency_step_count - first);
}

static int compare_steps(const void *left, const void *right)
{
    const struct latency_step *a = left, *b = right;
    return (a->ns > b->ns) - (a->ns < b->ns);
}

/* Steps of several repetitions, in order, become one each. */
static void join_steps(struct latency_curve *curve)
{
    qsort(curve->steps, curve->count, sizeof *curve->steps, compare_steps);
    size_t kept = 0;
    for (size_t i = 0; i < curve->count; i++) {
        curve->requests += (uint64_t)curve->steps[i].requests;
        if (kept && curve->steps[kept - 1].ns == curve->steps[i].ns)
            curve->steps[kept - 1].requests += curve->steps[i].requests;
        else
            curve->steps[kept++] = curve->steps[i];
    }
    curve->count = kept;
}

int latency_of_cell(const struct dataset *data, const struct cell *cell, uint32_t metering, struct latency_curve *curve)
{
    const struct latency *rows = data->latencies + cell->first_latency;
    size_t steps = 0;
    for (size_t i = 0; i < cell->latency_count; i++)
        if (rows[i].metering == metering)
            steps += rows[i].step_count;
    *curve = (struct latency_curve){.steps = malloc((steps + 1) * sizeof *curve->steps)};
    if (!curve->steps)
        return -ENOMEM;
    for (size_t i = 0; i < cell->latency_count; i++) {
        if (rows[i].metering != metering)
            continue;
        memcpy(curve->steps + curve->count, data->latency_steps + rows[i].first_step,
               rows[i].step_count * sizeof *curve->steps);
        curve->count += rows[i].step_count;
        if ((double)rows[i].max_ns > curve->max_ns)
            curve->max_ns = (double)rows[i].max_ns;
    }
    join_steps(curve);
    return 0;
}

void latency_free(struct latency_curve *curve)
{
    free(curve->steps);
    *curve = (struct latency_curve){0};
}

const struct latency_percentile latency_percentiles[LATENCY_PERCENTILES] = {
    {0.5, 1}, {0.9, 10}, {0.99, 100}, {0.999, 1000}, {0.9999, 10000}, {1, 1},
};

double latency_quantile(const struct latency_curve *curve, double quantile)
{
    uint64_t below = 0;
    if (quantile < 1)
        for (size_t i = 0; i < curve->count; i++) {
            below += (uint64_t)curve->steps[i].requests;
            /* A step's upper end may lie beyond the longest of all. */
            if ((double)below >= quantile * (double)curve->requests)
                return (double)curve->steps[i].ns < curve->max_ns ? (double)curve->steps[i].ns : curve->max_ns;
        }
    return curve->max_ns;
}

bool latency_is_shown(const struct dataset *data, uint32_t metering)
{
    static const char *const shown[] = {"simple", "10 ms", "full"};
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        if (strcmp(dataset_name(data, data->meterings[metering]), shown[i]) == 0)
            return true;
    return false;
}

const char *latency_label(const struct dataset *data, uint32_t metering, char label[64])
{
    const char *name = dataset_name(data, data->meterings[metering]);
    if (strcmp(name, "simple") == 0)
        return name;
    snprintf(label, 64, "metered over %.40s", strcmp(name, "full") == 0 ? "all" : name);
    return label;
}
