#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "grid.h"
#include "message.h"
#include "writer.h"

enum { WIDEST_TEXT = 26 };

/* ---- CSV: a row per cell and metric, per mean, per gap */

static void put_sides(struct writer *writer, const struct comparison *comparison, const struct cell *base,
                      const struct cell *new)
{
    const struct side *base_side = &comparison->base, *new_side = &comparison->new;
    writer_text(writer, COMPARISON_base_run, dataset_name(&base_side->data, base_side->data.run_id));
    writer_text(writer, COMPARISON_new_run, dataset_name(&new_side->data, new_side->data.run_id));
    if (base) {
        writer_text(writer, COMPARISON_base_contender, side_contender(base_side, base));
        writer_text(writer, COMPARISON_base_allocator, side_allocator(base_side, base));
    }
    if (new) {
        writer_text(writer, COMPARISON_new_contender, side_contender(new_side, new));
        writer_text(writer, COMPARISON_new_allocator, side_allocator(new_side, new));
    }
}

static void put_ratio(struct writer *writer, enum metric_id metric, double ratio, struct interval interval)
{
    writer_text(writer, COMPARISON_metric, metrics[metric].name);
    writer_text(writer, COMPARISON_unit, metrics[metric].unit);
    writer_real(writer, COMPARISON_ratio, ratio);
    writer_real(writer, COMPARISON_ratio_low, interval.low);
    writer_real(writer, COMPARISON_ratio_high, interval.high);
}

static void put_row(struct writer *writer, const struct comparison *comparison, const struct comparison_row *row)
{
    put_sides(writer, comparison, row->base, row->new);
    put_ratio(writer, row->metric, row->ratio, row->interval);
    writer_text(writer, COMPARISON_variant, side_variant(&comparison->base, row->base));
    writer_integer(writer, COMPARISON_cells, 1);
    writer_integer(writer, COMPARISON_base_invocations, row->base_invocations);
    writer_integer(writer, COMPARISON_new_invocations, row->new_invocations);
    writer_real(writer, COMPARISON_base, row->base_value);
    writer_real(writer, COMPARISON_new, row->new_value);
    writer_real(writer, COMPARISON_delta, row->delta);
    writer_real(writer, COMPARISON_p, row->p);
    writer_real(writer, COMPARISON_q, row->q);
    writer_text(writer, COMPARISON_verdict, verdict_text(row->metric, row->verdict));
    writer_row_end(writer);
}

static int print_csv(const struct comparison *comparison, FILE *out)
{
    struct writer writer;
    writer_attach(&writer, out, TABLE_COMPARISON);
    for (size_t i = 0; i < comparison->row_count; i++)
        put_row(&writer, comparison, &comparison->rows[i]);
    for (size_t i = 0; i < comparison->mean_count; i++) {
        const struct comparison_mean *mean = &comparison->means[i];
        put_sides(&writer, comparison, mean->base, mean->new);
        put_ratio(&writer, mean->metric, mean->ratio, mean->interval);
        writer_integer(&writer, COMPARISON_cells, mean->cells);
        writer_row_end(&writer);
    }
    for (size_t i = 0; i < comparison->gap_count; i++) {
        const struct comparison_gap *gap = &comparison->gaps[i];
        put_sides(&writer, comparison, gap->base, gap->new);
        writer_text(&writer, COMPARISON_variant,
                    gap->base ? side_variant(&comparison->base, gap->base) : side_variant(&comparison->new, gap->new));
        writer_text(&writer, COMPARISON_verdict, gap->why);
        writer_row_end(&writer);
    }
    return writer_close(&writer);
}

/* ---- JSON: the same columns, by name */

static json_t *real_or_null(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *ratio_object(double ratio, struct interval interval)
{
    return json_pack("{s:o, s:o, s:o}", "ratio", real_or_null(ratio), "ratio_low", real_or_null(interval.low),
                     "ratio_high", real_or_null(interval.high));
}

static void set_sides(json_t *object, const struct comparison *comparison, const struct cell *base,
                      const struct cell *new)
{
    if (base) {
        json_object_set_new(object, "base_contender", json_string(side_contender(&comparison->base, base)));
        json_object_set_new(object, "base_allocator", json_string(side_allocator(&comparison->base, base)));
    }
    if (new) {
        json_object_set_new(object, "new_contender", json_string(side_contender(&comparison->new, new)));
        json_object_set_new(object, "new_allocator", json_string(side_allocator(&comparison->new, new)));
    }
}

static json_t *row_object(const struct comparison *comparison, const struct comparison_row *row)
{
    json_t *object = ratio_object(row->ratio, row->interval);
    json_t *more = json_pack(
        "{s:s, s:s, s:s, s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:s}", "metric", metrics[row->metric].name, "unit",
        metrics[row->metric].unit, "variant", side_variant(&comparison->base, row->base), "base_invocations",
        (json_int_t)row->base_invocations, "new_invocations", (json_int_t)row->new_invocations, "base",
        real_or_null(row->base_value), "new", real_or_null(row->new_value), "delta", real_or_null(row->delta), "p",
        real_or_null(row->p), "q", real_or_null(row->q), "verdict", verdict_text(row->metric, row->verdict));
    json_object_update(object, more);
    json_decref(more);
    set_sides(object, comparison, row->base, row->new);
    return object;
}

static json_t *mean_object(const struct comparison *comparison, const struct comparison_mean *mean)
{
    json_t *object = ratio_object(mean->ratio, mean->interval);
    json_object_set_new(object, "metric", json_string(metrics[mean->metric].name));
    json_object_set_new(object, "cells", json_integer((json_int_t)mean->cells));
    set_sides(object, comparison, mean->base, mean->new);
    return object;
}

static json_t *gap_object(const struct comparison *comparison, const struct comparison_gap *gap)
{
    const char *variant =
        gap->base ? side_variant(&comparison->base, gap->base) : side_variant(&comparison->new, gap->new);
    json_t *object = json_pack("{s:s, s:s}", "variant", variant, "why", gap->why);
    set_sides(object, comparison, gap->base, gap->new);
    return object;
}

static int print_json(const struct comparison *comparison, FILE *out)
{
    json_t *rows = json_array(), *means = json_array(), *gaps = json_array(), *warnings = json_array();
    for (size_t i = 0; i < comparison->row_count; i++)
        json_array_append_new(rows, row_object(comparison, &comparison->rows[i]));
    for (size_t i = 0; i < comparison->mean_count; i++)
        json_array_append_new(means, mean_object(comparison, &comparison->means[i]));
    for (size_t i = 0; i < comparison->gap_count; i++)
        json_array_append_new(gaps, gap_object(comparison, &comparison->gaps[i]));
    for (size_t i = 0; i < comparison->warning_count; i++)
        json_array_append_new(warnings, json_string(comparison->warnings[i]));
    const struct dataset *base = &comparison->base.data, *new = &comparison->new.data;
    json_t *whole = json_pack("{s:s, s:s, s:f, s:o, s:o, s:o, s:o}", "base_run", dataset_name(base, base->run_id),
                              "new_run", dataset_name(new, new->run_id), "false_discovery_rate", COMPARE_FALSE,
                              "warnings", warnings, "cells", rows, "geometric_means", means, "not_compared", gaps);
    int error = whole ? 0 : analysis_no_memory();
    if (!error && json_dumpf(whole, out, JSON_INDENT(2) | JSON_REAL_PRECISION(9)))
        error = -EIO; /* the command says of its output what is wrong with it */
    fputc('\n', out);
    json_decref(whole);
    return error;
}

/* ---- a table, for a terminal or as Markdown */

static void add_interval(struct grid *grid, struct interval interval)
{
    if (isnan(interval.low))
        grid_add(grid, "-");
    else
        grid_add(grid, "%.3f to %.3f", interval.low, interval.high);
}

static void add_ratio(struct grid *grid, double ratio)
{
    if (isnan(ratio))
        grid_add(grid, "-");
    else
        grid_add(grid, "%.3f", ratio);
}

/* One name, or both where they differ. */
static void add_names(struct grid *grid, const char *base, const char *new)
{
    if (strcmp(base, new) == 0)
        grid_add(grid, "%s", base);
    else
        grid_add(grid, "%s > %s", base, new);
}

static void add_row(struct grid *grid, const struct comparison *comparison, const struct comparison_row *row)
{
    const struct metric *metric = &metrics[row->metric];
    grid_add(grid, "%s", row->verdict == VERDICT_NONE ? "none shown" : verdict_text(row->metric, row->verdict));
    grid_add(grid, "%s", side_variant(&comparison->base, row->base));
    add_names(grid, side_contender(&comparison->base, row->base), side_contender(&comparison->new, row->new));
    add_names(grid, side_allocator(&comparison->base, row->base), side_allocator(&comparison->new, row->new));
    grid_add(grid, "%s", metric->format(row->base_value).text);
    grid_add(grid, "%s", metric->format(row->new_value).text);
    add_ratio(grid, row->ratio);
    add_interval(grid, row->interval);
    grid_add(grid, "%+.2f", row->delta);
    grid_add(grid, row->exact ? "exact" : row->q < 0.001 ? "%.0e" : "%.3f", row->q);
}

static bool shows_difference(const struct comparison_row *row)
{
    return row->verdict == VERDICT_LESS || row->verdict == VERDICT_MORE;
}

static double distance(const struct comparison_row *row)
{
    return isnan(row->ratio) ? INFINITY : fabs(log(row->ratio));
}

/* Largest differences first; those that are not shown last. */
static int compare_distances(const void *left, const void *right)
{
    const struct comparison_row *a = *(const struct comparison_row *const *)left;
    const struct comparison_row *b = *(const struct comparison_row *const *)right;
    int order = shows_difference(b) - shows_difference(a);
    if (!order)
        order = (distance(a) < distance(b)) - (distance(a) > distance(b));
    return order ? order : (a > b) - (a < b);
}

static int print_rows(const struct comparison *comparison, enum metric_id metric, const struct compare_options *options,
                      FILE *out)
{
    static const char *const headings[] = {"difference", "workload",      "contender", "allocator", "base", "new",
                                           "ratio",      "95 % interval", "delta",     "q",         NULL};
    const struct comparison_row **rows = calloc(comparison->row_count + 1, sizeof *rows);
    if (!rows)
        return analysis_no_memory();
    size_t count = 0;
    for (size_t i = 0; i < comparison->row_count; i++) {
        const struct comparison_row *row = &comparison->rows[i];
        if (row->metric == metric && (options->all || shows_difference(row)))
            rows[count++] = row;
    }
    qsort(rows, count, sizeof *rows, compare_distances);
    struct grid grid;
    grid_open(&grid, headings, 4);
    for (size_t i = 0; i < count; i++)
        add_row(&grid, comparison, rows[i]);
    free(rows);
    if (!count)
        return grid_close(&grid, NULL, false, 0);
    fputc('\n', out);
    return grid_close(&grid, out, options->format == COMPARE_MARKDOWN, WIDEST_TEXT) ? analysis_no_memory() : 0;
}

/* "2 faster, 1 slower, 124 no difference shown" */
static void print_counts(const struct comparison *comparison, enum metric_id metric, bool markdown, FILE *out)
{
    size_t counts[VERDICTS] = {0}, all = 0;
    for (size_t i = 0; i < comparison->row_count; i++)
        if (comparison->rows[i].metric == metric) {
            counts[comparison->rows[i].verdict]++;
            all++;
        }
    fprintf(out, markdown ? "\n### %s\n\n" : "\n%s: ", metrics[metric].title);
    fprintf(out, "%zu %s, %zu %s, ", counts[VERDICT_LESS], metrics[metric].less, counts[VERDICT_MORE],
            metrics[metric].more);
    if (counts[VERDICT_SAME])
        fprintf(out, "%zu %s, ", counts[VERDICT_SAME], verdict_text(metric, VERDICT_SAME));
    if (counts[VERDICT_NONE] || !counts[VERDICT_SAME])
        fprintf(out, "%zu %s, ", counts[VERDICT_NONE], verdict_text(metric, VERDICT_NONE));
    fprintf(out, "of %zu cells.\n", all);
}

static int print_means(const struct comparison *comparison, enum metric_id metric, bool markdown, FILE *out)
{
    static const char *const headings[] = {"geometric mean", "allocator", "cells", "ratio", "95 % interval", NULL};
    struct grid grid;
    size_t count = 0;
    grid_open(&grid, headings, 2);
    for (size_t i = 0; i < comparison->mean_count; i++) {
        const struct comparison_mean *mean = &comparison->means[i];
        if (mean->metric != metric)
            continue;
        count++;
        if (mean->base) {
            add_names(&grid, side_contender(&comparison->base, mean->base),
                      side_contender(&comparison->new, mean->new));
            add_names(&grid, side_allocator(&comparison->base, mean->base),
                      side_allocator(&comparison->new, mean->new));
        } else {
            grid_add(&grid, "all");
            grid_add(&grid, "all");
        }
        grid_add(&grid, "%zu", mean->cells);
        add_ratio(&grid, mean->ratio);
        add_interval(&grid, mean->interval);
    }
    if (!count)
        return grid_close(&grid, NULL, false, 0);
    fputc('\n', out);
    return grid_close(&grid, out, markdown, WIDEST_TEXT * 2) ? analysis_no_memory() : 0;
}

static int print_gaps(const struct comparison *comparison, bool markdown, FILE *out)
{
    static const char *const headings[] = {"not compared", "workload", "contender", "allocator", NULL};
    if (!comparison->gap_count)
        return 0;
    struct grid grid;
    grid_open(&grid, headings, 4);
    for (size_t i = 0; i < comparison->gap_count; i++) {
        const struct comparison_gap *gap = &comparison->gaps[i];
        const struct side *side = gap->base ? &comparison->base : &comparison->new;
        const struct cell *cell = gap->base ? gap->base : gap->new;
        grid_add(&grid, "%s", gap->why);
        grid_add(&grid, "%s", side_variant(side, cell));
        grid_add(&grid, "%s", side_contender(side, cell));
        grid_add(&grid, "%s", side_allocator(side, cell));
    }
    fputc('\n', out);
    return grid_close(&grid, out, markdown, WIDEST_TEXT * 2) ? analysis_no_memory() : 0;
}

static void print_side(const struct side *side, const char *name, bool markdown, FILE *out)
{
    const char *commit = json_string_value(json_object_get(side->machine, "commit"));
    const char *id = dataset_name(&side->data, side->data.run_id);
    fprintf(out, markdown ? "- %s: `%s`" : "%s  %s", name, id);
    if (side->chosen)
        fprintf(out, markdown ? ", `%s`" : ", %s", side->chosen);
    if (commit)
        fprintf(out, ", commit %.10s%s", commit,
                json_is_true(json_object_get(side->machine, "commit_changed")) ? " with changes" : "");
    fputc('\n', out);
}

static void print_head(const struct comparison *comparison, bool markdown, FILE *out)
{
    if (markdown)
        fputs("## Comparison\n\n", out);
    print_side(&comparison->base, "BASE", markdown, out);
    print_side(&comparison->new, "NEW ", markdown, out);
    for (size_t i = 0; i < comparison->warning_count; i++)
        fprintf(out, markdown ? "- **Careful:** %s\n" : "careful: %s\n", comparison->warnings[i]);
}

static int print_tables(const struct comparison *comparison, const struct compare_options *options, FILE *out)
{
    bool markdown = options->format == COMPARE_MARKDOWN;
    print_head(comparison, markdown, out);
    for (enum metric_id metric = 0; metric < METRICS; metric++) {
        bool any = false;
        for (size_t i = 0; i < comparison->row_count; i++)
            any |= comparison->rows[i].metric == metric;
        if (!any)
            continue;
        print_counts(comparison, metric, markdown, out);
        int error = print_rows(comparison, metric, options, out);
        if (!error)
            error = print_means(comparison, metric, markdown, out);
        if (error)
            return error;
    }
    fprintf(out,
            "\nratio: new over base, of means over invocations, from %d of them on without the lowest and the highest "
            "fifth;\ndelta: Cliff's, from -1 to 1; q: p of the rank test on invocations, adjusted over all cells of "
            "the figure.\nA difference is shown where q is at most %g and its interval on one side of 1.\n",
            COMPARE_TRIMS_FROM, COMPARE_FALSE);
    return print_gaps(comparison, markdown, out);
}

int comparison_print(const struct comparison *comparison, const struct compare_options *options, FILE *out)
{
    switch (options->format) {
    case COMPARE_CSV: return print_csv(comparison, out);
    case COMPARE_JSON: return print_json(comparison, out);
    default: return print_tables(comparison, options, out);
    }
}
