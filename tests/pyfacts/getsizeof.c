/* sys.getsizeof of an object of each kind. */
#include "facts.h"

/* ---- numbers and constants */

static void make_0(struct mm_root *out)
{
    assert_non_null(py_int_new(0, out));
}

static void make_1(struct mm_root *out)
{
    assert_non_null(py_int_new(1, out));
}

static void make_2_30(struct mm_root *out)
{
    assert_non_null(py_int_new((int64_t)1 << 30, out));
}

static void make_2_60(struct mm_root *out)
{
    assert_non_null(py_int_new((int64_t)1 << 60, out));
}

static void make_float(struct mm_root *out)
{
    assert_non_null(py_float_new(1.5, out));
}

static void make_none(struct mm_root *out)
{
    assert_non_null(py_none_new(out));
}

static void make_bool(struct mm_root *out)
{
    assert_non_null(py_bool_new(true, out));
}

/* ---- text and bytes */

static void make_empty_str(struct mm_root *out)
{
    make_str("", out);
}

static void make_ascii(struct mm_root *out)
{
    make_str("0123456789", out);
}

/* Ten of one character. */
static void make_ten(const char *character, struct mm_root *out)
{
    char text[64] = "";
    for (int i = 0; i < 10; i++)
        strcat(text, character);
    make_str(text, out);
}

static void make_latin1(struct mm_root *out)
{
    make_ten("\xc3\xa9", out);
}

static void make_ucs2(struct mm_root *out)
{
    make_ten("\xe2\x82\xac", out);
}

static void make_ucs4(struct mm_root *out)
{
    make_ten("\xf0\x9f\x90\x8d", out);
}

static void make_empty_bytes(struct mm_root *out)
{
    assert_non_null(py_bytes_new(NULL, 0, out));
}

static void make_ten_bytes(struct mm_root *out)
{
    assert_non_null(py_bytes_new("0123456789", 10, out));
}

static void make_bytearray(struct mm_root *out)
{
    assert_non_null(py_bytearray_new(out));
}

/* ---- containers */

static void make_empty_list(struct mm_root *out)
{
    assert_non_null(py_list_new(out));
}

/* [x] */
static void make_list_of_one(struct mm_root *out)
{
    assert_non_null(py_list_new_sized(1, out));
}

/* list(range(count)), or [1, 2, 3]: constants are extended with. */
static void make_list(int64_t count, struct mm_root *out)
{
    MM_ROOT(item);
    assert_non_null(py_list_new_room((size_t)count, out));
    for (int64_t i = 0; i < count; i++) {
        assert_non_null(py_int_new(i, &item));
        assert_int_equal(py_list_append(out, &item), 0);
    }
    py_list_fit(out);
}

static void make_list_of_3(struct mm_root *out)
{
    make_list(3, out);
}

static void make_list_of_10(struct mm_root *out)
{
    make_list(10, out);
}

static void make_list_of_1000(struct mm_root *out)
{
    make_list(1000, out);
}

static void make_tuple_of_0(struct mm_root *out)
{
    assert_non_null(py_tuple_new(0, out));
}

static void make_tuple_of_1(struct mm_root *out)
{
    assert_non_null(py_tuple_new(1, out));
}

static void make_tuple_of_3(struct mm_root *out)
{
    assert_non_null(py_tuple_new(3, out));
}

static void make_tuple_of_1000(struct mm_root *out)
{
    assert_non_null(py_tuple_new(1000, out));
}

/* {i: i for i in range(count)} */
static void make_dict(int64_t count, struct mm_root *out)
{
    MM_ROOT(key);
    MM_ROOT(value);
    assert_non_null(py_dict_new(out));
    for (int64_t i = 0; i < count; i++) {
        assert_non_null(py_int_new(i, &key));
        assert_non_null(py_int_new(i, &value));
        assert_int_equal(py_dict_put(out, &key, &value), 0);
    }
}

static void make_empty_dict(struct mm_root *out)
{
    make_dict(0, out);
}

static void make_dict_of_1(struct mm_root *out)
{
    make_dict(1, out);
}

static void make_dict_of_5(struct mm_root *out)
{
    make_dict(5, out);
}

static void make_dict_of_6(struct mm_root *out)
{
    make_dict(6, out);
}

static void make_dict_of_11(struct mm_root *out)
{
    make_dict(11, out);
}

static void make_dict_of_1000(struct mm_root *out)
{
    make_dict(1000, out);
}

static void add_numbers(struct mm_root *set, int64_t count)
{
    MM_ROOT(key);
    for (int64_t i = 0; i < count; i++) {
        assert_non_null(py_int_new(i, &key));
        assert_int_equal(py_set_add(set, &key), 0);
    }
}

static void make_empty_set(struct mm_root *out)
{
    assert_non_null(py_set_new(out));
}

/* {1, 2, 3, 4, 5}: updated with a frozenset of constants. */
static void make_set_of_5(struct mm_root *out)
{
    make_empty_set(out);
    assert_int_equal(py_set_reserve(out, 5), 0);
    add_numbers(out, 5);
}

/* set(range(1000)) */
static void make_set_of_1000(struct mm_root *out)
{
    make_empty_set(out);
    add_numbers(out, 1000);
}

static void make_deque(struct mm_root *out)
{
    assert_non_null(py_deque_new(out));
}

static void make_empty_array(struct mm_root *out)
{
    assert_non_null(py_array_new('i', 0, out));
}

static void make_array_of_ints(struct mm_root *out)
{
    assert_non_null(py_array_new('i', 1000, out));
}

static void make_array_of_doubles(struct mm_root *out)
{
    assert_non_null(py_array_new('d', 1000, out));
}

/* ---- frames and objects */

static void make_range(struct mm_root *out)
{
    assert_non_null(py_range_new(0, 1, 10, out));
}

static int resume(struct mm_root *generator, struct mm_root *yielded)
{
    (void)generator;
    (void)yielded;
    return 0;
}

/* def g(): yield 1 */
static void make_generator(struct mm_root *out)
{
    assert_non_null(py_generator_new(resume, 1, out));
}

/* (x for x in y) */
static void make_genexpr(struct mm_root *out)
{
    assert_non_null(py_generator_new(resume, 4, out));
}

static void make_function(struct mm_root *out)
{
    assert_non_null(py_function_new(NULL, out));
}

static void make_object(struct mm_root *out)
{
    assert_non_null(py_object_new(0, out));
}

static void make_two_slots(struct mm_root *out)
{
    assert_non_null(py_object_new(2, out));
}

static void make_two_slots_weak(struct mm_root *out)
{
    assert_non_null(py_object_new_weak(2, out));
}

static const char *const attributes[] = {"a", "b", NULL};
static uint32_t spare;
static const struct py_class class_of_two = PY_CLASS("D", attributes, 2, &spare);

static void make_instance(struct mm_root *out)
{
    py_class_open(&class_of_two);
    assert_non_null(py_instance_new(&class_of_two, out));
}

/* Of the second instance: the first was asked for its own size. */
static void make_instance_dict(struct mm_root *out)
{
    MM_ROOT(instance);
    make_instance(&instance);
    drop(&instance);
    assert_non_null(py_instance_new(&class_of_two, &instance));
    assert_non_null(py_instance_dict(&instance, out));
    drop_alone(&instance);
}

static const struct {
    const char *fact;
    void (*make)(struct mm_root *out);
} cases[] = {
    {"int0", make_0},
    {"int1", make_1},
    {"int_2**30", make_2_30},
    {"int_2**60", make_2_60},
    {"float", make_float},
    {"None", make_none},
    {"bool", make_bool},
    {"str_empty", make_empty_str},
    {"str_ascii_10", make_ascii},
    {"str_latin1_10", make_latin1},
    {"str_ucs2_10", make_ucs2},
    {"str_ucs4_10", make_ucs4},
    {"bytes_empty", make_empty_bytes},
    {"bytes_10", make_ten_bytes},
    {"bytearray_0", make_bytearray},
    {"list_0", make_empty_list},
    {"list_1", make_list_of_one},
    {"list_3_literal", make_list_of_3},
    {"list_range_10", make_list_of_10},
    {"list_range_1000", make_list_of_1000},
    {"tuple_0", make_tuple_of_0},
    {"tuple_1", make_tuple_of_1},
    {"tuple_3", make_tuple_of_3},
    {"tuple_1000", make_tuple_of_1000},
    {"dict_0", make_empty_dict},
    {"dict_1", make_dict_of_1},
    {"dict_5", make_dict_of_5},
    {"dict_6", make_dict_of_6},
    {"dict_11", make_dict_of_11},
    {"dict_1000", make_dict_of_1000},
    {"set_0", make_empty_set},
    {"set_5", make_set_of_5},
    {"set_1000", make_set_of_1000},
    {"range", make_range},
    {"generator", make_generator},
    {"genexpr", make_genexpr},
    {"array_i_0", make_empty_array},
    {"array_i_1000_from_list", make_array_of_ints},
    {"array_d_1000", make_array_of_doubles},
    {"obj_slots2", make_two_slots},
    {"obj_slots2_weakref", make_two_slots_weak},
    {"obj_dict___dict__", make_instance_dict},
    {"object", make_object},
    {"function", make_function},
    {"deque_0", make_deque},
};
enum { CASES = sizeof cases / sizeof *cases };

static void test_sizes(void **state)
{
    (void)state;
    MM_ROOT(object);
    for (size_t i = 0; i < CASES; i++) {
        json_t *bytes = json_object_get(fact("getsizeof"), cases[i].fact);
        assert_non_null(bytes);
        cases[i].make(&object);
        expect_size(mm_root_get(&object), (size_t)json_integer_value(bytes), cases[i].fact);
        if (py_kind_of(mm_root_get(&object)) == PY_NONE || py_kind_of(mm_root_get(&object)) == PY_BOOL)
            drop_alone(&object); /* a dead tree spares what is shared */
        drop(&object);
    }
}

/* An instance's values are in no object's size, but they are taken: so it takes more than Python says. */
static void test_instance(void **state)
{
    (void)state;
    MM_ROOT(object);
    make_instance(&object);
    size_t bytes = (size_t)json_integer_value(json_object_get(fact("getsizeof"), "obj_dict_instance"));
    assert_int_equal(py_sizeof(mm_root_get(&object)), bytes);
    if (headers_are_cpythons()) {
        const struct py_instance *instance = mm_root_get(&object);
        size_t values = instance->values.capacity * sizeof(struct mm_ref);
        assert_int_equal(mm_size_of(&class_of_two.type.mm, instance), bytes + values);
    }
    drop(&object);
}

/* The strategy's own object. */
static void test_weakref(void **state)
{
    (void)state;
    size_t bytes = (size_t)json_integer_value(json_object_get(fact("getsizeof"), "weakref"));
    assert_int_equal(PY_WEAKREF_BYTES, bytes);
#if MM_TRAITS & MM_TRAIT_WEAK
    MM_ROOT(object);
    MM_ROOT(weak);
    make_two_slots_weak(&object);
    void *made = mm_weak_new(&object, NULL, NULL, &weak);
    assert_non_null(made);
    if (headers_are_cpythons())
        assert_int_equal(mm_size_of(mm_type_of(made), made), bytes);
    mm_root_set(&weak, NULL);
    drop(&object);
#endif
}

/* No fact is left out. */
static void test_all_are_checked(void **state)
{
    (void)state;
    const char *name;
    json_t *bytes;
    json_object_foreach(fact("getsizeof"), name, bytes)
    {
        size_t i = 0;
        while (i < CASES && strcmp(cases[i].fact, name) != 0)
            i++;
        if (i == CASES && strcmp(name, "obj_dict_instance") != 0 && strcmp(name, "weakref") != 0)
            fail_msg("getsizeof: no object for \"%s\"", name);
    }
}

int getsizeof_tests(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_sizes),
        TEST(test_instance),
        TEST(test_weakref),
        cmocka_unit_test(test_all_are_checked),
    };
    return cmocka_run_group_tests_name("getsizeof", tests, NULL, NULL);
}
