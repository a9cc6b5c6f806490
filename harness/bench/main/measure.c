#include "bench/main/measure.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bench/allocator.h"
#include "bench/json.h"
#include "bench/main/params.h"
#include "bench/main/repetition.h"
#include "bench/main/rows.h"
#include "bench/main/traits.h"
#include "bench/memory.h"
#include "bench/message.h"
#include "bench/process.h"

/* How many pauses of a repetition are kept: 32 MiB if they were all used, of which only what is touched is there. */
enum { PAUSES_KEPT = 1 << 20 };

/* How many requests of a repetition are: likewise. */
enum { REQUESTS_KEPT = 1 << 22 };

struct session {
    const struct options *options;
    struct mm_config config;
    bool heap_is_open;
    struct task task;
    struct recorder recorder;
    struct latency latency;
    struct timeline timeline;
    uint64_t operations; /* of a repetition, as the dry one had them; timelines only */
    bool has_checksum;
    uint64_t checksum; /* of the first repetition */
};

static bool times(const struct session *session)
{
    return session->options->mode == MODE_TIME;
}

static bool has_latency(const struct session *session)
{
    return times(session) && session->task.workload->requests;
}

/* What a repetition records while it is timed. */
static struct watch watch_times(struct session *session)
{
    return (struct watch){.recorder = times(session) ? &session->recorder : NULL,
                          .latency = has_latency(session) ? &session->latency : NULL};
}

static int flush(void)
{
    int error = json_flush();
    if (error)
        message("cannot write to stdout: %s", strerror(-error));
    return error;
}

static void session_close(struct session *session)
{
    recorder_close(&session->recorder);
    latency_close(&session->latency);
    timeline_close(&session->timeline);
    memory_unmap(session->task.state, session->task.workload->state_bytes);
}

/* 0 or -ENOMEM. */
static int session_open(struct session *session)
{
    session->task.state = memory_map(session->task.workload->state_bytes);
    int error = times(session) ? recorder_open(&session->recorder, PAUSES_KEPT)
                               : timeline_open(&session->timeline, session->options->samples);
    if (!error && has_latency(session))
        error = latency_open(&session->latency, REQUESTS_KEPT);
    if (!error && session->task.state)
        return 0;
    session_close(session);
    return -ENOMEM;
}

/* A row for what could not be run or went wrong, in place of repetition `number`. */
static int fail(struct session *session, uint64_t number, const struct outcome *outcome)
{
    message("%s: %s", outcome->status, outcome->detail);
    row_sample(number, &session->task, outcome, NULL);
    return BENCH_FAILED;
}

/* 0 or what mm_heap_open gave. */
static int heap_open(struct session *session)
{
    int error = mm_heap_open(&session->config);
    session->heap_is_open = error == 0;
    return error;
}

static void heap_close(struct session *session)
{
    if (session->heap_is_open)
        mm_heap_close();
    session->heap_is_open = false;
}

/* A strategy that never frees starts each repetition afresh: it would only pile them up. */
static int renew_heap(struct session *session, struct outcome *outcome)
{
    if (!(MM_TRAITS & MM_TRAIT_NEVER_FREES))
        return 0;
    heap_close(session);
    int error = heap_open(session);
    if (error) {
        *outcome = (struct outcome){.status = "oom"};
        snprintf(outcome->detail, sizeof outcome->detail, "the heap could not be opened again");
    }
    return error;
}

/* The same work has the same answer each time. */
static void check_repeats(struct session *session, struct outcome *outcome)
{
    if (strcmp(outcome->status, "ok") != 0)
        return;
    if (session->has_checksum && session->checksum != outcome->checksum) {
        outcome->status = "wrong";
        snprintf(outcome->detail, sizeof outcome->detail,
                 "the first repetition of this process had the checksum %016" PRIx64 ", this one %016" PRIx64,
                 session->checksum, outcome->checksum);
    }
    session->has_checksum = true;
    session->checksum = outcome->checksum;
}

static bool has_leaked;

/* What leaked is in the rows: the leak sanitizer, which asks here at exit, need not tell it again. */
int __lsan_is_turned_off(void);

int __lsan_is_turned_off(void)
{
    return has_leaked;
}

static void run_once(struct session *session, const struct watch *watch, struct outcome *outcome)
{
    repetition_run(&session->task, watch, outcome);
    check_repeats(session, outcome);
    has_leaked = has_leaked || outcome->leaked_bytes != 0 || outcome->leaked_objects != 0;
}

/* Warm-ups give no row unless they fail. A timeline needs at least one, to know how long it will be. An allocator keeps
 * what that used, so what is resident besides the heap is known before it alone. */
static int warm_up(struct session *session)
{
    uint64_t count = session->options->warmup;
    if (!times(session) && count == 0)
        count = 1;
    for (uint64_t i = 0; i < count; i++) {
        struct outcome outcome;
        struct watch watch = watch_times(session);
        if (!times(session) && i == 0)
            watch.rss_base_bytes = &session->timeline.rss_base_bytes;
        run_once(session, &watch, &outcome);
        if (strcmp(outcome.status, "ok") == 0 && renew_heap(session, &outcome) == 0) {
            session->operations = outcome.operations;
            continue;
        }
        char detail[sizeof outcome.detail];
        memcpy(detail, outcome.detail, sizeof detail);
        snprintf(outcome.detail, sizeof outcome.detail, "in warm-up: %.480s", detail);
        return fail(session, 0, &outcome);
    }
    return BENCH_OK;
}

static void say_what_is_left_out(const struct session *session)
{
    const struct recorder *recorder = &session->recorder;
    if (times(session) && recorder->count > recorder->kept)
        message("%" PRIu64 " pauses, of which the first %zu are written; the count and the longest are of all",
                recorder->count, recorder->kept);
    const struct latency *latency = &session->latency;
    if (latency->count > latency->kept)
        message("%" PRIu64 " requests, of which the first %zu are in the latencies", latency->count, latency->kept);
    const struct series *collections = &session->timeline.collections;
    if (!times(session) && collections->stride > 1)
        message("%" PRIu64 " collections, of which every %" PRIu64 "th is in the timeline", collections->offered,
                collections->stride);
}

static int repeat(struct session *session, uint64_t number)
{
    struct outcome outcome;
    struct watch watch = watch_times(session);
    if (!times(session)) {
        watch.timeline = &session->timeline;
        watch.operations = session->operations;
    }
    run_once(session, &watch, &outcome);
    if (strcmp(outcome.status, "ok") != 0)
        return fail(session, number, &outcome);
    if (times(session))
        row_pauses(number, &session->recorder);
    else
        row_timeline(number, &session->timeline);
    if (watch.latency)
        row_latencies(number, watch.latency);
    if (times(session))
        row_figures(number, &outcome);
    row_sample(number, &session->task, &outcome, watch.recorder);
    say_what_is_left_out(session);
    if (flush())
        return BENCH_FAILED;
    if (number + 1 < session->options->repetitions && renew_heap(session, &outcome) != 0)
        return fail(session, number + 1, &outcome);
    return BENCH_OK;
}

static int run_all(struct session *session)
{
    int status = warm_up(session);
    for (uint64_t i = 0; status == BENCH_OK && i < session->options->repetitions; i++)
        status = repeat(session, i);
    if (!(MM_TRAITS & MM_TRAIT_THREADS) && !process_is_single_threaded())
        message("a thread was started in this process: malloc is slower from then on");
    return status;
}

/* Opens everything and runs; or says in a row why it cannot. */
static int run_or_explain(struct session *session, int heap_error)
{
    struct outcome outcome = {.status = "unsupported"};
    char missing[256];
    missing_traits(needed_traits(session->task.workload, session->task.params), missing, sizeof missing);
    if (*missing) {
        snprintf(outcome.detail, sizeof outcome.detail, "the workload needs %s, which %s does not have", missing,
                 mm_strategy.name);
    } else if (heap_error) {
        outcome.status = "oom";
        snprintf(outcome.detail, sizeof outcome.detail, "the heap could not be opened: %s", strerror(-heap_error));
    } else if (session_open(session) != 0) {
        outcome.status = "oom";
        snprintf(outcome.detail, sizeof outcome.detail, "no memory for the harness's own records");
    } else {
        int status = run_all(session);
        session_close(session);
        return status;
    }
    return fail(session, 0, &outcome);
}

int measure(const struct options *options, const struct workload_entry *entry, const struct workload_value *params,
            const char *const *strategy_params, const struct harness_values *values)
{
    struct session session = {
        .options = options,
        .config = {.heap_limit_bytes = options->heap_limit_bytes, .params = strategy_params},
        .task =
            {
                .workload = entry->workload,
                .params = params,
                .seed = options->seed,
                .iterations = options->iterations,
                .slowdown_percent = values->slowdown_percent,
                .marks = options->marks,
                .heap_limit_bytes = options->heap_limit_bytes,
            },
    };
    const char *text = params_text(entry->workload, params);
    if (!text)
        return BENCH_FAILED;
    int heap_error = heap_open(&session);
    if (heap_error == -EINVAL) {
        message("strategy %s refuses these parameters together", mm_strategy.name);
        return BENCH_USAGE;
    }
    char allocator[128];
    allocator_loaded(allocator, sizeof allocator);
    row_process(allocator, text, entry->workload->unit ? entry->workload->unit : "");
    if (flush())
        return BENCH_FAILED;
    int status = run_or_explain(&session, heap_error);
    heap_close(&session);
    row_end();
    return flush() ? BENCH_FAILED : status;
}
