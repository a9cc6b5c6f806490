/* What is compared, as a file; when a row holds; rows of another program; what makes two unequal. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cells.h"
#include "collections.h"
#include "driver/csv_file.h"
#include "program.h"
#include "table.h"

static char path[] = "/tmp/peers-units-XXXXXX";

static void write_text(const char *text)
{
    assert_int_equal(file_replace(path, text, strlen(text)), 0);
}

/* ---- the table */

static void a_table_is_read(void **state)
{
    (void)state;
    struct peers_table table;
    write_text("# a comment\n"
               "\n"
               "  trees depth=18   trees=2|marksweep limit=100M stride=3 |  bdwgc allocator=system|>= 2.5 # why\n"
               "rings | refcount_gc | cpython | <= 1.05, same collections\n"
               "rings | a | b | -\n"
               "program one-by-itself");
    assert_int_equal(table_read(&table, path), 0);
    assert_int_equal(table.count, 4);
    const struct table_row *row = &table.rows[0];
    assert_string_equal(row->work.name, "trees");
    assert_int_equal(row->work.params_count, 2);
    assert_string_equal(row->work.params[1], "trees=2");
    assert_string_equal(row->ours.strategy.name, "marksweep");
    assert_int_equal(row->ours.limit_bytes, 100 << 20);
    assert_int_equal(row->ours.strategy.params_count, 1);
    assert_string_equal(row->ours.allocator, TABLE_ALLOCATOR);
    assert_string_equal(row->against.allocator, "system");
    assert_int_equal(row->against.limit_bytes, 0);
    assert_int_equal(row->goal.kind, GOAL_TIMES_AS_FAST);
    assert_float_equal(row->goal.value, 2.5, 0);
    assert_false(row->same_collections);
    assert_int_equal(table.rows[1].goal.kind, GOAL_TIME_RATIO);
    assert_true(table.rows[1].same_collections);
    assert_int_equal(table.rows[2].goal.kind, GOAL_NONE);
    assert_string_equal(table.rows[3].program, "one-by-itself");
    table_free(&table);
}

static void a_wrong_table_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "# nothing\n",
        "rings | a | b",
        "rings | a | b | <= 1 | more",
        "| a | b | <= 1",
        "rings | | b | <= 1",
        "rings loud | a | b | <= 1",
        "rings | a loud | b | <= 1",
        "rings | a limit=much | b | <= 1",
        "rings | a | b | ",
        "rings | a | b | 1.05",
        "rings | a | b | <= ",
        "rings | a | b | <= x",
        "rings | a | b | <= 1x",
        "rings | a | b | >= 0",
        "rings | a | b | >= nan",
        "rings | a | b | <= 1, other collections",
        "program two words",
        "program ../elsewhere",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct peers_table table;
        write_text(wrong[i]);
        if (table_read(&table, path) == 0)
            fail_msg("taken: %s", wrong[i]);
    }
    struct peers_table table;
    assert_int_not_equal(table_read(&table, "/nowhere/at/all"), 0);
}

static void the_projects_table_is_read(void **state)
{
    (void)state;
    struct peers_table table;
    assert_int_equal(table_read(&table, RECLAIM_SOURCE_DIR "/benchmarks/peers/table.txt"), 0);
    table_free(&table);
}

/* ---- verdicts */

static enum verdict verdict_of(enum goal_kind kind, double goal, double low, double high)
{
    struct outcomes outcomes = {0};
    struct outcome *outcome = outcomes_add(&outcomes, "work", "ours", "against", (struct goal){kind, goal});
    outcome_judge(outcome, &(struct ratio){(low + high) / 2, {low, high}});
    enum verdict verdict = outcome->verdict;
    outcomes_free(&outcomes);
    return verdict;
}

static void the_whole_interval_decides(void **state)
{
    (void)state;
    assert_int_equal(verdict_of(GOAL_TIME_RATIO, 1.05, 0.98, 1.05), VERDICT_HOLDS);
    assert_int_equal(verdict_of(GOAL_TIME_RATIO, 1.05, 0.98, 1.06), VERDICT_OPEN);
    assert_int_equal(verdict_of(GOAL_TIME_RATIO, 1.05, 1.06, 1.10), VERDICT_MISSES);
    assert_int_equal(verdict_of(GOAL_TIMES_AS_FAST, 4, 0.20, 0.25), VERDICT_HOLDS);
    assert_int_equal(verdict_of(GOAL_TIMES_AS_FAST, 4, 0.20, 0.26), VERDICT_OPEN);
    assert_int_equal(verdict_of(GOAL_TIMES_AS_FAST, 4, 0.26, 0.30), VERDICT_MISSES);
    assert_int_equal(verdict_of(GOAL_NONE, 0, 0.26, 0.30), VERDICT_NO_GOAL);
}

static void times_as_fast_is_the_inverse(void **state)
{
    (void)state;
    struct outcomes outcomes = {0};
    struct outcome *outcome = outcomes_add(&outcomes, "work", "ours", "against", (struct goal){GOAL_TIMES_AS_FAST, 4});
    outcome_judge(outcome, &(struct ratio){0.2, {0.125, 0.25}});
    assert_float_equal(outcome->figure.median, 5, 1e-12);
    assert_float_equal(outcome->figure.interval.low, 4, 1e-12);
    assert_float_equal(outcome->figure.interval.high, 8, 1e-12);
    outcomes_free(&outcomes);
}

/* ---- ratios */

static void a_ratio_is_that_of_the_rounds(void **state)
{
    (void)state;
    /* What drifts from round to round hits both; one repetition went astray. */
    static const double ours[] = {2, 2, 9, 4, 4, 4, 8, 8, 8}, against[] = {1, 1, 1, 2, 2, 2, 4, 4, 4};
    struct round rounds[3];
    for (size_t i = 0; i < 3; i++)
        rounds[i] = (struct round){{ours + 3 * i, 3}, {against + 3 * i, 3}};
    gsl_rng *rng = bootstrap_rng("seed");
    struct ratio ratio;
    assert_non_null(rng);
    assert_int_equal(ratio_of_rounds(rounds, 3, rng, &ratio), 0);
    assert_float_equal(ratio.median, 2, 1e-12);
    assert_float_equal(ratio.interval.low, 2, 1e-12);
    assert_true(ratio.interval.high >= 2 && ratio.interval.high <= 9);
    gsl_rng_free(rng);
}

/* Of 200 samples from one distribution on both sides, about 190 intervals have 1 in them. */
static void an_interval_covers(void **state)
{
    (void)state;
    enum { TRIES = 200, ROUNDS = 20, REPETITIONS = 3 };
    gsl_rng *rng = bootstrap_rng("coverage");
    assert_non_null(rng);
    unsigned covered = 0;
    for (int try = 0; try < TRIES; try++) {
        double values[2][ROUNDS][REPETITIONS];
        struct round rounds[ROUNDS];
        for (size_t i = 0; i < ROUNDS; i++) {
            double drift = 1 + gsl_rng_uniform(rng);
            for (size_t side = 0; side < 2; side++) {
                double process = 1 + 0.1 * gsl_rng_uniform(rng);
                for (size_t j = 0; j < REPETITIONS; j++)
                    values[side][i][j] = drift * process * (1 + 0.02 * gsl_rng_uniform(rng));
            }
            rounds[i] = (struct round){{values[0][i], REPETITIONS}, {values[1][i], REPETITIONS}};
        }
        struct ratio ratio;
        assert_int_equal(ratio_of_rounds(rounds, ROUNDS, rng, &ratio), 0);
        covered += ratio.interval.low <= 1 && ratio.interval.high >= 1;
    }
    gsl_rng_free(rng);
    assert_in_range(covered, 180, 200);
}

/* ---- rows of another program */

static void a_programs_rows_are_judged_here(void **state)
{
    (void)state;
    struct outcomes outcomes = {0};
    write_text("against,work,ours,ours_ns,against_ns,more,ratio,low,high,goal,holds\n"
               "best,lifo 32,fast,2.5,2.8,x,0.9,0.88,0.93,1.0,whatever\n"
               "best,lifo 64,fast,3.5,2.8,x,1.2,1.1,1.3,1.0,whatever\n"
               "other,lifo 64,fast,3.5,2.8,x,1.2,1.1,1.3,,-\n");
    assert_int_equal(program_read(path, &outcomes), 0);
    assert_int_equal(outcomes.count, 3);
    assert_string_equal(outcomes.items[0].work, "lifo 32");
    assert_string_equal(outcomes.items[0].against, "best");
    assert_float_equal(outcomes.items[0].ours_ns, 2.5, 0);
    assert_int_equal(outcomes.items[0].verdict, VERDICT_HOLDS);
    assert_int_equal(outcomes.items[1].verdict, VERDICT_MISSES);
    assert_int_equal(outcomes.items[2].verdict, VERDICT_NO_GOAL);
    outcomes_free(&outcomes);
}

static void a_programs_nonsense_is_refused(void **state)
{
    (void)state;
    static const char header[] = "work,ours,against,ours_ns,against_ns,ratio,low,high,goal\n";
    static const char *const wrong[] = {"",
                                        "a,b\n1,2\n",
                                        "%",
                                        "%w,o,a,1,1,1,1,1\n",
                                        "%w,o,a,1,1,x,1,1,1\n",
                                        "%w,o,a,1,1,,1,1,1\n",
                                        "%w,o,a,1,1,-1,1,1,1\n",
                                        "%w,o,a,1,1,inf,1,1,1\n"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct outcomes outcomes = {0};
        char *text = *wrong[i] == '%' ? must_print("%s%s", header, wrong[i] + 1) : must_copy(wrong[i]);
        write_text(text);
        free(text);
        if (program_read(path, &outcomes) == 0)
            fail_msg("taken: %s", wrong[i]);
        assert_int_equal(outcomes.count, 0);
    }
}

static void an_absent_program_is_a_row(void **state)
{
    (void)state;
    struct outcomes outcomes = {0};
    assert_int_equal(program_run("/nowhere", "peers-nothing", "/nowhere", 1, 5, &outcomes), 0);
    assert_int_equal(outcomes.count, 1);
    assert_int_equal(outcomes.items[0].verdict, VERDICT_ABSENT);
    assert_non_null(strstr(outcomes.items[0].note, "peers-nothing"));
    outcomes_free(&outcomes);
}

/* ---- the same work */

static enum verdict verdict_on_counts(uint64_t ours, uint64_t against)
{
    struct outcomes outcomes = {0};
    struct outcome *outcome = outcomes_add(&outcomes, "w", "o", "a", (struct goal){GOAL_TIMES_AS_FAST, 4});
    outcome_judge(outcome, &(struct ratio){0.1, {0.1, 0.1}});
    const struct collections our = {{700, 60, ours}}, their = {{1400, 120, against}};
    collections_compare(&our, 10, &their, 20, outcome);
    enum verdict verdict = outcome->verdict;
    assert_non_null(strstr(outcome->note, "70/6/"));
    outcomes_free(&outcomes);
    return verdict;
}

static void another_count_of_collections_is_unequal(void **state)
{
    (void)state;
    assert_int_equal(verdict_on_counts(100, 200), VERDICT_HOLDS);
    assert_int_equal(verdict_on_counts(100, 202), VERDICT_HOLDS);
    assert_int_equal(verdict_on_counts(100, 203), VERDICT_UNEQUAL);
    assert_int_equal(verdict_on_counts(0, 0), VERDICT_HOLDS);
    assert_int_equal(verdict_on_counts(0, 1), VERDICT_UNEQUAL);
}

static int open_file(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    if (fd >= 0)
        close(fd);
    return fd < 0;
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_is_read),
        cmocka_unit_test(a_wrong_table_is_refused),
        cmocka_unit_test(the_projects_table_is_read),
        cmocka_unit_test(the_whole_interval_decides),
        cmocka_unit_test(times_as_fast_is_the_inverse),
        cmocka_unit_test(a_ratio_is_that_of_the_rounds),
        cmocka_unit_test(an_interval_covers),
        cmocka_unit_test(a_programs_rows_are_judged_here),
        cmocka_unit_test(a_programs_nonsense_is_refused),
        cmocka_unit_test(an_absent_program_is_a_row),
        cmocka_unit_test(another_count_of_collections_is_unequal),
    };
    return cmocka_run_group_tests(tests, open_file, remove_file);
}
