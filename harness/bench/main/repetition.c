#include "bench/main/repetition.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/clock.h"
#include "bench/main/collect.h"
#include "bench/mark.h"
#include "bench/process.h"

/* While it runs. */
struct repetition {
    struct run run; /* first: run_sample finds the rest by it */
    const struct task *task;
    const struct watch *watch;
    const char *phase; /* for messages */
    bool clock_runs;
    struct counters counters; /* on the clock */
    struct mm_region region;
    struct mm_stats begin, start, stop, end; /* of the repetition, of the clock, of the clock, of the repetition */
};

/* ---- what is recorded */

static void take_point(const struct repetition *repetition, bool is_collection)
{
    struct mm_stats stats;
    mm_stats_get(&stats);
    struct point point = {
        .operations = repetition->run.operations,
        .live_objects = stats.objects_allocated - stats.objects_freed,
        .live_bytes = stats.bytes_allocated - stats.bytes_freed,
        .footprint_bytes = stats.footprint_bytes,
        .rss_bytes = process_rss_bytes(),
    };
    struct timeline *timeline = repetition->watch->timeline;
    if (is_collection)
        timeline_collection(timeline, &point);
    else
        timeline_sample(timeline, &point);
}

static void record_pause(const struct mm_event *event, void *context)
{
    struct recorder *recorder = context;
    if (event->kind == MM_EVENT_PAUSE_BEGIN)
        recorder_pause_begin(recorder, (uint32_t)event->cause, (uint32_t)event->generation);
    else if (event->kind == MM_EVENT_PAUSE_END)
        recorder_pause_end(recorder, event->freed);
}

static void record_collection(const struct mm_event *event, void *context)
{
    if (event->kind == MM_EVENT_PAUSE_END && event->cause == MM_PAUSE_COLLECTION)
        take_point(context, true);
}

void run_sample(struct run *run)
{
    const struct repetition *repetition = (const struct repetition *)run;
    struct timeline *timeline = repetition->watch->timeline;
    if (repetition->watch->latency && repetition->clock_runs) {
        latency_request(repetition->watch->latency);
        return; /* until_sample stays 1: at the next request again */
    }
    if (!timeline || !repetition->clock_runs) {
        run->until_sample = UINT64_MAX;
        return;
    }
    take_point(repetition, false);
    run->until_sample = timeline_until_sample(timeline, run->operations);
}

/* The first thing on the clock: so that time 0 of what is recorded is not before it, and no pause ends after it. */
static void clock_started(struct repetition *repetition)
{
    repetition->clock_runs = true;
    const struct watch *watch = repetition->watch;
    if (watch->recorder)
        recorder_start(watch->recorder);
    if (watch->latency) {
        latency_start(watch->latency);
        repetition->run.until_sample = 1;
    }
    if (watch->timeline) {
        timeline_start(watch->timeline, watch->operations);
        run_sample(&repetition->run);
    }
}

static void listen(struct repetition *repetition)
{
    if (repetition->watch->recorder)
        mm_listen(record_pause, repetition->watch->recorder);
    else if (repetition->watch->timeline)
        mm_listen(record_collection, repetition);
}

/* What the heap holds may lie in pages that nothing has touched yet, so the base is at least what was resident before.
 */
static void note_rss_base(const struct repetition *repetition, uint64_t before_bytes)
{
    uint64_t after_bytes = process_rss_bytes();
    uint64_t begin = repetition->begin.footprint_bytes, start = repetition->start.footprint_bytes;
    uint64_t made_bytes = start > begin ? start - begin : 0;
    uint64_t base = after_bytes > made_bytes ? after_bytes - made_bytes : 0;
    *repetition->watch->rss_base_bytes = base > before_bytes ? base : before_bytes;
}

/* ---- what Google Benchmark calls */

static int before_clock(void *context)
{
    struct repetition *repetition = context;
    struct run *run = &repetition->run;
    const struct workload *workload = repetition->task->workload;
    uint64_t rss_bytes = repetition->watch->rss_base_bytes ? process_rss_bytes() : 0;
    mm_region_begin(&repetition->region);
    repetition->phase = "setup";
    int error = workload->setup ? workload->setup(run) : 0;
    if (error) {
        mm_region_end(&repetition->region);
        return error;
    }
    repetition->phase = "the timed part";
    run->operations = 0;
    mm_stats_get(&repetition->start);
    if (repetition->watch->rss_base_bytes)
        note_rss_base(repetition, rss_bytes);
    listen(repetition);
    counters_start();
    return 0;
}

/* Works for nothing, until what began at `start_ns` has taken so much more of the processor: a program that is slower
 * waits no more for others than it did. */
static void slow_down(uint64_t start_ns, uint64_t percent)
{
    uint64_t now_ns = clock_cpu_ns(), end_ns = now_ns + (now_ns - start_ns) * percent / 100;
    while (now_ns < end_ns)
        now_ns = clock_cpu_ns();
}

static int on_clock(void *context)
{
    struct repetition *repetition = context;
    if (!repetition->clock_runs)
        clock_started(repetition);
    uint64_t percent = repetition->task->slowdown_percent, start_ns = percent ? clock_cpu_ns() : 0;
    if (repetition->task->marks)
        mark(MARK_BEGIN);
    int error = repetition->task->workload->run(&repetition->run);
    if (repetition->task->marks)
        mark(MARK_END);
    if (percent)
        slow_down(start_ns, percent);
    return error;
}

static void after_clock(void *context)
{
    struct repetition *repetition = context;
    counters_stop(&repetition->counters);
    if (repetition->task->marks)
        mark(MARK_DONE);
    struct timeline *timeline = repetition->watch->timeline;
    if (timeline && !timeline_has_sample(timeline, repetition->run.operations))
        run_sample(&repetition->run);
    repetition->clock_runs = false;
    mm_listen(NULL, NULL);
    mm_stats_get(&repetition->stop);
    const struct workload *workload = repetition->task->workload;
    if (workload->teardown)
        workload->teardown(&repetition->run);
    mm_region_end(&repetition->region);
}

/* ---- what came of it */

static void fail(struct outcome *outcome, const char *status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void fail(struct outcome *outcome, const char *status, const char *format, ...)
{
    outcome->status = status;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(outcome->detail, sizeof outcome->detail, format, arguments);
    va_end(arguments);
}

static void explain_error(const struct repetition *repetition, int error, struct outcome *outcome)
{
    const char *text = repetition->run.message;
    size_t limit = repetition->task->heap_limit_bytes;
    if (error == -ENOMEM && *text)
        fail(outcome, "oom", "%s", text);
    else if (error == -ENOMEM && limit)
        fail(outcome, "oom", "an allocation failed in %s; the heap limit is %zu bytes", repetition->phase, limit);
    else if (error == -ENOMEM)
        fail(outcome, "oom", "an allocation failed in %s; there is no heap limit, so the system had no more",
             repetition->phase);
    else if (*text)
        fail(outcome, "error", "%s", text);
    else
        fail(outcome, "error", "%s failed: %s", repetition->phase, strerror(-error));
}

static uint64_t sum(const uint64_t values[MM_GENERATIONS])
{
    uint64_t total = 0;
    for (int i = 0; i < MM_GENERATIONS; i++)
        total += values[i];
    return total;
}

static void fill_leak(const struct repetition *repetition, struct outcome *outcome)
{
    const struct mm_stats *begin = &repetition->begin, *end = &repetition->end;
    outcome->live_bytes_end = end->bytes_allocated - end->bytes_freed;
    outcome->leaked_bytes = (int64_t)(outcome->live_bytes_end - (begin->bytes_allocated - begin->bytes_freed));
    outcome->leaked_objects =
        (int64_t)((end->objects_allocated - end->objects_freed) - (begin->objects_allocated - begin->objects_freed));
}

static void fill(const struct repetition *repetition, struct outcome *outcome)
{
    const struct mm_stats *start = &repetition->start, *stop = &repetition->stop;
    outcome->operations = repetition->run.operations;
    outcome->checksum = repetition->run.checksum;
    outcome->objects_allocated = stop->objects_allocated - start->objects_allocated;
    outcome->bytes_allocated = stop->bytes_allocated - start->bytes_allocated;
    outcome->counters = repetition->counters;
    outcome->collections = sum(stop->collections) - sum(start->collections);
    outcome->gc_ns = sum(stop->collection_ns) - sum(start->collection_ns);
    outcome->figure_count = repetition->run.figure_count;
    memcpy(outcome->figures, repetition->run.figures, sizeof outcome->figures);
    if (outcome->figure_count > RUN_FIGURES)
        fail(outcome, "error", "the workload reports %zu figures; a row has room for %d", outcome->figure_count,
             RUN_FIGURES);
}

/* Whether a leak of this workload is what the traits say. */
static bool leak_is_expected(const struct task *task)
{
    if (MM_TRAITS & MM_TRAIT_NEVER_FREES)
        return true;
    const uint32_t frees_cycles = MM_TRAIT_CYCLES | MM_TRAIT_EXPLICIT_FREE | MM_TRAIT_REGIONS;
    if (MM_TRAITS & frees_cycles)
        return false;
    return task->workload->makes_cycles && task->workload->makes_cycles(task->params);
}

/* A stale word can keep one structure, and a later repetition find it dead; it does not keep most of what was made. */
static bool leak_is_conservative(const struct repetition *repetition, const struct outcome *outcome)
{
    uint64_t made = repetition->end.objects_allocated - repetition->begin.objects_allocated;
    uint64_t leaked = (uint64_t)llabs(outcome->leaked_objects);
    return MM_TRAITS & MM_TRAIT_CONSERVATIVE && leaked <= made / 2;
}

static void judge(const struct repetition *repetition, struct outcome *outcome)
{
    bool leaked = outcome->leaked_objects != 0 || outcome->leaked_bytes != 0;
    bool negative = outcome->leaked_objects < 0 || outcome->leaked_bytes < 0;
    bool is_expected = leak_is_expected(repetition->task) && !negative;
    if (leaked && !is_expected && !leak_is_conservative(repetition, outcome))
        fail(outcome, "wrong", "leaked %" PRId64 " objects, %" PRId64 " bytes, which the traits of %s do not explain",
             outcome->leaked_objects, outcome->leaked_bytes, mm_strategy.name);
#if !defined NDEBUG || (MM_TRAITS & MM_TRAIT_CHECKS)
    const char *broken = mm_heap_check();
    if (broken)
        fail(outcome, "wrong", "the heap is damaged after the repetition: %s", broken);
#endif
}

/* Where a peak is only known to a step, what is held at the end of the timed part may be above it. */
static uint64_t peak_footprint_bytes(const struct mm_stats *stop, const struct mm_stats *torn_down)
{
    uint64_t peak = torn_down->peak_footprint_bytes;
    return stop->peak_footprint_bytes > peak ? stop->peak_footprint_bytes : peak;
}

void repetition_run(const struct task *task, const struct watch *watch, struct outcome *outcome)
{
    struct repetition repetition = {
        .run = {.params = task->params, .seed = task->seed, .state = task->state, .until_sample = UINT64_MAX},
        .task = task,
        .watch = watch,
        .phase = "the harness",
    };
    struct gbench_work work = {before_clock, on_clock, after_clock, &repetition, task->iterations};
    *outcome = (struct outcome){.status = "ok"};
    if (task->workload->state_bytes)
        memset(task->state, 0, task->workload->state_bytes);
    mm_stats_reset_peak();
    mm_stats_get(&repetition.begin);
    int error = gbench_run(&work, &outcome->times);
    struct mm_stats torn_down;
    mm_stats_get(&torn_down);
    outcome->peak_footprint_bytes = peak_footprint_bytes(&repetition.stop, &torn_down);
    outcome->peak_rss_bytes = process_peak_rss_bytes();
    collect_everything();
    mm_stats_get(&repetition.end);
    fill_leak(&repetition, outcome);
    if (error) {
        explain_error(&repetition, error, outcome);
        return;
    }
    fill(&repetition, outcome);
    judge(&repetition, outcome);
}
