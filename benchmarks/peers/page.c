#include "page.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/format.h"
#include "analysis/machine.h"
#include "driver/csv_file.h"
#include "schema/schema.h"

enum { WORK, OURS, AGAINST, OURS_NS, AGAINST_NS, FIGURE, GOAL, VERDICT, COLUMNS };

static const struct column_head {
    const char *title;
    bool right; /* aligned */
} heads[COLUMNS] = {
    [WORK] = {"work", false},
    [OURS] = {"ours", false},
    [AGAINST] = {"against", false},
    [OURS_NS] = {"ours, ns", true},
    [AGAINST_NS] = {"theirs, ns", true},
    [FIGURE] = {"ratio, or × as fast", false},
    [GOAL] = {"goal", false},
    [VERDICT] = {"", false},
};

/* ---- one row as texts */

struct cells {
    char *texts[COLUMNS];
};

static char *ns_text(double ns)
{
    return isnan(ns) ? must_copy("") : must_print("%.2f", ns);
}

static char *figure_text(const struct outcome *outcome)
{
    if (!outcome_has_figures(outcome))
        return must_copy("");
    const struct ratio *figure = &outcome->figure;
    if (outcome->goal.kind == GOAL_TIMES_AS_FAST)
        return must_print("%.2f × [%.2f, %.2f]", figure->median, figure->interval.low, figure->interval.high);
    return must_print("%.3f [%.3f, %.3f]", figure->median, figure->interval.low, figure->interval.high);
}

static char *goal_text(const struct goal *goal)
{
    switch (goal->kind) {
    case GOAL_TIME_RATIO: return must_print("≤ %g", goal->value);
    case GOAL_TIMES_AS_FAST: return must_print("≥ %g ×", goal->value);
    case GOAL_NONE: break;
    }
    return must_copy("-");
}

/* `note` counts the notes: the verdict refers to this one. */
static struct cells make_cells(const struct outcome *outcome, size_t *note)
{
    struct cells cells;
    cells.texts[WORK] = must_copy(outcome->work);
    cells.texts[OURS] = must_copy(outcome->ours);
    cells.texts[AGAINST] = must_copy(outcome->against);
    cells.texts[OURS_NS] = ns_text(outcome->ours_ns);
    cells.texts[AGAINST_NS] = ns_text(outcome->against_ns);
    cells.texts[FIGURE] = figure_text(outcome);
    cells.texts[GOAL] = goal_text(&outcome->goal);
    const char *verdict = verdict_names[outcome->verdict];
    cells.texts[VERDICT] = outcome->note ? must_print("%s (%zu)", verdict, ++*note) : must_copy(verdict);
    return cells;
}

static void cells_free(struct cells *cells)
{
    for (size_t i = 0; i < COLUMNS; i++)
        free(cells->texts[i]);
}

static struct cells *make_all(const struct outcomes *outcomes)
{
    struct cells *all = must_resize(NULL, outcomes->count, sizeof *all);
    size_t note = 0;
    for (size_t i = 0; i < outcomes->count; i++)
        all[i] = make_cells(&outcomes->items[i], &note);
    return all;
}

static void free_all(struct cells *all, size_t count)
{
    for (size_t i = 0; i < count; i++)
        cells_free(&all[i]);
    free(all);
}

/* ---- what stands above and below */

static void print_versions(const json_t *machine, FILE *out)
{
    const json_t *versions = json_object_get(machine, "versions");
    for (size_t i = 0; i < json_array_size(versions); i++)
        fprintf(out, "%s%s", i ? ", " : "", json_string_value(json_array_get(versions, i)));
}

static const char *said(const json_t *machine, const char *key)
{
    const char *text = json_string_value(json_object_get(machine, key));
    return text ? text : "?";
}

static void print_head(const struct page_head *head, const char *bullet, FILE *out)
{
    char *machine = machine_line(head->machine);
    fprintf(out, "%s%s, %s; %s, %s %s\n", bullet, machine ? machine : "", said(head->machine, "kernel"),
            said(head->machine, "compiler"), said(head->machine, "build_type"), said(head->machine, "flags"));
    free(machine);
    fprintf(out, "%sloaded: ", bullet);
    print_versions(head->machine, out);
    fprintf(out,
            "\n%s%s; seed %" PRIu64 "; %zu rounds, each a process per contender in random order, with %zu warm-up and"
            " %zu timed repetitions\n",
            bullet, said(head->machine, "begun"), head->seed, head->rounds, head->warmup, head->repetitions);
    if (head->quick)
        fprintf(out, "%s--quick: the sizes of quick tests, whose times say nothing\n", bullet);
}

static const char method[] =
    "CPU time per node, object, or malloc and free: median. In brackets the 95 % interval of the median of the rounds' "
    "ratios, by a hierarchical bootstrap (rounds, then repetitions). A row holds if all of its interval meets the "
    "goal, "
    "misses if none of it does, and is open in between. Contenders run on " TABLE_ALLOCATOR
    " unless they name another.";

static void print_notes(const struct outcomes *outcomes, FILE *out)
{
    size_t note = 0;
    for (size_t i = 0; i < outcomes->count; i++)
        if (outcomes->items[i].note)
            fprintf(out, "(%zu) %s\n", ++note, outcomes->items[i].note);
}

static size_t count_notes(const struct outcomes *outcomes)
{
    size_t count = 0;
    for (size_t i = 0; i < outcomes->count; i++)
        count += outcomes->items[i].note != NULL;
    return count;
}

/* "5 hold, 1 open, 2 miss" */
static void print_count(const struct outcomes *outcomes, FILE *out)
{
    size_t counts[VERDICTS] = {0};
    for (size_t i = 0; i < outcomes->count; i++)
        counts[outcomes->items[i].verdict]++;
    const char *separator = "";
    for (size_t i = 0; i < VERDICTS; i++)
        if (counts[i] && i != VERDICT_NO_GOAL) {
            fprintf(out, "%s%zu %s", separator, counts[i], verdict_names[i]);
            separator = ", ";
        }
    fputc('\n', out);
}

/* Breaks a text into lines of at most `width` bytes. */
static void print_wrapped(const char *text, size_t width, FILE *out)
{
    while (strlen(text) > width) {
        size_t length = width;
        while (length && text[length] != ' ')
            length--;
        fprintf(out, "%.*s\n", (int)length, text);
        text += length + 1;
    }
    fprintf(out, "%s\n", text);
}

/* ---- plain text */

static void print_padded(const char *text, size_t width, bool right, FILE *out)
{
    int padding = (int)(width - display_width(text));
    if (right)
        fprintf(out, "%*s%s", padding, "", text);
    else
        fprintf(out, "%s%*s", text, padding, "");
}

static void measure_widths(const struct cells *all, size_t count, size_t widths[COLUMNS])
{
    for (size_t column = 0; column < COLUMNS; column++) {
        widths[column] = display_width(heads[column].title);
        for (size_t i = 0; i < count; i++) {
            size_t width = display_width(all[i].texts[column]);
            widths[column] = width > widths[column] ? width : widths[column];
        }
    }
}

static void print_row(const char *const texts[COLUMNS], const size_t widths[COLUMNS], FILE *out)
{
    for (size_t column = 0; column < COLUMNS - 1; column++) {
        print_padded(texts[column], widths[column], heads[column].right, out);
        fputs("  ", out);
    }
    fprintf(out, "%s\n", texts[COLUMNS - 1]);
}

void page_print_text(const struct outcomes *outcomes, const struct page_head *head, FILE *out)
{
    struct cells *all = make_all(outcomes);
    size_t widths[COLUMNS];
    const char *titles[COLUMNS];
    measure_widths(all, outcomes->count, widths);
    for (size_t column = 0; column < COLUMNS; column++)
        titles[column] = heads[column].title;
    print_head(head, "", out);
    print_wrapped(method, 120, out);
    fputc('\n', out);
    print_row(titles, widths, out);
    for (size_t i = 0; i < outcomes->count; i++)
        print_row((const char *const *)all[i].texts, widths, out);
    fputc('\n', out);
    print_notes(outcomes, out);
    print_count(outcomes, out);
    free_all(all, outcomes->count);
}

/* ---- Markdown */

static void print_markdown_row(const struct cells *cells, FILE *out)
{
    for (size_t column = 0; column < COLUMNS; column++) {
        bool code = column <= AGAINST && strcmp(cells->texts[column], "-") != 0;
        fprintf(out, "| %s%s%s ", code ? "`" : "", cells->texts[column], code ? "`" : "");
    }
    fputs("|\n", out);
}

void page_print_markdown(const struct outcomes *outcomes, const struct page_head *head, FILE *out)
{
    struct cells *all = make_all(outcomes);
    for (size_t column = 0; column < COLUMNS; column++)
        fprintf(out, "| %s ", heads[column].title);
    fputs("|\n", out);
    for (size_t column = 0; column < COLUMNS; column++)
        fprintf(out, "|%s", heads[column].right ? "---:" : "---");
    fputs("|\n", out);
    for (size_t i = 0; i < outcomes->count; i++)
        print_markdown_row(&all[i], out);
    fputc('\n', out);
    if (count_notes(outcomes)) {
        print_notes(outcomes, out);
        fputc('\n', out);
    }
    fprintf(out, "%s\n\n", method);
    print_head(head, "- ", out);
    free_all(all, outcomes->count);
}

/* ---- CSV */

static char *number_text(double number)
{
    return isnan(number) ? NULL : must_print("%.6g", number);
}

void page_add_csv(const struct outcomes *outcomes, struct text *csv)
{
    csv_add_header(csv, &schema_tables[TABLE_PEERS]);
    for (size_t i = 0; i < outcomes->count; i++) {
        const struct outcome *outcome = &outcomes->items[i];
        bool has_goal = outcome->goal.kind != GOAL_NONE;
        char *numbers[] = {
            [PEERS_ours_ns] = number_text(outcome->ours_ns),
            [PEERS_against_ns] = number_text(outcome->against_ns),
            [PEERS_figure] = number_text(outcome->figure.median),
            [PEERS_low] = number_text(outcome->figure.interval.low),
            [PEERS_high] = number_text(outcome->figure.interval.high),
            [PEERS_goal] = has_goal ? number_text(outcome->goal.value) : NULL,
            [PEERS_COUNT] = NULL,
        };
        const char *values[PEERS_COUNT] = {
            [PEERS_work] = outcome->work,
            [PEERS_ours] = outcome->ours,
            [PEERS_against] = outcome->against,
            [PEERS_measure] = outcome->goal.kind == GOAL_TIMES_AS_FAST ? "times_as_fast" : "time_ratio",
            [PEERS_verdict] = outcome->verdict == VERDICT_NO_GOAL ? "" : verdict_names[outcome->verdict],
            [PEERS_note] = outcome->note,
        };
        for (size_t column = 0; column < PEERS_COUNT; column++)
            values[column] = values[column] ? values[column] : numbers[column];
        csv_add_row(csv, values, PEERS_COUNT);
        for (size_t column = 0; column < PEERS_COUNT; column++)
            free(numbers[column]);
    }
}
