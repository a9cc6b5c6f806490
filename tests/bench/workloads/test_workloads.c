/* Workloads that do what the measuring process has to cope with. Each is run by tests/bench alone. */
#include "workload.h"

#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/single_threaded.h>
#include <time.h>

#include "common/common.h"

/* ---- what several of them share */

struct node {
    struct mm_ref next;
    uint64_t value;
};

static const uint16_t node_refs[] = {offsetof(struct node, next)};
static const struct mm_type node_type = {
    .name = "node", .size = sizeof(struct node), .ref_count = 1, .refs = node_refs};

static int do_nothing(struct run *run)
{
    (void)run;
    return 0;
}

/* ---- empty */

WORKLOAD(empty) = {.summary = "does nothing", .unit = "nothings", .run = do_nothing};

/* ---- spin */

static const struct workload_param spin_params[] = {
    {.name = "ns", .initial = 1000000, .small = 1000, .lowest = 0, .highest = 1000000000, .help = "ns of an iteration"},
    {.name = NULL},
};

static int spin(struct run *run)
{
    uint64_t end = common_clock_ns() + (uint64_t)run->params[0].integer;
    while (common_clock_ns() < end)
        ;
    run_done(run, 1);
    return 0;
}

WORKLOAD(spin) = {
    .summary = "keeps the processor busy", .unit = "spins", .params = spin_params, .requests = true, .run = spin};

/* ---- values */

static const char *const colours[] = {"red", "green", "blue", NULL};
static const struct workload_param value_params[] = {
    {.name = "length", .initial = 1000, .small = 10, .lowest = 1, .highest = 1 << 20, .help = "items"},
    {.name = "colour",
     .kind = WORKLOAD_TEXT,
     .text = "green",
     .small_text = "red",
     .choices = colours,
     .help = "of it"},
    {.name = "file", .kind = WORKLOAD_TEXT, .text = "none", .help = "a name"},
    {.name = NULL},
};

static int check_values(struct run *run)
{
    if (strcmp(colours[run->params[1].integer], run->params[1].text) != 0)
        return run_fail(run, -EINVAL, "the choice's index and text differ");
    run_check(run, (uint64_t)run->params[0].integer);
    run_check(run, run->seed);
    run_done(run, (uint64_t)run->params[0].integer);
    run_figure(run, "length", "items", -1);
    run_figure(run, "share", "", 0.1);
    run_figure(run, "length", "items", (double)run->params[0].integer); /* takes the first one's place */
    return 0;
}

WORKLOAD(values) = {.summary = "takes parameters", .unit = "items", .params = value_params, .run = check_values};

/* ---- fails */

static const char *const places[] = {"setup", "run", NULL};
static const struct workload_param fail_params[] = {
    {.name = "where", .kind = WORKLOAD_TEXT, .text = "run", .choices = places, .help = "it fails"},
    {.name = "errno", .initial = EIO, .small = EIO, .lowest = 1, .highest = 200, .help = "of the failure"},
    {.name = "after", .initial = 0, .small = 0, .lowest = 0, .highest = 100, .help = "iterations that work"},
    {.name = "explain", .initial = 1, .small = 1, .lowest = 0, .highest = 1, .help = "1: with a message"},
    {.name = NULL},
};

static int failure(struct run *run)
{
    int error = -(int)run->params[1].integer;
    if (!run->params[3].integer)
        return error;
    return run_fail(run, error, "broken after %llu", (unsigned long long)run->operations);
}

static int fails_setup(struct run *run)
{
    fputs("setup\n", stderr);
    return run->params[0].integer == 0 ? failure(run) : 0;
}

static int fails_run(struct run *run)
{
    fputs("run\n", stderr);
    if (run->operations == (uint64_t)run->params[2].integer)
        return failure(run);
    run_done(run, 1);
    return 0;
}

static void fails_teardown(struct run *run)
{
    (void)run;
    fputs("teardown\n", stderr);
}

WORKLOAD(fails) = {.summary = "fails, and says what is called",
                   .unit = "runs",
                   .params = fail_params,
                   .setup = fails_setup,
                   .run = fails_run,
                   .teardown = fails_teardown};

/* ---- leaks: an object that nobody calls dead */

static int leak(struct run *run)
{
    MM_ROOT(root);
    run_done(run, 1);
    return mm_new(&node_type, &root) ? 0 : -ENOMEM;
}

WORKLOAD(leaks) = {.summary = "forgets to say that an object is dead", .unit = "objects", .run = leak};

/* ---- cycles: an object that refers to itself */

static const struct workload_param cycle_params[] = {
    {.name = "dead", .initial = 1, .small = 1, .lowest = 0, .highest = 1, .help = "1: says that it is"},
    {.name = NULL},
};

static int cycle(struct run *run)
{
    MM_ROOT(root);
    struct node *node = mm_new(&node_type, &root);
    if (!node)
        return -ENOMEM;
    mm_set(node, &node->next, node);
    if (run->params[0].integer)
        mm_dead(&node_type, node);
    run_done(run, 1);
    return 0;
}

static bool always(const struct workload_value *params)
{
    (void)params;
    return true;
}

WORKLOAD(cycles) = {
    .summary = "drops a cycle", .unit = "cycles", .params = cycle_params, .makes_cycles = always, .run = cycle};
WORKLOAD(secret_cycles) = {
    .summary = "drops a cycle and does not say so", .unit = "cycles", .params = cycle_params, .run = cycle};

/* ---- grows: a list that grows to `length` nodes; dies in teardown */

static const struct workload_param grow_params[] = {
    {.name = "length", .initial = 10000, .small = 100, .lowest = 0, .highest = 1 << 24, .help = "nodes"},
    {.name = NULL},
};

struct grow_state {
    struct mm_root first, fresh;
};

static int grow_setup(struct run *run)
{
    struct grow_state *state = run->state;
    mm_root_push(&state->first);
    mm_root_push(&state->fresh);
    run_done(run, 7); /* not on the clock: counted by nobody */
    return 0;
}

static int grow(struct run *run)
{
    struct grow_state *state = run->state;
    for (int64_t i = 0; i < run->params[0].integer; i++) {
        struct node *node = mm_new(&node_type, &state->fresh);
        if (!node)
            return -ENOMEM;
        node->value = (uint64_t)i;
        mm_move(node, &node->next, &state->first);
        mm_root_move(&state->first, &state->fresh);
        run_done(run, 1);
    }
    return 0;
}

static void grow_teardown(struct run *run)
{
    struct grow_state *state = run->state;
    struct node *node;
    while ((node = mm_root_get(&state->first))) {
        run_check(run, node->value);
        mm_take(&state->fresh, node, &node->next);
        mm_dead(&node_type, mm_root_get(&state->first));
        mm_root_move(&state->first, &state->fresh);
    }
    mm_root_pop(&state->fresh);
    mm_root_pop(&state->first);
}

WORKLOAD(grows) = {.summary = "grows a list",
                   .unit = "nodes",
                   .params = grow_params,
                   .state_bytes = sizeof(struct grow_state),
                   .setup = grow_setup,
                   .run = grow,
                   .teardown = grow_teardown};

/* ---- needs: what no strategy has all of */

WORKLOAD(needs) = {.summary = "needs much",
                   .unit = "wishes",
                   .needs = MM_TRAIT_EXPLICIT_FREE | MM_TRAIT_NEVER_FREES | MM_TRAIT_WEAK,
                   .run = do_nothing};

/* needs nothing, or too much. */
static const struct workload_param wish_params[] = {
    {.name = "wishes", .initial = 0, .small = 0, .lowest = 0, .highest = 1, .help = "1: it has some"},
    {.name = NULL},
};

static uint32_t wishes(const struct workload_value *values)
{
    return values[0].integer ? MM_TRAIT_FINALIZERS : 0;
}

WORKLOAD(wishes) = {
    .summary = "may need much", .unit = "wishes", .params = wish_params, .needs_with = wishes, .run = do_nothing};

/* ---- babbles: reports more figures than a row has room for */

static int babble(struct run *run)
{
    static char names[RUN_FIGURES + 1][12];
    for (int i = 0; i <= RUN_FIGURES; i++) {
        snprintf(names[i], sizeof names[i], "%d", i);
        run_figure(run, names[i], "", i);
    }
    return 0;
}

WORKLOAD(babbles) = {.summary = "reports too many figures", .unit = "figures", .run = babble};

/* ---- drifts: another answer each time */

static int drift(struct run *run)
{
    static uint64_t answer;
    run_check(run, answer++);
    return 0;
}

WORKLOAD(drifts) = {.summary = "has another answer each time", .unit = "answers", .run = drift};

/* ---- crashes */

static const struct workload_param crash_params[] = {
    {.name = "repetitions", .initial = 0, .small = 0, .lowest = 0, .highest = 100, .help = "that work before"},
    {.name = NULL},
};

static int crash(struct run *run)
{
    static int64_t done;
    if (done++ == run->params[0].integer)
        raise(SIGKILL);
    return 0;
}

WORKLOAD(crashes) = {.summary = "is killed", .unit = "lives", .params = crash_params, .run = crash};

/* ---- pauses: the events of a strategy that has them */

static void event(enum mm_event_kind kind, enum mm_pause_cause cause, int generation, uint64_t freed)
{
    struct mm_event told = {.kind = kind, .cause = cause, .generation = generation, .freed = freed};
    common_emit(&told);
}

static int pauses_setup(struct run *run)
{
    (void)run;
    event(MM_EVENT_PAUSE_BEGIN, MM_PAUSE_COLLECTION, 2, 0);
    event(MM_EVENT_PAUSE_END, MM_PAUSE_COLLECTION, 2, 1);
    return 0;
}

static int pause_often(struct run *run)
{
    for (int i = 0; i < 3; i++) {
        event(MM_EVENT_PAUSE_BEGIN, MM_PAUSE_COLLECTION, i, 0);
        if (i == 1) { /* a chain of frees inside a collection is part of it */
            event(MM_EVENT_PAUSE_BEGIN, MM_PAUSE_CASCADE, 0, 0);
            event(MM_EVENT_PAUSE_END, MM_PAUSE_CASCADE, 0, 5000);
        }
        event(MM_EVENT_PAUSE_END, MM_PAUSE_COLLECTION, i, 10u * (unsigned)i);
        run_done(run, 1);
    }
    event(MM_EVENT_PAUSE_BEGIN, MM_PAUSE_CASCADE, 0, 0);
    event(MM_EVENT_HEAP_GROWN, 0, 0, 0);
    event(MM_EVENT_PAUSE_END, MM_PAUSE_CASCADE, 0, 7000);
    return 0;
}

static void pauses_teardown(struct run *run)
{
    (void)pauses_setup(run);
}

WORKLOAD(pauses) = {.summary = "pauses, on and off the clock",
                    .unit = "pauses",
                    .setup = pauses_setup,
                    .run = pause_often,
                    .teardown = pauses_teardown};

/* ---- threads */

static const struct workload_param thread_params[] = {
    {.name = "start",
     .initial = 0,
     .small = 0,
     .lowest = 0,
     .highest = 1,
     .help = "1: starts one itself, which is busy for 20 ms"},
    {.name = NULL},
};

static void *thread(void *argument)
{
    uint64_t end = common_clock_ns() + 20000000;
    while (common_clock_ns() < end)
        ;
    return argument;
}

static int threads_run(struct run *run)
{
    if (run->params[0].integer) {
        pthread_t started;
        return pthread_create(&started, NULL, thread, NULL) ? -EAGAIN : -pthread_join(started, NULL);
    }
    int tasks = 0;
    DIR *folder = opendir("/proc/self/task");
    for (struct dirent *entry; folder && (entry = readdir(folder));)
        tasks += entry->d_name[0] != '.';
    if (folder)
        closedir(folder);
    if (tasks != 1 || !__libc_single_threaded)
        return run_fail(run, -EPERM, "there are %d threads, or there were some", tasks);
    return 0;
}

WORKLOAD(threads) = {.summary = "looks for threads", .unit = "looks", .params = thread_params, .run = threads_run};
