/* The order of arenas, against a list that is searched from its begin each time; and when one goes back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pymalloc.h"
#include "random.h"
#include "variants.h"

enum { ARENAS_MAX = 32, POOLS_MAX = ARENAS_MAX * PYMALLOC_ARENA_POOLS_MAX, STEPS = 40000 };

/* Usable arenas by their index, in order. An arena with one more free pool moves right behind the last one that has as
 * many as it had; a full one that gets a free pool to the front. */
struct order {
    uint32_t arenas[ARENAS_MAX];
    uint32_t free_count[ARENAS_MAX], count[ARENAS_MAX]; /* by arena */
    size_t length;
};

static void order_remove(struct order *order, size_t place)
{
    memmove(&order->arenas[place], &order->arenas[place + 1], (--order->length - place) * sizeof *order->arenas);
}

static void order_insert(struct order *order, size_t place, uint32_t arena)
{
    memmove(&order->arenas[place + 1], &order->arenas[place], (order->length++ - place) * sizeof *order->arenas);
    order->arenas[place] = arena;
}

/* The pool that was taken came from the first arena, or from a new one if there was none. */
static void order_take(struct order *order, const struct pymalloc_arenas *arenas, const struct pymalloc_pool *pool)
{
    if (order->length == 0) {
        assert_in_range(pool->arena, 0, ARENAS_MAX - 1);
        order->free_count[pool->arena] = order->count[pool->arena] = arenas->entries[pool->arena].count;
        order_insert(order, 0, pool->arena);
    }
    assert_int_equal(pool->arena, order->arenas[0]);
    if (--order->free_count[pool->arena] == 0)
        order_remove(order, 0);
}

/* True if the arena has to go back to the system. */
static bool order_give(struct order *order, uint32_t arena)
{
    uint32_t before = order->free_count[arena]++;
    if (before == 0) {
        order_insert(order, 0, arena);
        return false;
    }
    size_t place = 0, last = 0;
    for (size_t i = 0; i < order->length; i++) {
        place = order->arenas[i] == arena ? i : place;
        if (order->arenas[i] != arena && order->free_count[order->arenas[i]] == before)
            last = i;
    }
    if (order->free_count[arena] == order->count[arena] && place + 1 < order->length) {
        order_remove(order, place);
        return true;
    }
    if (last > place) {
        order_remove(order, place);
        order_insert(order, last, arena);
    }
    return false;
}

static bool mark(const char *memory, size_t bytes, bool ours)
{
    (void)memory;
    (void)bytes;
    (void)ours;
    return true;
}

static void test_order(void **state)
{
    (void)state;
    static struct pymalloc_pool *pools[POOLS_MAX];
    struct pymalloc_arenas arenas = {
        .pool_bytes = PYMALLOC_POOL_BYTES, .arena_bytes = PYMALLOC_ARENA_BYTES, .mark = mark};
    struct order order = {.length = 0};
    uint64_t random = 88172645463325252u;
    size_t taken = 0, returned = 0;
    for (size_t step = 0; step < STEPS; step++) {
        uint64_t draw = next_random(&random);
        bool takes = draw % 100 < (step / (STEPS / 4) % 2 ? 40u : 60u);
        if (taken == 0 || (takes && taken < POOLS_MAX / 2)) {
            struct pymalloc_pool *pool = pymalloc_arenas_take(&arenas);
            order_take(&order, &arenas, pool);
            pools[taken++] = pool;
        } else {
            size_t victim = (draw >> 8) % taken;
            struct pymalloc_pool *pool = pools[victim];
            uint32_t arena = pool->arena, arena_count = arenas.arena_count;
            pools[victim] = pools[--taken];
            pymalloc_arenas_give(&arenas, pool);
            bool goes = order_give(&order, arena);
            assert_int_equal(arenas.arena_count, arena_count - goes);
            returned += goes;
        }
        const char *wrong = pymalloc_arenas_check(&arenas);
        if (wrong)
            fail_msg("step %zu: %s", step, wrong);
    }
    assert_true(returned > 0);
    pymalloc_arenas_close(&arenas);
    assert_int_equal(arenas.arena_count, 0);
}

/* ---- as a caller sees it: 512 bytes, 31 blocks a pool */

enum { BYTES = 512, BLOCKS = 3 * PYMALLOC_ARENA_POOLS_MAX * 31 };

static void test_returned(void **state)
{
    (void)state;
    static void *blocks[BLOCKS];
    for (size_t i = 0; i < BLOCKS; i++)
        blocks[i] = pymalloc_malloc(BYTES);
    uint32_t peak = pymalloc_heap.arenas.arena_count;
    assert_true(peak >= 3);
    for (size_t i = 0; i < BLOCKS; i++)
        pymalloc_free(blocks[i]);
    assert_int_equal(pymalloc_heap.arenas.arena_count, 1);
    size_t ours = 0;
    for (size_t i = 0; i < BLOCKS; i++)
        ours += pymalloc_owns(blocks[i]);
    assert_in_range(ours, 1, PYMALLOC_ARENA_POOLS_MAX * 31);
    assert_whole(&variants[0]);
    pymalloc_close();
    for (size_t i = 0; i < BLOCKS; i++)
        assert_false(pymalloc_owns(blocks[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_returned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
