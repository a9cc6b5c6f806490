#include "report_tables.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cost.h"
#include "failures.h"
#include "latency.h"
#include "message.h"
#include "sweep.h"

static void put_figure(struct sheet *sheet, double value, struct figure (*print)(double))
{
    sheet_figure_cell(sheet, value, print(value).text);
}

/* ---- variants x contenders ---- */

static bool is_in_matrix(const struct dataset *data, size_t contender, size_t allocator)
{
    return !data->contenders[contender].judge && sweep_is_beside(data, contender, allocator);
}

/* Headings: what the rows are, then a column per contender. False where there are none. */
static bool open_matrix(struct sheet *sheet, const struct dataset *data, size_t allocator)
{
    const char **headings = calloc(data->contender_count + 2, sizeof *headings);
    if (!headings) {
        sheet->failed = true;
        return false;
    }
    size_t count = 0;
    headings[count++] = "workload";
    for (size_t i = 0; i < data->contender_count; i++)
        if (is_in_matrix(data, i, allocator))
            headings[count++] = data->contenders[i].label;
    if (count > 1)
        sheet_table(sheet, headings, SHEET_MATRIX);
    free(headings);
    return count > 1;
}

/* What `print` writes of the cell and returns to sort by, or why there is nothing. */
static void put_matrix_cell(struct sheet *sheet, const struct summary *summary, const struct cell *cell,
                            double (*print)(struct phrase *, const struct dataset *, const struct cell_summary *))
{
    const struct dataset *data = summary->data;
    struct phrase text = {0};
    double value = NAN;
    if (cell && cell->has_usable)
        value = print(&text, data, &summary->cells[cell - data->cells]);
    else if (cell)
        phrase_add(&text, dataset_name(data, cell->samples[cell->sample_count - 1].status));
    char *bytes = phrase_take(&text);
    sheet_figure_cell(sheet, value, bytes ? bytes : "");
    sheet->failed |= !bytes;
    free(bytes);
}

static void put_matrix(struct sheet *sheet, const struct summary *summary, size_t allocator,
                       double (*print)(struct phrase *, const struct dataset *, const struct cell_summary *))
{
    const struct dataset *data = summary->data;
    if (!open_matrix(sheet, data, allocator))
        return;
    for (size_t variant = 0; variant < data->variant_count; variant++) {
        if (sweep_is(data, variant, allocator))
            continue;
        sheet_cell(sheet, data->variants[variant].label);
        for (size_t i = 0; i < data->contender_count; i++)
            if (is_in_matrix(data, i, allocator))
                put_matrix_cell(sheet, summary, dataset_cell(data, variant, i, allocator), print);
        sheet_row_end(sheet);
    }
    sheet_table_end(sheet);
}

/* Half of an interval's width. */
static void add_interval(struct phrase *text, double value, struct interval interval)
{
    double half = (interval.high - interval.low) / 2 / value * 100;
    if (half > 999)
        phrase_add(text, " ± more than 999 %");
    else if (!isnan(half))
        phrase_add_format(text, " ± %.1f %%", half);
}

static double print_cost(struct phrase *text, const struct dataset *data, const struct cell_summary *figures)
{
    phrase_add(text, cost_of(data)->format(figures->cost).text);
    add_interval(text, figures->cost, figures->cost_interval);
    return figures->cost;
}

static double print_memory(struct phrase *text, const struct dataset *data, const struct cell_summary *figures)
{
    (void)data;
    phrase_add(text, format_bytes(figures->peak_footprint).text);
    if (!isnan(figures->overhead_mean))
        phrase_add_format(text, " (%s)", format_number(figures->overhead_mean).text);
    return figures->peak_footprint;
}

void report_cost_table(struct sheet *sheet, const struct summary *summary, size_t allocator)
{
    put_matrix(sheet, summary, allocator, print_cost);
}

void report_memory_table(struct sheet *sheet, const struct summary *summary, size_t allocator)
{
    put_matrix(sheet, summary, allocator, print_memory);
}

/* ---- time against heap: what ran with several limits is in no matrix ---- */

static void put_sweep_row(struct sheet *sheet, const struct summary *summary, size_t variant, size_t family,
                          size_t allocator, const struct sweep_columns *columns)
{
    char *label = sweep_label(summary->data, family);
    sheet_cell(sheet, summary->data->variants[variant].label);
    sheet_cell(sheet, label ? label : "");
    sheet->failed |= !label;
    free(label);
    put_figure(sheet, sweep_heap(summary, variant, family, allocator), format_bytes);
    for (size_t i = 0; i < columns->count; i++)
        put_matrix_cell(sheet, summary, sweep_cell(summary->data, variant, family, allocator, columns->factors[i]),
                        print_cost);
    sheet_row_end(sheet);
}

void report_sweep_table(struct sheet *sheet, const struct summary *summary, size_t allocator)
{
    const struct dataset *data = summary->data;
    struct sweep_columns columns = {0};
    for (size_t variant = 0; variant < data->variant_count; variant++)
        if (sweep_is(data, variant, allocator))
            sweep_add_columns(&columns, data, variant, allocator);
    char factors[SWEEP_FACTORS_MOST][16];
    const char *headings[SWEEP_FACTORS_MOST + 4] = {"workload", "contender", "heap"};
    for (size_t i = 0; i < columns.count; i++) {
        sweep_heading(columns.factors[i], factors[i]);
        headings[i + 3] = factors[i];
    }
    sheet_table(sheet, headings, SHEET_FIGURES);
    for (size_t variant = 0; variant < data->variant_count; variant++)
        for (size_t family = 0; sweep_is(data, variant, allocator) && family < data->contender_count; family++)
            if (sweep_has_row(data, variant, family, allocator))
                put_sweep_row(sheet, summary, variant, family, allocator, &columns);
    sheet_table_end(sheet);
}

/* ---- pauses ---- */

static void put_quantile(struct sheet *sheet, const struct dataset *data, const struct cell *cell, double quantile,
                         size_t least)
{
    if (cell->pause_count < least) {
        sheet_cell(sheet, "");
        return;
    }
    const struct pause *pauses = data->pauses + cell->first_pause;
    put_figure(sheet, (double)pauses[nearest_rank(cell->pause_count, quantile)].length_ns, format_ns);
}

void report_pause_table(struct sheet *sheet, const struct summary *summary, size_t allocator)
{
    static const char *const headings[] = {"workload", "contender", "pauses",  "median",  "90 %",
                                           "99 %",     "99.9 %",    "99.99 %", "longest", NULL};
    const struct dataset *data = summary->data;
    sheet_table(sheet, headings, SHEET_FIGURES);
    for (size_t i = 0; i < data->cell_count; i++) {
        const struct cell *cell = &data->cells[i];
        if (!cell->pause_count || cell->allocator != allocator || data->contenders[cell->contender].judge)
            continue;
        sheet_cell(sheet, data->variants[cell->variant].label);
        sheet_cell(sheet, data->contenders[cell->contender].label);
        put_figure(sheet, (double)cell->pause_count, format_count);
        put_quantile(sheet, data, cell, 0.5, 1);
        put_quantile(sheet, data, cell, 0.9, 10);
        put_quantile(sheet, data, cell, 0.99, 100);
        put_quantile(sheet, data, cell, 0.999, 1000);
        put_quantile(sheet, data, cell, 0.9999, 10000);
        put_quantile(sheet, data, cell, 1, 1);
        sheet_row_end(sheet);
    }
    sheet_table_end(sheet);
}

/* ---- latency ---- */

static void put_percentile(struct sheet *sheet, const struct dataset *data, const struct cell *cell, uint32_t metering,
                           const struct latency_curve *curve, double quantile)
{
    double value = latency_quantile(curve, quantile);
    struct interval interval;
    sheet->failed |= latency_interval(data, cell, metering, curve, quantile, &interval) != 0;
    struct phrase text = {0};
    phrase_add(&text, format_ns(value).text);
    add_interval(&text, value, interval);
    char *bytes = phrase_take(&text);
    sheet_figure_cell(sheet, value, bytes ? bytes : "");
    sheet->failed |= !bytes;
    free(bytes);
}

static void put_latency(struct sheet *sheet, const struct dataset *data, const struct cell *cell, uint32_t metering)
{
    struct latency_curve curve;
    if (latency_of_cell(data, cell, metering, &curve)) {
        sheet->failed = true;
        return;
    }
    if (curve.requests) {
        char label[64];
        sheet_cell(sheet, data->variants[cell->variant].label);
        sheet_cell(sheet, data->contenders[cell->contender].label);
        sheet_cell(sheet, latency_label(data, metering, label));
        put_figure(sheet, (double)curve.requests, format_count);
        for (size_t i = 0; i < LATENCY_PERCENTILES; i++)
            if (curve.requests >= latency_percentiles[i].least)
                put_percentile(sheet, data, cell, metering, &curve, latency_percentiles[i].quantile);
            else
                sheet_cell(sheet, "");
        sheet_row_end(sheet);
    }
    latency_free(&curve);
}

void report_latency_table(struct sheet *sheet, const struct summary *summary, size_t allocator)
{
    static const char *const headings[] = {"workload", "contender", "counted", "requests", "median", "90 %",
                                           "99 %",     "99.9 %",    "99.99 %", "longest",  NULL};
    const struct dataset *data = summary->data;
    sheet_table(sheet, headings, SHEET_FIGURES);
    for (size_t i = 0; i < data->cell_count; i++) {
        const struct cell *cell = &data->cells[i];
        if (cell->allocator != allocator || data->contenders[cell->contender].judge)
            continue;
        for (uint32_t metering = 0; metering < data->metering_count; metering++)
            if (latency_is_shown(data, metering))
                put_latency(sheet, data, cell, metering);
    }
    sheet_table_end(sheet);
}

/* ---- leaks ---- */

void report_leak_table(struct sheet *sheet, const struct summary *summary)
{
    static const char *const headings[] = {"workload",     "contender",         "allocator", "leaked objects",
                                           "leaked bytes", "objects allocated", NULL};
    const struct dataset *data = summary->data;
    sheet_table(sheet, headings, SHEET_FIGURES);
    for (size_t i = 0; i < data->cell_count; i++) {
        const struct cell *cell = &data->cells[i];
        const struct cell_summary *figures = &summary->cells[i];
        const struct contender *contender = &data->contenders[cell->contender];
        if (!cell->has_usable || !summary_leaks(figures) || contender->judge || contender->never_frees)
            continue;
        sheet_cell(sheet, data->variants[cell->variant].label);
        sheet_cell(sheet, contender->label);
        sheet_cell(sheet, dataset_name(data, cell->key.allocator));
        put_figure(sheet, figures->leaked_objects, format_count);
        put_figure(sheet, figures->leaked_bytes, format_bytes);
        put_figure(sheet, figures->objects_allocated, format_count);
        sheet_row_end(sheet);
    }
    sheet_table_end(sheet);
}

/* ---- failures ---- */

void report_failure_table(struct sheet *sheet, const struct summary *summary)
{
    static const char *const headings[] = {"status", "workload", "contender", "allocators", "rows", "why", NULL};
    const struct dataset *data = summary->data;
    struct failures failures;
    if (failures_collect(&failures, data)) {
        sheet->failed = true;
        return;
    }
    if (failures.count == 0)
        sheet_add(sheet, "Everything did.\n\n");
    else
        sheet_table(sheet, headings, SHEET_TEXTS);
    for (size_t i = 0; i < failures.count; i++) {
        const struct failure *failure = &failures.items[i];
        sheet_cell(sheet, dataset_name(data, failure->status));
        sheet_cell(sheet, data->variants[failure->variant].label);
        sheet_cell(sheet, data->contenders[failure->contender].label);
        sheet_cell(sheet, failure->allocators);
        put_figure(sheet, (double)failure->rows, format_count);
        sheet_cell(sheet, dataset_name(data, failure->detail));
        sheet_row_end(sheet);
    }
    if (failures.count)
        sheet_table_end(sheet);
    failures_free(&failures);
}
