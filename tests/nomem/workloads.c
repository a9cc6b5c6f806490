/* The workloads, at their small sizes, while allocations fail: nomem-work-<strategy> [WORKLOAD...]
 *
 * Each workload is run with the nth request for memory failing, for each n, or for POINTS of them spread over all if
 * there are more: alone, and with all after it. (Not the input's own memory, outside.h.) It has to return -ENOMEM, or
 * get through and give the same checksum as without; the heap has to be in order, and nothing may be left that the
 * strategy's traits and the workload's cycles don't explain. */
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "failing.h"
#include "workload.h"

/* A strategy that checks as it runs is too slow for all; so is a peer, which is opened and closed for each. */
#ifdef NOMEM_PEER
enum { POINTS = 100, LIMITS = 20 };
#else
enum { IS_SLOW = (MM_TRAITS & MM_TRAIT_CHECKS) != 0, POINTS = IS_SLOW ? 20 : 10000, LIMITS = IS_SLOW ? 10 : 200 };
#endif
enum { PARAMS_MAX = 32, SEED = 7 };

extern const struct workload_entry __start_workloads[], __stop_workloads[];

static struct {
    const char *workload, *what;
    uint64_t n;
} now;

static void say_where(int signal)
{
    (void)signal;
    fprintf(stderr, "nomem-work-%s: %s, %s %" PRIu64 "\n", mm_strategy.name, now.workload, now.what, now.n);
}

static _Noreturn void wrong(const char *format, ...) __attribute__((format(printf, 1, 2)));

static _Noreturn void wrong(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vfprintf(stderr, format, list);
    va_end(list);
    fputc('\n', stderr);
    abort();
}

/* ---- what a workload asks of its harness */

void run_sample(struct run *run)
{
    run->until_sample = UINT64_MAX;
}

uint64_t run_resident_bytes(void)
{
    return 0;
}

int run_fail(struct run *run, int error, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(run->message, sizeof run->message, format, list);
    va_end(list);
    return error;
}

static void fill_params(const struct workload *workload, struct workload_value values[PARAMS_MAX])
{
    for (size_t i = 0; workload->params && workload->params[i].name; i++) {
        const struct workload_param *param = &workload->params[i];
        values[i] = (struct workload_value){.integer = param->small, .text = param->small_text};
        if (!param->small_text)
            values[i].text = param->text;
        for (int64_t choice = 0; param->choices && param->choices[choice]; choice++)
            if (strcmp(param->choices[choice], values[i].text) == 0)
                values[i].integer = choice;
    }
}

/* ---- one run */

struct outcome {
    int error;
    uint64_t checksum;
    uint64_t peak_bytes;
};

static int run_inside(const struct workload *workload, struct run *run)
{
    struct mm_region region;
    mm_region_begin(&region);
    int error = workload->setup ? workload->setup(run) : 0;
    if (!error) {
        error = workload->run(run);
        if (workload->teardown)
            workload->teardown(run);
    }
    mm_region_end(&region);
    return error;
}

/* Returns the peak of the footprint. */
static uint64_t check_heap(const struct workload *workload, const struct workload_value *values)
{
    for (int i = 0; i < 3; i++)
        mm_collect(MM_GENERATIONS - 1);
    const char *error = mm_heap_check();
    if (error)
        wrong("mm_heap_check: %s", error);
    bool cycles = workload->makes_cycles && workload->makes_cycles(values) && !(MM_TRAITS & MM_TRAIT_CYCLES);
    bool by_hand = MM_TRAITS & MM_TRAIT_EXPLICIT_FREE;
    struct mm_stats stats;
    mm_stats_get(&stats);
    uint64_t leaked = stats.objects_allocated - stats.objects_freed;
    bool may_keep = MM_TRAITS & (MM_TRAIT_NEVER_FREES | MM_TRAIT_CONSERVATIVE);
    if (leaked != 0 && !may_keep && (by_hand || !cycles))
        wrong("%" PRIu64 " objects are leaked", leaked);
    return stats.peak_footprint_bytes;
}

/* With room for the state; the strategy's memory is counted from before the heap is opened to after it is closed. */
static struct outcome run_once(const struct workload *workload, enum failing_mode mode, uint64_t nth, size_t limit)
{
    static uint64_t state[1 << 16];
    static struct workload_value values[PARAMS_MAX];
    if (workload->state_bytes > sizeof state)
        wrong("its state does not fit into this test");
    memset(state, 0, sizeof state);
    fill_params(workload, values);
    struct run run = {.params = values, .seed = SEED, .state = state, .until_sample = UINT64_MAX};
    int64_t blocks = failing.blocks, mapped_bytes = failing.mapped_bytes;
    failing_arm(mode, nth);
    uint64_t peak_bytes = 0;
    int error = mm_heap_open(&(const struct mm_config){.heap_limit_bytes = limit});
    if (!error) {
        error = run_inside(workload, &run);
        peak_bytes = check_heap(workload, values);
        mm_heap_close();
    }
    failing_disarm();
    if (failing.blocks != blocks || failing.mapped_bytes != mapped_bytes)
        wrong("%" PRId64 " blocks and %" PRId64 " mapped bytes are left", failing.blocks - blocks,
              failing.mapped_bytes - mapped_bytes);
    return (struct outcome){error, run.checksum, peak_bytes};
}

/* -ENOMEM, or the same answer as without failures. */
static void check_outcome(struct outcome outcome, uint64_t checksum)
{
    if (outcome.error != 0 && outcome.error != -ENOMEM)
        wrong("it returns %d instead of -ENOMEM", outcome.error);
    if (outcome.error == 0 && outcome.checksum != checksum)
        wrong("it gets through, but with another checksum");
}

static void fail_one(const struct workload *workload, enum failing_mode mode, uint64_t n, uint64_t checksum)
{
    now.what = mode == FAILING_ONCE ? "failing once, at request" : "failing from request";
    now.n = n;
    check_outcome(run_once(workload, mode, n, 0), checksum);
}

/* How many of the limits were reached. */
static uint64_t sweep_limits(const struct workload *workload, const struct outcome *whole)
{
    uint64_t reached = 0;
    now.what = "with a heap limit of";
    for (uint64_t i = 1; i <= LIMITS; i++) {
        now.n = whole->peak_bytes * i / LIMITS + 1;
        struct outcome outcome = run_once(workload, FAILING_NEVER, 0, now.n);
        check_outcome(outcome, whole->checksum);
        reached += outcome.error != 0;
    }
    return reached;
}

static void check_workload(const char *name, const struct workload *workload)
{
    now.workload = name;
    now.what = "without failures:";
    now.n = 0;
    struct workload_value values[PARAMS_MAX];
    fill_params(workload, values);
    if (needed_traits(workload, values) & ~(uint32_t)MM_TRAITS)
        return;
    run_once(workload, FAILING_NEVER, 0, 0); /* what the C library keeps from its first use on, it keeps */
    struct outcome whole = run_once(workload, FAILING_NEVER, 0, 0);
    if (whole.error)
        wrong("it returns %d", whole.error);
    uint64_t requests = failing.requests, step = (requests + POINTS - 1) / POINTS, points = 0;
    for (uint64_t n = 1; n <= requests; n += step) {
        fail_one(workload, FAILING_ONCE, n, whole.checksum);
        fail_one(workload, FAILING_ONWARD, n, whole.checksum);
        points++;
    }
    uint64_t reached = sweep_limits(workload, &whole);
    printf("%s: %s: %" PRIu64 " of %" PRIu64 " requests failed, alone and with all after; %" PRIu64
           " of %d heap limits were reached\n",
           mm_strategy.name, name, points, requests, reached, LIMITS);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    signal(SIGABRT, say_where);
    for (const struct workload_entry *entry = __start_workloads; entry != __stop_workloads; entry++) {
        bool wanted = argc == 1;
        for (int i = 1; i < argc; i++)
            wanted |= strcmp(argv[i], entry->name) == 0;
        if (wanted)
            check_workload(entry->name, entry->workload);
    }
    return 0;
}
