/* Where CPython 3.11.7 placed its blocks (pymalloc-3.11.7.json), replayed: pools are numbered as they first appear,
 * blocks by their place in the pool. */
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "pymalloc.h"

enum { IDS = 2000, POOLS_MAX = 256 };

static json_t *golden;

static size_t pool_offset(const void *block)
{
    return (uintptr_t)block & (PYMALLOC_POOL_BYTES - 1);
}

static void assert_whole(void)
{
    const char *wrong = pymalloc_check();
    if (wrong)
        fail_msg("%s", wrong);
}

/* ---- pools */

/* Blocks of a fresh pool: all that come before the first in another pool. */
static size_t blocks_in_a_pool(size_t bytes, size_t *first_offset)
{
    void *blocks[PYMALLOC_POOL_BYTES / PYMALLOC_ALIGNMENT + 1];
    size_t count = 0;
    do {
        blocks[count] = pymalloc_malloc(bytes);
        assert_non_null(blocks[count]);
    } while (pymalloc_pool_of(blocks[count++], PYMALLOC_POOL_BYTES) ==
             pymalloc_pool_of(blocks[0], PYMALLOC_POOL_BYTES));
    *first_offset = pool_offset(blocks[0]);
    for (size_t i = 1; i + 1 < count; i++)
        assert_ptr_equal(blocks[i], (char *)blocks[i - 1] + bytes);
    assert_whole();
    for (size_t i = 0; i < count; i++)
        pymalloc_free(blocks[i]);
    return count - 1;
}

static void test_pools(void **state)
{
    (void)state;
    const char *bytes;
    json_t *expected;
    size_t classes = 0;
    json_object_foreach(json_object_get(golden, "blocks_per_pool"), bytes, expected)
    {
        size_t first_offset;
        size_t blocks = blocks_in_a_pool(strtoul(bytes, NULL, 10), &first_offset);
        assert_int_equal(blocks, json_integer_value(expected));
        assert_int_equal(first_offset,
                         json_integer_value(json_object_get(json_object_get(golden, "first_offset"), bytes)));
        pymalloc_close();
        classes++;
    }
    assert_int_equal(classes, PYMALLOC_CLASSES);
}

/* The distance of two blocks of a fresh pool is what the request was rounded to. */
static void test_rounding(void **state)
{
    (void)state;
    const char *bytes;
    json_t *expected;
    json_object_foreach(json_object_get(golden, "rounding"), bytes, expected)
    {
        char *first = pymalloc_malloc(strtoul(bytes, NULL, 10)), *second = pymalloc_malloc(strtoul(bytes, NULL, 10));
        assert_int_equal(second - first, json_integer_value(expected));
        assert_int_equal(pymalloc_small_bytes(first), json_integer_value(expected));
        pymalloc_close();
    }
    assert_true(json_is_true(json_object_get(golden, "513_goes_to_system_malloc")));
    volatile size_t too_large = 513, zero = 0; /* the compiler would object to what is never done */
    void *large = pymalloc_malloc(too_large), *none = pymalloc_malloc(zero);
    assert_false(pymalloc_owns(large));
    assert_false(pymalloc_owns(none));
    pymalloc_free(large);
    pymalloc_free(none);
}

/* ---- scripts */

struct replay {
    size_t bytes;
    void *blocks[IDS];
    const struct pymalloc_pool *pools[POOLS_MAX];
    size_t pool_count;
};

static size_t pool_number(struct replay *replay, const void *block)
{
    const struct pymalloc_pool *pool = pymalloc_pool_of(block, PYMALLOC_POOL_BYTES);
    for (size_t i = 0; i < replay->pool_count; i++)
        if (replay->pools[i] == pool)
            return i;
    assert_in_range(replay->pool_count, 0, POOLS_MAX - 1);
    replay->pools[replay->pool_count] = pool;
    return replay->pool_count++;
}

/* One `aN` or `fN`; returns the block that it is about. */
static void *step(struct replay *replay, const char *op)
{
    size_t id = strtoul(op + 1, NULL, 10);
    assert_in_range(id, 0, IDS - 1);
    void *block = replay->blocks[id];
    if (*op == 'a') {
        assert_null(block);
        return replay->blocks[id] = pymalloc_malloc(replay->bytes);
    }
    assert_non_null(block);
    replay->blocks[id] = NULL;
    pymalloc_free(block);
    return block;
}

static void replay_script(const char *name, size_t bytes)
{
    struct replay *replay = calloc(1, sizeof *replay);
    replay->bytes = bytes;
    const json_t *script = json_object_get(golden, name);
    const json_t *ops = json_object_get(script, "ops"), *places = json_object_get(script, "pool_block");
    assert_int_equal(json_array_size(ops), json_array_size(places));
    assert_true(json_array_size(ops) > 0);
    for (size_t i = 0; i < json_array_size(ops); i++) {
        const char *op = json_string_value(json_array_get(ops, i));
        const void *block = step(replay, op);
        const json_t *place = json_array_get(places, i);
        size_t pool = pool_number(replay, block);
        size_t index = (pool_offset(block) - PYMALLOC_FIRST_OFFSET) / bytes;
        if ((json_int_t)pool != json_integer_value(json_array_get(place, 0)) ||
            (json_int_t)index != json_integer_value(json_array_get(place, 1)))
            fail_msg("%s, step %zu, %s: pool %zu block %zu", name, i, op, pool, index);
        assert_whole();
    }
    free(replay);
    pymalloc_close();
}

static void test_script_256(void **state)
{
    (void)state;
    replay_script("script256", 256);
}

static void test_random_448(void **state)
{
    (void)state;
    replay_script("random448", 448);
}

static int load(void **state)
{
    (void)state;
    json_error_t error;
    golden = json_load_file(GOLDEN, 0, &error);
    if (!golden)
        print_error("%s:%d: %s\n", GOLDEN, error.line, error.text);
    return golden ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    json_decref(golden);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pools),
        cmocka_unit_test(test_rounding),
        cmocka_unit_test(test_script_256),
        cmocka_unit_test(test_random_448),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
