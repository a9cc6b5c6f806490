/* latency.h: how long requests took, of a cell: what latency.csv counts by step, over all usable repetitions. */
#ifndef ANALYSIS_LATENCY_H
#define ANALYSIS_LATENCY_H

#include "bootstrap.h"
#include "dataset.h"

/* Of one cell and one way to count: steps in ascending order, each once. */
struct latency_curve {
    struct latency_step *steps;
    size_t count;
    uint64_t requests;
    double max_ns;
};

/* The steps in a cell of latency.csv, "ns:requests ns:requests", at the end of data->latency_steps. Returns how many,
 * or -EINVAL where the text is none such, or -ENOMEM. */
long latency_parse(struct dataset *data, const char *text);

/* `metering` is an index of data->meterings. `requests` is 0 where the cell has none. 0 or -ENOMEM; to be freed. */
int latency_of_cell(const struct dataset *data, const struct cell *cell, uint32_t metering,
                    struct latency_curve *curve);
void latency_free(struct latency_curve *curve);

/* The percentiles that tables show, in order: of how many requests at the least, so that one lies above. */
struct latency_percentile {
    double quantile;
    uint64_t least;
};
enum { LATENCY_PERCENTILES = 6 };
extern const struct latency_percentile latency_percentiles[LATENCY_PERCENTILES];

/* At most so long took the share `quantile` of all requests, to the width of a step; 1 is the longest, to the ns. */
double latency_quantile(const struct latency_curve *curve, double quantile);

/* The interval of such a time, after Woodruff 1952 ("Confidence intervals for medians and other position measures"):
 * the interval of the share of requests that took as long or longer, as bootstrap.h makes it from invocations and
 * repetitions, and the times that so many of all requests exceed. An end can lie no further out than what was measured:
 * one that is the longest request says "at least". NaN with a single invocation, and for the longest. 0 or -ENOMEM. */
int latency_interval(const struct dataset *data, const struct cell *cell, uint32_t metering,
                     const struct latency_curve *curve, double quantile, struct interval *interval);

/* Whether a way to count is in the figure and in the report's table: simple, and metered over 10 ms and over all. The
 * others are in latency_summary.csv. */
bool latency_is_shown(const struct dataset *data, uint32_t metering);

/* "simple", "metered over 10 ms", "metered over all". */
const char *latency_label(const struct dataset *data, uint32_t metering, char label[64]);

#endif
