#include "terminal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cost.h"
#include "derived.h"
#include "failures.h"
#include "format.h"
#include "sweep.h"
#include "terminal_parts.h"
#include "utf8.h"

enum {
    WIDTH = 120,
    LABEL_LEAST = 28,
    LABEL_MOST = WIDTH / 2,
    COLUMN_WIDTH = 11,
    COLUMNS = 8,
    HEADING_LINES = 4,
    FAILURES_SHOWN = 12,
    LINE_BYTES = 119
};

/* Marks and rows that the tables have, and the legend explains. */
struct shown {
    bool interval, leak, unsupported, failure, mean, memory_mean;
};

/* A block of the table: as many contenders as fit side by side, on one allocator. */
struct block {
    const struct summary *summary;
    FILE *out;
    struct shown *shown;
    size_t allocator, label_width;
    size_t contenders[COLUMNS];
    size_t count;
};

/* What a block is about: of which figure, in which units. */
struct measure {
    double (*of)(const struct cell_summary *figures);
    struct unit (*unit)(const struct dataset *data, double least); /* of a row */
    void (*print)(const struct block *block, const struct cell_summary *figures, double unit, bool least);
};

/* ---- headings: a label of several words or parts stands over its column in up to three lines ---- */

/* The length of the part of `text` that fits into a column, broken behind '_' or ' ' if it can be. */
static size_t part_length(const char *text)
{
    size_t room = COLUMN_WIDTH - 1, length = strlen(text), fitting = 0;
    if (length <= room)
        return length;
    for (size_t i = 0; i < room; i++)
        if (text[i] == '_' || text[i] == ' ')
            fitting = i + 1;
    return fitting ? fitting : room;
}

static size_t split_heading(const char *label, char parts[HEADING_LINES][COLUMN_WIDTH + 1])
{
    size_t count = 0;
    while (*label && count < HEADING_LINES) {
        size_t length = part_length(label);
        snprintf(parts[count++], COLUMN_WIDTH + 1, "%.*s", (int)length, label);
        label += length;
    }
    return count;
}

static void print_heading(const struct block *block)
{
    for (size_t line = 0; line < HEADING_LINES; line++) {
        struct phrase text = {0};
        bool any = line == HEADING_LINES - 1;
        for (size_t i = 0; i < block->count; i++) {
            char parts[HEADING_LINES][COLUMN_WIDTH + 1];
            size_t parts_count = split_heading(block->summary->data->contenders[block->contenders[i]].label, parts);
            size_t blank = HEADING_LINES - parts_count;
            any |= line >= blank;
            phrase_add_format(&text, "%*s", COLUMN_WIDTH, line >= blank ? parts[line - blank] : "");
        }
        char *heading = phrase_take(&text);
        if (any && heading)
            fprintf(block->out, "%*s%s\n", (int)block->label_width, "", heading);
        free(heading);
    }
}

/* ---- cells ---- */

static void print_missing(const struct block *block, const struct cell *cell)
{
    const struct dataset *data = block->summary->data;
    const char *word = "";
    if (cell)
        word = dataset_name(data, cell->samples[cell->sample_count - 1].status);
    bool unsupported = strcmp(word, "unsupported") == 0;
    if (unsupported)
        word = "n/a";
    block->shown->unsupported |= unsupported;
    block->shown->failure |= *word && !unsupported;
    fprintf(block->out, "%*.*s ", COLUMN_WIDTH - 1, COLUMN_WIDTH - 2, word);
}

/* A figure with half of its interval's width in percent, and a mark of one column. */
static void print_figure(const struct block *block, double value, struct interval interval, char mark)
{
    struct phrase text = {0};
    phrase_add(&text, format_number(value).text);
    double half = (interval.high - interval.low) / 2 / value * 100;
    if (half > 999) /* of a few processes that differ widely: no figure at all */
        phrase_add(&text, "±>999%");
    else if (half > 0)
        phrase_add_format(&text, "±%.0f%%", half);
    phrase_add_format(&text, "%c", mark);
    char *cell = phrase_take(&text);
    block->shown->interval |= half > 0;
    terminal_pad_left(block->out, cell ? cell : "", COLUMN_WIDTH);
    free(cell);
}

static void print_cost(const struct block *block, const struct cell_summary *figures, double unit, bool least)
{
    struct interval interval = {figures->cost_interval.low / unit, figures->cost_interval.high / unit};
    print_figure(block, figures->cost / unit, interval, least ? '*' : ' ');
}

static double memory_of(const struct cell_summary *figures)
{
    return figures->peak_footprint;
}

static void print_memory(const struct block *block, const struct cell_summary *figures, double unit, bool least)
{
    (void)unit; /* footprints of a row differ by factors of thousands: each has its own */
    terminal_pad_left(block->out, format_bytes(figures->peak_footprint).text, COLUMN_WIDTH - 1);
    block->shown->leak |= summary_leaks(figures);
    fputc(summary_leaks(figures) ? 'L' : least ? '*' : ' ', block->out);
}

static struct unit memory_unit(const struct dataset *data, double least)
{
    (void)data;
    (void)least;
    return (struct unit){"", 1};
}

static const struct measure cost_measure = {terminal_cost, terminal_cost_unit, print_cost};
static const struct measure memory_measure = {memory_of, memory_unit, print_memory};

/* ---- rows ---- */

/* What ran with several heap limits has a table of its own. */
static bool is_in_blocks(const struct summary *summary, size_t variant, size_t contender, size_t allocator)
{
    return dataset_cell(summary->data, variant, contender, allocator) && !sweep_is(summary->data, variant, allocator);
}

static bool has_variant(const struct block *block, size_t variant)
{
    for (size_t i = 0; i < block->count; i++)
        if (is_in_blocks(block->summary, variant, block->contenders[i], block->allocator))
            return true;
    return false;
}

static void print_row(const struct block *block, const struct measure *measure, size_t variant)
{
    const struct dataset *data = block->summary->data;
    double least = terminal_least(block->summary, variant, block->allocator, false, measure->of);
    double smallest = terminal_least(block->summary, variant, block->allocator, true, measure->of);
    struct unit unit = measure->unit(data, smallest);
    terminal_label(block->out, data->variants[variant].label, unit.name, block->label_width);
    for (size_t i = 0; i < block->count; i++) {
        const struct cell_summary *figures =
            summary_cell(block->summary, variant, block->contenders[i], block->allocator);
        if (figures)
            measure->print(block, figures, unit.size,
                           !data->contenders[block->contenders[i]].never_frees && measure->of(figures) <= least);
        else
            print_missing(block, dataset_cell(data, variant, block->contenders[i], block->allocator));
    }
    fputc('\n', block->out);
}

static void print_means(const struct block *block, const struct measure *measure)
{
    const struct dataset *data = block->summary->data;
    struct phrase label = {0};
    size_t variants = 0;
    for (size_t i = 0; i < block->count; i++) {
        const struct overall *overall = summary_overall(block->summary, block->contenders[i], block->allocator);
        size_t count = measure != &memory_measure ? overall->variants : overall->footprint_variants;
        variants = count > variants ? count : variants;
    }
    if (variants < 2)
        return;
    block->shown->mean = true;
    block->shown->memory_mean |= measure == &memory_measure;
    phrase_add_format(&label, "mean of %zu, %s = 1", variants, data->contenders[0].label);
    char *text = phrase_take(&label);
    terminal_label(block->out, text ? text : "", "", block->label_width);
    free(text);
    for (size_t i = 0; i < block->count; i++) {
        const struct overall *overall = summary_overall(block->summary, block->contenders[i], block->allocator);
        const struct interval none = {NAN, NAN};
        bool cost = measure != &memory_measure;
        if (isnan(cost ? overall->ratio : overall->footprint_ratio))
            fprintf(block->out, "%*s", COLUMN_WIDTH, "");
        else
            print_figure(block, cost ? overall->ratio : overall->footprint_ratio, cost ? overall->ratio_interval : none,
                         ' ');
    }
    fputc('\n', block->out);
}

/* ---- blocks ---- */

static void print_block(const struct block *block, const struct measure *measure)
{
    print_heading(block);
    for (size_t variant = 0; variant < block->summary->data->variant_count; variant++)
        if (has_variant(block, variant))
            print_row(block, measure, variant);
    print_means(block, measure);
    fputc('\n', block->out);
}

/* Of the longest label with its unit, so that variants that differ at their end do not look alike. */
static size_t label_width(const struct summary *summary, size_t allocator)
{
    enum { UNIT = 4 }; /* a blank before it, the widest, and a blank behind */
    const struct dataset *data = summary->data;
    size_t width = LABEL_LEAST;
    for (size_t variant = 0; variant < data->variant_count; variant++) {
        size_t needed = display_width(data->variants[variant].label) + UNIT;
        if (!sweep_is(data, variant, allocator) && needed > width)
            width = needed;
    }
    return width < LABEL_MOST ? width : LABEL_MOST;
}

/* All contenders that have a cell on this allocator, in as many blocks as they need. */
static void print_blocks(const struct summary *summary, FILE *out, size_t allocator, const struct measure *measure,
                         struct shown *shown)
{
    const struct dataset *data = summary->data;
    struct block block = {.summary = summary,
                          .out = out,
                          .shown = shown,
                          .allocator = allocator,
                          .label_width = label_width(summary, allocator)};
    size_t room = (WIDTH - block.label_width) / COLUMN_WIDTH, columns = room < COLUMNS ? room : COLUMNS;
    for (size_t i = 0; i < data->contender_count; i++) {
        if (!data->contenders[i].judge && sweep_is_beside(data, i, allocator))
            block.contenders[block.count++] = i;
        if (block.count == columns) {
            print_block(&block, measure);
            block.count = 0;
        }
    }
    if (block.count)
        print_block(&block, measure);
}

static const char *loaded(const struct dataset *data, size_t allocator)
{
    for (size_t i = 0; i < data->cell_count; i++)
        if (data->cells[i].allocator == allocator && *dataset_name(data, data->cells[i].allocator_loaded))
            return dataset_name(data, data->cells[i].allocator_loaded);
    return "loaded: unknown";
}

static void print_failures(const struct failures *failures, const struct dataset *data, FILE *out)
{
    if (failures->rows == 0)
        return;
    fprintf(out, "%zu row%s not ok, and in no figure (all in failures.csv):\n", failures->rows,
            failures->rows == 1 ? " is" : "s are");
    size_t shown = 0;
    for (size_t i = 0; i < failures->count; i++) {
        const struct failure *failure = &failures->items[i];
        const char *status = dataset_name(data, failure->status);
        if (strcmp(status, "unsupported") == 0)
            continue;
        if (shown++ == FAILURES_SHOWN)
            fprintf(out, "  ...\n");
        if (shown > FAILURES_SHOWN)
            continue;
        struct phrase line = {0};
        phrase_add_format(&line, "  %s: %s, %s on %s: %s", status, data->variants[failure->variant].label,
                          data->contenders[failure->contender].label, failure->allocators,
                          dataset_name(data, failure->detail));
        char *text = phrase_take(&line);
        fprintf(out, "%.*s\n", (int)(text ? utf8_fitting(text, LINE_BYTES) : 0), text ? text : "");
        free(text);
    }
    fputc('\n', out);
}

static void print_legend(const struct summary *summary, FILE *out, const struct shown *shown)
{
    const char *baseline = summary->data->contenders[0].label;
    bool bound = false;
    for (size_t i = 0; i < summary->data->contender_count; i++)
        bound |= summary->data->contenders[i].never_frees;
    if (shown->interval)
        fprintf(out, "± half of the %s\n", BOOTSTRAP_METHOD);
    fprintf(out, "* least of its row%s%s%s%s\n", bound ? " (nogc aside: it never frees)" : "",
            shown->leak ? "   L leaks" : "", shown->unsupported ? "   n/a cannot do this work" : "",
            shown->failure ? "   other words: what failed" : "");
    if (shown->mean)
        fprintf(out,
                "mean: geometric, of the ratios to %s on the same allocator, over the variants that all can run%s\n",
                baseline, shown->memory_mean ? ";" : "");
    if (shown->memory_mean)
        fprintf(out,
                "  of memory, over those of them where %s holds at least 1 MB and nobody leaks who is to reclaim\n",
                baseline);
}

static bool any_in_blocks(const struct summary *summary, size_t allocator)
{
    for (size_t i = 0; i < summary->data->contender_count; i++)
        if (!summary->data->contenders[i].judge && sweep_is_beside(summary->data, i, allocator))
            return true;
    return false;
}

static void print_costs(const struct summary *summary, FILE *out, size_t allocator, struct shown *shown)
{
    const struct dataset *data = summary->data;
    const char *title = cost_of(data)->title, *name = dataset_name(data, data->allocators[allocator]);
    if (any_in_blocks(summary, allocator)) {
        fprintf(out, "%s, allocator %s (%s)\n", title, name, loaded(data, allocator));
        print_blocks(summary, out, allocator, &cost_measure, shown);
    }
    if (sweep_any(summary->data, allocator)) {
        fprintf(out, "%s by heap limit, allocator %s (%s)\n", title, name, loaded(data, allocator));
        terminal_sweep(summary, out, allocator);
    }
}

void terminal_print(const struct summary *summary, FILE *out)
{
    const struct dataset *data = summary->data;
    struct shown shown = {0};
    bool swept = false;
    for (size_t allocator = 0; allocator < data->allocator_count; allocator++) {
        print_costs(summary, out, allocator, &shown);
        swept |= sweep_any(summary->data, allocator);
    }
    size_t allocator = figures_allocator(summary);
    bool in_blocks = any_in_blocks(summary, allocator);
    if (in_blocks) {
        fprintf(out, "Memory: largest footprint, allocator %s\n", dataset_name(data, data->allocators[allocator]));
        print_blocks(summary, out, allocator, &memory_measure, &shown);
    }
    struct failures failures;
    if (failures_collect(&failures, data) == 0) {
        print_failures(&failures, data, out);
        failures_free(&failures);
    }
    if (in_blocks)
        print_legend(summary, out, &shown);
    if (swept)
        terminal_sweep_legend(out);
}
