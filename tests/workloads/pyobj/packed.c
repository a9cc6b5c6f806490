/* array, bytes and bytearray. */
#include "fixture.h"

/* Each typecode keeps what its C type can: 1.5 with a fraction or without, 300 cut off in a byte, -1 in all bits. */
static void test_array(void **state)
{
    (void)state;
    static const struct {
        char typecode;
        int64_t of_300, of_minus_1;
        double of_1_5;
    } cases[] = {
        {'b', 44, -1, 1},          {'B', 44, 255, 1}, {'h', 300, -1, 1}, {'H', 300, 65535, 1}, {'i', 300, -1, 1},
        {'I', 300, UINT32_MAX, 1}, {'l', 300, -1, 1}, {'q', 300, -1, 1}, {'f', 300, -1, 1.5},  {'d', 300, -1, 1.5},
    };
    MM_ROOT(root);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_non_null(py_array_new(cases[i].typecode, 2, &root));
        assert_int_equal(py_array_get_int(mm_root_get(&root), 1), 0);
        py_array_put_int(mm_root_get(&root), 0, 300);
        assert_int_equal(py_array_append_int(&root, -1), 0);
        assert_int_equal(py_array_append_float(&root, 1.5), 0);
        const struct py_array *array = mm_root_get(&root);
        assert_int_equal(array->length, 4);
        assert_int_equal(py_array_get_int(array, 0), cases[i].of_300);
        assert_int_equal(py_array_get_int(array, 2), cases[i].of_minus_1);
        assert_true(py_array_get_float(array, 3) == cases[i].of_1_5);
        assert_int_equal(py_array_get_int(array, 3), 1);
        assert_int_equal(py_array_resize(&root, 1), 0);
        assert_int_equal(py_array_resize(&root, 3), 0);
        assert_int_equal(py_array_get_int(mm_root_get(&root), 2), 0);
        drop(&root);
    }
    assert_null(py_array_new('x', 1, &root));
}

static void test_bytes(void **state)
{
    (void)state;
    MM_ROOT(root);
    const struct py_bytes *bytes = py_bytes_new("a\0b", 3, &root);
    assert_int_equal(py_bytes_length(bytes), 3);
    assert_memory_equal(py_bytes_data(bytes), "a\0b\0", 4);
    drop(&root);
}

static void test_bytearray(void **state)
{
    (void)state;
    MM_ROOT(root);
    assert_non_null(py_bytearray_new(&root));
    for (int i = 0; i < 100; i++)
        assert_int_equal(py_bytearray_append(&root, (unsigned char)(i + 1)), 0);
    assert_int_equal(py_bytearray_resize(&root, 70), 0);
    assert_int_equal(py_bytearray_resize(&root, 80), 0);
    const struct py_bytearray *array = mm_root_get(&root);
    assert_int_equal(array->length, 80);
    for (size_t i = 0; i <= array->length; i++)
        assert_int_equal(array->buffer.bytes[i], i < 70 ? i + 1 : 0);
    drop(&root);
}

int packed_tests(void)
{
    const struct CMUnitTest tests[] = {TEST(test_array), TEST(test_bytes), TEST(test_bytearray)};
    return cmocka_run_group_tests_name("packed", tests, NULL, NULL);
}
