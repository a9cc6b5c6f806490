/* summary.h: what a run says, cell by cell and over all: the figures that every table, plot and sentence shows. */
#ifndef ANALYSIS_SUMMARY_H
#define ANALYSIS_SUMMARY_H

#include "bootstrap.h"
#include "dataset.h"

/* Of one cell; NaN where there is no figure. Names, units and meanings as in summary.csv. */
struct cell_summary {
    size_t invocations, repetitions, failed_rows;
    double cost; /* per operation: ns; in a counted run instructions */
    struct interval cost_interval;
    double ratio; /* of cost */
    struct interval ratio_interval;
    double instructions, cycles, cache_misses, tlb_misses; /* per operation */
    double cpu_ns, page_faults, operations, objects_allocated;
    double peak_footprint, footprint_ratio, peak_rss;
    double peak_footprint_mean, pause_max_mean; /* over invocations, of the largest of each */
    struct interval peak_footprint_interval, pause_max_interval;
    double overhead_mean, overhead_max, overhead_of_need, rss_overhead_mean, rss_overhead_max;
    double returned, returned_share, returned_rss, returned_rss_share;
    double leaked_objects, leaked_bytes;
    double collections, gc_share, pause_count, pause_max_ns;
    double wall_ns;                   /* of all usable repetitions */
    double mean_live, mean_footprint; /* over the operations of the timeline */
};

/* Of one contender on one allocator, over the variants. */
struct overall {
    size_t ok, failed, leaking; /* variants */
    bool compared;
    size_t variants; /* in the geometric means */
    double ratio;
    struct interval ratio_interval;
    double footprint_ratio;
    size_t footprint_variants; /* in the mean of that */
    double pause_max_ns;
};

struct summary {
    const struct dataset *data;
    struct cell_summary *cells; /* by index of the cell */
    struct estimate *estimates; /* of cost, by index of the cell */
    struct resample *resamples; /* BOOTSTRAP_RESAMPLES of each */
    struct overall *overall;    /* [contender][allocator] */
    bool *common;               /* [allocator][variant]: in the geometric means of this allocator */
};

/* 0, or a negative errno after a message; then nothing is to be freed. `data` has to outlive it. */
int summary_make(struct summary *summary, const struct dataset *data);
void summary_free(struct summary *summary);

/* The figures of a cell that are of its timeline. */
void summary_timeline(const struct dataset *data, const struct cell *cell, struct cell_summary *summary);

/* The interval of the ratio of two cells' costs. */
struct interval summary_ratio_interval(const struct summary *summary, size_t over, size_t under);

/* The figures of a cell; NULL where the run has no such cell or no usable repetition of it. */
const struct cell_summary *summary_cell(const struct summary *summary, size_t variant, size_t contender,
                                        size_t allocator);

static inline const struct overall *summary_overall(const struct summary *summary, size_t contender, size_t allocator)
{
    return &summary->overall[contender * summary->data->allocator_count + allocator];
}

static inline bool summary_common(const struct summary *summary, size_t allocator, size_t variant)
{
    return summary->common[allocator * summary->data->variant_count + variant];
}

static inline bool summary_leaks(const struct cell_summary *cell)
{
    return cell->leaked_objects > 0 || cell->leaked_bytes > 0;
}

#endif
