/* Tables of what was compared, and of what cells did besides taking time. */
#include <math.h>
#include <stdlib.h>

#include "mmu.h"
#include "report_tables.h"

static void put_figure(struct sheet *sheet, double value, struct figure (*print)(double))
{
    if (isnan(value))
        sheet_cell(sheet, "");
    else
        sheet_figure_cell(sheet, value, print(value).text);
}

static struct figure format_percent(double share)
{
    struct figure figure;
    snprintf(figure.text, sizeof figure.text, "%.1f %%", 100 * share);
    return figure;
}

static void put_names(struct sheet *sheet, const struct dataset *data, const struct cell *cell)
{
    sheet_cell(sheet, data->variants[cell->variant].label);
    sheet_cell(sheet, data->contenders[cell->contender].label);
}

/* ---- what was compared */

void report_contender_table(struct sheet *sheet, const struct dataset *data)
{
    static const char *const headings[] = {"contender", "strategy", "parameters", "heap limit", NULL};
    sheet_table(sheet, headings, SHEET_TEXTS);
    for (size_t i = 0; i < data->contender_count; i++) {
        const struct contender *contender = &data->contenders[i];
        sheet_cell(sheet, contender->label);
        sheet_cell(sheet, dataset_name(data, contender->strategy));
        sheet_cell(sheet, dataset_name(data, contender->strategy_params));
        sheet_cell(sheet,
                   contender->heap_limit_bytes ? format_bytes((double)contender->heap_limit_bytes).text : "none");
        sheet_row_end(sheet);
    }
    sheet_table_end(sheet);
}

void report_variant_table(struct sheet *sheet, const struct dataset *data)
{
    static const char *const headings[] = {"workload", "file", "parameters", "an operation is one of", NULL};
    sheet_table(sheet, headings, SHEET_TEXTS);
    for (size_t i = 0; i < data->variant_count; i++) {
        const struct variant *variant = &data->variants[i];
        sheet_cell(sheet, variant->label);
        sheet_cell(sheet, dataset_name(data, variant->workload));
        sheet_cell(sheet, dataset_name(data, variant->workload_params));
        sheet_cell(sheet, dataset_name(data, variant->unit));
        sheet_row_end(sheet);
    }
    sheet_table_end(sheet);
}

/* ---- utilisation */

/* The curve's value at a window, which is one of its points; NaN where the repetitions are shorter. */
static double utilisation_at(const struct mmu_point *points, size_t count, double window_ns)
{
    for (size_t i = 0; i < count; i++)
        if (fabs(points[i].window_ns / window_ns - 1) < 1e-6)
            return points[i].utilisation;
    return NAN;
}

void report_utilisation_table(struct sheet *sheet, const struct summary *summary, size_t allocator)
{
    static const char *const headings[] = {"workload", "contender", "100 µs", "1 ms", "10 ms", "100 ms", "all", NULL};
    const struct dataset *data = summary->data;
    sheet_table(sheet, headings, SHEET_FIGURES);
    for (size_t i = 0; i < data->cell_count; i++) {
        const struct cell *cell = &data->cells[i];
        struct mmu_point points[MMU_POINTS_MAX];
        size_t count = 0;
        if (cell->allocator != allocator || data->contenders[cell->contender].judge)
            continue;
        sheet->failed |= mmu_of_cell(data, cell, points, &count) != 0;
        if (!count)
            continue;
        put_names(sheet, data, cell);
        for (uint64_t window_ns = 100000; window_ns <= 100000000; window_ns *= 10)
            put_figure(sheet, utilisation_at(points, count, (double)window_ns), format_percent);
        put_figure(sheet, points[count - 1].utilisation, format_percent);
        sheet_row_end(sheet);
    }
    sheet_table_end(sheet);
}

/* ---- footprint over time, and what the system had to do */

void report_footprint_table(struct sheet *sheet, const struct summary *summary, size_t allocator)
{
    static const char *const headings[] = {"workload", "contender",    "over live",   "at most", "over need",
                                           "returned", "of what died", "page faults", NULL};
    const struct dataset *data = summary->data;
    sheet_table(sheet, headings, SHEET_FIGURES);
    for (size_t i = 0; i < data->cell_count; i++) {
        const struct cell *cell = &data->cells[i];
        const struct cell_summary *figures = &summary->cells[i];
        if (!cell->has_usable || cell->allocator != allocator || data->contenders[cell->contender].judge)
            continue;
        put_names(sheet, data, cell);
        put_figure(sheet, figures->overhead_mean, format_number);
        put_figure(sheet, figures->overhead_max, format_number);
        put_figure(sheet, figures->overhead_of_need, format_number);
        put_figure(sheet, figures->returned, format_bytes);
        put_figure(sheet, figures->returned_share, format_percent);
        put_figure(sheet, figures->page_faults, format_count);
        sheet_row_end(sheet);
    }
    sheet_table_end(sheet);
}

void report_resident_table(struct sheet *sheet, const struct summary *summary)
{
    static const char *const headings[] = {"workload", "contender",    "allocator",   "over live", "at most",
                                           "returned", "of what died", "the process", NULL};
    const struct dataset *data = summary->data;
    sheet_table(sheet, headings, SHEET_FIGURES);
    for (size_t i = 0; i < data->cell_count; i++) {
        const struct cell *cell = &data->cells[i];
        const struct cell_summary *figures = &summary->cells[i];
        if (!cell->has_usable || data->contenders[cell->contender].judge)
            continue;
        put_names(sheet, data, cell);
        sheet_cell(sheet, dataset_name(data, cell->key.allocator));
        put_figure(sheet, figures->rss_overhead_mean, format_number);
        put_figure(sheet, figures->rss_overhead_max, format_number);
        put_figure(sheet, figures->returned_rss, format_bytes);
        put_figure(sheet, figures->returned_rss_share, format_percent);
        put_figure(sheet, figures->peak_rss, format_bytes);
        sheet_row_end(sheet);
    }
    sheet_table_end(sheet);
}

/* ---- the processor's counters */

static bool is_counted(const struct cell_summary *figures)
{
    return !isnan(figures->instructions) || !isnan(figures->cycles) || !isnan(figures->cache_misses) ||
           !isnan(figures->tlb_misses);
}

bool report_has_counters(const struct summary *summary)
{
    bool any = false;
    for (size_t i = 0; i < summary->data->cell_count; i++)
        any |= is_counted(&summary->cells[i]);
    return any && !dataset_is_counted(summary->data);
}

void report_counter_table(struct sheet *sheet, const struct summary *summary)
{
    static const char *const headings[] = {"workload", "contender",    "allocator",  "instructions",
                                           "cycles",   "cache misses", "TLB misses", NULL};
    const struct dataset *data = summary->data;
    sheet_table(sheet, headings, SHEET_FIGURES);
    for (size_t i = 0; i < data->cell_count; i++) {
        const struct cell *cell = &data->cells[i];
        const struct cell_summary *figures = &summary->cells[i];
        if (!is_counted(figures) || data->contenders[cell->contender].judge)
            continue;
        put_names(sheet, data, cell);
        sheet_cell(sheet, dataset_name(data, cell->key.allocator));
        put_figure(sheet, figures->instructions, format_number);
        put_figure(sheet, figures->cycles, format_number);
        put_figure(sheet, figures->cache_misses, format_number);
        put_figure(sheet, figures->tlb_misses, format_number);
        sheet_row_end(sheet);
    }
    sheet_table_end(sheet);
}
