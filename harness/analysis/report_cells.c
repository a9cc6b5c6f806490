/* Tables of what was compared, and of what cells did besides taking time. */
#include <math.h>
#include <stddef.h>
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

/* A column of a table of cells: a figure of struct cell_summary. */
struct figure_column {
    const char *heading;
    size_t offset;
    struct figure (*print)(double);
};
enum { NAME_COLUMNS = 3, COLUMNS_MOST = 8 };

/* A row for each cell that `shows` picks, on every allocator. */
static void put_cells(struct sheet *sheet, const struct summary *summary, const struct figure_column *columns,
                      size_t count, bool (*shows)(const struct cell *cell, const struct cell_summary *figures))
{
    const char *headings[NAME_COLUMNS + COLUMNS_MOST + 1] = {"workload", "contender", "allocator"};
    const struct dataset *data = summary->data;
    for (size_t i = 0; i < count; i++)
        headings[NAME_COLUMNS + i] = columns[i].heading;
    sheet_table(sheet, headings, SHEET_FIGURES);
    for (size_t i = 0; i < data->cell_count; i++) {
        const struct cell *cell = &data->cells[i];
        const char *figures = (const char *)&summary->cells[i];
        if (!shows(cell, &summary->cells[i]) || data->contenders[cell->contender].judge)
            continue;
        put_names(sheet, data, cell);
        sheet_cell(sheet, dataset_name(data, cell->key.allocator));
        for (size_t j = 0; j < count; j++)
            put_figure(sheet, *(const double *)(const void *)(figures + columns[j].offset), columns[j].print);
        sheet_row_end(sheet);
    }
    sheet_table_end(sheet);
}

static bool is_usable(const struct cell *cell, const struct cell_summary *figures)
{
    (void)figures;
    return cell->has_usable;
}

void report_resident_table(struct sheet *sheet, const struct summary *summary)
{
    static const struct figure_column columns[] = {
        {"over live", offsetof(struct cell_summary, rss_overhead_mean), format_number},
        {"at most", offsetof(struct cell_summary, rss_overhead_max), format_number},
        {"returned", offsetof(struct cell_summary, returned_rss), format_bytes},
        {"of what died", offsetof(struct cell_summary, returned_rss_share), format_percent},
        {"the process", offsetof(struct cell_summary, peak_rss), format_bytes},
    };
    put_cells(sheet, summary, columns, sizeof columns / sizeof *columns, is_usable);
}

/* ---- the processor's counters */

static bool is_counted(const struct cell *cell, const struct cell_summary *figures)
{
    (void)cell;
    return !isnan(figures->instructions) || !isnan(figures->cycles) || !isnan(figures->cache_misses) ||
           !isnan(figures->tlb_misses);
}

bool report_has_counters(const struct summary *summary)
{
    bool any = false;
    for (size_t i = 0; i < summary->data->cell_count; i++)
        any |= is_counted(&summary->data->cells[i], &summary->cells[i]);
    return any && !dataset_is_counted(summary->data);
}

void report_counter_table(struct sheet *sheet, const struct summary *summary)
{
    static const struct figure_column columns[] = {
        {"instructions", offsetof(struct cell_summary, instructions), format_number},
        {"cycles", offsetof(struct cell_summary, cycles), format_number},
        {"cache misses", offsetof(struct cell_summary, cache_misses), format_number},
        {"TLB misses", offsetof(struct cell_summary, tlb_misses), format_number},
    };
    put_cells(sheet, summary, columns, sizeof columns / sizeof *columns, is_counted);
}
