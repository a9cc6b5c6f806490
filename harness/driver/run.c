#include "driver/run.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "analysis/analysis.h"
#include "driver/awake.h"
#include "driver/child.h"
#include "driver/failures.h"
#include "driver/machine.h"
#include "driver/measure.h"
#include "driver/paths.h"
#include "driver/plan_print.h"
#include "driver/prepare.h"
#include "driver/progress.h"
#include "driver/results.h"
#include "driver/say.h"
#include "driver/seal.h"
#include "driver/setting.h"

/* Everything that a run is made of. */
struct run {
    struct setting setting;
    struct results results;
    json_t *machine;
    bool no_report;
    bool is_resumed;
    bool is_part;     /* of what another command does: says only how far it is */
    bool no_room;     /* a row could not be written, which has been said */
    bool *timed_out;  /* by cell: not worth another process */
    size_t processes; /* of this session, and how long all of them took */
    uint64_t processes_ns;
};

static void run_free(struct run *run)
{
    free(run->timed_out);
    json_decref(run->machine);
    results_close(&run->results);
    setting_free(&run->setting);
}

/* ---- the processes, one at a time */

/* Runs one job, or notes why not. False: the run ends here. */
static bool run_job(struct run *run, size_t index)
{
    const struct job *job = &run->setting.plan.jobs[index];
    struct results *results = &run->results;
    struct measure_end end = {.outcome = MEASURE_FAILED};
    if (run->timed_out[job->cell]) {
        static const char why[] = "not run: another process of this cell ran into the time limit";
        if (measure_row_without_figures(&run->setting.plan, job, results, "timeout", why))
            end.outcome = MEASURE_NO_ROOM;
    } else {
        measure(&run->setting.plan, job, results, &end);
    }
    run->processes += end.elapsed_ns > 0;
    run->processes_ns += end.elapsed_ns;
    run->no_room = end.outcome == MEASURE_NO_ROOM;
    if (end.outcome == MEASURE_INTERRUPTED || run->no_room)
        return false;
    if (end.hopeless)
        run->timed_out[job->cell] = true;
    run->no_room = results_note_done(results, index) != 0;
    return !run->no_room;
}

/* How many are to be run here. */
static size_t jobs_of(const struct run *run)
{
    return run->setting.plan.job_count - run->setting.plan.jobs_elsewhere;
}

/* What the command costs beside the processes that it starts: between them, and its own CPU time, part of which falls
 * into theirs. */
static void note_own_time(struct run *run, uint64_t session_ns)
{
    struct rusage usage;
    if (!run->processes || getrusage(RUSAGE_SELF, &usage) != 0)
        return;
    double cpu_ms = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
                    (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
    double between_ms = (double)(session_ns - run->processes_ns) / 1e6, count = (double)run->processes;
    json_object_set_new(run->machine, "command",
                        json_pack("{s:I, s:f, s:f}", "processes", (json_int_t)run->processes, "cpu_ms_each",
                                  cpu_ms / count, "between_ms_each", between_ms / count));
}

/* True if all processes have run. */
static bool run_jobs(struct run *run)
{
    struct progress progress;
    bool go_on = true;
    uint64_t begun_ns = clock_ns();
    struct awake awake;
    awake_begin(&awake, run->setting.experiment);
    json_object_set_new(run->machine, "cores_kept_awake", json_integer((json_int_t)awake.count));
    progress_begin(&progress, jobs_of(run), run->results.done_count);
    for (size_t i = 0; i < run->setting.plan.job_count && go_on; i++) {
        if (run->results.done[i] || run->setting.plan.jobs[i].elsewhere)
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
    note_own_time(run, clock_ns() - begun_ns);
    awake_end(&awake);
    return go_on;
}

/* ---- the end */

/* What only the whole can tell, and the files that say it. */
static int close_run(struct run *run)
{
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
    child_unwatch_signals();
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
    if (run->no_room || close_run(run) || (whole && results_seal(results)))
        return EXIT_SOME_FAILED;
    if (run->is_part)
        return whole ? EXIT_ALL_OK : child_stop_signal() ? EXIT_INTERRUPTED : EXIT_SOME_FAILED;
    size_t failed = failures_print(&results->samples, stdout);
    printf("%s/%s: %zu rows\n", results->folder, schema_tables[TABLE_SAMPLES].file, results->samples.count);
    if (!whole) {
        say("stopped after %zu of %zu processes; go on with `reclaim resume %s`", results->done_count, jobs_of(run),
            results->folder);
        return child_stop_signal() ? EXIT_INTERRUPTED : EXIT_SOME_FAILED;
    }
    if (!run->no_report && run_report(results->folder))
        return EXIT_SOME_FAILED;
    return failed ? EXIT_SOME_FAILED : EXIT_ALL_OK;
}

static void print_warnings(const json_t *machine)
{
    const json_t *warnings = json_object_get(machine, "warnings");
    for (size_t i = 0; i < json_array_size(warnings); i++)
        say("note: %s", json_string_value(json_array_get(warnings, i)));
}

/* What an earlier session found out. */
static void note_timed_out(struct run *run)
{
    const struct plan *plan = &run->setting.plan;
    for (size_t i = 0; i < run->results.samples.count; i++) {
        const struct sample *row = &run->results.samples.rows[i];
        const char *status = row->values[SAMPLES_status];
        for (size_t cell = 0; status && strcmp(status, "timeout") == 0 && cell < plan->cell_count; cell++)
            if (failure_is_of(row, &plan->cells[cell]))
                run->timed_out[cell] = true;
    }
}

/* The folder is open: everything from here to the exit code. */
static int carry_out(struct run *run)
{
    const struct plan *plan = &run->setting.plan;
    run->timed_out = must_resize(NULL, plan->cell_count, sizeof *run->timed_out);
    memset(run->timed_out, 0, plan->cell_count * sizeof *run->timed_out);
    note_timed_out(run);
    run->machine = machine_describe(run->results.run_id, plan, RECLAIM_SOURCE_DIR);
    if (run->is_resumed)
        machine_go_on(run->machine, run->results.folder);
    if (results_write_json(&run->results, "machine.json", json_incref(run->machine)))
        return EXIT_SOME_FAILED;
    if (!run->is_part)
        print_warnings(run->machine);
    size_t cells;
    free(plan_cells_here(plan, &cells));
    say("%s: %zu cells, %zu processes, seed %" PRId64, run->results.folder, cells,
        jobs_of(run) - run->results.done_count, *run->setting.experiment->seed);
    bool whole = run_jobs(run);
    return conclude(run, whole);
}

/* ---- beginning, and going on */

/* A new run. Returns the exit code. */
static int begin(struct run *run, const struct run_options *options)
{
    struct plan *plan = &run->setting.plan;
    struct results *results = &run->results;
    /* What can be wrong with the options is said before there is a folder; without limits the cells are known. */
    if (!run->setting.experiment->heap_factors_count && prepare_given(plan, options))
        return EXIT_USAGE;
    if (results_create(results, options->out, run->setting.experiment))
        return EXIT_USAGE;
    int code = prepare_new(plan, results, options);
    if (code == EXIT_ALL_OK && results_start(results, plan))
        code = EXIT_SOME_FAILED;
    if (code != EXIT_ALL_OK)
        return code;
    if (options->dry_run || (run->setting.experiment->pilot && !run->is_part))
        plan_print(plan, stdout);
    if (!options->dry_run)
        return carry_out(run);
    say("%s: planned, and not begun; `reclaim resume %s` measures it", results->folder, results->folder);
    return EXIT_ALL_OK;
}

/* Nothing is missing. Returns the exit code. */
static int say_finished(const struct run *run, const char *folder)
{
    seal_warn(folder);
    if (!run->is_part)
        say("%s: is finished, and nothing is missing; `reclaim verify %s` checks it", folder, folder);
    return EXIT_ALL_OK;
}

/* Its folder is locked. */
static int take_on(struct run *run, const struct run_options *options)
{
    struct plan *plan = &run->setting.plan;
    int code = run->is_resumed ? prepare_again(plan, &run->results) : prepare_new(plan, &run->results, options);
    if (code != EXIT_ALL_OK)
        return code;
    bool open = (run->is_resumed ? results_reopen(&run->results, plan) : results_start(&run->results, plan)) == 0;
    return open ? carry_out(run) : EXIT_USAGE;
}

/* One that was cut off, if need be before it had a plan. Returns the exit code. */
static int go_on(struct run *run, const char *folder)
{
    char *file = must_print("%s/experiment.yaml", folder), *plan = must_print("%s/plan.json", folder);
    const struct run_options options = {.file = file};
    int code = EXIT_USAGE;
    run->is_resumed = access(plan, F_OK) == 0;
    if (access(file, R_OK) != 0)
        say("%s: %s; resume takes the folder of a run, results/<run>", file, strerror(errno));
    else if (seal_exists(folder))
        code = say_finished(run, folder);
    else if (results_take_up(&run->results, folder) == 0 && setting_make(&run->setting, &options) == 0)
        code = take_on(run, &options);
    free(file);
    free(plan);
    return code == EXIT_USAGE && child_stop_signal() ? EXIT_INTERRUPTED : code;
}

/* ---- commands */

/* What can be planned without measuring is only printed. */
static int print_only(struct plan *plan, const struct run_options *options)
{
    if (prepare_given(plan, options))
        return EXIT_USAGE;
    plan_print(plan, stdout);
    return EXIT_ALL_OK;
}

int run_command(const struct run_options *given)
{
    struct run run = {.no_report = given->no_report};
    struct run_options options = *given;
    char *file = given->plan ? must_print("%s/experiment.yaml", given->plan) : NULL;
    int code = EXIT_USAGE;
    if (!options.file)
        options.file = file;
    if (setting_make(&run.setting, &options) == 0 && prepare_check(run.setting.experiment, &options) == 0) {
        bool only_print = options.dry_run && !prepare_measures(run.setting.experiment, &options);
        code = only_print ? print_only(&run.setting.plan, &options) : begin(&run, &options);
    }
    if (code == EXIT_USAGE && child_stop_signal())
        code = EXIT_INTERRUPTED;
    run_free(&run);
    free(file);
    return code;
}

int resume_command(const char *folder, bool no_report)
{
    struct run run = {.no_report = no_report};
    int code = go_on(&run, folder);
    run_free(&run);
    return code;
}

int run_into(const char *folder, struct experiment *experiment, struct experiment_source *source)
{
    static const struct run_options none = {0};
    struct run run = {.no_report = true, .is_part = true};
    int code = EXIT_USAGE;
    char *file = must_print("%s/experiment.yaml", folder);
    if (access(file, F_OK) == 0) {
        experiment_free(experiment);
        experiment_source_free(source);
        code = go_on(&run, folder);
    } else {
        run.setting.source = *source;
        if (setting_from(&run.setting, experiment, &none) == 0)
            code = begin(&run, &(struct run_options){.out = folder});
    }
    run_free(&run);
    *source = (struct experiment_source){0};
    free(file);
    return code == EXIT_USAGE && child_stop_signal() ? EXIT_INTERRUPTED : code;
}
