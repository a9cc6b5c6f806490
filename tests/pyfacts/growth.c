/* Growth by one at a time: the facts say from which length on there is which room. */
#include "facts.h"

/* Grows an object one by one to the last step's length, and looks at it each time. */
struct growth {
    const char *fact;
    void (*make)(struct mm_root *out);
    void (*add)(struct mm_root *object, int64_t number);
    size_t (*room)(const void *object); /* what the fact counts */
    size_t slow_length;                 /* as far as a strategy goes that checks as it runs */
};

/* ---- list */

static void make_list(struct mm_root *out)
{
    assert_non_null(py_list_new(out));
}

static void add_to_list(struct mm_root *list, int64_t number)
{
    MM_ROOT(item);
    assert_non_null(py_int_new(number, &item));
    assert_int_equal(py_list_append(list, &item), 0);
}

static size_t list_room(const void *list)
{
    return ((const struct py_list *)list)->items.capacity;
}

/* ---- dict */

static void make_dict(struct mm_root *out)
{
    assert_non_null(py_dict_new(out));
}

static void add_to_dict(struct mm_root *dict, int64_t number)
{
    MM_ROOT(key);
    MM_ROOT(value);
    assert_non_null(py_int_new(number * 7 - 100, &key));
    assert_non_null(py_int_new(number, &value));
    assert_int_equal(py_dict_put(dict, &key, &value), 0);
}

/* ---- array */

static void make_array(struct mm_root *out)
{
    assert_non_null(py_array_new('i', 0, out));
}

static void add_to_array(struct mm_root *array, int64_t number)
{
    assert_int_equal(py_array_append_int(array, number), 0);
}

static size_t array_room(const void *array)
{
    return ((const struct py_array *)array)->items.capacity / sizeof(int32_t);
}

/* ---- bytearray */

static void make_bytearray(struct mm_root *out)
{
    assert_non_null(py_bytearray_new(out));
}

static void add_to_bytearray(struct mm_root *array, int64_t number)
{
    assert_int_equal(py_bytearray_append(array, (unsigned char)number), 0);
}

static const struct growth growths[] = {
    {"list_growth_len_capacity", make_list, add_to_list, list_room, 300},
    {"dict_growth_len_bytes", make_dict, add_to_dict, py_sizeof, 100},
    {"array_growth_len_capacity", make_array, add_to_array, array_room, 600},
    {"bytearray_growth_len_bytes", make_bytearray, add_to_bytearray, py_sizeof, 300},
};

static void check_growth(const struct growth *growth)
{
    const json_t *steps = fact(growth->fact);
    size_t count = json_array_size(steps), last = (size_t)number_at(json_array_get(steps, count - 1), 0);
    size_t end = SLOW && last > growth->slow_length ? growth->slow_length : last;
    MM_ROOT(object);
    growth->make(&object);
    assert_true(count > 1);
    for (size_t length = 1, step = 0; length <= end; length++) {
        if (step + 1 < count && number_at(json_array_get(steps, step + 1), 0) == (int64_t)length)
            step++;
        growth->add(&object, (int64_t)length);
        size_t room = growth->room(mm_root_get(&object));
        if ((int64_t)room != number_at(json_array_get(steps, step), 1))
            fail_msg("%s: %zu items, room %zu, CPython: %lld", growth->fact, length, room,
                     (long long)number_at(json_array_get(steps, step), 1));
        if (headers_are_cpythons())
            assert_int_equal(mm_size_of(mm_type_of(mm_root_get(&object)), mm_root_get(&object)),
                             py_sizeof(mm_root_get(&object)));
    }
    drop(&object);
}

static void test_growth(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof growths / sizeof *growths; i++)
        check_growth(&growths[i]);
}

int growth_tests(void)
{
    const struct CMUnitTest tests[] = {TEST(test_growth)};
    return cmocka_run_group_tests_name("growth", tests, NULL, NULL);
}
