/* What tracemalloc counted: bytes of an object with what belongs to it alone, and peaks of the documents' patterns. */
#include "facts.h"

/* ---- one object of each kind; its items are NULL, which take as much as anything */

static void make_slots(struct mm_root *out)
{
    assert_non_null(py_object_new(2, out));
}

static void make_object(struct mm_root *out)
{
    assert_non_null(py_object_new(0, out));
}

static void make_tuple(struct mm_root *out)
{
    assert_non_null(py_tuple_new(2, out));
}

static void make_list(struct mm_root *out)
{
    assert_non_null(py_list_new_sized(2, out));
}

static void make_empty_list(struct mm_root *out)
{
    assert_non_null(py_list_new(out));
}

static void make_float(struct mm_root *out)
{
    assert_non_null(py_float_new(0.5, out));
}

/* {"a": 1, "b": 2} */
static void make_literal(struct mm_root *out)
{
    MM_ROOT(key);
    MM_ROOT(value);
    assert_non_null(py_dict_new_room(2, out));
    for (int i = 0; i < 2; i++) {
        make_str(i ? "b" : "a", &key);
        assert_non_null(py_int_new(1 + i, &value));
        assert_int_equal(py_dict_put(out, &key, &value), 0);
    }
}

static const char *const attributes[] = {"a", "b", NULL};
static uint32_t spare;
static const struct py_class class_of_two = PY_CLASS("D", attributes, 2, &spare);

/* A late one: the shared keys have hardly any room left, as they had for most of those that were counted. */
static void make_instance(struct mm_root *out)
{
    py_class_open(&class_of_two);
    spare = 1;
    assert_non_null(py_instance_new(&class_of_two, out));
}

static const struct {
    const char *fact;
    void (*make)(struct mm_root *out);
} objects[] = {
    {"slots2", make_slots},  {"dict2", make_instance}, {"tuple2", make_tuple},          {"list2", make_list},
    {"object", make_object}, {"float", make_float},    {"dict_literal2", make_literal}, {"empty_list", make_empty_list},
};
enum { OBJECTS = sizeof objects / sizeof *objects };

/* The facts are means over many, so the early instances show in them: 0.1 % is more than they do. */
static void test_objects(void **state)
{
    (void)state;
    MM_ROOT(object);
    assert_int_equal(json_object_size(fact("traced_bytes_per_object")), OBJECTS);
    for (size_t i = 0; i < OBJECTS; i++) {
        objects[i].make(&object);
        double bytes = json_number_value(json_object_get(fact("traced_bytes_per_object"), objects[i].fact));
        double ours = (double)py_traced(mm_root_get(&object));
        if (ours < 0.999 * bytes || ours > 1.001 * bytes)
            fail_msg("%s: %g bytes, CPython: %g", objects[i].fact, ours, bytes);
        drop(&object);
    }
}

/* ---- peaks, where all of it is live at the end */

enum { NUMBERS = 100000, PARTS = 10000, PART_CHARACTERS = 10 };

/* The ints of range(NUMBERS) that are not shared. */
static size_t traced_numbers(void)
{
    MM_ROOT(number);
    assert_non_null(py_int_new(NUMBERS - 1, &number));
    size_t bytes = (NUMBERS - 1 - PY_SHARED_INT_LAST) * py_traced(mm_root_get(&number));
    drop(&number);
    return bytes;
}

static size_t dropped(struct mm_root *root)
{
    size_t bytes = py_traced(mm_root_get(root));
    drop(root);
    return bytes;
}

static void append_nothing(struct mm_root *list, size_t count)
{
    MM_ROOT(item);
    assert_non_null(py_list_new(list));
    for (size_t i = 0; i < count; i++)
        assert_int_equal(py_list_append(list, &item), 0);
}

/* list(range(n)), tuple(range(n)) */
static size_t list_of_numbers(void)
{
    MM_ROOT(list);
    assert_non_null(py_list_new_sized(NUMBERS, &list));
    return dropped(&list) + traced_numbers();
}

static size_t tuple_of_numbers(void)
{
    MM_ROOT(tuple);
    assert_non_null(py_tuple_new(NUMBERS, &tuple));
    return dropped(&tuple) + traced_numbers();
}

/* sum([i for i in range(n)]) */
static size_t comprehension(void)
{
    MM_ROOT(list);
    append_nothing(&list, NUMBERS);
    return dropped(&list) + traced_numbers();
}

/* array("i", range(n)) is appended to. */
static size_t array_of_numbers(void)
{
    MM_ROOT(array);
    assert_non_null(py_array_new('i', 0, &array));
    for (int i = 0; i < NUMBERS; i++)
        assert_int_equal(py_array_append_int(&array, i), 0);
    return dropped(&array);
}

/* list[:] of shared items. */
static size_t slice(void)
{
    MM_ROOT(list);
    MM_ROOT(copy);
    assert_non_null(py_list_new_sized(NUMBERS, &list));
    assert_non_null(py_list_slice(&list, 0, NUMBERS, &copy));
    drop_alone(&list);
    return dropped(&copy);
}

static size_t text(size_t characters)
{
    MM_ROOT(str);
    assert_non_null(py_str_new_blank(PY_STR_ASCII, characters, &str));
    return dropped(&str);
}

/* "".join(part for _ in range(n)): a list of the parts is made of the generator, and the result. */
static size_t join(void)
{
    MM_ROOT(list);
    append_nothing(&list, PARTS);
    return dropped(&list) + text(PARTS * PART_CHARACTERS);
}

/* s += part, in place; and s = s + part with a second reference to the old one, so both are there. */
static size_t append_in_place(void)
{
    return text(PARTS * PART_CHARACTERS);
}

static size_t append_by_copy(void)
{
    return text(PARTS * PART_CHARACTERS) + text((PARTS - 1) * PART_CHARACTERS);
}

static const struct {
    const char *fact;
    size_t (*bytes)(void);
} peaks[] = {
    {"list_100k_ints", list_of_numbers},
    {"tuple_100k", tuple_of_numbers},
    {"sum_list_100k", comprehension},
    {"array_i_100k", array_of_numbers},
    {"slice_copy_100k", slice},
    {"join_10k_x10", join},
    {"concat_copy_10k_x10", append_by_copy},
    {"concat_inplace_10k_x10", append_in_place},
};

/* tracemalloc's own peak has a few objects more in it: an iterator, a frame. */
static void test_peaks(void **state)
{
    (void)state;
    if (SLOW)
        return;
    for (size_t i = 0; i < sizeof peaks / sizeof *peaks; i++) {
        double bytes = json_number_value(json_object_get(fact("traced_peak"), peaks[i].fact));
        double ours = (double)peaks[i].bytes();
        if (ours < 0.995 * bytes || ours > 1.005 * bytes)
            fail_msg("%s: %.0f bytes, CPython: %.0f", peaks[i].fact, ours, bytes);
    }
}

int traced_tests(void)
{
    const struct CMUnitTest tests[] = {TEST(test_objects), TEST(test_peaks)};
    return cmocka_run_group_tests_name("traced", tests, NULL, NULL);
}
