/* `--explain`: the experiment, as it was measured. */
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "claims/print.h"
#include "driver/experiment.h"

enum { INDENT = 2, WIDTH = 112 };

static void print_list(const char *what, char *const *items, unsigned count, FILE *out)
{
    struct text text = {0};
    text_add(&text, "%s:", what);
    for (unsigned i = 0; i < count; i++)
        text_add(&text, "%s %s", i ? "," : "", items[i]);
    if (count)
        print_wrapped(text.bytes, INDENT, WIDTH, out);
    text_free(&text);
}

/* "workloads:", and below it a line for each: "rings size=2 count=100". */
static void print_entries(const char *what, const struct experiment_entry *entries, unsigned count, FILE *out)
{
    fprintf(out, "  %s:\n", what);
    for (unsigned i = 0; i < count; i++) {
        struct text text = {0};
        text_add(&text, "%s", entries[i].name);
        for (unsigned j = 0; j < entries[i].params_count; j++)
            text_add(&text, " %s", entries[i].params[j]);
        for (unsigned j = 0; j < entries[i].heap_limits_count; j++)
            text_add(&text, "%s %s", j ? "," : ", heap limit", entries[i].heap_limits[j]);
        print_wrapped(text.bytes, (size_t)2 * INDENT, WIDTH, out);
        text_free(&text);
    }
}

static void print_pilot(const struct experiment_pilot *pilot, FILE *out)
{
    fprintf(out,
            "  more of both as a pilot of %" PRIu32 " x %" PRIu32 " found them needed: at most %" PRIu32 " x %" PRIu32,
            *pilot->invocations, *pilot->repetitions, *pilot->most_invocations, *pilot->most_repetitions);
    fprintf(out, "%s%s%s%s\n", pilot->precision ? ", for a precision of " : "",
            pilot->precision ? pilot->precision : "", pilot->time ? ", within " : "", pilot->time ? pilot->time : "");
}

static void print_counts(const struct experiment *experiment, FILE *out)
{
    static const char *const counted[] = {[COUNTER_INSTRUCTIONS] = "instructions", [COUNTER_SYSCALLS] = "system calls"};
    enum experiment_counter counter = experiment_counter(experiment);
    fprintf(out,
            "  invocations: %" PRIu32 " processes of each cell; repetitions: %" PRIu32 " in each, after %" PRIu32
            " for warming up; iterations: %" PRIu32 "\n",
            *experiment->invocations, *experiment->repetitions, *experiment->warmup, *experiment->iterations);
    if (experiment->pilot)
        print_pilot(experiment->pilot, out);
    if (counter != COUNTER_NONE)
        fprintf(out, "  counted: %s\n", counted[counter]);
    fprintf(out, "  limits of a process: %s s, %s of memory; timeline: %s; seed: %" PRId64 "\n", experiment->timeout_s,
            experiment->memory_limit, *experiment->timeline == SWITCH_ON ? "in a process of its own" : "none",
            *experiment->seed);
}

/* How many cells there were, and which of them failed. */
static void print_cells(const struct rows *rows, FILE *out)
{
    size_t ok = 0, failed = 0;
    for (size_t i = 0; i < rows->cell_count; i++) {
        ok += rows->cells[i].ok;
        failed += rows->cells[i].failed;
    }
    fprintf(out, "  cells: %zu, with %zu rows that are ok and %zu that are not\n", rows->cell_count, ok, failed);
    for (size_t i = 0; i < rows->cell_count; i++) {
        const struct rows_cell *cell = &rows->cells[i];
        if (!cell->failed)
            continue;
        fprintf(out, "    %s %s, %s %s, %s", rows_text(rows, cell->strategy), rows_text(rows, cell->strategy_params),
                rows_text(rows, cell->workload), rows_text(rows, cell->workload_params),
                rows_text(rows, cell->allocator));
        if (cell->heap_limit_bytes)
            fprintf(out, ", within %" PRIu64 " bytes", cell->heap_limit_bytes);
        fprintf(out, ": %s: %s\n", rows_text(rows, cell->failed_status), rows_text(rows, cell->detail));
    }
}

void print_experiment(const struct collection_claim *one, const char *folder, FILE *out)
{
    char *path = must_print("%s/experiment.yaml", folder);
    struct experiment_source source = {0};
    struct experiment *experiment = access(path, R_OK) == 0 ? experiment_read(path, &source) : NULL;
    fprintf(out, "\nexperiment: run %s on %s\n", one->run_id, one->machine);
    if (experiment) {
        experiment_complete(experiment);
        print_counts(experiment, out);
        print_list("allocators", experiment->allocators, experiment->allocators_count, out);
        print_entries("strategies", experiment->strategies, experiment->strategies_count, out);
        print_entries("workloads", experiment->workloads, experiment->workloads_count, out);
        print_list("heap limits (0: none)", experiment->heap_limits, experiment->heap_limits_count, out);
        print_list("heap limits of what collects, times the smallest", experiment->heap_factors,
                   experiment->heap_factors_count, out);
    }
    print_cells(&one->rows, out);
    experiment_free(experiment);
    experiment_source_free(&source);
    free(path);
}
