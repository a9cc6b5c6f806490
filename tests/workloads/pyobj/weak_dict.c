/* A dict of weak values, where the strategy has weak references. */
#include "fixture.h"

#if MM_TRAITS & MM_TRAIT_WEAK

enum { KEYS = SLOW ? 60 : 500 };

static void put(struct py_weak_dict *weak_dict, int64_t number, const struct mm_root *value)
{
    MM_ROOT(key);
    assert_non_null(py_int_new(number, &key));
    assert_int_equal(py_weak_dict_put(weak_dict, &key, value), 0);
    drop(&key);
}

static bool has(const struct py_weak_dict *weak_dict, int64_t number)
{
    MM_ROOT(key);
    MM_ROOT(value);
    assert_non_null(py_int_new(number, &key));
    void *found = py_weak_dict_get(weak_dict, mm_root_get(&key), &value);
    assert_true(!found || py_int_value(py_object_get(found, 0)) == number);
    drop(&key);
    return found != NULL;
}

/* A value for each key; a list holds every third of them. */
static void fill(struct py_weak_dict *weak_dict, struct mm_root *kept)
{
    MM_ROOT(value);
    MM_ROOT(number);
    for (int64_t i = 0; i < KEYS; i++) {
        assert_non_null(py_object_new_weak(1, &value));
        assert_non_null(py_int_new(i, &number));
        py_object_put(mm_root_get(&value), 0, &number);
        put(weak_dict, i, &value);
        if (i % 3 == 0)
            assert_int_equal(py_list_append(kept, &value), 0);
    }
}

static void test_values_go(void **state)
{
    (void)state;
    struct py_weak_dict weak_dict, other;
    assert_int_equal(py_weak_dict_open(&weak_dict), 0);
    assert_int_equal(py_weak_dict_open(&other), 0);
    {
        MM_ROOT(kept);
        assert_non_null(py_list_new(&kept));
        fill(&weak_dict, &kept);
        mm_collect(MM_GENERATIONS - 1);
        mm_collect(MM_GENERATIONS - 1);
        size_t left = 0;
        for (int64_t i = 0; i < KEYS; i++) {
            bool present = has(&weak_dict, i);
            left += present;
            assert_true(present || i % 3 != 0);
        }
        assert_int_equal(left, py_weak_dict_length(&weak_dict));
        if (!(MM_TRAITS & MM_TRAIT_CONSERVATIVE))
            assert_int_equal(left, (KEYS + 2) / 3);
        drop(&kept);
        mm_collect(MM_GENERATIONS - 1);
        mm_collect(MM_GENERATIONS - 1);
        if (!(MM_TRAITS & MM_TRAIT_CONSERVATIVE))
            assert_int_equal(py_weak_dict_length(&weak_dict), 0);
    }
    py_weak_dict_close(&other);
    py_weak_dict_close(&weak_dict);
}

int weak_dict_tests(void)
{
    const struct CMUnitTest tests[] = {TEST(test_values_go)};
    return cmocka_run_group_tests_name("weak_dict", tests, NULL, NULL);
}

#else

int weak_dict_tests(void)
{
    return 0;
}

#endif
