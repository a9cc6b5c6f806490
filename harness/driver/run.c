#include "driver/run.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/analysis.h"
#include "driver/child.h"
#include "driver/failures.h"
#include "driver/machine.h"
#include "driver/measure.h"
#include "driver/paths.h"
#include "driver/progress.h"
#include "driver/results.h"
#include "driver/say.h"
#include "driver/setting.h"

/* Everything that a run is made of. */
struct run {
    struct setting setting;
    struct results results;
    json_t *machine;
    bool no_report;
    bool is_resumed;
    bool is_part;       /* of what another command does: says only how far it is */
    bool no_room;       /* a row could not be written, which has been said */
    bool *timed_out;    /* by cell: not worth another process */
    char **no_timeline; /* by cell: why it has none, "status\ndetail" */
};

static void run_free(struct run *run)
{
    for (size_t i = 0; run->no_timeline && i < run->setting.plan.cell_count; i++)
        free(run->no_timeline[i]);
    free(run->no_timeline);
    free(run->timed_out);
    json_decref(run->machine);
    results_close(&run->results);
    setting_free(&run->setting);
}

static void print_plan(const struct run *run)
{
    const struct plan *plan = &run->setting.plan;
    for (size_t i = 0; i < plan->cell_count; i++)
        puts(plan->cells[i].label);
    printf("%zu cells, %zu processes, seed %" PRId64 "\n", plan->cell_count, plan->job_count,
           *run->setting.experiment->seed);
}

/* ---- the processes, one at a time */

/* Runs one job, or notes why not. False: the run ends here. */
static bool run_job(struct run *run, size_t index)
{
    const struct job *job = &run->setting.plan.jobs[index];
    struct results *results = &run->results;
    struct measure_end end = {.outcome = MEASURE_FAILED};
    if (run->timed_out[job->cell]) {
        snprintf(end.status, sizeof end.status, "timeout");
        snprintf(end.detail, sizeof end.detail, "not run: another process of this cell ran into the time limit");
        if (!job->timeline && measure_row_without_figures(&run->setting.plan, job, results, end.status, end.detail))
            end.outcome = MEASURE_NO_ROOM;
    } else {
        measure(&run->setting.plan, job, results, &end);
    }
    run->no_room = end.outcome == MEASURE_NO_ROOM;
    if (end.outcome == MEASURE_INTERRUPTED || run->no_room)
        return false;
    if (end.hopeless)
        run->timed_out[job->cell] = true;
    if (job->timeline && end.outcome == MEASURE_FAILED) {
        /* Not done: `resume` tries again. */
        run->no_timeline[job->cell] = must_print("%s\n%s", end.status, end.detail);
        return true;
    }
    run->no_room = results_note_done(results, index) != 0;
    return !run->no_room;
}

/* True if all processes have run. */
static bool run_jobs(struct run *run)
{
    struct progress progress;
    bool go_on = true;
    progress_begin(&progress, run->setting.plan.job_count, run->results.done_count);
    for (size_t i = 0; i < run->setting.plan.job_count && go_on; i++) {
        if (run->results.done[i])
            continue;
        if (child_stop_signal()) {
            go_on = false;
            break;
        }
        progress_show(&progress, run->setting.plan.cells[run->setting.plan.jobs[i].cell].label);
        go_on = run_job(run, i);
        if (go_on)
            progress_step(&progress);
    }
    progress_end(&progress);
    return go_on;
}

/* ---- the end */

static bool cell_has_failure(const struct run *run, const struct cell *cell)
{
    for (size_t i = 0; i < run->results.samples.count; i++) {
        const struct sample *row = &run->results.samples.rows[i];
        if (!sample_is_ok(row) && failure_is_of(row, cell))
            return true;
    }
    return false;
}

/* A cell that failed only when its timeline was taken gets a row that says so, after its others. */
static size_t add_timeline_failures(struct run *run)
{
    size_t added = 0;
    for (uint32_t i = 0; i < run->setting.plan.cell_count; i++) {
        char *why = run->no_timeline[i], *detail = why ? strchr(why, '\n') : NULL;
        if (!detail || cell_has_failure(run, &run->setting.plan.cells[i]))
            continue;
        *detail++ = 0;
        struct job job = {.cell = i, .invocation = *run->setting.experiment->invocations};
        char *said = must_print("when its timeline was taken: %s", detail);
        measure_row_without_figures(&run->setting.plan, &job, &run->results, why, said);
        free(said);
        added++;
    }
    return added;
}

/* What only the whole can tell, and the files that say it. */
static int close_run(struct run *run, bool whole)
{
    if (whole)
        add_timeline_failures(run);
    size_t changed = samples_judge(&run->results.samples);
    if ((changed || run->is_resumed) && results_rewrite_samples(&run->results))
        return -1;
    machine_finish(run->machine);
    return results_write_json(&run->results, "machine.json", json_incref(run->machine));
}

int run_report(const char *folder)
{
    char *paths = NULL;
    size_t size;
    putchar('\n');
    if (analysis_summarise(folder, stdout))
        return -1;
    fflush(stdout);
    FILE *out = open_memstream(&paths, &size);
    int failure = out ? analysis_report(folder, out) : -ENOMEM;
    if (out)
        fclose(out);
    if (!failure)
        paths_print(paths, stdout);
    free(paths);
    return failure ? -1 : 0;
}

/* Says how it went; returns the exit code. */
static int conclude(struct run *run, bool whole)
{
    struct results *results = &run->results;
    if (run->no_room || close_run(run, whole))
        return EXIT_SOME_FAILED;
    if (run->is_part)
        return whole ? EXIT_ALL_OK : child_stop_signal() ? EXIT_INTERRUPTED : EXIT_SOME_FAILED;
    size_t failed = failures_print(&results->samples, stdout);
    printf("%s/%s: %zu rows\n", results->folder, schema_tables[TABLE_SAMPLES].file, results->samples.count);
    if (!whole) {
        say("stopped after %zu of %zu processes; go on with `reclaim resume %s`", results->done_count,
            run->setting.plan.job_count, results->folder);
        return child_stop_signal() ? EXIT_INTERRUPTED : EXIT_SOME_FAILED;
    }
    if (!run->no_report && !experiment_counts(run->setting.experiment) && run_report(results->folder))
        return EXIT_SOME_FAILED;
    return failed ? EXIT_SOME_FAILED : EXIT_ALL_OK;
}

static void print_warnings(const json_t *machine)
{
    const json_t *warnings = json_object_get(machine, "warnings");
    for (size_t i = 0; i < json_array_size(warnings); i++)
        say("note: %s", json_string_value(json_array_get(warnings, i)));
}

/* The folder is open: everything from here to the exit code. */
static int carry_out(struct run *run)
{
    const struct plan *plan = &run->setting.plan;
    run->timed_out = must_resize(NULL, plan->cell_count, sizeof *run->timed_out);
    memset(run->timed_out, 0, plan->cell_count * sizeof *run->timed_out);
    run->no_timeline = must_resize(NULL, plan->cell_count, sizeof *run->no_timeline);
    memset(run->no_timeline, 0, plan->cell_count * sizeof *run->no_timeline);
    run->machine = machine_describe(run->results.run_id, plan, RECLAIM_SOURCE_DIR);
    if (results_write_json(&run->results, "machine.json", json_incref(run->machine)))
        return EXIT_SOME_FAILED;
    if (!run->is_part)
        print_warnings(run->machine);
    say("%s: %zu cells, %zu processes, seed %" PRId64, run->results.folder, plan->cell_count,
        plan->job_count - run->results.done_count, *run->setting.experiment->seed);
    bool whole = run_jobs(run);
    return conclude(run, whole);
}

/* ---- commands */

int run_command(const struct run_options *options)
{
    struct run run = {.no_report = options->no_report};
    int code = EXIT_USAGE;
    if (setting_make(&run.setting, options) == 0) {
        if (options->dry_run) {
            print_plan(&run);
            code = EXIT_ALL_OK;
        } else if (results_create(&run.results, options->out, &run.setting.plan) == 0) {
            code = carry_out(&run);
        }
    }
    if (code == EXIT_USAGE && child_stop_signal())
        code = EXIT_INTERRUPTED;
    run_free(&run);
    return code;
}

int resume_command(const char *folder, bool no_report)
{
    struct run run = {.no_report = no_report, .is_resumed = true};
    int code = EXIT_USAGE;
    char *file = must_print("%s/experiment.yaml", folder);
    const struct run_options options = {.file = file};
    if (access(file, R_OK) != 0)
        say("%s: %s; resume takes the folder of a run, results/<run>", file, strerror(errno));
    else if (setting_make(&run.setting, &options) == 0 && results_reopen(&run.results, folder, &run.setting.plan) == 0)
        code = carry_out(&run);
    run_free(&run);
    free(file);
    return code;
}

int run_into(const char *folder, struct experiment *experiment, struct experiment_source *source)
{
    static const struct run_options none = {0};
    struct run run = {.no_report = true, .is_part = true};
    int code = EXIT_USAGE;
    char *journal = must_print("%s/journal.txt", folder), *file = must_print("%s/experiment.yaml", folder);
    const struct run_options earlier = {.file = file};
    run.is_resumed = access(journal, F_OK) == 0;
    if (run.is_resumed) {
        experiment_free(experiment);
        experiment_source_free(source);
        if (setting_make(&run.setting, &earlier) == 0 && results_reopen(&run.results, folder, &run.setting.plan) == 0)
            code = carry_out(&run);
    } else {
        run.setting.source = *source;
        if (setting_from(&run.setting, experiment, &none) == 0 &&
            results_create(&run.results, folder, &run.setting.plan) == 0)
            code = carry_out(&run);
    }
    run_free(&run);
    *source = (struct experiment_source){0};
    free(journal);
    free(file);
    return code == EXIT_USAGE && child_stop_signal() ? EXIT_INTERRUPTED : code;
}
