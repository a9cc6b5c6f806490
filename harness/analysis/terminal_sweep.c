#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "sweep.h"
#include "terminal_parts.h"

enum { WIDTH = 100, HEAP_WIDTH = 7, FIGURE_WIDTH = 6, LABEL_MOST = 36, FACTORS_MOST = 64, NO_LIMIT = INT_MAX };

#define WIDE 0.1 /* half an interval's width, over the value: from here on it is marked */

struct sweep_table {
    const struct summary *summary;
    FILE *out;
    size_t allocator;
    int factors[FACTORS_MOST]; /* in hundredths, ascending; NO_LIMIT the last */
    size_t factor_count;
    size_t label_width;
};

/* ---- which columns */

/* The limit over the smallest of its family on the variant, whether that ran or not. */
static int factor_of(const struct dataset *data, const struct cell *cell)
{
    size_t limits, family = sweep_family(data, cell->contender);
    uint64_t smallest = sweep_smallest(data, cell->variant, family, cell->allocator, true, &limits);
    double factor = smallest ? round(100 * (double)cell->key.heap_limit_bytes / (double)smallest) : 0;
    return cell->key.heap_limit_bytes && factor < NO_LIMIT ? (int)factor : NO_LIMIT;
}

static void add_factor(struct sweep_table *table, int factor)
{
    size_t place = 0;
    while (place < table->factor_count && table->factors[place] < factor)
        place++;
    if ((place < table->factor_count && table->factors[place] == factor) || table->factor_count == FACTORS_MOST)
        return;
    memmove(table->factors + place + 1, table->factors + place, (table->factor_count - place) * sizeof *table->factors);
    table->factors[place] = factor;
    table->factor_count++;
}

/* A family's name: its strategy and parameters, without a limit. */
static char *label_of(const struct dataset *data, size_t family)
{
    const struct contender *contender = &data->contenders[family];
    const char *params = dataset_name(data, contender->strategy_params);
    struct phrase label = {0};
    phrase_add_format(&label, "%s%s%s", dataset_name(data, contender->strategy), *params ? " " : "", params);
    return phrase_take(&label);
}

static void add_columns(struct sweep_table *table, size_t variant)
{
    const struct dataset *data = table->summary->data;
    for (size_t i = 0; i < data->contender_count; i++) {
        const struct cell *cell = dataset_cell(data, variant, i, table->allocator);
        if (!cell || data->contenders[i].judge)
            continue;
        add_factor(table, factor_of(data, cell));
        char *label = label_of(data, i);
        size_t width = label ? display_width(label) : 0;
        free(label);
        width = width > LABEL_MOST ? LABEL_MOST : width;
        table->label_width = width > table->label_width ? width : table->label_width;
    }
}

/* ---- rows */

static const struct cell *find_cell(const struct sweep_table *table, size_t variant, size_t family, int factor)
{
    const struct dataset *data = table->summary->data;
    for (size_t i = family; i < data->contender_count; i++) {
        const struct cell *cell = dataset_cell(data, variant, i, table->allocator);
        if (cell && sweep_family(data, i) == family && factor_of(data, cell) == factor)
            return cell;
    }
    return NULL;
}

/* The limit that is 1; or without any, what was held. */
static void print_heap(const struct sweep_table *table, size_t variant, size_t family)
{
    size_t limits;
    double heap = (double)sweep_smallest(table->summary->data, variant, family, table->allocator, true, &limits);
    const struct cell_summary *figures = summary_cell(table->summary, variant, family, table->allocator);
    if (limits == 0)
        heap = figures ? figures->peak_footprint : NAN;
    terminal_pad_left(table->out, format_bytes(heap).text, HEAP_WIDTH);
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

static bool has_family(const struct sweep_table *table, size_t variant, size_t family)
{
    const struct dataset *data = table->summary->data;
    if (data->contenders[family].judge || sweep_family(data, family) != family)
        return false;
    for (size_t i = family; i < data->contender_count; i++)
        if (dataset_cell(data, variant, i, table->allocator) && sweep_family(data, i) == family)
            return true;
    return false;
}

static void print_variant(const struct sweep_table *table, size_t variant, size_t first, size_t count)
{
    const struct dataset *data = table->summary->data;
    struct unit unit =
        terminal_cost_unit(data, terminal_least(table->summary, variant, table->allocator, true, terminal_cost));
    double least = terminal_least(table->summary, variant, table->allocator, false, terminal_cost);
    fprintf(table->out, "%s%s%s\n", data->variants[variant].label, *unit.name ? ", " : "", unit.name);
    for (size_t family = 0; family < data->contender_count; family++) {
        if (!has_family(table, variant, family))
            continue;
        char *label = label_of(data, family);
        terminal_label(table->out, label ? label : "", "", table->label_width + 1);
        free(label);
        print_heap(table, variant, family);
        for (size_t i = first; i < first + count; i++)
            print_figure(table, find_cell(table, variant, family, table->factors[i]), unit.size, least);
        fputc('\n', table->out);
    }
}

static void print_heading(const struct sweep_table *table, size_t first, size_t count)
{
    fprintf(table->out, "%*s%*s", (int)table->label_width + 1, "", HEAP_WIDTH, "heap");
    for (size_t i = first; i < first + count; i++) {
        char factor[16] = "none";
        if (table->factors[i] != NO_LIMIT)
            snprintf(factor, sizeof factor, "%.4g", table->factors[i] / 100.0);
        fprintf(table->out, "%*s ", FIGURE_WIDTH - 1, factor);
    }
    fputc('\n', table->out);
}

/* ---- the whole */

bool terminal_has_sweep(const struct summary *summary, size_t allocator)
{
    for (size_t variant = 0; variant < summary->data->variant_count; variant++)
        if (sweep_is(summary->data, variant, allocator))
            return true;
    return false;
}

void terminal_sweep(const struct summary *summary, FILE *out, size_t allocator)
{
    struct sweep_table table = {.summary = summary, .out = out, .allocator = allocator};
    for (size_t variant = 0; variant < summary->data->variant_count; variant++)
        if (sweep_is(summary->data, variant, allocator))
            add_columns(&table, variant);
    size_t room = (WIDTH - (table.label_width + 1) - HEAP_WIDTH) / FIGURE_WIDTH;
    for (size_t first = 0; first < table.factor_count; first += room) {
        size_t count = table.factor_count - first < room ? table.factor_count - first : room;
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
