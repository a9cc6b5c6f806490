/* resources: resources are opened, used and given up, one after the other: when is each of them closed?
 *
 *     with open(...) as resource: ...             form=scope: at the end of the scope, by the program
 *     resource = Resource(); ...; del resource    form=drop: by its finalizer, when the strategy finds it dead
 *     resource.handler = Handler(resource)        form=cycle: the same, of a resource that is part of a cycle
 *
 * Time is counted in allocations of this workload: `work` ints and two objects for each resource. A resource's delay is
 * from its last use to its closing. Finalizers that have not run at the end of the timed part are counted apart; they
 * run later, or never. */
#include "workload.h"

#include <stdlib.h>

#include "common/outside.h"
#include "pyobj/int.h"

enum { FORM, COUNT, WORK };
enum { FORM_SCOPE, FORM_DROP, FORM_CYCLE };
static const char *const forms[] = {[FORM_SCOPE] = "scope", [FORM_DROP] = "drop", [FORM_CYCLE] = "cycle", NULL};
static const struct workload_param params[] = {
    [FORM] = {.name = "form",
              .kind = WORKLOAD_TEXT,
              .text = "scope",
              .small_text = "scope",
              .choices = forms,
              .help = "who closes: the scope's end, a finalizer, or a finalizer in a cycle"},
    [COUNT] = {.name = "count", .initial = 20000, .small = 100, .lowest = 1, .highest = 1 << 26, .help = "resources"},
    [WORK] = {.name = "work",
              .initial = 10,
              .small = 3,
              .lowest = 0,
              .highest = 1 << 20,
              .help = "ints made while a resource is in use"},
    {.name = NULL},
};

enum { BLOCK = 16 };

/* What is open, and what was closed when. */
struct log {
    uint64_t clock; /* allocations so far */
    uint64_t open, open_max, closed;
    uint64_t capacity;
    uint32_t *delays; /* by order of closing */
};

struct state {
    struct log log;
    uint64_t unfinalized;
};

/* A finalizer has no context but its object. NULL when no run is under way. */
static struct log *current_log;

struct resource {
    struct mm_ref handler;
    uint64_t last_use;
};

struct handler {
    struct mm_ref resource; /* form=cycle */
    uint64_t number;
};

static void close_resource(struct log *log, const struct resource *resource)
{
    uint64_t delay = log->clock - resource->last_use;
    if (log->closed < log->capacity)
        log->delays[log->closed] = delay < UINT32_MAX ? (uint32_t)delay : UINT32_MAX;
    log->closed++;
    log->open--;
}

static void finalize(void *object)
{
    if (current_log)
        close_resource(current_log, object);
}

static const uint16_t resource_refs[] = {offsetof(struct resource, handler)};
static const struct mm_type scoped_type = {
    .name = "resource",
    .size = sizeof(struct resource),
    .ref_count = 1,
    .refs = resource_refs,
};
static const struct mm_type finalized_type = {
    .name = "resource_with_finalizer",
    .size = sizeof(struct resource),
    .ref_count = 1,
    .refs = resource_refs,
    .finalize = finalize,
};
static const uint16_t handler_refs[] = {offsetof(struct handler, resource)};
static const struct mm_type handler_type = {
    .name = "handler",
    .size = sizeof(struct handler),
    .ref_count = 1,
    .refs = handler_refs,
};

/* ---- one resource */

static int open_resource(struct log *log, int64_t form, uint64_t number, struct mm_root *out)
{
    MM_ROOT(handler);
    struct handler *made = mm_new(&handler_type, &handler);
    if (!made)
        return -ENOMEM;
    made->number = number;
    struct resource *resource = form == FORM_SCOPE ? mm_new(&scoped_type, out) : mm_new(&finalized_type, out);
    if (!resource) {
        mm_dead(&handler_type, mm_root_get(&handler));
        return -ENOMEM;
    }
    made = mm_root_get(&handler);
    if (form == FORM_CYCLE)
        mm_set(made, &made->resource, resource);
    mm_move(resource, &resource->handler, &handler);
    log->clock += 2;
    log->open++;
    log->open_max = log->open > log->open_max ? log->open : log->open_max;
    return 0;
}

/* Makes ints, each of which takes the place of the one before it. */
static int use_resource(struct run *run, struct log *log, uint64_t number, uint64_t *sum)
{
    MM_ROOT(value);
    for (int64_t i = 0; i < run->params[WORK].integer; i++) {
        if (!py_int_new((int64_t)(number & 0xffff) * i, &value))
            return -ENOMEM;
        log->clock++;
        *sum = *sum * 3 + (uint64_t)py_int_value(mm_root_get(&value));
        mm_dead(&py_int_type.mm, mm_root_get(&value));
        mm_root_set(&value, NULL);
    }
    return 0;
}

static int run_one(struct run *run, struct log *log, uint64_t number, uint64_t *sum)
{
    int64_t form = run->params[FORM].integer;
    MM_ROOT(resource);
    int error = open_resource(log, form, number, &resource);
    if (error)
        return error;
    error = use_resource(run, log, number, sum);
    struct resource *used = mm_root_get(&resource);
    const struct handler *handler = mm_get(&used->handler);
    *sum += handler->number;
    used->last_use = log->clock;
    if (form == FORM_SCOPE) { /* a finalizer may bring its object back, so only here it is known to die */
        close_resource(log, used);
        mm_dead(&handler_type, mm_get(&used->handler));
        mm_dead(&scoped_type, used);
    }
    return error;
}

static int run_iteration(struct run *run)
{
    struct state *state = run->state;
    struct log *log = &state->log;
    int64_t count = run->params[COUNT].integer;
    uint64_t sum = 0;
    int error = 0;
    for (int64_t i = 0; i < count && !error; i++) {
        struct mm_region region;
        mm_region_begin(&region);
        error = run_one(run, log, (uint64_t)i, &sum);
        mm_region_end(&region);
        if ((i + 1) % BLOCK == 0)
            run_done(run, BLOCK);
    }
    run_done(run, (uint64_t)count % BLOCK);
    run_check(run, sum);
    state->unfinalized = log->open;
    return error;
}

/* ---- the figures */

static int by_size(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void report(struct run *run)
{
    static const struct {
        const char *name;
        double quantile;
    } quantiles[] = {
        {"delay_allocations_p50", 0.5},
        {"delay_allocations_p90", 0.9},
        {"delay_allocations_p99", 0.99},
        {"delay_allocations_max", 1},
    };
    const struct state *state = run->state;
    const struct log *log = &state->log;
    size_t count = log->closed < log->capacity ? log->closed : log->capacity;
    run_figure(run, "open_max", "resources", (double)log->open_max);
    run_figure(run, "unfinalized", "resources", (double)state->unfinalized);
    if (count == 0)
        return;
    qsort(log->delays, count, sizeof *log->delays, by_size);
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += log->delays[i];
    run_figure(run, "delay_allocations_mean", "allocations", sum / (double)count);
    for (size_t i = 0; i < sizeof quantiles / sizeof *quantiles; i++) {
        size_t rank = (size_t)ceil(quantiles[i].quantile * (double)count);
        run_figure(run, quantiles[i].name, "allocations", log->delays[rank - 1]);
    }
}

static void teardown(struct run *run)
{
    struct state *state = run->state;
    current_log = NULL;
    report(run);
    outside_free(state->log.delays, state->log.capacity, sizeof *state->log.delays);
}

static int setup(struct run *run)
{
    struct state *state = run->state;
    state->log.capacity = (uint64_t)run->params[COUNT].integer;
    state->log.delays = outside_new(state->log.capacity, sizeof *state->log.delays);
    if (!state->log.delays)
        return -ENOMEM;
    current_log = &state->log;
    return 0;
}

static bool makes_cycles(const struct workload_value *values)
{
    return values[FORM].integer == FORM_CYCLE;
}

static uint32_t needs_with(const struct workload_value *values)
{
    return values[FORM].integer == FORM_SCOPE ? 0 : MM_TRAIT_FINALIZERS;
}

WORKLOAD(resources) = {
    .summary = "resources are used and given up: when is each closed, by its scope or by its finalizer",
    .unit = "resources",
    .params = params,
    .state_bytes = sizeof(struct state),
    .needs_with = needs_with,
    .makes_cycles = makes_cycles,
    .setup = setup,
    .run = run_iteration,
    .teardown = teardown,
};
