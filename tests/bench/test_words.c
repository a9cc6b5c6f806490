/* Numbers as people type them, and names as they misspell them. */
#include "check.h"

#include <errno.h>
#include <string.h>

#include "bench/number.h"
#include "bench/spelling.h"

static void numbers_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int error;
        int64_t value;
    } cases[] = {
        {"0", 0, 0},
        {"42", 0, 42},
        {"-7", 0, -7},
        {"4k", 0, 4096},
        {"3M", 0, 3145728},
        {"-2G", 0, -2147483648},
        {"9223372036854775807", 0, INT64_MAX},
        {"-9223372036854775808", 0, INT64_MIN},
        {"9223372036854775808", -ERANGE, 0},
        {"-9223372036854775809", -ERANGE, 0},
        {"99999999999999999999999999", -ERANGE, 0},
        {"8589934592G", -ERANGE, 0},
        {"-8589934592G", 0, INT64_MIN},
        {"", -EINVAL, 0},
        {"-", -EINVAL, 0},
        {"+1", -EINVAL, 0},
        {" 1", -EINVAL, 0},
        {"1 ", -EINVAL, 0},
        {"1.5", -EINVAL, 0},
        {"1,000", -EINVAL, 0},
        {"0x10", -EINVAL, 0},
        {"4KB", -EINVAL, 0},
        {"K", -EINVAL, 0},
        {"1e3", -EINVAL, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t value = 0;
        assert_int_equal(number_parse(cases[i].text, &value), cases[i].error);
        assert_true(value == cases[i].value);
    }
}

static void distances(void **state)
{
    (void)state;
    assert_int_equal(spelling_distance("rings", "rings"), 0);
    assert_int_equal(spelling_distance("", "rings"), 5);
    assert_int_equal(spelling_distance("rings", ""), 5);
    assert_int_equal(spelling_distance("rigns", "rings"), 1);
    assert_int_equal(spelling_distance("ring", "rings"), 1);
    assert_int_equal(spelling_distance("kitten", "sitting"), 3);
    char longest[65];
    memset(longest, 'x', 64);
    longest[64] = '\0';
    assert_true(spelling_distance(longest, "x") > 64);
}

static void nearest_names(void **state)
{
    (void)state;
    static const char *const known[] = {"list_append", "linked_list", "rings", "lru_cache"};
    assert_string_equal(spelling_nearest("list_apend", known, 4), "list_append");
    assert_string_equal(spelling_nearest("lru", known, 4), "lru_cache");
    assert_string_equal(spelling_nearest("rigns", known, 4), "rings");
    assert_null(spelling_nearest("quicksort", known, 4));
    assert_null(spelling_nearest("", known, 4));
    assert_null(spelling_nearest("rings", known, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_read),
        cmocka_unit_test(distances),
        cmocka_unit_test(nearest_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
