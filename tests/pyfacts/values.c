/* Sizes that depend on the value: ints by their digits, strs by their characters, tuples and bytes by their length,
 * dicts as they are written down, and the dicts of one class's instances one after the other. */
#include "facts.h"

#include <stdio.h>

static void test_ints(void **state)
{
    (void)state;
    const json_t *pair;
    size_t i;
    MM_ROOT(number);
    json_array_foreach(recorded("int"), i, pair)
    {
        assert_non_null(py_int_new(number_at(pair, 0), &number));
        expect_size(mm_root_get(&number), (size_t)number_at(pair, 1), "int");
        drop(&number);
    }
}

static void test_strs(void **state)
{
    (void)state;
    const json_t *pair;
    size_t i;
    MM_ROOT(str);
    json_array_foreach(recorded("str"), i, pair)
    {
        str_of(json_array_get(pair, 0), &str);
        expect_size(mm_root_get(&str), (size_t)number_at(pair, 1), json_string_value(json_array_get(pair, 0)));
        drop(&str);
    }
}

/* a + b, and a += b of a str that only `a` refers to. */
static void test_concat(void **state)
{
    (void)state;
    const json_t *row;
    size_t i;
    MM_ROOT(a);
    MM_ROOT(b);
    MM_ROOT(sum);
    json_array_foreach(recorded("str_concat"), i, row)
    {
        str_of(json_array_get(row, 0), &a);
        str_of(json_array_get(row, 1), &b);
        assert_non_null(py_str_concat(&a, &b, &sum));
        expect_size(mm_root_get(&sum), (size_t)number_at(row, 2), "a + b");
        assert_int_equal(py_str_append(&a, &b), 0);
        expect_size(mm_root_get(&a), (size_t)number_at(row, 2), "a += b");
        assert_true(py_str_equal(mm_root_get(&a), mm_root_get(&sum)));
        drop(&a);
        drop(&b);
        drop(&sum);
    }
}

static void test_append(void **state)
{
    (void)state;
    const json_t *pair;
    size_t i;
    MM_ROOT(str);
    MM_ROOT(part);
    make_str("ab", &str);
    json_array_foreach(recorded("str_append"), i, pair)
    {
        str_of(json_array_get(pair, 0), &part);
        assert_int_equal(py_str_append(&str, &part), 0);
        expect_size(mm_root_get(&str), (size_t)number_at(pair, 1), "str +=");
        drop(&part);
    }
    drop(&str);
}

static void test_slices(void **state)
{
    (void)state;
    const json_t *row;
    size_t i;
    MM_ROOT(str);
    MM_ROOT(slice);
    json_array_foreach(recorded("str_slice"), i, row)
    {
        str_of(json_array_get(row, 0), &str);
        assert_non_null(py_str_slice(&str, (size_t)number_at(row, 1), (size_t)number_at(row, 2), &slice));
        expect_size(mm_root_get(&slice), (size_t)number_at(row, 3), "str[i:j]");
        drop(&str);
        drop(&slice);
    }
}

static void test_join(void **state)
{
    (void)state;
    const json_t *row, *text;
    size_t i, k;
    MM_ROOT(separator);
    MM_ROOT(parts);
    MM_ROOT(part);
    MM_ROOT(joined);
    json_array_foreach(recorded("str_join"), i, row)
    {
        str_of(json_array_get(row, 0), &separator);
        assert_non_null(py_list_new(&parts));
        json_array_foreach(json_array_get(row, 1), k, text)
        {
            str_of(text, &part);
            assert_int_equal(py_list_append(&parts, &part), 0);
        }
        assert_non_null(py_str_join(&separator, &parts, &joined));
        expect_size(mm_root_get(&joined), (size_t)number_at(row, 2), "join");
        drop(&separator);
        drop(&parts);
        drop(&joined);
    }
}

static void test_lengths(void **state)
{
    (void)state;
    const json_t *bytes;
    size_t length;
    MM_ROOT(object);
    json_array_foreach(recorded("tuple"), length, bytes)
    {
        assert_non_null(py_tuple_new(length, &object));
        expect_size(mm_root_get(&object), (size_t)json_integer_value(bytes), "tuple");
        drop(&object);
    }
    json_array_foreach(recorded("bytes"), length, bytes)
    {
        assert_non_null(py_bytes_new(NULL, length, &object));
        expect_size(mm_root_get(&object), (size_t)json_integer_value(bytes), "bytes");
        drop(&object);
    }
}

/* {"k0": 0, "k1": 0, ...} */
static void test_literals(void **state)
{
    (void)state;
    const json_t *pair;
    size_t i;
    char name[24];
    MM_ROOT(dict);
    MM_ROOT(key);
    MM_ROOT(value);
    json_array_foreach(recorded("dict_literal"), i, pair)
    {
        int64_t count = number_at(pair, 0);
        assert_non_null(py_dict_new_room((size_t)count, &dict));
        for (int64_t k = 0; k < count; k++) {
            snprintf(name, sizeof name, "k%lld", (long long)k);
            make_str(name, &key);
            assert_non_null(py_int_new(0, &value));
            assert_int_equal(py_dict_put(&dict, &key, &value), 0);
        }
        expect_size(mm_root_get(&dict), (size_t)number_at(pair, 1), "dict literal");
        drop(&dict);
    }
}

/* ---- instances */

static const char *const names[PY_ATTRIBUTES_MAX + 1] = {0};
static uint32_t spare;

/* Classes of so many attributes as the record has; their names are not asked for. */
static const struct py_class classes[] = {
    PY_CLASS("None_", names, 0, &spare),
    PY_CLASS("One", names, 1, &spare),
    PY_CLASS("Two", names, 2, &spare),
    PY_CLASS("Seven", names, 7, &spare),
    PY_CLASS("Many", names, PY_ATTRIBUTES_MAX, &spare),
};

static const struct py_class *class_of(int64_t attributes)
{
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (classes[i].attribute_count == attributes)
            return &classes[i];
    fail_msg("no class of %lld attributes", (long long)attributes);
    return NULL;
}

static void test_instances(void **state)
{
    (void)state;
    const json_t *row, *sizes;
    size_t i, k;
    MM_ROOT(instance);
    MM_ROOT(dict);
    json_array_foreach(recorded("instances"), i, row)
    {
        const struct py_class *class = class_of(number_at(row, 0));
        py_class_open(class);
        json_array_foreach(json_array_get(row, 1), k, sizes)
        {
            assert_non_null(py_instance_new(class, &instance));
            assert_int_equal(py_sizeof(mm_root_get(&instance)), number_at(sizes, 0));
            assert_non_null(py_instance_dict(&instance, &dict));
            expect_size(mm_root_get(&dict), (size_t)number_at(sizes, 1), "__dict__");
            assert_int_equal(py_sizeof(mm_root_get(&instance)), number_at(sizes, 0));
            mm_root_set(&dict, NULL);
            drop(&instance);
        }
        assert_true(k > PY_SHARED_KEYS);
    }
}

int value_tests(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_ints), TEST(test_strs),    TEST(test_concat),   TEST(test_append),    TEST(test_slices),
        TEST(test_join), TEST(test_lengths), TEST(test_literals), TEST(test_instances),
    };
    return cmocka_run_group_tests_name("values", tests, NULL, NULL);
}
