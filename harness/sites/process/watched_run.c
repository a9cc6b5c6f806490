#include "sites/process/watched_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/main/collect.h"
#include "bench/main/traits.h"
#include "bench/message.h"
#include "sites/process/snapshots.h"

struct watched {
    struct run run; /* first: run_sample finds the rest by it */
    const struct workload *workload;
    const char *phase; /* for messages */
    uint64_t iterations, operations_expected;
    const struct moments *moments; /* NULL: no snapshots */
    size_t next;                   /* of the moments */
    bool has_failed;               /* a snapshot could not be taken */
};

/* ---- the snapshots */

/* How many operations are done when the moment has come. */
static uint64_t due(const struct watched *watched)
{
    return watched->operations_expected * (uint64_t)watched->moments->percent[watched->next] / 100;
}

static void snapshot(struct watched *watched, int moment)
{
    if (watched->moments && snapshot_take(moment, watched->run.operations))
        watched->has_failed = true;
}

void run_sample(struct run *run)
{
    struct watched *watched = (struct watched *)run;
    const struct moments *moments = watched->moments;
    run->until_sample = UINT64_MAX;
    while (moments && watched->next < moments->count) {
        if (due(watched) > run->operations) {
            run->until_sample = due(watched) - run->operations;
            return;
        }
        snapshot(watched, moments->percent[watched->next++]);
    }
}

/* ---- a repetition */

static int iterate(struct watched *watched)
{
    int error = 0;
    watched->run.operations = 0;
    watched->phase = "the iterations";
    snapshot(watched, MOMENT_SETUP);
    run_sample(&watched->run);
    for (uint64_t i = 0; i < watched->iterations && !error; i++)
        error = watched->workload->run(&watched->run);
    watched->run.until_sample = UINT64_MAX;
    for (; watched->moments && watched->next < watched->moments->count; watched->next++)
        snapshot(watched, watched->moments->percent[watched->next]);
    snapshot(watched, MOMENT_END);
    return error;
}

static int repeat(struct watched *watched)
{
    const struct workload *workload = watched->workload;
    struct mm_region region;
    mm_region_begin(&region);
    watched->phase = "setup";
    int error = workload->setup ? workload->setup(&watched->run) : 0;
    if (!error) {
        error = iterate(watched);
        if (workload->teardown)
            workload->teardown(&watched->run);
    }
    mm_region_end(&region);
    collect_everything();
    snapshot(watched, MOMENT_TEARDOWN);
    return error;
}

static void explain(const struct watched *watched, int error, size_t heap_limit_bytes)
{
    const char *text = watched->run.message;
    if (*text)
        message("%s", text);
    else if (error == -ENOMEM && heap_limit_bytes)
        message("an allocation failed in %s; the heap limit is %zu bytes", watched->phase, heap_limit_bytes);
    else
        message("%s failed: %s", watched->phase, strerror(-error));
}

static bool has_leaked;

/* What leaked is in the snapshot after teardown: the leak sanitizer, which asks here at exit, need not tell it again.
 */
int __lsan_is_turned_off(void);

int __lsan_is_turned_off(void)
{
    return has_leaked;
}

static bool leaks(void)
{
    struct mm_stats stats;
    mm_stats_get(&stats);
    return stats.objects_allocated != stats.objects_freed;
}

/* One repetition on a heap of its own. `operations`: how many are expected, then how many there were. */
static int run_once(const struct options *options, const struct watched *how, const char *const *strategy_params,
                    uint64_t *operations)
{
    struct watched watched = *how;
    watched.operations_expected = *operations;
    watched.run.state = calloc(1, watched.workload->state_bytes + 1);
    struct mm_config config = {.heap_limit_bytes = options->heap_limit_bytes, .params = strategy_params};
    int error = watched.run.state ? mm_heap_open(&config) : -ENOMEM;
    if (error == 0) {
        if (watched.moments)
            record_start(__builtin_frame_address(0));
        error = repeat(&watched);
        record_stop();
        has_leaked = has_leaked || leaks();
        mm_heap_close();
    }
    if (error)
        explain(&watched, error, options->heap_limit_bytes);
    free(watched.run.state);
    *operations = watched.run.operations;
    return error || watched.has_failed ? BENCH_FAILED : BENCH_OK;
}

/* Whether this strategy can run it and be watched. */
static int check(const struct workload *workload, const struct workload_value *params)
{
    char missing[256];
    missing_traits(needed_traits(workload, params), missing, sizeof missing);
    if (*missing) {
        message("the workload needs %s, which %s does not have; choose another strategy", missing, mm_strategy.name);
        return BENCH_USAGE;
    }
    if (MM_TRAITS & MM_TRAIT_MOVES) {
        message("%s moves objects, which cannot be followed; choose another strategy", mm_strategy.name);
        return BENCH_USAGE;
    }
    return BENCH_OK;
}

int watched_run(const struct options *options, const struct workload_entry *entry, const struct workload_value *params,
                const char *const *strategy_params, const struct moments *moments)
{
    struct watched watched = {
        .run = {.params = params, .seed = options->seed, .until_sample = UINT64_MAX},
        .workload = entry->workload,
        .phase = "opening the heap",
        .iterations = options->iterations,
    };
    uint64_t operations = 0;
    int status = check(entry->workload, params);
    /* Parts of the operations are only known when all have been done once. */
    if (status == BENCH_OK && moments->count)
        status = run_once(options, &watched, strategy_params, &operations);
    watched.moments = moments;
    if (status == BENCH_OK)
        status = run_once(options, &watched, strategy_params, &operations);
    if (status == BENCH_OK && snapshots_write())
        status = BENCH_FAILED;
    return status;
}
