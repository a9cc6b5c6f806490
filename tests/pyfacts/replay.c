/* Random operations, as they were done on CPython's objects, done again on ours: the same length and size after each.
 */
#include "facts.h"

#include <stdio.h>

/* One kind's script: an array of [operation, arguments ..., length, bytes]. */
struct script {
    const char *name;
    void (*make)(struct mm_root *out);
    void (*apply)(struct mm_root *object, const char *operation, int64_t a, int64_t b);
    size_t (*length)(const void *object);
};

static bool is(const char *operation, const char *name)
{
    return strcmp(operation, name) == 0;
}

static void unknown(const char *operation)
{
    fail_msg("no such operation: %s", operation);
}

/* ---- list: of NULLs, which take as much room as anything */

static void make_list(struct mm_root *out)
{
    assert_non_null(py_list_new(out));
}

static void add_many(struct mm_root *list, size_t count, bool concat)
{
    MM_ROOT(more);
    assert_non_null(py_list_new_sized(count, &more));
    if (concat)
        assert_non_null(py_list_concat(list, &more, list));
    else
        assert_int_equal(py_list_extend(list, &more), 0);
    drop_alone(&more);
}

/* What makes a new list of the old one. */
static void make_anew(struct mm_root *list, const char *operation, int64_t a, int64_t b)
{
    MM_ROOT(old);
    mm_root_set(&old, mm_root_get(list));
    if (is(operation, "slice"))
        assert_non_null(py_list_slice(&old, (size_t)a, (size_t)b, list));
    else if (is(operation, "repeat"))
        assert_non_null(py_list_repeat(&old, (size_t)a, list));
    else if (is(operation, "concat"))
        add_many(list, (size_t)a, true);
    else if (is(operation, "list"))
        assert_non_null(py_list_of(&old, list));
    else
        unknown(operation);
    drop_alone(&old);
}

static void apply_to_list(struct mm_root *list, const char *operation, int64_t a, int64_t b)
{
    MM_ROOT(item);
    if (is(operation, "append"))
        assert_int_equal(py_list_append(list, &item), 0);
    else if (is(operation, "insert"))
        assert_int_equal(py_list_insert(list, (size_t)a, &item), 0);
    else if (is(operation, "extend"))
        add_many(list, (size_t)a, false);
    else if (is(operation, "pop"))
        py_list_pop(list, &item);
    else if (is(operation, "pop_at"))
        py_list_pop_at(list, (size_t)a, &item);
    else if (is(operation, "clear"))
        py_list_clear(list);
    else
        make_anew(list, operation, a, b);
}

static size_t list_length(const void *list)
{
    return py_list_length(list);
}

/* ---- dict and set, of ints */

static void make_key(bool text, int64_t number, struct mm_root *out)
{
    char characters[24];
    if (text) {
        snprintf(characters, sizeof characters, "k%lld", (long long)number);
        make_str(characters, out);
    } else {
        assert_non_null(py_int_new(number, out));
    }
}

static void make_dict(struct mm_root *out)
{
    assert_non_null(py_dict_new(out));
}

static void change_dict(struct mm_root *dict, const char *operation, bool text, int64_t number)
{
    MM_ROOT(key);
    MM_ROOT(value);
    MM_ROOT(old);
    make_key(text, number, &key);
    if (is(operation, "put")) {
        assert_non_null(py_int_new(0, &value));
        assert_int_equal(py_dict_put(dict, &key, &value), 0);
    } else if (is(operation, "remove")) {
        assert_true(py_dict_remove(mm_root_get(dict), mm_root_get(&key), &old, &value));
    } else {
        unknown(operation);
    }
    drop(&key);
    drop(&value);
    drop(&old);
}

static void apply_to_dict_of_int(struct mm_root *dict, const char *operation, int64_t a, int64_t b)
{
    (void)b;
    change_dict(dict, operation, false, a);
}

static void apply_to_dict_of_str(struct mm_root *dict, const char *operation, int64_t a, int64_t b)
{
    (void)b;
    change_dict(dict, operation, true, a);
}

static size_t dict_length(const void *dict)
{
    return py_dict_length(dict);
}

static void make_set(struct mm_root *out)
{
    assert_non_null(py_set_new(out));
}

static void apply_to_set(struct mm_root *set, const char *operation, int64_t a, int64_t b)
{
    (void)b;
    MM_ROOT(key);
    MM_ROOT(old);
    make_key(false, a, &key);
    if (is(operation, "add"))
        assert_int_equal(py_set_add(set, &key), 0);
    else if (is(operation, "remove"))
        assert_true(py_set_remove(mm_root_get(set), mm_root_get(&key), &old));
    else
        unknown(operation);
    drop(&key);
    drop(&old);
}

static size_t set_length(const void *set)
{
    return py_set_length(set);
}

/* ---- array and bytearray: all is a change of the length */

static size_t changed_length(size_t length, const char *operation, int64_t a)
{
    if (is(operation, "append"))
        return length + 1;
    if (is(operation, "extend"))
        return length + (size_t)a;
    if (is(operation, "pop"))
        return length - 1;
    if (!is(operation, "cut"))
        unknown(operation);
    return (size_t)a;
}

static void make_array_of_ints(struct mm_root *out)
{
    assert_non_null(py_array_new('i', 0, out));
}

static void make_array_of_doubles(struct mm_root *out)
{
    assert_non_null(py_array_new('d', 0, out));
}

static size_t array_length(const void *array)
{
    return ((const struct py_array *)array)->length;
}

static void apply_to_array(struct mm_root *array, const char *operation, int64_t a, int64_t b)
{
    (void)b;
    size_t length = changed_length(array_length(mm_root_get(array)), operation, a);
    assert_int_equal(is(operation, "append") ? py_array_append_int(array, 1) : py_array_resize(array, length), 0);
}

static void make_bytearray(struct mm_root *out)
{
    assert_non_null(py_bytearray_new(out));
}

static size_t bytearray_length(const void *array)
{
    return ((const struct py_bytearray *)array)->length;
}

static void apply_to_bytearray(struct mm_root *array, const char *operation, int64_t a, int64_t b)
{
    (void)b;
    size_t length = changed_length(bytearray_length(mm_root_get(array)), operation, a);
    assert_int_equal(py_bytearray_resize(array, length), 0);
}

/* ---- deque */

static void make_deque(struct mm_root *out)
{
    assert_non_null(py_deque_new(out));
}

static void apply_to_deque(struct mm_root *deque, const char *operation, int64_t a, int64_t b)
{
    (void)a;
    (void)b;
    MM_ROOT(item);
    if (is(operation, "append"))
        assert_int_equal(py_deque_append(deque, &item), 0);
    else if (is(operation, "append_left"))
        assert_int_equal(py_deque_append_left(deque, &item), 0);
    else if (is(operation, "pop"))
        py_deque_pop(mm_root_get(deque), &item);
    else if (is(operation, "pop_left"))
        py_deque_pop_left(mm_root_get(deque), &item);
    else
        unknown(operation);
}

static size_t deque_length(const void *deque)
{
    return py_deque_length(deque);
}

/* ---- the scripts */

static const struct script scripts[] = {
    {"list", make_list, apply_to_list, list_length},
    {"dict_of_int", make_dict, apply_to_dict_of_int, dict_length},
    {"dict_of_str", make_dict, apply_to_dict_of_str, dict_length},
    {"set", make_set, apply_to_set, set_length},
    {"array_i", make_array_of_ints, apply_to_array, array_length},
    {"array_d", make_array_of_doubles, apply_to_array, array_length},
    {"bytearray", make_bytearray, apply_to_bytearray, bytearray_length},
    {"deque", make_deque, apply_to_deque, deque_length},
};

static void replay(const struct script *script)
{
    const json_t *steps = recorded(script->name), *step;
    size_t i;
    MM_ROOT(object);
    script->make(&object);
    json_array_foreach(steps, i, step)
    {
        size_t fields = json_array_size(step);
        const char *operation = json_string_value(json_array_get(step, 0));
        int64_t a = fields > 3 ? number_at(step, 1) : 0, b = fields > 4 ? number_at(step, 2) : 0;
        script->apply(&object, operation, a, b);
        int64_t length = number_at(step, fields - 2), bytes = number_at(step, fields - 1);
        void *after = mm_root_get(&object);
        if (script->length(after) != (size_t)length || py_sizeof(after) != (size_t)bytes)
            fail_msg("%s, step %zu, %s: %zu items, %zu bytes; CPython: %lld items, %lld bytes", script->name, i,
                     operation, script->length(after), py_sizeof(after), (long long)length, (long long)bytes);
        if (py_kind_of(after) != PY_DEQUE)
            expect_size(after, (size_t)bytes, script->name);
    }
    assert_true(i > 100);
    drop(&object);
}

static void test_scripts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++)
        replay(&scripts[i]);
}

int replay_tests(void)
{
    const struct CMUnitTest tests[] = {TEST(test_scripts)};
    return cmocka_run_group_tests_name("replay", tests, NULL, NULL);
}
