/* compare.h: two runs, or two strategies or allocators of one, cell by cell.
 *
 * A difference is shown where both agree: the rank test on invocations (ranks.h), its p value adjusted over all cells
 * of the metric so that at most COMPARE_FALSE of what is shown is expected to be false; and the 95 % interval of the
 * ratio of means (bootstrap.h), which then lies on one side of 1. Elsewhere no difference is shown, which is not to say
 * that there is none.
 *
 * From COMPARE_TRIMS_FROM invocations on, the means are trimmed: the fifth of the invocations with the lowest means and
 * the fifth with the highest are left out. On a shared machine one process in a bad moment may take twice as long,
 * which says nothing of what is compared, and with it in the mean, ten others are not enough to show 5 %. With fewer
 * invocations on either side too little would be left to tell the spread from, and neither side is trimmed.
 */
#ifndef ANALYSIS_COMPARE_H
#define ANALYSIS_COMPARE_H

#include <jansson.h>

#include "analysis.h"
#include "bootstrap.h"
#include "dataset.h"
#include "format.h"

#define COMPARE_FALSE 0.05

enum { COMPARE_TRIMS_FROM = 10, COMPARE_TRIMS_ONE_IN = 5 };

enum metric_id {
    METRIC_TIME,
    METRIC_CPU,
    METRIC_INSTRUCTIONS,
    METRIC_SYSTEM_CALLS,
    METRIC_FOOTPRINT,
    METRIC_PAUSE_MAX,
    METRIC_PAUSE_P99,
    METRICS
};

struct metric {
    const char *name, *title, *unit;
    const char *less, *more; /* verdicts */
    struct figure (*format)(double value);
};
extern const struct metric metrics[METRICS];

/* VERDICT_SAME only where what is counted is the same every time. */
enum verdict { VERDICT_NONE, VERDICT_LESS, VERDICT_MORE, VERDICT_SAME, VERDICTS };

/* One side: a run, and what of it is compared. */
struct side {
    char *run_dir;
    char *chosen; /* strategy, contender, allocator, or parameter of strategies "name=value"; or NULL: all */
    struct dataset data;
    json_t *machine;
};

struct comparison_row {
    enum metric_id metric;
    const struct cell *base, *new; /* of their side's data */
    size_t base_invocations, new_invocations;
    double base_value, new_value;
    double ratio; /* NaN if one of them is 0 */
    struct interval interval;
    double delta, p, q; /* NaN where the row is exact */
    bool exact;         /* counted, and in every invocation the same: any difference is one */
    enum verdict verdict;
};

/* The geometric mean of a metric's ratios over workloads, of one contender on one allocator; or over all cells. */
struct comparison_mean {
    enum metric_id metric;
    const struct cell *base, *new; /* one of those in it: has the contender and the allocator. NULL: all */
    size_t cells;
    double ratio;
    struct interval interval;
};

/* A cell that could not be compared, and why: a sentence, static. */
struct comparison_gap {
    const struct cell *base, *new; /* NULL: not there */
    const char *why;
    bool lost; /* BASE has a figure and NEW does not */
};

struct comparison {
    struct side base, new;
    struct comparison_row *rows; /* by metric, then in the order of BASE's cells */
    size_t row_count, row_capacity;
    struct comparison_mean *means;
    size_t mean_count, mean_capacity;
    struct comparison_gap *gaps;
    size_t gap_count, gap_capacity;
    char **warnings;
    size_t warning_count, warning_capacity;
};

/* How many of so many invocations are left out at either end. */
static inline size_t compare_trims(size_t invocations)
{
    return invocations < COMPARE_TRIMS_FROM ? 0 : invocations / COMPARE_TRIMS_ONE_IN;
}

/* 0 or a negative errno, after a message; then nothing is to be freed. */
int comparison_make(struct comparison *comparison, const struct compare_options *options);
void comparison_free(struct comparison *comparison);

/* What a row would show if `q` were its adjusted p. */
enum verdict comparison_judge(const struct comparison_row *row, double q);

/* Prints it. 0 or -ENOMEM, after a message. */
int comparison_print(const struct comparison *comparison, const struct compare_options *options, FILE *out);

static inline const char *verdict_text(enum metric_id metric, enum verdict verdict)
{
    return verdict == VERDICT_LESS   ? metrics[metric].less
           : verdict == VERDICT_MORE ? metrics[metric].more
           : verdict == VERDICT_SAME ? "exactly the same"
                                     : "no difference shown";
}

/* What a cell is called on its side. */
static inline const char *side_contender(const struct side *side, const struct cell *cell)
{
    return side->data.contenders[cell->contender].label;
}

static inline const char *side_variant(const struct side *side, const struct cell *cell)
{
    return side->data.variants[cell->variant].label;
}

static inline const char *side_allocator(const struct side *side, const struct cell *cell)
{
    return dataset_name(&side->data, cell->key.allocator);
}

/* True if time, or in a counted run the number, is shown to be more than options->slower_than allows:
 * the whole interval is beyond it. */
static inline bool row_fails(const struct comparison_row *row, double slower_than)
{
    return (row->metric == METRIC_TIME || row->exact) && row->verdict == VERDICT_MORE &&
           row->interval.low > 1 + slower_than;
}

#endif
