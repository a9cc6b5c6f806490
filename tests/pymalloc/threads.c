/* pymalloc_fast among threads: blocks wander from the thread that allocates to another that frees, threads come and go,
 * and in the end all of it is in the pools again. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fast.h"
#include "random.h"

enum { THREADS = 4, GENERATIONS = 6, STEPS = 20000, SHELVES = 512 };

struct item {
    uint64_t bytes, check; /* check: the complement of bytes */
};

/* Where threads leave blocks for each other. */
static struct item *shelves[SHELVES];

static size_t broken;

static void discard(struct item *item)
{
    if (item->check != ~item->bytes)
        __atomic_fetch_add(&broken, 1, __ATOMIC_RELAXED);
    memset(item, 0, item->bytes);
    pymalloc_fast_free(item);
}

static void *work(void *seed)
{
    uint64_t random = (uint64_t)(uintptr_t)seed * 0x9E3779B97F4A7C15u;
    for (size_t i = 0; i < STEPS; i++) {
        uint64_t draw = next_random(&random);
        size_t bytes = sizeof(struct item) + (draw >> 20) % (draw >> 50 & 1 ? 48 : 600);
        struct item *item = pymalloc_fast_malloc(bytes);
        *item = (struct item){bytes, ~(uint64_t)bytes};
        struct item *left = __atomic_exchange_n(&shelves[draw % SHELVES], item, __ATOMIC_ACQ_REL);
        if (left)
            discard(left);
    }
    return NULL;
}

static void assert_fast_whole(void)
{
    const char *wrong = pymalloc_fast_check();
    if (wrong)
        fail_msg("%s", wrong);
}

static void test_threads(void **state)
{
    (void)state;
    uintptr_t seed = 1;
    for (size_t generation = 0; generation < GENERATIONS; generation++) {
        pthread_t threads[THREADS];
        for (size_t i = 0; i < THREADS; i++)
            assert_int_equal(pthread_create(&threads[i], NULL, work, (void *)seed++), 0);
        for (size_t i = 0; i < THREADS; i++)
            assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_fast_whole();
    }
    for (size_t i = 0; i < SHELVES; i++) {
        discard(shelves[i]);
        shelves[i] = NULL;
    }
    assert_int_equal(broken, 0);
    pymalloc_fast_trim();
    assert_fast_whole();
    assert_int_equal(pymalloc_fast_pools_in_use(), 0);
    pymalloc_fast_close();
}

/* What a thread freed is not lost with it: another pool is not needed for the next. */
static void *make_and_free(void *unused)
{
    (void)unused;
    void *blocks[100];
    for (size_t i = 0; i < 100; i++)
        blocks[i] = pymalloc_fast_malloc(200);
    for (size_t i = 0; i < 100; i++)
        pymalloc_fast_free(blocks[i]);
    return blocks[0] ? NULL : &broken;
}

static void test_thread_end(void **state)
{
    (void)state;
    for (size_t i = 0; i < 50; i++) {
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, make_and_free, NULL), 0);
        assert_int_equal(pthread_join(thread, NULL), 0);
        assert_int_equal(pymalloc_fast_pools_in_use(), 0);
    }
    pymalloc_fast_close();
}

/* One thread allocates, another frees: blocks come back by the pools, and no more arenas are needed. */
enum { ONE_WAY = 20000 };

static struct item *one_way[ONE_WAY];

static void *discard_all(void *unused)
{
    (void)unused;
    for (size_t i = 0; i < ONE_WAY; i++)
        discard(one_way[i]);
    return NULL;
}

static void test_one_way(void **state)
{
    (void)state;
    size_t pools = 0;
    for (size_t round = 0; round < 10; round++) {
        for (size_t i = 0; i < ONE_WAY; i++) {
            one_way[i] = pymalloc_fast_malloc(64);
            *one_way[i] = (struct item){64, ~(uint64_t)64};
        }
        size_t now = pymalloc_fast_pools_in_use();
        pools = round == 0 ? now : pools;
        assert_in_range(now, 1, pools + 1);
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, discard_all, NULL), 0);
        assert_int_equal(pthread_join(thread, NULL), 0);
        assert_fast_whole();
    }
    assert_int_equal(broken, 0);
    pymalloc_fast_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_thread_end),
        cmocka_unit_test(test_one_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
