#include "driver/pilot.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/repetition_plan.h"
#include "driver/awake.h"
#include "driver/child.h"
#include "driver/failures.h"
#include "driver/measure.h"
#include "driver/probes.h"
#include "driver/progress.h"
#include "driver/say.h"

/* What the pilot found of a cell. Times are in ns. */
struct found {
    bool known; /* it has times and a spread */
    struct variances variances;
    struct level_costs costs;
    struct counts counts;
};

struct pilot {
    struct plan *plan; /* of the run */
    struct plan trial; /* the same cells, with the pilot's counts; its texts are the other's */
    struct results results;
    bool *done; /* by the trial's job */
    size_t done_count;
    struct found *found; /* by cell */
};

/* ---- the trial's plan */

static void trial_make(struct pilot *pilot)
{
    const struct experiment_pilot *wanted = pilot->plan->experiment->pilot;
    struct plan *trial = &pilot->trial;
    *trial = *pilot->plan;
    trial->jobs = NULL;
    trial->cells = must_resize(NULL, trial->cell_count, sizeof *trial->cells);
    memcpy(trial->cells, pilot->plan->cells, trial->cell_count * sizeof *trial->cells);
    for (size_t i = 0; i < trial->cell_count; i++) {
        trial->cells[i].invocations = *wanted->invocations;
        trial->cells[i].repetitions = *wanted->repetitions;
        trial->cells[i].rank = 0;
    }
    plan_make_jobs(trial);
    size_t timed = 0;
    for (size_t i = 0; i < trial->job_count; i++)
        if (!trial->jobs[i].timeline)
            trial->jobs[timed++] = trial->jobs[i];
    trial->job_count = timed;
    pilot->done = must_resize(NULL, timed, sizeof *pilot->done);
    memset(pilot->done, 0, timed * sizeof *pilot->done);
}

static void pilot_free(struct pilot *pilot)
{
    free(pilot->trial.cells);
    free(pilot->trial.jobs);
    free(pilot->done);
    free(pilot->found);
    results_close(&pilot->results);
}

/* ---- rows */

static bool is_of(const struct sample *row, const struct plan *plan, const struct job *job)
{
    return sample_number(row, SAMPLES_invocation) == job->invocation && failure_is_of(row, &plan->cells[job->cell]);
}

/* What an earlier session measured need not be measured again. */
static void take_earlier(const struct sample *rows, size_t count, void *context)
{
    struct pilot *pilot = context;
    (void)count;
    for (size_t i = 0; i < pilot->trial.job_count; i++)
        if (!pilot->done[i] && is_of(rows, &pilot->trial, &pilot->trial.jobs[i])) {
            pilot->done[i] = true;
            pilot->done_count++;
        }
}

static enum pilot_end measure_all(struct pilot *pilot)
{
    const struct plan *trial = &pilot->trial;
    struct measure_end end = {.outcome = MEASURE_OK};
    struct progress progress;
    bool *hopeless = must_resize(NULL, trial->cell_count, sizeof *hopeless);
    memset(hopeless, 0, trial->cell_count * sizeof *hopeless);
    struct awake awake;
    awake_begin(&awake, trial->experiment);
    progress_begin(&progress, trial->job_count, pilot->done_count);
    for (size_t i = 0; i < trial->job_count && end.outcome < MEASURE_INTERRUPTED; i++) {
        uint32_t cell = trial->jobs[i].cell;
        if (pilot->done[i])
            continue;
        progress_show(&progress, trial->cells[cell].label);
        if (child_stop_signal())
            end.outcome = MEASURE_INTERRUPTED;
        else if (!hopeless[cell])
            measure(trial, &trial->jobs[i], &pilot->results, &end);
        hopeless[cell] |= end.hopeless;
        progress_step(&progress);
    }
    progress_end(&progress);
    awake_end(&awake);
    free(hopeless);
    return end.outcome == MEASURE_NO_ROOM       ? PILOT_NO_ROOM
           : end.outcome == MEASURE_INTERRUPTED ? PILOT_INTERRUPTED
                                                : PILOT_DONE;
}

/* ---- from rows to what is known of a cell */

/* The times of a cell, an invocation after the other. */
struct times {
    double *values;
    size_t *starts, count, groups;
    double process_first, process_step; /* sums over invocations: until the first row, from one row to the next */
    bool failed;
    double failed_ns; /* how long a process took that failed */
};

/* One process's rows. */
static void take_invocation(struct times *times, const struct pilot *pilot, const struct job *job)
{
    const struct samples *samples = &pilot->results.samples;
    double first = 0, last = 0;
    size_t count = 0;
    for (size_t i = 0; i < samples->count; i++) {
        const struct sample *row = &samples->rows[i];
        if (!is_of(row, &pilot->trial, job))
            continue;
        last = (double)sample_number(row, SAMPLES_process_ns);
        first = count ? first : last;
        if (!sample_is_ok(row)) {
            times->failed = true;
            times->failed_ns = last;
            return;
        }
        double operations = (double)sample_number(row, SAMPLES_operations);
        times->values[times->count++] = (double)sample_number(row, SAMPLES_wall_ns) / (operations > 0 ? operations : 1);
        count++;
    }
    if (count < 2)
        return;
    times->starts[++times->groups] = times->count;
    times->process_first += first;
    times->process_step += (last - first) / (double)(count - 1);
}

static void learn(struct pilot *pilot, uint32_t cell)
{
    const struct plan *trial = &pilot->trial;
    struct found *found = &pilot->found[cell];
    const struct cell *of = &trial->cells[cell];
    struct times times = {.values = must_resize(NULL, (size_t)of->invocations * of->repetitions, sizeof *times.values),
                          .starts = must_resize(NULL, of->invocations + 1u, sizeof *times.starts)};
    times.starts[0] = 0;
    for (size_t i = 0; i < trial->job_count && !times.failed; i++)
        if (trial->jobs[i].cell == cell)
            take_invocation(&times, pilot, &trial->jobs[i]);
    const struct nested nested = {times.values, times.starts, times.groups};
    found->known = !times.failed && times.groups >= 2;
    if (found->known) {
        double repetition = times.process_step / (double)times.groups;
        double before = times.process_first / (double)times.groups - repetition;
        found->variances = variances_of(&nested);
        found->costs = (struct level_costs){before > 0 ? before : 0, repetition};
        found->known = found->variances.mean > 0 && repetition > 0;
    }
    if (!found->known)
        found->costs = (struct level_costs){times.failed_ns, 0};
    free(times.values);
    free(times.starts);
}

/* ---- counts */

static struct count_bounds bounds_of(const struct experiment *experiment)
{
    const struct experiment_pilot *pilot = experiment->pilot;
    return (struct count_bounds){{*experiment->invocations, *experiment->repetitions},
                                 {*pilot->most_invocations, *pilot->most_repetitions}};
}

/* Of all processes of a cell, its timeline included. */
static double time_of(const struct pilot *pilot, const struct found *found)
{
    bool timeline = *pilot->plan->experiment->timeline == SWITCH_ON;
    double once = found->costs.invocation + found->costs.repetition;
    return plan_time(&found->costs, found->counts) + (timeline ? once : 0);
}

/* Counts that are to reach a half-width; cells of which nothing is known get the fewest. Returns the time of all. */
static double count_for(struct pilot *pilot, double half_width)
{
    struct count_bounds bounds = bounds_of(pilot->plan->experiment);
    double time = 0;
    for (size_t i = 0; i < pilot->plan->cell_count; i++) {
        struct found *found = &pilot->found[i];
        found->counts =
            found->known ? plan_for_precision(&found->variances, &found->costs, half_width, &bounds) : bounds.least;
        time += time_of(pilot, found);
    }
    return time;
}

enum { HALVINGS = 40 };

/* For the precision that is wanted, or the best that fits into the time. */
static void count_all(struct pilot *pilot)
{
    const struct experiment_pilot *wanted = pilot->plan->experiment->pilot;
    double narrow = 1e-4, wide = 10;
    uint64_t time_ns = UINT64_MAX;
    if (wanted->precision)
        parse_share(wanted->precision, &narrow);
    if (wanted->time)
        parse_duration(wanted->time, &time_ns);
    if (count_for(pilot, narrow) <= (double)time_ns)
        return;
    for (int i = 0; i < HALVINGS; i++) { /* the time falls as the interval widens */
        double middle = sqrt(narrow * wide);
        if (count_for(pilot, middle) <= (double)time_ns)
            wide = middle;
        else
            narrow = middle;
    }
    if (count_for(pilot, wide) > (double)time_ns)
        say("note: the fewest invocations and repetitions take longer than %s already", wanted->time);
}

static void give_counts(struct pilot *pilot)
{
    for (size_t i = 0; i < pilot->plan->cell_count; i++) {
        const struct found *found = &pilot->found[i];
        struct cell *cell = &pilot->plan->cells[i];
        double ns = time_of(pilot, found);
        cell->invocations = found->counts.invocations;
        cell->repetitions = found->counts.repetitions;
        cell->expected_ns = ns >= 1 ? (uint64_t)ns : 1;
        cell->expected_share = found->known ? plan_half_width(&found->variances, found->counts) : 0;
    }
    plan_make_jobs(pilot->plan);
}

/* The most that is allowed may be too few. */
static void say_unreached(const struct pilot *pilot)
{
    const struct experiment_pilot *wanted = pilot->plan->experiment->pilot;
    double share = 1;
    size_t unreached = 0;
    if (wanted->time || !wanted->precision || !parse_share(wanted->precision, &share))
        return;
    for (size_t i = 0; i < pilot->plan->cell_count; i++)
        unreached += pilot->plan->cells[i].expected_share > share;
    if (unreached)
        say("note: with at most %" PRIu32 " invocations of %" PRIu32
            " repetitions, %zu of %zu cells are not expected to "
            "reach %s",
            *wanted->most_invocations, *wanted->most_repetitions, unreached, pilot->plan->cell_count,
            wanted->precision);
}

enum pilot_end pilot_run(struct plan *plan, const struct results *run)
{
    struct pilot pilot = {.plan = plan};
    enum pilot_end end = PILOT_NO_ROOM;
    trial_make(&pilot);
    results_begin_pilot(&pilot.results, run);
    if (probes_take_up(&pilot.results, *plan->experiment->pilot->repetitions, take_earlier, &pilot) == 0 &&
        results_open_tables(&pilot.results) == 0) {
        say("%s: a pilot of %zu processes, to fix how often each cell is measured", run->folder,
            pilot.trial.job_count - pilot.done_count);
        end = measure_all(&pilot);
    }
    if (end == PILOT_DONE) {
        pilot.found = must_resize(NULL, plan->cell_count, sizeof *pilot.found);
        memset(pilot.found, 0, plan->cell_count * sizeof *pilot.found);
        for (uint32_t i = 0; i < plan->cell_count; i++)
            learn(&pilot, i);
        count_all(&pilot);
        give_counts(&pilot);
        say_unreached(&pilot);
    }
    pilot_free(&pilot);
    return end;
}
