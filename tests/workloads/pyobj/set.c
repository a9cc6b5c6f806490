/* set: against a model. */
#include "fixture.h"

#include <stdio.h>

enum { MODEL_KEYS = 600 };

static void make_key(size_t number, struct mm_root *out)
{
    char text[24];
    if (number % 4 == 0) {
        snprintf(text, sizeof text, "k%zu", number);
        make_str(text, out);
    } else {
        /* equal low bits for many, negative for some */
        int64_t value = ((int64_t)number - 300) * (number % 4 == 1 ? 1 : 4096);
        assert_non_null(py_int_new(value, out));
    }
}

static void add(bool present[], struct mm_root *set, size_t number)
{
    MM_ROOT(key);
    make_key(number, &key);
    size_t before = py_set_length(mm_root_get(set));
    assert_int_equal(py_set_contains(mm_root_get(set), mm_root_get(&key)), present[number]);
    assert_int_equal(py_set_add(set, &key), 0);
    assert_int_equal(mm_root_get(&key) != NULL, present[number]);
    assert_int_equal(py_set_length(mm_root_get(set)), before + !present[number]);
    present[number] = true;
    drop(&key);
}

static void take_out(bool present[], struct mm_root *set, size_t number)
{
    MM_ROOT(key);
    MM_ROOT(old);
    make_key(number, &key);
    assert_int_equal(py_set_remove(mm_root_get(set), mm_root_get(&key), &old), present[number]);
    assert_int_equal(mm_root_get(&old) != NULL, present[number]);
    assert_false(py_set_contains(mm_root_get(set), mm_root_get(&key)));
    present[number] = false;
    drop(&key);
    drop(&old);
}

static void compare(const bool present[], struct mm_root *set)
{
    MM_ROOT(key);
    size_t count = 0, seen = 0;
    for (size_t i = 0; i < MODEL_KEYS; i++) {
        make_key(i, &key);
        assert_int_equal(py_set_contains(mm_root_get(set), mm_root_get(&key)), present[i]);
        count += present[i];
        drop(&key);
    }
    for (size_t i = 0; i < py_set_places(mm_root_get(set)); i++)
        seen += py_set_key_at(mm_root_get(set), i) != NULL;
    assert_int_equal(count, seen);
    assert_int_equal(count, py_set_length(mm_root_get(set)));
}

static void test_set_against_model(void **state)
{
    (void)state;
    static bool present[MODEL_KEYS];
    memset(present, 0, sizeof present);
    struct draw draw = draw_seeded(11);
    MM_ROOT(set);
    assert_non_null(py_set_new(&set));
    for (int64_t i = 0; i < (SLOW ? 1200 : 60000); i++) {
        size_t span = i / 400 % 2 ? MODEL_KEYS : 6; /* many keys, then few: large, small and large again */
        if (draw_below(&draw, 5) < (span == 6 ? 1 : 3))
            add(present, &set, draw_below(&draw, span));
        else
            take_out(present, &set, draw_below(&draw, MODEL_KEYS));
        if (i % (SLOW ? 600 : 2000) == 0)
            compare(present, &set);
    }
    for (size_t i = 0; i < MODEL_KEYS; i++)
        take_out(present, &set, i);
    assert_int_equal(py_set_reserve(&set, 100), 0);
    size_t places = py_set_places(mm_root_get(&set));
    assert_true(places > 100);
    for (size_t i = 0; i < 50; i++)
        add(present, &set, i);
    assert_int_equal(py_set_places(mm_root_get(&set)), places);
    compare(present, &set);
    drop(&set);
}

int set_tests(void)
{
    const struct CMUnitTest tests[] = {TEST(test_set_against_model)};
    return cmocka_run_group_tests_name("set", tests, NULL, NULL);
}
