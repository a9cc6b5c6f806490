/* value_cache: requests with Zipf's popularity to a cache of values that others hold for a while.
 *
 *     cache = {}                                  form=strong
 *     cache = weakref.WeakValueDictionary()       form=weak: a value goes with its last holder
 *
 *     value = cache.get(key)
 *     if value is None: value = cache[key] = Value(key)
 *     holders[i % len(holders)] = value
 *
 * How long a dead value can still be found is the strategy's affair, so hits differ between strategies and what is read
 * does not: a value is the same whenever it is made. */
#include "workload.h"

#include "common/dead.h"
#include "common/outside.h"
#include "common/zipf.h"
#include "pyobj/dict.h"
#include "pyobj/int.h"
#include "pyobj/list.h"
#include "pyobj/object.h"
#include "pyobj/str.h"
#include "pyobj/walk.h"
#include "pyobj/weak_dict.h"

enum { FORM, HOLDERS, REQUESTS, KEYS };
enum { FORM_STRONG, FORM_WEAK };
static const char *const forms[] = {[FORM_STRONG] = "strong", [FORM_WEAK] = "weak", NULL};
static const struct workload_param params[] = {
    [FORM] = {.name = "form",
              .kind = WORKLOAD_TEXT,
              .text = "strong",
              .small_text = "strong",
              .choices = forms,
              .help = "whether the cache keeps its values alive"},
    [HOLDERS] = {.name = "holders",
                 .initial = 100,
                 .small = 10,
                 .lowest = 0,
                 .highest = 1 << 24,
                 .help = "values that are held outside: the last ones asked for"},
    [REQUESTS] =
        {.name = "requests", .initial = 50000, .small = 500, .lowest = 1, .highest = 1 << 28, .help = "requests"},
    [KEYS] = {.name = "keys", .initial = 20000, .small = 60, .lowest = 1, .highest = 1 << 28, .help = "different keys"},
    {.name = NULL},
};

enum { NUMBER, TEXT, SLOTS, TEXT_BYTES = 64, BLOCK = 64 };

struct state {
    uint32_t *requests; /* keys */
};

/* ---- the cache: one of the two */

struct cache {
    bool weak;
    struct mm_root *values; /* form=strong: a dict */
#if MM_TRAITS & MM_TRAIT_WEAK
    struct py_weak_dict weak_values;
#endif
};

#if MM_TRAITS & MM_TRAIT_WEAK
static int cache_open(struct cache *cache)
{
    if (cache->weak)
        return py_weak_dict_open(&cache->weak_values);
    return py_dict_new(cache->values) ? 0 : -ENOMEM;
}

static void *cache_get(const struct cache *cache, void *key, struct mm_root *out)
{
    if (cache->weak)
        return py_weak_dict_get(&cache->weak_values, key, out);
    mm_root_set(out, py_dict_get(mm_root_get(cache->values), key));
    return mm_root_get(out);
}

static int cache_put(struct cache *cache, struct mm_root *key, const struct mm_root *value)
{
    if (cache->weak)
        return py_weak_dict_put(&cache->weak_values, key, value);
    MM_ROOT(kept);
    mm_root_set(&kept, mm_root_get(value));
    return py_dict_put(cache->values, key, &kept);
}

static size_t cache_length(const struct cache *cache)
{
    return cache->weak ? py_weak_dict_length(&cache->weak_values) : py_dict_length(mm_root_get(cache->values));
}
#else
static int cache_open(struct cache *cache)
{
    return py_dict_new(cache->values) ? 0 : -ENOMEM;
}

static void *cache_get(const struct cache *cache, void *key, struct mm_root *out)
{
    mm_root_set(out, py_dict_get(mm_root_get(cache->values), key));
    return mm_root_get(out);
}

static int cache_put(struct cache *cache, struct mm_root *key, const struct mm_root *value)
{
    MM_ROOT(kept);
    mm_root_set(&kept, mm_root_get(value));
    return py_dict_put(cache->values, key, &kept);
}

static size_t cache_length(const struct cache *cache)
{
    return py_dict_length(mm_root_get(cache->values));
}
#endif

/* A strong cache's values die with it; holders have no others. */
static void cache_close(struct cache *cache)
{
#if MM_TRAITS & MM_TRAIT_WEAK
    if (cache->weak) {
        py_weak_dict_close(&cache->weak_values);
        return;
    }
#endif
    if (WORK_SAYS_DEAD)
        py_dead_tree(mm_root_get(cache->values), true);
    mm_root_set(cache->values, NULL);
}

/* ---- values */

/* Without success nothing is left of it. */
static int make_value(int64_t key, struct mm_root *out)
{
    MM_ROOT(number);
    MM_ROOT(text);
    void *value = NULL;
    struct py_str *str = NULL;
    if (py_int_new(key, &number) && (str = py_str_new_blank(PY_STR_ASCII, TEXT_BYTES, &text))) {
        memset(py_str_text(str), (int)('a' + key % 26), TEXT_BYTES);
        value = py_object_new_weak(SLOTS, out);
    }
    if (!value) {
        if (mm_root_get(&text))
            py_dead(mm_root_get(&text));
        if (mm_root_get(&number))
            py_dead(mm_root_get(&number));
        return -ENOMEM;
    }
    py_object_put(value, NUMBER, &number);
    py_object_put(value, TEXT, &text);
    return 0;
}

static uint64_t read_value(void *value)
{
    return (uint64_t)py_int_value(py_object_get(value, NUMBER)) * 256 + py_str_at(py_object_get(value, TEXT), 0);
}

/* ---- requests */

struct counts {
    uint64_t hits, misses, values_max;
};

/* The key is handed on, or dies. */
static int cache_miss(struct cache *cache, struct mm_root *key, struct mm_root *value)
{
    int error = make_value(py_int_value(mm_root_get(key)), value);
    if (!error) {
        error = cache_put(cache, key, value);
        if (error && WORK_SAYS_DEAD && !cache->weak)
            py_dead_tree(mm_root_get(value), true);
    }
    if (mm_root_get(key))
        py_dead(mm_root_get(key));
    mm_root_set(key, NULL);
    return error;
}

static int request(struct cache *cache, struct mm_root *key, struct mm_root *value, struct counts *counts)
{
    if (!cache_get(cache, mm_root_get(key), value)) {
        counts->misses++;
        return cache_miss(cache, key, value);
    }
    counts->hits++;
    py_dead(mm_root_get(key));
    mm_root_set(key, NULL);
    return 0;
}

static int serve(struct run *run, struct cache *cache, const struct mm_root *holders, struct counts *counts)
{
    const struct state *state = run->state;
    int64_t requests = run->params[REQUESTS].integer, held = run->params[HOLDERS].integer;
    uint64_t sum = 0;
    int error = 0;
    MM_ROOT(key);
    MM_ROOT(value);
    for (int64_t i = 0; i < requests && !error; i++) {
        if (!py_int_new(state->requests[i], &key))
            return -ENOMEM;
        error = request(cache, &key, &value, counts);
        if (error)
            break;
        sum = sum * 31 + read_value(mm_root_get(&value));
        if (held)
            py_list_swap(mm_root_get(holders), (size_t)(i % held), &value);
        mm_root_set(&value, NULL);
        size_t values = cache_length(cache);
        counts->values_max = values > counts->values_max ? values : counts->values_max;
        if ((i + 1) % BLOCK == 0)
            run_done(run, BLOCK);
    }
    run_done(run, (uint64_t)requests % BLOCK);
    run_check(run, sum);
    return error;
}

static int use_cache(struct run *run)
{
    struct counts counts = {0};
    MM_ROOT(holders);
    MM_ROOT(values);
    struct cache cache = {.weak = run->params[FORM].integer == FORM_WEAK, .values = &values};
    if (!py_list_new_sized((size_t)run->params[HOLDERS].integer, &holders))
        return -ENOMEM;
    int error = cache_open(&cache);
    if (!error) {
        error = serve(run, &cache, &holders, &counts);
        run_figure(run, "hits", "requests", (double)counts.hits);
        run_figure(run, "misses", "requests", (double)counts.misses);
        run_figure(run, "live_values_max", "objects", (double)counts.values_max);
        run_figure(run, "live_values_end", "objects", (double)cache_length(&cache));
        cache_close(&cache);
    }
    mm_dead(&py_list_type.mm, mm_root_get(&holders));
    return error;
}

static int run_iteration(struct run *run)
{
    struct mm_region region;
    mm_region_begin(&region);
    int error = use_cache(run);
    mm_region_end(&region);
    return error;
}

static int setup(struct run *run)
{
    struct state *state = run->state;
    state->requests =
        zipf_draws_new((size_t)run->params[REQUESTS].integer, (uint64_t)run->params[KEYS].integer, 1, run->seed);
    return state->requests ? 0 : -ENOMEM;
}

static void teardown(struct run *run)
{
    struct state *state = run->state;
    outside_free(state->requests, (size_t)run->params[REQUESTS].integer, sizeof *state->requests);
}

static uint32_t needs_with(const struct workload_value *values)
{
    return values[FORM].integer == FORM_WEAK ? MM_TRAIT_WEAK : 0;
}

WORKLOAD(value_cache) = {
    .summary = "requests to a cache that keeps its values alive, or refers to them weakly",
    .unit = "requests",
    .params = params,
    .state_bytes = sizeof(struct state),
    .needs_with = needs_with,
    .setup = setup,
    .run = run_iteration,
    .teardown = teardown,
};
