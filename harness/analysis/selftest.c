/* What comparing shows where it is known what there is: nothing (A/A), or a slowdown that was planted (power). */
#include <math.h>
#include <stdlib.h>

#include "compare.h"
#include "grid.h"
#include "message.h"

enum { WIDEST_TEXT = 60, UNSHOWN_NAMED = 6 };

/* Two values of a parameter, in one run. Both texts have to outlive the comparison. */
static int compare_values(struct comparison *comparison, const char *run_dir, const char *base, const char *new)
{
    struct phrase base_side = {0}, new_side = {0};
    phrase_add_format(&base_side, "%s:%s", run_dir, base);
    phrase_add_format(&new_side, ":%s", new);
    char *base_text = phrase_take(&base_side), *new_text = phrase_take(&new_side);
    const struct compare_options options = {.base = base_text, .new = new_text, .slower_than = NAN};
    int error = base_text && new_text ? comparison_make(comparison, &options) : analysis_no_memory();
    free(base_text);
    free(new_text);
    return error;
}

/* ---- A/A */

struct shown {
    size_t cells, p, before, after;
};

static struct shown count_shown(const struct comparison *comparison, enum metric_id metric)
{
    struct shown shown = {0};
    for (size_t i = 0; i < comparison->row_count; i++) {
        const struct comparison_row *row = &comparison->rows[i];
        if (row->metric != metric)
            continue;
        shown.cells++;
        shown.p += row->p <= COMPARE_FALSE;
        shown.before += comparison_judge(row, row->p) != VERDICT_NONE;
        shown.after += row->verdict != VERDICT_NONE;
    }
    return shown;
}

static void add_share(struct grid *grid, size_t count, size_t of)
{
    grid_add(grid, "%zu (%.1f %%)", count, 100 * (double)count / (double)of);
}

static void print_invocations(const struct comparison *comparison, FILE *out)
{
    const struct comparison_row *first = comparison->row_count ? &comparison->rows[0] : NULL;
    if (first)
        fprintf(out, "%zu and %zu invocations of each cell, in one random order\n\n", first->base_invocations,
                first->new_invocations);
}

/* What gave no figure cannot be told apart, and must not count as held. */
static bool lacks_cells(const struct comparison *comparison, size_t cells, FILE *out)
{
    if (comparison->gap_count)
        fprintf(out, "\nno figure came of %zu cells: `reclaim summary` says why\n", comparison->gap_count);
    else if (!cells)
        fputs("\nno figure came of any cell\n", out);
    return comparison->gap_count > 0 || cells == 0;
}

static void print_warnings(const struct comparison *comparison, FILE *out)
{
    for (size_t i = 0; i < comparison->warning_count; i++)
        fprintf(out, "careful: %s\n", comparison->warnings[i]);
}

static int print_aa(const struct comparison *comparison, FILE *out)
{
    static const char *const headings[] = {
        "shown, though there is none", "cells", "rank test", "and interval", "after correction", NULL};
    struct grid grid;
    fputs("A/A: every cell against itself\n", out);
    print_invocations(comparison, out);
    grid_open(&grid, headings, 1);
    for (enum metric_id metric = 0; metric < METRICS; metric++) {
        struct shown shown = count_shown(comparison, metric);
        if (!shown.cells)
            continue;
        grid_add(&grid, "%s", metrics[metric].title);
        grid_add(&grid, "%zu", shown.cells);
        add_share(&grid, shown.p, shown.cells);
        add_share(&grid, shown.before, shown.cells);
        grid_add(&grid, "%zu", shown.after);
    }
    int error = grid_close(&grid, out, false, WIDEST_TEXT) ? analysis_no_memory() : 0;
    fprintf(
        out,
        "\nrank test: p at most %g, which by chance alone is expected of that share at most; and interval: the ratio's "
        "95 %%\ninterval is on one side of 1, too; after correction: what `reclaim compare` shows, its q at most "
        "%g.\n",
        COMPARE_FALSE, COMPARE_FALSE);
    return error;
}

int analysis_aa(const char *run_dir, FILE *out, bool *failed)
{
    struct comparison comparison;
    *failed = false;
    int error = compare_values(&comparison, run_dir, "twin=0", "twin=1");
    if (error)
        return error;
    error = print_aa(&comparison, out);
    struct shown time = count_shown(&comparison, METRIC_TIME);
    *failed = lacks_cells(&comparison, time.cells, out) || time.after > 1 ||
              (double)time.before > COMPARE_FALSE * (double)time.cells;
    fprintf(out, "\n%s: of %zu times, %zu (%.1f %%) before correction and %zu after are shown to differ; %s\n",
            *failed ? "NOT HELD" : "held", time.cells, time.before,
            time.cells ? 100 * (double)time.before / (double)time.cells : 0, time.after, "5 % and 1 cell may be.");
    print_warnings(&comparison, out);
    comparison_free(&comparison);
    return error;
}

/* ---- power */

static size_t count_verdict(const struct comparison *comparison, enum metric_id metric, enum verdict verdict,
                            size_t *cells)
{
    size_t count = 0;
    *cells = 0;
    for (size_t i = 0; i < comparison->row_count; i++) {
        *cells += comparison->rows[i].metric == metric;
        count += comparison->rows[i].metric == metric && comparison->rows[i].verdict == verdict;
    }
    return count;
}

static void add_found(struct grid *grid, const struct comparison *comparison, enum metric_id metric)
{
    size_t cells, found = count_verdict(comparison, metric, VERDICT_MORE, &cells);
    grid_add(grid, "%zu of %zu", found, cells);
}

/* The mean over all cells; over those of one contender and allocator where there are no others. */
static const struct comparison_mean *overall_mean(const struct comparison *comparison, enum metric_id metric)
{
    for (size_t i = 0; i < comparison->mean_count; i++)
        if (comparison->means[i].metric == metric)
            return &comparison->means[i];
    return NULL;
}

static void add_level(struct grid *grid, const struct comparison *comparison, unsigned percent)
{
    size_t cells;
    grid_add(grid, "%u %%", percent);
    add_found(grid, comparison, METRIC_TIME);
    add_found(grid, comparison, METRIC_CPU);
    grid_add(grid, "%zu", count_verdict(comparison, METRIC_TIME, VERDICT_LESS, &cells));
    for (enum metric_id metric = METRIC_TIME; metric <= METRIC_CPU; metric++) {
        const struct comparison_mean *mean = overall_mean(comparison, metric);
        if (mean)
            grid_add(grid, "%+.1f %% (%+.1f to %+.1f)", 100 * (mean->ratio - 1), 100 * (mean->interval.low - 1),
                     100 * (mean->interval.high - 1));
        else
            grid_add(grid, "-");
    }
}

/* Which cells did not show it, so that a reader knows what is noisy here. */
static void print_unshown(const struct comparison *comparison, unsigned percent, FILE *out)
{
    size_t count = 0;
    for (size_t i = 0; i < comparison->row_count; i++) {
        const struct comparison_row *row = &comparison->rows[i];
        if (row->metric != METRIC_TIME || row->verdict == VERDICT_MORE || count++ >= UNSHOWN_NAMED)
            continue;
        const struct side *side = &comparison->base;
        fprintf(out, "  %u %% is not shown of %s, %s on %s: %+.1f %%, %+.1f to %+.1f\n", percent,
                side_variant(side, row->base), dataset_name(&side->data, row->base->key.strategy),
                side_allocator(side, row->base), 100 * (row->ratio - 1), 100 * (row->interval.low - 1),
                100 * (row->interval.high - 1));
    }
    if (count > UNSHOWN_NAMED)
        fprintf(out, "  and %zu more\n", count - UNSHOWN_NAMED);
}

/* The level that has to be found, and in how many of a hundred cells. */
enum { HELD_PERCENT = 5, HELD_SHARE = 95 };

/* What is found of one planted slowdown. */
static int add_percent(struct grid *grid, const char *run_dir, unsigned percent, FILE *out, bool *failed)
{
    char planted[32];
    snprintf(planted, sizeof planted, "slowdown=%u", percent);
    struct comparison comparison;
    int error = compare_values(&comparison, run_dir, "slowdown=0", planted);
    if (error)
        return error;
    size_t cells, found = count_verdict(&comparison, METRIC_TIME, VERDICT_MORE, &cells);
    add_level(grid, &comparison, percent);
    *failed |= lacks_cells(&comparison, cells, out);
    if (percent == HELD_PERCENT) {
        *failed |= found * 100 < HELD_SHARE * cells;
        print_invocations(&comparison, out);
        print_unshown(&comparison, percent, out);
        print_warnings(&comparison, out);
    }
    comparison_free(&comparison);
    return 0;
}

int analysis_power(const char *run_dir, const unsigned *percents, size_t count, FILE *out, bool *failed)
{
    static const char *const headings[] = {"planted",    "slower by time", "by CPU time", "faster",
                                           "mean, time", "mean, CPU time", NULL};
    struct grid grid;
    int error = 0;
    *failed = false;
    fputs("Power: every cell against itself made slower\n", out);
    grid_open(&grid, headings, 0);
    for (size_t i = 0; !error && i < count; i++)
        error = add_percent(&grid, run_dir, percents[i], out, failed);
    fputc('\n', out);
    int closed = grid_close(&grid, error ? NULL : out, false, WIDEST_TEXT) ? analysis_no_memory() : 0;
    if (!error)
        fprintf(out,
                "\nslower, faster: cells in which `reclaim compare` shows it; mean: geometric, of the ratios, with its "
                "interval\n\n%s: a slowdown of %d %% has to be shown in %d %% of the cells.\n",
                *failed ? "NOT HELD" : "held", HELD_PERCENT, HELD_SHARE);
    return error ? error : closed;
}
