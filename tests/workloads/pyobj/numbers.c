/* int, float, None, bool, and what is shared. */
#include "fixture.h"

static void test_int(void **state)
{
    (void)state;
    static const int64_t values[] = {
        0,
        1,
        -1,
        ((int64_t)1 << 30) - 1,
        1 - ((int64_t)1 << 30),
        (int64_t)1 << 30,
        -((int64_t)1 << 30),
        ((int64_t)1 << 60) - 1,
        (int64_t)1 << 60,
        -((int64_t)1 << 60),
        INT64_MAX,
        INT64_MIN,
    };
    MM_ROOT(number);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct py_int *object = py_int_new(values[i], &number);
        assert_non_null(object);
        assert_int_equal(py_kind_of(object), PY_INT);
        assert_int_equal(py_int_value(object), values[i]);
        assert_false(py_is_shared(object));
        drop(&number);
    }
}

static void test_float_and_constants(void **state)
{
    (void)state;
    MM_ROOT(value);
    MM_ROOT(other);
    struct py_float *number = py_float_new(-0.5, &value);
    assert_true(number->value == -0.5 && py_kind_of(number) == PY_FLOAT);
    drop(&value);
    assert_int_equal(py_kind_of(py_none_new(&value)), PY_NONE);
    assert_int_equal(py_kind_of(py_object_new(0, &other)), PY_OBJECT);
    assert_ptr_not_equal(mm_root_get(&value), mm_root_get(&other));
    assert_int_equal(py_kind_of(mm_root_get(&value)), PY_NONE);
    drop_alone(&value);
    drop_alone(&other);
    struct py_bool *yes = py_bool_new(true, &value);
    assert_true(py_bool_value(yes) && py_kind_of(yes) == PY_BOOL && py_is_shared(yes));
    drop_alone(&value);
    assert_false(py_bool_value(py_bool_new(false, &value)));
    drop_alone(&value);
}

static void test_shared_ints(void **state)
{
    (void)state;
    struct py_shared shared;
    assert_int_equal(py_shared_open(&shared), 0);
    {
        MM_ROOT(a);
        MM_ROOT(b);
        for (int64_t value = -7; value <= 258; value++) {
            bool once = value >= -5 && value <= 256;
            assert_non_null(py_int_make(&shared, value, &a));
            assert_non_null(py_int_make(&shared, value, &b));
            assert_int_equal(mm_root_get(&a) == mm_root_get(&b), once);
            assert_int_equal(py_is_shared(mm_root_get(&a)), once);
            assert_int_equal(py_int_value(mm_root_get(&a)), value);
            drop(&a);
            drop(&b);
        }
        assert_int_equal(py_kind_of(py_shared_get(&shared, PY_SHARED_NONE)), PY_NONE);
        assert_true(py_bool_value(py_shared_get(&shared, PY_SHARED_TRUE)));
        assert_false(py_bool_value(py_shared_get(&shared, PY_SHARED_FALSE)));
    }
    py_shared_close(&shared);
}

int number_tests(void)
{
    const struct CMUnitTest tests[] = {TEST(test_int), TEST(test_float_and_constants), TEST(test_shared_ints)};
    return cmocka_run_group_tests_name("numbers", tests, NULL, NULL);
}
