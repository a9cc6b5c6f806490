/* Generators, ranges, functions, and objects with attributes. */
#include "fixture.h"

static int count_down(struct mm_root *generator, struct mm_root *yielded)
{
    struct py_generator *frame = mm_root_get(generator);
    if (frame->state == 3)
        return 0;
    int64_t number = frame->state++;
    return py_int_new(number, yielded) ? 1 : -ENOMEM;
}

static void test_generator(void **state)
{
    (void)state;
    MM_ROOT(generator);
    MM_ROOT(item);
    assert_non_null(py_generator_new(count_down, 1, &generator));
    for (int64_t i = 0; i < 3; i++) {
        assert_int_equal(py_generator_next(&generator, &item), 1);
        assert_int_equal(py_int_value(mm_root_get(&item)), i);
        drop(&item);
    }
    assert_int_equal(py_generator_next(&generator, &item), 0);
    assert_int_equal(py_generator_next(&generator, &item), 0);
    drop(&generator);
}

static void test_range(void **state)
{
    (void)state;
    MM_ROOT(root);
    int64_t number = 0;
    struct py_range *range = py_range_new(10, -3, 3, &root);
    for (int64_t expected = 10; expected > 1; expected -= 3) {
        assert_true(py_range_next(range, &number));
        assert_int_equal(number, expected);
    }
    assert_false(py_range_next(range, &number));
    drop(&root);
}

/* Slots with and without __weakref__, of every number. */
static void test_slots(void **state)
{
    (void)state;
    MM_ROOT(object);
    MM_ROOT(value);
    for (unsigned slots = 1; slots <= PY_SLOTS_MAX; slots++) {
        for (int weak = 0; weak < 2; weak++) {
            assert_non_null(weak ? py_object_new_weak(slots, &object) : py_object_new(slots, &object));
            for (unsigned i = 0; i < slots; i++) {
                assert_null(py_object_get(mm_root_get(&object), i));
                assert_non_null(py_int_new(i, &value));
                py_object_put(mm_root_get(&object), i, &value);
            }
            for (unsigned i = 0; i < slots; i++)
                assert_int_equal(py_int_value(py_object_get(mm_root_get(&object), i)), i);
            drop(&object);
        }
    }
}

static const char *const attributes[] = {"a", "b", "c", NULL};
static uint32_t spare;
static const struct py_class class_of_three = PY_CLASS("Three", attributes, 3, &spare);

static void put_number(struct mm_root *instance, size_t attribute, int64_t number)
{
    MM_ROOT(value);
    assert_non_null(py_int_new(number, &value));
    if (WORK_SAYS_DEAD)
        py_dead_tree(py_instance_get(mm_root_get(instance), attribute), true);
    py_instance_put(mm_root_get(instance), attribute, &value);
}

/* Attributes are the same before and after the dict was asked for, through the instance and through the dict. */
static void test_instance(void **state)
{
    (void)state;
    MM_ROOT(instance);
    MM_ROOT(dict);
    MM_ROOT(again);
    py_class_open(&class_of_three);
    for (int64_t round = 0; round < 40; round++) {
        assert_non_null(py_instance_new(&class_of_three, &instance));
        assert_ptr_equal(py_class_of(mm_root_get(&instance))->attributes, attributes);
        for (size_t i = 0; i < 2; i++)
            put_number(&instance, i, round * 10 + (int64_t)i);
        assert_non_null(py_instance_dict(&instance, &dict));
        assert_ptr_equal(py_instance_dict(&instance, &again), mm_root_get(&dict));
        mm_root_set(&again, NULL);
        put_number(&instance, 1, round);
        assert_int_equal(py_int_value(py_instance_get(mm_root_get(&instance), 0)), round * 10);
        assert_int_equal(py_int_value(py_instance_dict_get(mm_root_get(&dict), "b")), round);
        assert_null(py_instance_dict_get(mm_root_get(&dict), "c"));
        assert_null(py_instance_dict_get(mm_root_get(&dict), "d"));
        mm_root_set(&dict, NULL);
        drop(&instance);
    }
}

/* Values of any number have a capacity that says how many they are. */
static void test_instance_capacity(void **state)
{
    (void)state;
    for (size_t values = 1; values < 100; values++) {
        assert_true(py_instance_capacity(values) > 1);
        assert_int_equal(py_instance_values(py_instance_capacity(values)), values);
    }
}

static int code(struct mm_root *function, struct mm_root *argument, struct mm_root *result)
{
    const struct py_function *object = mm_root_get(function);
    int64_t sum = py_int_value(mm_root_get(argument)) + py_int_value(py_tuple_get(mm_get(&object->closure), 0));
    return py_int_new(sum, result) ? 0 : -ENOMEM;
}

static void test_function(void **state)
{
    (void)state;
    MM_ROOT(function);
    MM_ROOT(closure);
    MM_ROOT(item);
    MM_ROOT(sum);
    assert_non_null(py_function_new(code, &function));
    assert_non_null(py_tuple_new(1, &closure));
    assert_non_null(py_int_new(40, &item));
    py_tuple_put(mm_root_get(&closure), 0, &item);
    struct py_function *object = mm_root_get(&function);
    mm_move(object, &object->closure, &closure);
    assert_non_null(py_int_new(2, &item));
    object = mm_root_get(&function);
    assert_int_equal(object->code(&function, &item, &sum), 0);
    assert_int_equal(py_int_value(mm_root_get(&sum)), 42);
    drop(&item);
    drop(&sum);
    drop(&function);
}

int object_tests(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_generator), TEST(test_range),    TEST(test_slots),
        TEST(test_instance),  TEST(test_function), cmocka_unit_test(test_instance_capacity),
    };
    return cmocka_run_group_tests_name("objects", tests, NULL, NULL);
}
