/* One input, from opening the heap to closing it.
 *
 * The first bytes choose the circumstances: heap limit, the strategy's parameters, which parts of the contract are
 * used, how often everything is walked. Each following operation is a byte, and the bytes that it reads. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "driver.h"

enum { RUN_PARAMS = 16, RUN_PARAM_BYTES = 64 };

volatile uint64_t *fuzz_operations;

/* ---- the circumstances */

/* Half of the inputs have a limit, from 4 KiB to 1 MiB. */
static size_t choose_limit(void)
{
    uint8_t byte = driver_byte();
    return byte < 128 ? 0 : (size_t)4096 << byte % 9;
}

/* A small value, or the default: small constants make what is rare frequent. */
static int64_t choose_param(const struct mm_param *param)
{
    uint8_t byte = driver_byte();
    if (strcmp(param->name, "save_all") == 0)
        return param->initial; /* keeps all garbage alive: another contract, for debugging */
    int64_t span = param->highest - param->lowest;
    switch (byte % 4) {
    case 0: return param->initial;
    case 1: return param->lowest;
    default: return param->lowest + (span < 40 ? (byte >> 2) % (span + 1) : byte >> 2);
    }
}

static int open_heap(void)
{
    static char texts[RUN_PARAMS][RUN_PARAM_BYTES];
    const char *params[RUN_PARAMS + 1] = {NULL};
    size_t count = 0;
    for (const struct mm_param *param = mm_strategy.params; param && param->name && count < RUN_PARAMS; param++) {
        int64_t value = choose_param(param);
        if (strcmp(param->name, "fail_at") == 0 && value != 0)
            driver.injects = driver.can_fail = true; /* torture's own */
        snprintf(texts[count], RUN_PARAM_BYTES, "%s=%" PRId64, param->name, value);
        params[count] = texts[count];
        if (fuzz_trace)
            fprintf(stderr, "    with %s\n", texts[count]);
        count++;
    }
    struct mm_config config = {.heap_limit_bytes = driver.heap_limit_bytes, .params = params};
    return mm_heap_open(&config);
}

/* ---- operations */

static unsigned count_weights(void)
{
    unsigned total = 0;
    for (const struct operation *o = graph_operations; o->run; o++)
        total += o->weight;
    for (const struct operation *o = control_operations; o->run; o++)
        total += o->weight;
    return total;
}

static const struct operation *choose_operation(void)
{
    static unsigned total;
    if (total == 0)
        total = count_weights();
    unsigned ticket = driver_byte() * total / 256;
    for (const struct operation *o = graph_operations; o->run; o++) {
        if (ticket < o->weight)
            return o;
        ticket -= o->weight;
    }
    const struct operation *o = control_operations;
    while (ticket >= o->weight) {
        ticket -= o->weight;
        o++;
    }
    return o;
}

void driver_operation(void)
{
    const struct operation *operation = choose_operation();
    if ((operation->profile & ~driver.profile) || (operation->needs & ~MM_TRAITS))
        return;
    driver.operation++;
    driver.name = operation->name;
    if (fuzz_operations)
        ++*fuzz_operations;
    if (fuzz_trace)
        fprintf(stderr, "%6" PRIu32 " at byte %zu: %s (%zu roots, %" PRId32 " objects made)\n", driver.operation,
                driver.at - 1, operation->name, model.root_count, model.object_count);
    operation->run();
    if (driver.operation % driver.check_interval == 0)
        driver_check();
}

void driver_run_some(size_t count)
{
    for (size_t i = 0; i < count && driver.at < driver.size; i++) {
        driver_wipe_stack();
        driver_operation();
    }
}

/* ---- the end */

/* A counting strategy leaks cycles; some runs take them apart before they drop them. */
static void cut_everything(void)
{
    driver_check();
    for (int32_t i = 0; i < model.object_count; i++) {
        struct model_object *object = model_at(i);
        if (!object->type || object->freed)
            continue;
        for (int group = 0; group < GROUPS; group++)
            for (uint32_t s = 0; s < object->refs[group].capacity; s++) {
                if (object->freed || !model_is_reachable(object) || object->refs[group].slots[s] == MODEL_NONE)
                    continue;
                struct mm_ref *real = kind_ref(object->type, object->address, (enum model_group)group, s);
                object->sealed = true;
                driver_set((struct place){i, object->address}, (struct slot){&object->refs[group].slots[s], real},
                           (struct place){MODEL_NONE, NULL});
                model_reach();
            }
    }
}

static void control_reset(void)
{
#if MM_TRAITS & MM_TRAIT_COLLECTOR
    mm_gc_unfreeze();
    driver.frozen = 0;
    model_garbage_clear();
    mm_gc_garbage_clear();
    driver_settle();
#endif
}

/* After everything is dropped a small object fits again, whatever the limit, where anything is reclaimed. A frame of
 * its own, so that its root is gone when it returns. */
__attribute__((noinline)) static void check_recovery(void)
{
    bool frees = !(MM_TRAITS & (MM_TRAIT_NEVER_FREES | MM_TRAIT_REGIONS));
    if (!frees || driver.injects || !model_has_room(2))
        return;
    if (model.objects_allocated != model.objects_freed || model.root_count == MODEL_ROOTS)
        return;
    struct mm_root root;
    size_t index = driver_push(&root);
    if (!driver_new(kind_pair, 0, index) && driver.heap_limit_bytes >= 1 << 18) /* room for a block of any strategy */
        driver_fail("nothing is live, but a small object does not fit into %zu bytes", driver.heap_limit_bytes);
    driver_pop();
}

static struct fuzz_result finish(void)
{
    driver.name = "the end";
    driver.operation++;
    while (driver.region_count != 0)
        driver_region_end();
    if (driver.profile & 1)
        cut_everything();
    driver.ending = true;
    while (model.root_count > 0)
        driver_pop();
    control_reset();
    driver_collect_all();
    check_recovery();
    driver_collect_all();
    struct mm_stats stats;
    mm_stats_get(&stats);
    uint64_t events = driver.events;
    mm_heap_close();
    if (driver.events != events)
        driver_fail("mm_heap_close called a finalizer or a callback");
    mm_listen(NULL, NULL);
    return (struct fuzz_result){driver.operation, driver.failures, stats.peak_footprint_bytes};
}

static void start(const uint8_t *data, size_t size, struct fuzz_options options)
{
    model_reset();
    memset(&driver, 0, sizeof driver);
    driver.data = data;
    driver.size = size;
    driver.exact = true;
    driver.profile = driver_byte();
    driver.heap_limit_bytes = choose_limit();
    if (options.heap_limit_bytes != 0)
        driver.heap_limit_bytes = options.heap_limit_bytes;
    driver.injects = options.injects;
    driver.can_fail = driver.injects || driver.heap_limit_bytes != 0;
    driver.check_interval = 1u << driver_byte() % 6;
    driver.name = "mm_heap_open";
}

__attribute__((noinline)) static struct fuzz_result run_input(const uint8_t *data, size_t size,
                                                              struct fuzz_options options)
{
    start(data, size, options);
    int error = open_heap();
    if (error) {
        if (error != -ENOMEM || !driver.can_fail)
            driver_fail("mm_heap_open returns %d", error);
        return (struct fuzz_result){.failures = 1};
    }
    driver_wipe_stack();
    mm_listen(events_listen, NULL);
    for (size_t i = 0; i < DRIVER_GRAVES + 3; i++)
        driver_push(&driver.own_roots[i]);
    driver.scope_floor = DRIVER_GRAVES + 1; /* there is always one to choose */
    driver_run_some(SIZE_MAX);
    if (options.at_end)
        options.at_end();
    driver_wipe_stack();
    return finish();
}

struct fuzz_result fuzz_one(const uint8_t *data, size_t size, struct fuzz_options options)
{
    driver_wipe_stack();
    return run_input(data, size, options);
}
