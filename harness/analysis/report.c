#include "report.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cost.h"
#include "derived.h"
#include "findings.h"
#include "machine.h"
#include "message.h"
#include "plot.h"
#include "report_claims.h"
#include "report_tables.h"
#include "sweep.h"

/* ---- what was run, and where ---- */

static size_t most_invocations(const struct summary *summary, size_t *repetitions)
{
    size_t most = 0;
    *repetitions = 0;
    for (size_t i = 0; i < summary->data->cell_count; i++) {
        const struct cell_summary *figures = &summary->cells[i];
        if (figures->invocations > most)
            most = figures->invocations;
        if (figures->invocations && figures->repetitions / figures->invocations > *repetitions)
            *repetitions = figures->repetitions / figures->invocations;
    }
    return most;
}

static void add_what(struct sheet *sheet, const struct summary *summary, const json_t *machine)
{
    const struct dataset *data = summary->data;
    size_t repetitions, invocations = most_invocations(summary, &repetitions);
    const char *name = json_string_value(json_object_get(json_object_get(machine, "experiment"), "name"));
    sheet_add(sheet, "The same work, done under different ways of managing memory. ");
    if (name) {
        sheet_add(sheet, "Experiment ");
        sheet_escape(sheet, name);
        sheet_add(sheet, ": ");
    }
    sheet_add(sheet,
              "%zu contender%s (strategies with their parameters), %zu allocator%s, %zu variant%s of workloads: %zu "
              "cells, each in up to %zu processes of %zu repetitions, in random order.\n\n",
              data->contender_count, data->contender_count == 1 ? "" : "s", data->allocator_count,
              data->allocator_count == 1 ? "" : "s", data->variant_count, data->variant_count == 1 ? "" : "s",
              data->cell_count, invocations, repetitions);
    sheet_add(sheet, "%s are means over processes of the mean over repetitions. Intervals: %s.",
              dataset_is_counted(data) ? "Counts" : "Times", BOOTSTRAP_METHOD);
    if (dataset_is_counted(data))
        sheet_add(sheet, " A count that was the same in every process has one of width 0.");
    else if (invocations < 2)
        sheet_add(sheet, " **With one process a cell there are none: nothing shows what another would have given.**");
    else if (invocations < 5)
        sheet_add(sheet,
                  " **With fewer than 5 processes a cell they are wide, and blind to what happens in one process "
                  "of five: take them as a hint.**");
    sheet_add(sheet, "\n\n");
}

static void add_compared(struct sheet *sheet, const struct dataset *data)
{
    sheet_fold(sheet, "What was compared with what");
    sheet_add(sheet, "Each contender does each of the workloads on each of the allocators ");
    for (size_t i = 0; i < data->allocator_count; i++)
        sheet_add(sheet, "%s`%s`", i ? ", " : "", dataset_name(data, data->allocators[i]));
    sheet_add(sheet, ". Ratios are to `%s` on the same allocator, doing the same work.\n\n", data->contenders[0].label);
    report_contender_table(sheet, data);
    report_variant_table(sheet, data);
    sheet_unfold(sheet);
}

static void add_warnings(struct sheet *sheet, const json_t *machine)
{
    size_t i;
    json_t *warning;
    const json_t *warnings = json_object_get(machine, "warnings");
    if (json_array_size(warnings))
        sheet_add(sheet, "**What makes this machine unfit for measuring:**\n\n");
    json_array_foreach(warnings, i, warning)
    {
        sheet_add(sheet, "- ");
        sheet_escape(sheet, json_string_value(warning) ? json_string_value(warning) : "");
        sheet_add(sheet, "\n");
    }
    sheet_add(sheet, "\n");
}

static void add_machine(struct sheet *sheet, const json_t *machine)
{
    static const char *const headings[] = {"", "", NULL};
    const char *key;
    json_t *value;
    add_warnings(sheet, machine);
    sheet_fold(sheet, "Machine and build");
    sheet_table(sheet, headings, SHEET_TEXTS);
    json_object_foreach((json_t *)machine, key, value)
    {
        if (strcmp(key, "warnings") == 0)
            continue;
        char *text = json_is_string(value) ? strdup(json_string_value(value))
                                           : json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(4));
        sheet_cell(sheet, key);
        sheet_cell(sheet, text ? text : "");
        sheet_row_end(sheet);
        free(text);
    }
    sheet_table_end(sheet);
    sheet_unfold(sheet);
}

/* ---- figures ---- */

static void add_figure(struct sheet *sheet, const struct plot *plot)
{
    char *command = plot_command(plot, sheet->run_dir);
    sheet_figure(sheet, plot->name, plot->title);
    sheet_add(sheet, "To draw it again: `%s`\n\n", command ? command : "reclaim plot");
    sheet->failed |= !command;
    free(command);
}

/* The timeline that is shown; the others are folded away. */
static const struct plot *choose_timeline(const struct plots *plots, const struct dataset *data)
{
    const struct plot *first = NULL;
    for (size_t i = 0; i < plots->count; i++) {
        const struct plot *plot = &plots->items[i];
        if (!plot->variant)
            continue;
        if (strcmp(dataset_name(data, plot->variant->workload), "server") == 0)
            return plot;
        first = first ? first : plot;
    }
    return first;
}

static void add_figures(struct sheet *sheet, const struct summary *summary, bool drawn)
{
    struct plots plots;
    if (!drawn || plots_list(&plots, summary)) {
        sheet_add(sheet, "None: gnuplot was not there. Install it, then run `reclaim report %s` again.\n\n",
                  sheet->run_dir);
        return;
    }
    const struct plot *shown = choose_timeline(&plots, summary->data);
    for (size_t i = 0; i < plots.count; i++) {
        const struct plot *plot = &plots.items[i];
        bool folded = plot->variant && plot != shown;
        if (folded)
            sheet_fold(sheet, plot->title);
        else
            sheet_add(sheet, "### %s\n\n", plot->title);
        add_figure(sheet, plot);
        if (folded)
            sheet_unfold(sheet);
    }
    plots_free(&plots);
}

/* ---- tables ---- */

static void add_cost_tables(struct sheet *sheet, const struct summary *summary, size_t allocator)
{
    const struct dataset *data = summary->data;
    const char *title = cost_of(data)->title, *name = dataset_name(data, data->allocators[allocator]);
    sheet_add(sheet, "### %s, allocator %s\n\nMean ± half of the interval (`summary.csv`).", title, name);
    if (!sweep_any(data, allocator)) {
        sheet_add(sheet, "\n\n");
        report_cost_table(sheet, summary, allocator);
        return;
    }
    sheet_add(sheet,
              " By heap limit, in multiples of the row's smallest, which is under heap; none: no limit, and under "
              "heap the largest footprint.\n\n");
    report_sweep_table(sheet, summary, allocator);
    report_cost_table(sheet, summary, allocator);
}

static void add_tables(struct sheet *sheet, const struct summary *summary)
{
    const struct dataset *data = summary->data;
    size_t shown = figures_allocator(summary);
    bool beside = false;
    for (size_t i = 0; i < data->contender_count; i++)
        beside |= sweep_is_beside(data, i, shown);
    for (size_t i = 0; i < data->allocator_count; i++)
        add_cost_tables(sheet, summary, i);
    const char *name = dataset_name(data, data->allocators[shown]);
    if (beside)
        sheet_add(
            sheet,
            "### Largest footprint, allocator %s\n\nIn parentheses: mean footprint over mean live bytes at the same "
            "instants (`summary.csv`: overhead\\_mean). Live is what is not reclaimed yet, garbage included.\n\n",
            name);
    report_memory_table(sheet, summary, shown); /* none, where there is nothing beside a sweep */
    sheet_add(
        sheet,
        "### Footprint over time, allocator %s\n\nOver live: mean footprint over mean live bytes at the same "
        "instants; at most: at one instant; over need: over what is live under malloc, if it is the baseline. Returned "
        "to the allocator: by "
        "how much the footprint fell after its peak, and that over what died since, which is more than 100 %% where "
        "headers and free space went with it; page faults are a repetition's (`summary.csv`).\n\n",
        name);
    report_footprint_table(sheet, summary, shown);
    sheet_add(sheet,
              "### Resident memory, by allocator\n\nWhat the system gave to the heap: resident memory less what the "
              "process had besides. It has what the allocator wastes and keeps, and the footprint has not; what "
              "a warm-up left is in it. Over live, mean and at most, as above. Returned to the system: by how "
              "much it fell after its peak, and that over what died since. The process: its peak, all included "
              "(`summary.csv`).\n\n");
    report_resident_table(sheet, summary);
    if (report_has_counters(summary)) {
        sheet_add(sheet, "### The processor's counters\n\nPer operation, of all repetitions together, in user space; "
                         "cache misses are the last level's, TLB misses those of loads (`summary.csv`).\n\n");
        report_counter_table(sheet, summary);
    }
    sheet_add(sheet,
              "### Pauses, allocator %s\n\nPercentiles that the number of pauses supports "
              "(`pauses_summary.csv`).\n\n",
              name);
    report_pause_table(sheet, summary, shown);
    if (data->pause_count && !dataset_is_counted(data)) {
        sheet_add(sheet,
                  "### Minimum mutator utilisation, allocator %s\n\nIn the worst window of that length, and over the "
                  "worst repetition as a whole, this share was not a pause (`utilisation.csv`).\n\n",
                  name);
        report_utilisation_table(sheet, summary, shown);
    }
    if (data->latency_count) {
        sheet_add(
            sheet,
            "### Latency of requests, allocator %s\n\nSimple: from a request's start to its end. Metered, as in "
            "DaCapo Chopin: requests within that time of each other are taken to arrive at even distances, so that "
            "after a pause they queue; over all: of a whole repetition. ± is half of a percentile's interval (both "
            "ends: `latency_summary.csv`).\n\n",
            name);
        report_latency_table(sheet, summary, shown);
    }
    sheet_add(sheet, "### Leaks\n\nPer repetition, after a last full collection (`summary.csv`, `leaks.csv`). What "
                     "never frees is not listed.\n\n");
    report_leak_table(sheet, summary);
}

/* ---- the whole ---- */

static void add_all(struct sheet *sheet, const struct summary *summary, const json_t *machine, bool drawn)
{
    sheet_add(sheet, "# ");
    sheet_escape(sheet, dataset_name(summary->data, summary->data->run_id));
    sheet_add(sheet, "\n\n");
    add_what(sheet, summary, machine);
    add_compared(sheet, summary->data);
    report_claims(sheet, sheet->run_dir);
    sheet_section(sheet, "short", "In short");
    findings_write(sheet, summary);
    sheet_section(sheet, "machine", "Where it ran");
    char *line = machine_line(machine);
    sheet_escape(sheet, line ? line : "");
    free(line);
    sheet_add(sheet, "\n\n");
    add_machine(sheet, machine);
    sheet_section(sheet, "figures", "Figures");
    add_figures(sheet, summary, drawn);
    sheet_section(sheet, "tables", "Tables");
    add_tables(sheet, summary);
    sheet_section(sheet, "failures", "What did not work");
    report_failure_table(sheet, summary);
    sheet_section(sheet, "again", "Again");
    sheet_add(sheet,
              "`reclaim run %s/experiment.yaml` runs the same experiment; `reclaim report %s` computes, "
              "draws and writes all of this again from its rows. Columns: `results/SCHEMA.md`.\n",
              sheet->run_dir, sheet->run_dir);
}

static int open_file(const char *run_dir, const char *name, FILE **file)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", run_dir, name);
    *file = fopen(path, "wb");
    if (*file)
        return 0;
    int error = -errno;
    return analysis_fail(error, "%s: cannot be written (%s); make the folder writable, or copy the run elsewhere", path,
                         strerror(-error));
}

static int close_file(const char *run_dir, const char *name, FILE *file)
{
    bool failed = ferror(file) != 0;
    if (fclose(file) != 0 || failed)
        return analysis_fail(-EIO, "%s/%s: cannot be written; make room, then run `reclaim report` again", run_dir,
                             name);
    return 0;
}

int report_write(const struct summary *summary, const json_t *machine, const char *run_dir, FILE *out)
{
    bool drawn = plot_all(summary, run_dir, out) != -ENOENT; /* one that failed is left out */
    FILE *markdown, *html;
    int error = open_file(run_dir, "report.md", &markdown);
    if (error)
        return error;
    error = open_file(run_dir, "report.html", &html);
    if (error) {
        fclose(markdown);
        return error;
    }
    struct sheet sheet;
    sheet_open(&sheet, markdown, html, run_dir, dataset_name(summary->data, summary->data->run_id));
    add_all(&sheet, summary, machine, drawn);
    sheet_close(&sheet);
    error = sheet.failed ? analysis_no_memory() : 0;
    int closed = close_file(run_dir, "report.md", markdown);
    error = error ? error : closed;
    closed = close_file(run_dir, "report.html", html);
    error = error ? error : closed;
    if (!error && out)
        fprintf(out, "%s/report.md\n%s/report.html\n", run_dir, run_dir);
    return error;
}
