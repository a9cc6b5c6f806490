/* figure_heap.c: time against heap size, where a variant ran with several heap limits. */
#include <math.h>
#include <stdlib.h>

#include "derived.h"
#include "figure_parts.h"
#include "format.h"
#include "sweep.h"

static const struct cell *shown_cell(const struct summary *summary, size_t variant, size_t contender)
{
    const struct cell *cell = dataset_cell(summary->data, variant, contender, figures_allocator(summary));
    return cell && cell->has_usable && figure_row(summary->data, contender) ? cell : NULL;
}

/* The lower bound (Cai et al. 2022): the least of time less collections, of all cells of the variant that collect. NaN
 * where none does. */
static double lower_bound(const struct summary *summary, size_t variant)
{
    double least = NAN;
    for (size_t i = 0; i < summary->data->contender_count; i++) {
        const struct cell *cell = shown_cell(summary, variant, i);
        const struct cell_summary *figures = cell ? &summary->cells[cell - summary->data->cells] : NULL;
        if (figures && figures->collections > 0)
            least = fmin(least, figures->cost * (1 - figures->gc_share));
    }
    return least;
}

/* The baseline's cell without a heap limit, or NULL. */
static const struct cell *unlimited_baseline(const struct summary *summary, size_t variant)
{
    for (size_t i = 0; i < summary->data->contender_count; i++) {
        const struct cell *cell = shown_cell(summary, variant, i);
        if (cell && sweep_family(summary->data, i) == 0 && !cell->key.heap_limit_bytes)
            return cell;
    }
    return NULL;
}

static void put_times(struct writer *writer, const struct summary *summary, const struct cell *cell,
                      const struct cell *baseline)
{
    size_t index = (size_t)(cell - summary->data->cells);
    const struct cell_summary *figures = &summary->cells[index];
    bool spread = !isnan(figures->cost_interval.low);
    writer_real(writer, FIGURE_HEAP_ns_per_operation, figures->cost);
    writer_real(writer, FIGURE_HEAP_ns_per_operation_low, spread ? figures->cost_interval.low : figures->cost);
    writer_real(writer, FIGURE_HEAP_ns_per_operation_high, spread ? figures->cost_interval.high : figures->cost);
    if (!baseline)
        return;
    size_t under = (size_t)(baseline - summary->data->cells);
    double ratio = figures->cost / summary->cells[under].cost;
    struct interval interval = {ratio, ratio};
    if (cell != baseline)
        interval = summary_ratio_interval(summary, index, under);
    writer_real(writer, FIGURE_HEAP_over_baseline, ratio);
    writer_real(writer, FIGURE_HEAP_over_baseline_low, isnan(interval.low) ? ratio : interval.low);
    writer_real(writer, FIGURE_HEAP_over_baseline_high, isnan(interval.high) ? ratio : interval.high);
}

static void put_family(struct writer *writer, const struct dataset *data, size_t family)
{
    char *text = sweep_label(data, family);
    writer_integer(writer, FIGURE_HEAP_row, figure_row(data, family));
    figure_label(writer, FIGURE_HEAP_family, text ? text : "");
    free(text);
}

static void put_cell(struct writer *writer, const struct summary *summary, const struct cell *cell, size_t panel,
                     double bound)
{
    const struct dataset *data = summary->data;
    const struct cell_summary *figures = &summary->cells[cell - data->cells];
    size_t limits, family = sweep_family(data, cell->contender);
    uint64_t limit = cell->key.heap_limit_bytes,
             smallest = sweep_smallest(data, cell->variant, family, cell->allocator, false, &limits);
    writer_integer(writer, FIGURE_HEAP_panel, panel);
    figure_label(writer, FIGURE_HEAP_title, data->variants[cell->variant].label);
    figure_label(writer, FIGURE_HEAP_unit, dataset_name(data, data->variants[cell->variant].unit));
    put_family(writer, data, family);
    writer_real(writer, FIGURE_HEAP_heap_bytes, limit ? (double)limit : fmax(figures->peak_footprint, 1));
    writer_integer(writer, FIGURE_HEAP_limited, limit > 0);
    if (limit)
        writer_real(writer, FIGURE_HEAP_multiple, (double)limit / (double)smallest);
    put_times(writer, summary, cell, unlimited_baseline(summary, cell->variant));
    writer_real(writer, FIGURE_HEAP_over_bound, figures->cost / bound);
    writer_row_end(writer);
}

int figure_heap(const struct summary *summary, const char *run_dir, struct figure_rows *rows)
{
    const struct dataset *data = summary->data;
    struct writer writer;
    writer_open(&writer, run_dir, TABLE_FIGURE_HEAP, NULL);
    size_t panel = 0;
    for (size_t variant = 0; variant < data->variant_count; variant++) {
        if (!sweep_is(data, variant, figures_allocator(summary)))
            continue;
        panel++;
        double bound = lower_bound(summary, variant);
        for (size_t i = 0; i < data->contender_count; i++) {
            const struct cell *cell = shown_cell(summary, variant, i);
            if (!cell)
                continue;
            put_cell(&writer, summary, cell, panel, bound);
            rows->heaps++;
        }
    }
    return writer_close(&writer);
}
