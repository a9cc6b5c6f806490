/* From what a measuring process says to rows of a table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "driver/row.h"

static const struct allocator allocator = {.name = "system"};

struct made {
    struct strategy_info strategy;
    struct workload_info workload;
    struct cell cell;
    struct row_maker maker;
};

static void make(struct made *made)
{
    *made = (struct made){.strategy.name = (char *)(size_t) "refcount_gc",
                          .workload = {.name = (char *)(size_t) "rings", .unit = (char *)(size_t) "objects"}};
    made->cell = (struct cell){.strategy = &made->strategy,
                               .allocator = &allocator,
                               .workload = &made->workload,
                               .strategy_params = (char *)(size_t) "",
                               .workload_params = (char *)(size_t) "size=4 count=3"};
    made->maker = (struct row_maker){.run_id = "a, b", .cell = &made->cell, .invocation = 6};
}

static void becomes(enum results_table table, const char *said, size_t count, const char *expected)
{
    struct made made;
    struct text rows = {0};
    json_t *line = json_loads(said, 0, NULL);
    make(&made);
    assert_non_null(line);
    assert_int_equal(row_add(&made.maker, table, line, &rows), count);
    assert_string_equal(text_string(&rows), expected);
    /* The columns that are the same in all rows of a process are made once. */
    text_clear(&rows);
    assert_int_equal(row_add(&made.maker, table, line, &rows), count);
    assert_string_equal(text_string(&rows), expected);
    json_decref(line);
    text_free(&rows);
    row_maker_free(&made.maker);
}

#define CELL "\"a, b\",refcount_gc,,system,rings,size=4 count=3,0,6,"

static void one_row(void **state)
{
    (void)state;
    becomes(RESULTS_PAUSES,
            "{\"row\": \"pause\", \"repetition\": 1, \"start_ns\": 9223372036854775807, \"length_ns\": 5,"
            " \"cause\": \"collection\", \"generation\": 2, \"freed\": null}",
            1, CELL "1,9223372036854775807,5,collection,2,\n");
    becomes(RESULTS_FIGURES,
            "{\"row\": \"figure\", \"repetition\": 0, \"name\": \"x\", \"unit\": \"a \\\"b\\\"\", \"value\": 0.1}", 1,
            CELL "0,x,\"a \"\"b\"\"\",0.10000000000000001\n");
}

static void lists_are_rows(void **state)
{
    (void)state;
    becomes(RESULTS_PAUSES,
            "{\"row\": \"pause\", \"repetition\": 1, \"start_ns\": [3, 40, 500], \"length_ns\": [1, 1, 9],"
            " \"cause\": [\"collection\", \"cascade\", \"collection\"], \"generation\": 0,"
            " \"freed\": [null, 4000, -1]}",
            3, CELL "1,3,1,collection,0,\n" CELL "1,40,1,cascade,0,4000\n" CELL "1,500,9,collection,0,-1\n");
    becomes(RESULTS_PAUSES, "{\"repetition\": 0, \"start_ns\": [3], \"length_ns\": [1], \"cause\": \"cascade\"}", 1,
            CELL "0,3,1,cascade,,\n");
    becomes(RESULTS_PAUSES, "{\"repetition\": 0, \"start_ns\": [], \"length_ns\": [], \"cause\": \"cascade\"}", 0, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_row), cmocka_unit_test(lists_are_rows)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
