/* count_threads: threads copy and drop references, each to an object of its own, or all to the same one.
 *
 *     y = x; del y              as often as `operations` says, in each thread
 *
 * A reference is taken and dropped in memory each time, as an interpreter would, and not folded into nothing by the
 * compiler. What threads write is on their own stacks, or the counts of `target`s, so that with sharing=own no two
 * write to the same cache line. One thread is the process's own; each further one is started and joined within the
 * timed part. */
#include "workload.h"

#include <pthread.h>

#include "common/dead.h"

enum { THREADS, SHARING, OPERATIONS };
enum { SHARING_OWN, SHARING_SHARED };
static const char *const sharings[] = {[SHARING_OWN] = "own", [SHARING_SHARED] = "shared", NULL};
enum { THREADS_MAX = 64, CACHE_LINE_BYTES = 64 };
static const struct workload_param params[] = {
    [THREADS] = {.name = "threads",
                 .initial = 1,
                 .small = 1,
                 .lowest = 1,
                 .highest = THREADS_MAX,
                 .help = "that copy references"},
    [SHARING] = {.name = "sharing",
                 .kind = WORKLOAD_TEXT,
                 .text = "own",
                 .small_text = "own",
                 .choices = sharings,
                 .help = "an object for each thread, or one for all"},
    [OPERATIONS] = {.name = "operations",
                    .initial = 2000000,
                    .small = 1000,
                    .lowest = 1,
                    .highest = 1 << 30,
                    .help = "references taken and dropped by each thread"},
    {.name = NULL},
};

/* So large that no two counts are in one cache line, nor in neighbours. */
struct target {
    struct mm_ref unused;
    uint64_t value;
    uint64_t room[2 * CACHE_LINE_BYTES / sizeof(uint64_t)];
};

static const uint16_t target_refs[] = {offsetof(struct target, unused)};
static const struct mm_type target_type = {
    .name = "target",
    .size = sizeof(struct target),
    .ref_count = 1,
    .refs = target_refs,
};

struct state {
    struct mm_root targets[THREADS_MAX];
    size_t count; /* of targets */
};

struct worker {
    pthread_t thread;
    const struct mm_root *target;
    int64_t operations;
    uint64_t sum;
};

static void *work(void *argument)
{
    struct worker *worker = argument;
    const struct mm_root *target = worker->target;
    int64_t operations = worker->operations;
    uint64_t sum = 0; /* not worker->sum, which is beside the other workers' */
    MM_ROOT(y);
    for (int64_t i = 0; i < operations; i++) {
        mm_root_set(&y, mm_root_get(target));
        __asm__ volatile("" : : "r"(&y) : "memory");
        sum += ((const struct target *)mm_root_get(&y))->value;
        mm_root_set(&y, NULL);
    }
    worker->sum = sum;
    return NULL;
}

static int run_iteration(struct run *run)
{
    const struct state *state = run->state;
    size_t threads = (size_t)run->params[THREADS].integer, started = 1;
    struct worker workers[THREADS_MAX] = {0};
    int error = 0;
    for (size_t i = 0; i < threads; i++)
        workers[i] =
            (struct worker){.target = &state->targets[i % state->count], .operations = run->params[OPERATIONS].integer};
    while (started < threads && !error) {
        error = -pthread_create(&workers[started].thread, NULL, work, &workers[started]);
        started += !error;
    }
    work(&workers[0]);
    for (size_t i = 1; i < started; i++)
        pthread_join(workers[i].thread, NULL);
    if (error)
        return run_fail(run, error, "a thread could not be started: %s", strerror(-error));
    for (size_t i = 0; i < threads; i++)
        run_check(run, workers[i].sum);
    run_done(run, threads * (uint64_t)run->params[OPERATIONS].integer);
#if MM_TRAITS & MM_TRAIT_COUNTS
    for (size_t i = 0; i < state->count; i++)
        if (mm_refcount(mm_root_get(&state->targets[i])) != 1)
            return run_fail(run, -EPROTO, "references were lost or left over: %zu to an object that has one",
                            mm_refcount(mm_root_get(&state->targets[i])));
#endif
    return 0;
}

static void teardown(struct run *run)
{
    struct state *state = run->state;
    while (state->count > 0) {
        struct mm_root *target = &state->targets[--state->count];
        if (mm_root_get(target))
            mm_dead(&target_type, mm_root_get(target));
        mm_root_pop(target);
    }
}

static int setup(struct run *run)
{
    struct state *state = run->state;
    size_t count = run->params[SHARING].integer == SHARING_OWN ? (size_t)run->params[THREADS].integer : 1;
    while (state->count < count) {
        struct mm_root *root = &state->targets[state->count++];
        mm_root_push(root);
        struct target *target = mm_new(&target_type, root);
        if (!target) {
            teardown(run);
            return -ENOMEM;
        }
        target->value = state->count;
    }
    return 0;
}

static uint32_t needs_with(const struct workload_value *values)
{
    return values[THREADS].integer > 1 ? MM_TRAIT_THREADS : 0;
}

WORKLOAD(count_threads) = {
    .summary = "threads copy and drop references to objects of their own, or to one that all share",
    .unit = "references",
    .params = params,
    .state_bytes = sizeof(struct state),
    .needs_with = needs_with,
    .setup = setup,
    .run = run_iteration,
    .teardown = teardown,
};
