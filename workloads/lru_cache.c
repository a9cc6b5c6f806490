/* lru_cache: requests for keys of Zipf's popularity to a cache in front of a function, bounded or not.
 *
 *     @lru_cache(maxsize=capacity)
 *     def get_data(key): return expensive_operation(key)
 *
 * Built as CPython's functools does: a dict from key to link, and the links in a circle through `ends`, from the least
 * recently used (ends.newer) to the most (ends.older). A hit moves its link to the most recent end; a miss in a full
 * cache takes over the oldest link for the new key. Each link is held by the dict and by its two neighbours.
 *
 * The circle is cyclic, but the cache takes it apart before it drops it, as functools does; so nothing cyclic is left.
 */
#include "workload.h"

#include "common/dead.h"
#include "common/draw.h"
#include "common/outside.h"
#include "common/zipf.h"
#include "pyobj/dict.h"
#include "pyobj/int.h"
#include "pyobj/str.h"

enum { CAPACITY, REQUESTS, KEYS, EXPONENT };
static const struct workload_param params[] = {
    [CAPACITY] = {.name = "capacity",
                  .initial = 128,
                  .small = 16,
                  .lowest = 0,
                  .highest = 1 << 28,
                  .help = "entries that the cache keeps; 0: all"},
    [REQUESTS] =
        {.name = "requests", .initial = 150000, .small = 2000, .lowest = 1, .highest = 1 << 28, .help = "requests"},
    [KEYS] =
        {.name = "keys", .initial = 100000, .small = 100, .lowest = 1, .highest = 1 << 30, .help = "different keys"},
    [EXPONENT] = {.name = "exponent",
                  .initial = 100,
                  .small = 100,
                  .lowest = 0,
                  .highest = 1000,
                  .help = "of Zipf's law, in per cent; 0: all keys are as popular"},
    {.name = NULL},
};

struct state {
    uint32_t *requests; /* keys */
};

/* ---- links */

struct link {
    struct mm_ref older, newer;
    struct mm_ref key, result;
};

static const uint16_t link_refs[] = {
    offsetof(struct link, older),
    offsetof(struct link, newer),
    offsetof(struct link, key),
    offsetof(struct link, result),
};
static const struct mm_type link_type = {
    .name = "lru_link",
    .size = sizeof(struct link),
    .ref_count = 4,
    .refs = link_refs,
};

/* Takes a link out of the circle. Its neighbours' references to it end up in `a` and `b`; nothing is counted. */
static void link_remove(struct link *link, struct mm_root *a, struct mm_root *b)
{
    MM_ROOT(neighbour);
    struct link *older = mm_get(&link->older), *newer = mm_get(&link->newer);
    mm_take(a, older, &older->newer);
    mm_take(b, newer, &newer->older);
    mm_take(&neighbour, link, &link->newer);
    mm_move(older, &older->newer, &neighbour);
    mm_take(&neighbour, link, &link->older);
    mm_move(newer, &newer->older, &neighbour);
}

/* Puts the link that `a` and `b` hold at the most recent end. It takes over the references between the ends and the
 * link that was there; nothing is counted. */
static void link_insert(struct link *ends, struct mm_root *a, struct mm_root *b)
{
    MM_ROOT(neighbour);
    struct link *link = mm_root_get(a), *latest = mm_get(&ends->older);
    mm_take(&neighbour, ends, &ends->older);
    mm_move(link, &link->older, &neighbour);
    mm_take(&neighbour, latest, &latest->newer);
    mm_move(link, &link->newer, &neighbour);
    mm_move(latest, &latest->newer, a);
    mm_move(ends, &ends->older, b);
}

/* ---- the cache */

struct cache {
    struct mm_root *links; /* a dict */
    struct mm_root *ends;  /* a link without key */
    size_t capacity;       /* SIZE_MAX: no bound */
    uint64_t hits, misses;
};

static int cache_open(struct cache *cache)
{
    if (!py_dict_new(cache->links) || !mm_new(&link_type, cache->ends))
        return -ENOMEM;
    struct link *ends = mm_root_get(cache->ends);
    mm_set(ends, &ends->older, ends);
    mm_set(ends, &ends->newer, ends);
    return 0;
}

/* Takes the circle apart, link by link. */
static void cache_close(struct cache *cache)
{
    struct link *ends = mm_root_get(cache->ends), *link;
    MM_ROOT(a);
    MM_ROOT(b);
    while (ends && (link = mm_get(&ends->newer)) && link != ends) {
        link_remove(link, &a, &b);
        if (WORK_SAYS_DEAD) {
            mm_dead(&py_str_type.mm, mm_get(&link->result));
            mm_dead(&py_int_type.mm, mm_get(&link->key));
            mm_dead(&link_type, link);
        }
    }
    mm_root_set(&a, NULL);
    mm_root_set(&b, NULL);
    if (ends) {
        mm_set(ends, &ends->newer, NULL);
        mm_set(ends, &ends->older, NULL);
        mm_dead(&link_type, ends);
    }
    if (mm_root_get(cache->links))
        mm_dead(&py_dict_type.mm, mm_root_get(cache->links));
    mm_root_set(cache->ends, NULL);
    mm_root_set(cache->links, NULL);
}

/* expensive_operation(key): a str of 16 to 143 letters. Not expensive here: what is measured is the cache. */
static struct py_str *compute(int64_t key, struct mm_root *out)
{
    uint64_t bits = (uint64_t)key;
    size_t bytes = 16 + draw_mix(&bits) % 128;
    struct py_str *result = py_str_new_blank(PY_STR_ASCII, bytes, out);
    if (!result)
        return NULL;
    memset(py_str_text(result), (int)('a' + bits % 26), bytes);
    return result;
}

static uint64_t read_result(const struct link *link)
{
    const struct py_str *result = mm_get(&link->result);
    return py_str_bytes(result) * 256 + (unsigned char)py_str_text(result)[0];
}

/* Takes the oldest link out of circle and dict; its neighbours' references are in `a` and `b`, the dict's in `held`.
 * Its key and result die. */
static void cache_evict(struct cache *cache, struct mm_root *a, struct mm_root *b, struct mm_root *held)
{
    struct link *ends = mm_root_get(cache->ends), *link = mm_get(&ends->newer);
    MM_ROOT(key);
    link_remove(link, a, b);
    py_dict_remove(mm_root_get(cache->links), mm_get(&link->key), &key, held);
    mm_dead(&py_str_type.mm, mm_get(&link->result));
    mm_set(link, &link->result, NULL);
    mm_dead(&py_int_type.mm, mm_get(&link->key));
    mm_set(link, &link->key, NULL);
}

/* A link with no key, not in the circle, thrice held: a new one, or the oldest of a full cache. */
static int cache_get_link(struct cache *cache, struct mm_root *a, struct mm_root *b, struct mm_root *held)
{
    if (py_dict_length(mm_root_get(cache->links)) >= cache->capacity) {
        cache_evict(cache, a, b, held);
        return 0;
    }
    if (!mm_new(&link_type, a))
        return -ENOMEM;
    mm_root_set(b, mm_root_get(a));
    mm_root_set(held, mm_root_get(a));
    return 0;
}

/* Computes and stores. Without success the key is dead. The link is in the circle before the dict grows, so that
 * cache_close finds it whatever happens. */
static int cache_miss(struct cache *cache, struct mm_root *key, uint64_t *sum)
{
    MM_ROOT(result);
    MM_ROOT(a);
    MM_ROOT(b);
    MM_ROOT(held);
    bool computed = compute(py_int_value(mm_root_get(key)), &result) != NULL;
    if (!computed || cache_get_link(cache, &a, &b, &held)) {
        if (computed)
            mm_dead(&py_str_type.mm, mm_root_get(&result));
        mm_dead(&py_int_type.mm, mm_root_get(key));
        mm_root_set(key, NULL);
        return -ENOMEM;
    }
    struct link *link = mm_root_get(&held);
    mm_set(link, &link->key, mm_root_get(key));
    mm_move(link, &link->result, &result);
    *sum += read_result(link);
    link_insert(mm_root_get(cache->ends), &a, &b);
    cache->misses++;
    return py_dict_put(cache->links, key, &held);
}

static int cache_request(struct cache *cache, struct mm_root *key, uint64_t *sum)
{
    struct link *link = py_dict_get(mm_root_get(cache->links), mm_root_get(key));
    if (!link)
        return cache_miss(cache, key, sum);
    MM_ROOT(a);
    MM_ROOT(b);
    cache->hits++;
    *sum += read_result(link);
    link_remove(link, &a, &b);
    link_insert(mm_root_get(cache->ends), &a, &b);
    mm_dead(&py_int_type.mm, mm_root_get(key));
    mm_root_set(key, NULL);
    return 0;
}

/* ---- a run */

enum { BLOCK = 64 };

static int serve(struct run *run, struct cache *cache)
{
    const struct state *state = run->state;
    int64_t requests = run->params[REQUESTS].integer;
    uint64_t sum = 0;
    MM_ROOT(key);
    for (int64_t i = 0; i < requests; i++) {
        if (!py_int_new(state->requests[i], &key))
            return -ENOMEM;
        int error = cache_request(cache, &key, &sum);
        if (error)
            return error;
        sum *= 31;
        if ((i + 1) % BLOCK == 0)
            run_done(run, BLOCK);
    }
    run_done(run, (uint64_t)requests % BLOCK);
    run_check(run, sum);
    return 0;
}

static int use_cache(struct run *run)
{
    MM_ROOT(links);
    MM_ROOT(ends);
    int64_t capacity = run->params[CAPACITY].integer;
    struct cache cache = {.links = &links, .ends = &ends, .capacity = capacity ? (size_t)capacity : SIZE_MAX};
    int error = cache_open(&cache);
    if (!error)
        error = serve(run, &cache);
    run_check(run, cache.hits);
    run_check(run, cache.misses);
    run_figure(run, "hits", "requests", (double)cache.hits);
    run_figure(run, "misses", "requests", (double)cache.misses);
    struct mm_stats stats;
    mm_stats_get(&stats);
    run_figure(run, "live_end_bytes", "bytes", (double)(stats.bytes_allocated - stats.bytes_freed));
    cache_close(&cache);
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
    state->requests = zipf_draws_new((size_t)run->params[REQUESTS].integer, (uint64_t)run->params[KEYS].integer,
                                     (double)run->params[EXPONENT].integer / 100, run->seed);
    return state->requests ? 0 : -ENOMEM;
}

static void teardown(struct run *run)
{
    struct state *state = run->state;
    outside_free(state->requests, (size_t)run->params[REQUESTS].integer, sizeof *state->requests);
}

WORKLOAD(lru_cache) = {
    .summary = "requests with Zipf's popularity to a cache, bounded as functools.lru_cache or unbounded",
    .unit = "requests",
    .params = params,
    .state_bytes = sizeof(struct state),
    .setup = setup,
    .run = run_iteration,
    .teardown = teardown,
};
