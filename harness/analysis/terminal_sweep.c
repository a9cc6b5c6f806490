#include <math.h>
#include <stdlib.h>

#include "format.h"
#include "sweep.h"
#include "terminal_parts.h"

enum { WIDTH = 100, HEAP_WIDTH = 7, FIGURE_WIDTH = 6, LABEL_MOST = 36 };

#define WIDE 0.1 /* half an interval's width, over the value: from here on it is marked */

struct sweep_table {
    const struct summary *summary;
    FILE *out;
    size_t allocator;
    struct sweep_columns columns;
    size_t label_width;
};

static void add_columns(struct sweep_table *table, size_t variant)
{
    const struct dataset *data = table->summary->data;
    sweep_add_columns(&table->columns, data, variant, table->allocator);
    for (size_t family = 0; family < data->contender_count; family++) {
        if (!sweep_has_row(data, variant, family, table->allocator))
            continue;
        char *label = sweep_label(data, family);
        size_t width = label ? display_width(label) : 0;
        free(label);
        width = width > LABEL_MOST ? LABEL_MOST : width;
        table->label_width = width > table->label_width ? width : table->label_width;
    }
}

static char mark_of(const struct sweep_table *table, const struct cell *cell, double least)
{
    const struct cell_summary *figures = &table->summary->cells[cell - table->summary->data->cells];
    bool frees = !table->summary->data->contenders[cell->contender].never_frees;
    if (frees && summary_leaks(figures))
        return 'L';
    if (frees && figures->cost <= least)
        return '*';
    return (figures->cost_interval.high - figures->cost_interval.low) / 2 > WIDE * figures->cost ? '?' : ' ';
}

static void print_figure(const struct sweep_table *table, const struct cell *cell, double unit, double least)
{
    if (!cell) {
        fprintf(table->out, "%*s", FIGURE_WIDTH, "");
        return;
    }
    double cost = cell->has_usable ? table->summary->cells[cell - table->summary->data->cells].cost / unit : NAN;
    terminal_pad_left(table->out, format_number(cost).text, FIGURE_WIDTH - 1);
    fputc(cell->has_usable ? mark_of(table, cell, least) : ' ', table->out);
}

static void print_variant(const struct sweep_table *table, size_t variant, size_t first, size_t count)
{
    const struct dataset *data = table->summary->data;
    struct unit unit =
        terminal_cost_unit(data, terminal_least(table->summary, variant, table->allocator, true, terminal_cost));
    double least = terminal_least(table->summary, variant, table->allocator, false, terminal_cost);
    fprintf(table->out, "%s%s%s\n", data->variants[variant].label, *unit.name ? ", " : "", unit.name);
    for (size_t family = 0; family < data->contender_count; family++) {
        if (!sweep_has_row(data, variant, family, table->allocator))
            continue;
        char *label = sweep_label(data, family);
        terminal_label(table->out, label ? label : "", "", table->label_width + 1);
        free(label);
        double heap = sweep_heap(table->summary, variant, family, table->allocator);
        terminal_pad_left(table->out, format_bytes(heap).text, HEAP_WIDTH);
        for (size_t i = first; i < first + count; i++)
            print_figure(table, sweep_cell(data, variant, family, table->allocator, table->columns.factors[i]),
                         unit.size, least);
        fputc('\n', table->out);
    }
}

static void print_heading(const struct sweep_table *table, size_t first, size_t count)
{
    fprintf(table->out, "%*s%*s", (int)table->label_width + 1, "", HEAP_WIDTH, "heap");
    for (size_t i = first; i < first + count; i++) {
        char factor[16];
        sweep_heading(table->columns.factors[i], factor);
        fprintf(table->out, "%*s ", FIGURE_WIDTH - 1, factor);
    }
    fputc('\n', table->out);
}

/* ---- the whole */

void terminal_sweep(const struct summary *summary, FILE *out, size_t allocator)
{
    struct sweep_table table = {.summary = summary, .out = out, .allocator = allocator};
    for (size_t variant = 0; variant < summary->data->variant_count; variant++)
        if (sweep_is(summary->data, variant, allocator))
            add_columns(&table, variant);
    size_t room = (WIDTH - (table.label_width + 1) - HEAP_WIDTH) / FIGURE_WIDTH;
    for (size_t first = 0; first < table.columns.count; first += room) {
        size_t count = table.columns.count - first < room ? table.columns.count - first : room;
        print_heading(&table, first, count);
        for (size_t variant = 0; variant < summary->data->variant_count; variant++)
            if (sweep_is(summary->data, variant, allocator))
                print_variant(&table, variant, first, count);
        fputc('\n', out);
    }
}

void terminal_sweep_legend(FILE *out)
{
    fprintf(out,
            "1, 1.5 ...: the limit, in multiples of the row's smallest, which is under heap\n"
            "none: no limit; under heap is then the largest footprint   -  did not run with that limit\n"
            "* least of its workload   L leaks   ? interval wider than ±%.0f %%; all of them are in summary.csv\n",
            100 * WIDE);
}
