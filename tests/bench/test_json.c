/* What the writer writes, another library reads. */
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/json.h"

static json_t *written(FILE *file)
{
    assert_int_equal(json_flush(), 0);
    rewind(file);
    json_error_t error;
    json_t *value = json_loadf(file, JSON_REJECT_DUPLICATES, &error);
    if (!value)
        print_error("%s\n", error.text);
    assert_non_null(value);
    fclose(file);
    return value;
}

static FILE *open_file(void)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    json_open(fileno(file));
    return file;
}

static void nests(void **state)
{
    (void)state;
    FILE *file = open_file();
    json_object_begin(NULL);
    json_array_begin("empty");
    json_array_end();
    json_array_begin("list");
    json_object_begin(NULL);
    json_object_end();
    json_text(NULL, "a");
    json_unsigned(NULL, UINT64_MAX / 2);
    json_signed(NULL, INT64_MIN);
    json_none(NULL);
    json_array_end();
    json_signed("last", 0);
    json_object_end();
    json_line_end();
    json_t *value = written(file);
    assert_int_equal(json_array_size(json_object_get(value, "empty")), 0);
    const json_t *list = json_object_get(value, "list");
    assert_int_equal(json_array_size(list), 5);
    assert_true(json_is_null(json_array_get(list, 4)));
    assert_true(json_integer_value(json_array_get(list, 2)) == INT64_MAX);
    assert_true(json_integer_value(json_array_get(list, 3)) == INT64_MIN);
    assert_true(json_is_integer(json_object_get(value, "last")));
    json_decref(value);
}

static void reals_survive(void **state)
{
    (void)state;
    static const double values[] = {0, -0.1, 1e300, 4.9e-324, 123456789.0, NAN};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        FILE *file = open_file();
        json_object_begin(NULL);
        json_number("value", values[i]);
        json_object_end();
        json_t *read = written(file), *value = json_object_get(read, "value");
        assert_true(isnan(values[i]) ? json_is_null(value) : json_number_value(value) == values[i]);
        json_decref(read);
    }
}

static void text_survives(void **state)
{
    (void)state;
    static const struct {
        const char *text, *read;
    } cases[] = {
        {"", ""},
        {"a \"quoted\\\" name\n\t\x01\x7f", NULL},
        {"\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80", NULL},
        {"\xFF", "\xEF\xBF\xBD"},
        {"cut \xE2\x82", "cut \xEF\xBF\xBD\xEF\xBF\xBD"},
        {"\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD"},
        {"\xED\xA0\x80.", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD."},
        {"\xF4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        FILE *file = open_file();
        json_object_begin(NULL);
        json_text("text", cases[i].text);
        json_object_end();
        json_line_end();
        json_t *value = written(file);
        assert_string_equal(json_string_value(json_object_get(value, "text")),
                            cases[i].read ? cases[i].read : cases[i].text);
        json_decref(value);
    }
}

static void more_than_the_buffer_holds(void **state)
{
    (void)state;
    FILE *file = open_file();
    json_array_begin(NULL);
    for (unsigned i = 0; i < 100000; i++)
        json_unsigned(NULL, i);
    json_array_end();
    json_line_end();
    json_t *value = written(file);
    assert_int_equal(json_array_size(value), 100000);
    for (unsigned i = 0; i < 100000; i++)
        assert_int_equal(json_integer_value(json_array_get(value, i)), i);
    json_decref(value);
}

static void a_full_disk_is_told(void **state)
{
    (void)state;
    int full = open("/dev/full", O_WRONLY);
    if (full < 0)
        skip();
    json_open(full);
    json_array_begin(NULL);
    json_array_end();
    assert_int_equal(json_flush(), -ENOSPC);
    assert_int_equal(json_flush(), -ENOSPC);
    close(full);
    json_open(STDOUT_FILENO);
    assert_int_equal(json_flush(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nests),
        cmocka_unit_test(reals_survive),
        cmocka_unit_test(text_survives),
        cmocka_unit_test(more_than_the_buffer_holds),
        cmocka_unit_test(a_full_disk_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
