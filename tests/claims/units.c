/* Rules, expressions, figures and conditions by themselves, on rows that are made up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after those */
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "claims/verdict.h"
#include "claims/words.h"
#include "driver/text.h"

/* cmocka's own compares floats. */
static void assert_near(double value, double expected)
{
    assert_true(fabs(value - expected) <= 1e-9);
}

/* ---- rules */

static void test_rules(void **state)
{
    static const struct {
        const char *text;
        double low, high;
        bool met;
    } cases[] = {
        {"< 0.9", 0.5, 0.89, true},
        {"< 0.9", 0.5, 0.9, false},
        {"<= 0.9", 0.5, 0.9, true},
        {"> 1", 1.01, 3, true},
        {"> 1", 0.9, 3, false}, /* the mean would be above it */
        {">= 1", 1, 3, true},
        {"= 0", 0, 0, true},
        {"= 0", 0, 0.001, false},
        {"=0", 0, 0, true},
        {">= 0.95 and <= 1.05", 0.96, 1.04, true},
        {">= 0.95 and <= 1.05", 0.94, 1.04, false},
        {"< 1 or > 1", 0.5, 0.9, true},
        {"< 1 or > 1", 1.1, 1.2, true},
        {"< 1 or > 1", 0.9, 1.1, false}, /* on both sides is on none */
        {"< -2.5e3", -4000, -3000, true},
        {"> 0", NAN, NAN, false},
        {"< 0", NAN, NAN, false},
        {"= 0", NAN, NAN, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rule rule;
        const char *why;
        assert_true(rule_read(&rule, cases[i].text, &why));
        if (rule_is_met(&rule, (struct interval){cases[i].low, cases[i].high}) != cases[i].met)
            fail_msg("%s in [%g, %g]: expected %d", cases[i].text, cases[i].low, cases[i].high, cases[i].met);
    }
}

static void test_wrong_rules(void **state)
{
    static const char *const wrong[] = {"",
                                        "0.9",
                                        "< x",
                                        "<",
                                        "< 1 and",
                                        "< 1 and > 0 or > 3",
                                        "< 1, > 0",
                                        "about 1",
                                        "< inf",
                                        "> 1 > 2",
                                        "< 1 and > 1 and > 1 and > 1 and > 1"};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct rule rule;
        const char *why = NULL;
        if (rule_read(&rule, wrong[i], &why))
            fail_msg("`%s` is taken for a rule", wrong[i]);
        assert_non_null(why);
    }
}

/* Where a rule is met: up to two regions. */
static void test_regions(void **state)
{
    static const struct {
        const char *text;
        size_t count;
        struct interval regions[2];
    } cases[] = {
        {"< 0.9", 1, {{-INFINITY, 0.9}}},
        {">= 3", 1, {{3, INFINITY}}},
        {"= 1", 1, {{1, 1}}},
        {"< 1 or > 2", 2, {{-INFINITY, 1}, {2, INFINITY}}},
        {">= 0.95 and <= 1.05", 1, {{0.95, 1.05}}},
        {"< 1 and > 2", 0, {{0, 0}}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rule rule;
        struct interval regions[RULE_PARTS_MAX];
        const char *why;
        assert_true(rule_read(&rule, cases[i].text, &why));
        assert_int_equal(rule_regions(&rule, regions), cases[i].count);
        for (size_t j = 0; j < cases[i].count; j++)
            if (regions[j].low != cases[i].regions[j].low || regions[j].high != cases[i].regions[j].high)
                fail_msg("%s: [%g, %g]", cases[i].text, regions[j].low, regions[j].high);
    }
}

/* ---- expressions */

static struct claim_value three_values[] = {{.name = (char *)"a", .of = (char *)"hits"},
                                            {.name = (char *)"b", .of = (char *)"misses"},
                                            {.name = (char *)"long_name", .of = (char *)"x"}};
static const struct claim three = {.values = three_values, .values_count = 3};

static double value_of(const char *text)
{
    static const double numbers[] = {6, 3, 0.5}; /* a, b, long_name */
    struct expression expression;
    char why[128] = "";
    double ordered[EXPRESSION_VALUES_MAX];
    if (!expression_read(&expression, &three, text, why))
        fail_msg("%s: %s", text, why);
    for (unsigned i = 0; i < expression.value_count; i++)
        ordered[i] = numbers[expression.values[i]];
    return expression_result(&expression, ordered);
}

static void test_expressions(void **state)
{
    (void)state;
    assert_near(value_of("a"), 6);
    assert_near(value_of("a / b"), 2);
    assert_near(value_of("a - b - b"), 0);
    assert_near(value_of("a - (b - b)"), 6);
    assert_near(value_of("a / b / long_name"), 4);
    assert_near(value_of("2 * a + b * 10"), 42);
    assert_near(value_of("(a - b) / (a + b)"), 1.0 / 3);
    assert_near(value_of("  a\n/b "), 2);
    assert_true(isinf(value_of("a / (b - b)")));
}

static void test_wrong_expressions(void **state)
{
    static const struct {
        const char *text, *why;
    } wrong[] = {
        {"", "ends too early"},   {"a /", "ends too early"}, {"a b", "before b"},
        {"(a", ") is missing"},   {"a)", "before )"},        {"c", "no value named c"},
        {"a / lon", "named lon"}, {"-a", "before -"},        {"a+a+a+a+a+a+a+a+a+a+a+a+a+a+a+a+a+a", "too long"}};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct expression expression;
        char why[128] = "";
        assert_false(expression_read(&expression, &three, wrong[i].text, why));
        if (!strstr(why, wrong[i].why))
            fail_msg("`%s`: %s, expected %s", wrong[i].text, why, wrong[i].why);
    }
}

static void test_products(void **state)
{
    struct expression expression;
    char why[128];
    double powers[EXPRESSION_VALUES_MAX], factor;
    (void)state;
    assert_true(expression_read(&expression, &three, "3 * a / b / b", why));
    assert_true(expression_is_product(&expression, powers, &factor));
    assert_near(factor, 3);
    assert_near(powers[0], 1);
    assert_near(powers[1], -2);
    assert_true(expression_read(&expression, &three, "(a + b) / a", why));
    assert_false(expression_is_product(&expression, powers, &factor));
}

/* ---- verdicts, on rows in memory: `hits` and `misses` of a workload w with a parameter n */

static uint32_t add_cell(struct rows *rows, const char *strategy, const char *params)
{
    rows->cells = must_resize(rows->cells, rows->cell_count + 1, sizeof *rows->cells);
    rows->cells[rows->cell_count] = (struct rows_cell){.strategy = rows_name(rows, strategy),
                                                       .strategy_params = rows_name(rows, ""),
                                                       .allocator = rows_name(rows, "system"),
                                                       .workload = rows_name(rows, "w"),
                                                       .workload_params = rows_name(rows, params),
                                                       .ok = 4};
    rows->cell_capacity = ++rows->cell_count;
    return (uint32_t)rows->cell_count - 1;
}

/* Two repetitions in each of two processes, `spread` apart. */
static void add_values(struct rows *rows, uint32_t cell, const char *quantity, double value, double spread)
{
    for (uint32_t i = 0; i < 4; i++)
        rows_add(rows, (struct observation){.cell = cell,
                                            .quantity = rows_name(rows, quantity),
                                            .invocation = i / 2,
                                            .repetition = i % 2,
                                            .value = i / 2 ? value + spread : value - spread});
}

static char *over_n[] = {(char *)"n"};
static struct claim_value two_values[] = {
    {.name = (char *)"a", .of = (char *)"hits", .strategy = (char *)"s"},
    {.name = (char *)"b", .of = (char *)"misses", .strategy = (char *)"s"},
};

/* By what `ratios` are at n = 1, 10, 100, ...; each with its spread. Condition and verdict, to be freed. */
static struct claim_verdict verdict_of(struct rows *rows, struct claim *claim, struct claim_judgement *judgement,
                                       const double *ratios, const double *spreads, size_t count)
{
    char params[32];
    *rows = (struct rows){0};
    *judgement = (struct claim_judgement){.figure = (char *)"a / b",
                                          .unit = UNIT_RATIO,
                                          .over = over_n,
                                          .over_count = 1,
                                          .holds_if = (char *)"> 1",
                                          .fails_if = (char *)"< 1"};
    *claim = (struct claim){
        .id = (char *)"x", .values = two_values, .values_count = 2, .judgements = judgement, .judgements_count = 1};
    for (size_t i = 0; i < count; i++) {
        snprintf(params, sizeof params, "n=%.0f", pow(10, (double)i));
        uint32_t cell = add_cell(rows, "s", params);
        add_values(rows, cell, "hits", ratios[i] * 100, spreads[i] * 100);
        add_values(rows, cell, "misses", 100, 0);
    }
    struct claim_verdict verdict;
    rows_sort(rows);
    verdict_make(&verdict, claim, rows, NULL);
    return verdict;
}

static void expect(const double *ratios, const double *spreads, size_t count, enum verdict wanted, bool is_close,
                   const char *condition)
{
    struct rows rows;
    struct claim claim;
    struct claim_judgement judgement;
    struct claim_verdict verdict = verdict_of(&rows, &claim, &judgement, ratios, spreads, count);
    assert_string_equal(verdict.condition, condition);
    assert_int_equal(verdict.verdict, wanted);
    assert_int_equal(verdict.is_close, is_close);
    verdict_free(&verdict);
    rows_free(&rows);
}

static void test_verdicts(void **state)
{
    static const double none[4] = {0}, wide[] = {0, 0.5, 0, 0};
    (void)state;
    expect((const double[]){2, 3, 4}, none, 3, VERDICT_HOLDS, false, "");
    expect((const double[]){0.5, 0.6}, none, 2, VERDICT_FAILS, false, "");
    expect((const double[]){0.5, 2}, none, 2, VERDICT_DEPENDS, false, "does not hold at n=1, holds at n=10");
    expect((const double[]){0.5, 0.6, 2, 3}, none, 4, VERDICT_DEPENDS, false,
           "does not hold up to n=10, holds from n=100 on");
    expect((const double[]){0.5, 2, 3, 0.4}, none, 4, VERDICT_DEPENDS, false,
           "does not hold up to n=1, holds from n=10 to 100, does not hold from n=1000 on");
    expect((const double[]){2, 1.5, 3}, wide, 3, VERDICT_DEPENDS, false,
           "holds up to n=1, is undecided at n=10, holds from n=100 on");
    expect((const double[]){1}, none, 1, VERDICT_DEPENDS, false, "is undecided");
}

/* A verdict that hangs on an interval's width is close. */
static void test_close(void **state)
{
    static const double spread[] = {0.01};
    (void)state;
    expect((const double[]){1.2}, spread, 1, VERDICT_HOLDS, true, "");
    expect((const double[]){3}, spread, 1, VERDICT_HOLDS, false, "");
}

static void test_intervals(void **state)
{
    struct rows rows;
    struct claim claim;
    struct claim_judgement judgement;
    static const double ratio[] = {2}, spread[] = {0.02};
    (void)state;
    struct claim_verdict verdict = verdict_of(&rows, &claim, &judgement, ratio, spread, 1);
    const struct figure_at *figure = &verdict.judgements[0].points[0].figure;
    assert_near(figure->value, 2);
    assert_true(figure->interval.low < 1.98 && figure->interval.high > 2.02);
    assert_int_equal(figure->rows, 8);
    verdict_free(&verdict);

    /* A sum: Student's with one degree of freedom, 12.706 times the standard error of 2 (hits; misses are known). */
    judgement.figure = (char *)"a + b";
    verdict_make(&verdict, &claim, &rows, NULL);
    figure = &verdict.judgements[0].points[0].figure;
    assert_near(figure->value, 300);
    assert_true(fabs(figure->interval.high - figure->value - 12.706 * 2) < 0.01);
    verdict_free(&verdict);
    rows_free(&rows);
}

/* A value that two cells would do for is no figure. */
static void test_ambiguous(void **state)
{
    struct rows rows;
    struct claim claim;
    struct claim_judgement judgement;
    static const double ratios[] = {2, 2}, none[] = {0, 0};
    (void)state;
    struct claim_verdict verdict = verdict_of(&rows, &claim, &judgement, ratios, none, 2);
    verdict_free(&verdict);
    judgement.over_count = 0;
    verdict_make(&verdict, &claim, &rows, NULL);
    assert_int_equal(verdict.verdict, VERDICT_NOT_MEASURED);
    assert_non_null(strstr(verdict.condition, "stands for more than one cell"));
    verdict_free(&verdict);
    rows_free(&rows);
}

/* ---- CPython's own figure */

static struct claim_judgement beside_judgements[2];
static const struct claim beside = {
    .id = (char *)"x", .values = two_values, .values_count = 2, .judgements = beside_judgements, .judgements_count = 2};

/* `s` and `cpython` at n = 1 and n = 10, hits over misses twice as many at the second; CPython's half as many. */
static void make_rows_beside(struct rows *rows)
{
    *rows = (struct rows){0};
    for (int i = 0; i < 4; i++) {
        uint32_t cell = add_cell(rows, i / 2 ? "cpython" : "s", i % 2 ? "n=10" : "n=1");
        add_values(rows, cell, "hits", (i % 2 ? 400 : 200) / (i / 2 ? 2 : 1), 0);
        add_values(rows, cell, "misses", 100, 0);
    }
    rows_sort(rows);
}

/* Every judgement has its own, at every point, and says which. */
static void test_cpython(void **state)
{
    struct rows rows;
    struct claim_verdict verdict;
    (void)state;
    make_rows_beside(&rows);
    for (int i = 0; i < 2; i++)
        beside_judgements[i] = (struct claim_judgement){.figure = (char *)(i ? "a" : "a / b"),
                                                        .unit = i ? UNIT_NUMBER : UNIT_RATIO,
                                                        .over = over_n,
                                                        .over_count = 1,
                                                        .cpython = (char *)"same"};
    verdict_make(&verdict, &beside, &rows, NULL);
    for (int i = 0; i < 2; i++) {
        const struct judgement_verdict *judged = &verdict.judgements[i];
        assert_true(judged_has_cpython(judged));
        assert_int_equal(judged->point_count, 2);
        assert_near(judged->points[0].cpython.value, i ? 100 : 1);
        assert_near(judged->points[1].cpython.value, i ? 200 : 2);
        char *words = words_cpython(judged, " at ");
        assert_string_equal(words, i ? "200 at n=10" : "2.00× at n=10");
        free(words);
    }
    verdict_free(&verdict);
    beside_judgements[0].cpython = NULL;
    verdict_make(&verdict, &beside, &rows, NULL);
    assert_false(judged_has_cpython(&verdict.judgements[0]));
    assert_true(judged_has_cpython(&verdict.judgements[1]));
    verdict_free(&verdict);
    rows_free(&rows);
}

/* Over strategies it stands beside each; of one point alone it stands there alone. */
static void test_cpython_points(void **state)
{
    static char *over[] = {(char *)"n", (char *)"strategy"}, *one[] = {(char *)"n=1"};
    struct claim_value values[] = {
        {.name = (char *)"a", .of = (char *)"hits"},
        {.name = (char *)"free", .of = (char *)"hits", .strategy = (char *)"cpython"},
        {.name = (char *)"c", .of = (char *)"hits", .strategy = (char *)"cpython", .params = one, .params_count = 1}};
    struct claim_judgement judgement = {
        .figure = (char *)"a", .over = over, .over_count = 2, .cpython = (char *)"same"};
    const struct claim claim = {
        .id = (char *)"x", .values = values, .values_count = 3, .judgements = &judgement, .judgements_count = 1};
    struct rows rows;
    struct claim_verdict verdict;
    (void)state;
    make_rows_beside(&rows);
    verdict_make(&verdict, &claim, &rows, NULL);
    assert_int_equal(verdict.judgements[0].point_count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_near(verdict.judgements[0].points[i].cpython.value, i / 2 ? 200 : 100);
    char *words = words_cpython(&verdict.judgements[0], " at ");
    assert_string_equal(words, "200 at n=10");
    free(words);
    verdict_free(&verdict);

    judgement.cpython = (char *)"c";
    verdict_make(&verdict, &claim, &rows, NULL);
    for (size_t i = 0; i < 4; i++)
        if (i / 2)
            assert_true(isnan(verdict.judgements[0].points[i].cpython.value));
        else
            assert_near(verdict.judgements[0].points[i].cpython.value, 100);
    verdict_free(&verdict);

    judgement.cpython = (char *)"free / c"; /* what it is compared with may be of another point */
    verdict_make(&verdict, &claim, &rows, NULL);
    for (size_t i = 0; i < 4; i++)
        assert_near(verdict.judgements[0].points[i].cpython.value, i / 2 ? 2 : 1);
    verdict_free(&verdict);
    rows_free(&rows);
}

/* ---- words */

static void test_words(void **state)
{
    (void)state;
    assert_string_equal(words_figure(UNIT_RATIO, 1.234).text, "1.23×");
    assert_string_equal(words_figure(UNIT_BYTES, 88.03).text, "88.0 B");
    assert_string_equal(words_figure(UNIT_BYTES, 48).text, "48 B");
    assert_string_equal(words_figure(UNIT_BYTES, 3992960).text, "3.99 MB");
    assert_string_equal(words_figure(UNIT_SHARE, 0.125).text, "12.5 %");
    assert_string_equal(words_figure(UNIT_NUMBER, 37605).text, "37,605");
    assert_string_equal(words_figure(UNIT_NS, 51.7e6).text, "51.7 ms");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_wrong_rules),
        cmocka_unit_test(test_regions),
        cmocka_unit_test(test_expressions),
        cmocka_unit_test(test_wrong_expressions),
        cmocka_unit_test(test_products),
        cmocka_unit_test(test_verdicts),
        cmocka_unit_test(test_close),
        cmocka_unit_test(test_intervals),
        cmocka_unit_test(test_ambiguous),
        cmocka_unit_test(test_cpython),
        cmocka_unit_test(test_cpython_points),
        cmocka_unit_test(test_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
