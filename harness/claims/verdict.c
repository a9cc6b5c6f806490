#include "claims/verdict.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driver/text.h"

const char *const verdict_names[] = {
    [VERDICT_HOLDS] = "holds",
    [VERDICT_FAILS] = "does not hold",
    [VERDICT_DEPENDS] = "depends",
    [VERDICT_NOT_MEASURED] = "not measured",
};

const char *const finding_names[] = {
    [FINDING_HOLDS] = "holds",  [FINDING_FAILS] = "fails", [FINDING_OPEN] = "open",
    [FINDING_MISSING] = "none", [FINDING_SHOWN] = "",
};

/* ---- points: every combination of keys that the cells of the values which leave them open have */

bool is_number(const char *text, double *number)
{
    char *end;
    *number = strtod(text, &end);
    return end != text && !*end;
}

static int compare_keys(const struct point *a, const struct point *b)
{
    for (unsigned i = 0; i < a->count; i++) {
        double x, y;
        bool numbers = is_number(a->keys[i], &x) && is_number(b->keys[i], &y);
        int order = numbers ? (x > y) - (x < y) : strcmp(a->keys[i], b->keys[i]);
        if (order)
            return order;
    }
    return 0;
}

static int by_keys(const void *left, const void *right)
{
    const struct point_verdict *a = left, *b = right;
    return compare_keys(&a->point, &b->point);
}

static void point_free(struct point *point)
{
    for (unsigned i = 0; i < point->count; i++)
        free(point->keys[i]);
}

/* Whether all of the "key=value" are the point's. */
static bool has_keys(const struct point *point, char *const *pairs, unsigned count)
{
    bool has = true;
    for (unsigned i = 0; i < count && has; i++) {
        size_t length = strcspn(pairs[i], "=");
        for (unsigned k = 0; k < point->count; k++)
            if (strncmp(point->over[k], pairs[i], length) == 0 && !point->over[k][length])
                has = strcmp(point->keys[k], pairs[i] + length + 1) == 0;
    }
    return has;
}

static bool is_left_out(const struct claim_judgement *judgement, const struct point *point)
{
    for (unsigned i = 0; i < judgement->without_count; i++)
        if (has_keys(point, &judgement->without[i], 1))
            return true;
    return false;
}

/* Adds the cell's point, unless it is there, the cell lacks a key, or it is left out. */
static void add_point(struct judgement_verdict *judged, const struct rows *rows, const struct rows_cell *cell)
{
    struct point point = {.over = (const char *const *)judged->judgement->over};
    bool is_new = true;
    for (unsigned i = 0; i < judged->judgement->over_count && is_new; i++) {
        point.keys[i] = cell_key(rows, cell, point.over[i]);
        is_new = point.keys[i];
        point.count += is_new;
    }
    is_new = is_new && !is_left_out(judged->judgement, &point);
    for (size_t i = 0; i < judged->point_count && is_new; i++)
        is_new = compare_keys(&judged->points[i].point, &point) != 0;
    if (!is_new) {
        point_free(&point);
        return;
    }
    if (judged->point_count == judged->point_capacity) {
        judged->point_capacity = judged->point_capacity ? 2 * judged->point_capacity : 16;
        judged->points = must_resize(judged->points, judged->point_capacity, sizeof *judged->points);
    }
    judged->points[judged->point_count++] = (struct point_verdict){.point = point};
}

static bool leaves_open(const struct claim_value *value, const struct claim_judgement *judgement)
{
    for (unsigned i = 0; i < judgement->over_count; i++)
        if (value_fixes(value, judgement->over[i]))
            return false;
    return true;
}

static void find_points(struct judgement_verdict *judged, const struct claim *claim, const struct rows *rows,
                        const struct expression *expression)
{
    const struct claim_judgement *judgement = judged->judgement;
    const char *const *over = (const char *const *)judgement->over;
    for (unsigned i = 0; i < expression->value_count; i++) {
        const struct claim_value *value = &claim->values[expression->values[i]];
        for (size_t j = 0; leaves_open(value, judgement) && j < rows->cell_count; j++)
            if (value_takes(rows, value, &rows->cells[j], over, judgement->over_count, NULL, NULL))
                add_point(judged, rows, &rows->cells[j]);
    }
    if (judged->point_count)
        qsort(judged->points, judged->point_count, sizeof *judged->points, by_keys);
}

/* The point that `at` names, the last that agrees; without it the last. */
static size_t choose_point(const struct judgement_verdict *judged)
{
    const struct claim_judgement *judgement = judged->judgement;
    size_t chosen = judged->point_count ? judged->point_count - 1 : 0;
    for (size_t i = 0; i < judged->point_count && judgement->at_count; i++)
        if (has_keys(&judged->points[i].point, judgement->at, judgement->at_count))
            chosen = i;
    return chosen;
}

/* ---- judging */

static struct interval widened(const struct figure_at *figure, double factor)
{
    return (struct interval){figure->value - (figure->value - figure->interval.low) * factor,
                             figure->value + (figure->interval.high - figure->value) * factor};
}

/* With the interval `factor` times as wide. */
static enum finding judge_point(const struct judgement_verdict *judged, const struct figure_at *figure, double factor)
{
    struct interval interval = widened(figure, factor);
    if (isnan(figure->value))
        return FINDING_MISSING;
    if (!judgement_judges(judged->judgement))
        return FINDING_SHOWN;
    return rule_is_met(&judged->holds_if, interval)   ? FINDING_HOLDS
           : rule_is_met(&judged->fails_if, interval) ? FINDING_FAILS
                                                      : FINDING_OPEN;
}

/* Whether all of its values are of another point: one of them may be what the others are compared with. */
static bool is_elsewhere(const struct expression *expression, const struct claim *claim, const struct point *point)
{
    for (unsigned i = 0; i < expression->value_count; i++)
        if (!value_denies(&claim->values[expression->values[i]], point))
            return false;
    return expression->value_count > 0;
}

/* At every point what CPython itself gives. */
static void compare_with_cpython(struct judgement_verdict *judged, const struct claim *claim, struct rows *rows)
{
    const char *wanted = judged->judgement->cpython;
    bool same = wanted && strcmp(wanted, "same") == 0;
    struct expression expression;
    char why[128];
    if (wanted)
        expression_read(&expression, claim, same ? judged->judgement->figure : wanted, why);
    for (size_t i = 0; i < judged->point_count; i++) {
        struct point_verdict *at = &judged->points[i];
        at->cpython = (struct figure_at){.value = NAN, .interval = {NAN, NAN}};
        if (wanted && !is_elsewhere(&expression, claim, &at->point))
            figure_make(&at->cpython, rows, claim, &expression, &at->point, same ? "cpython" : NULL);
    }
}

static void judge(struct judgement_verdict *judged, const struct claim *claim, struct rows *rows)
{
    const struct claim_judgement *judgement = judged->judgement;
    struct expression expression;
    const char *unused;
    char why[128];
    expression_read(&expression, claim, judgement->figure, why);
    if (judgement_judges(judgement)) {
        rule_read(&judged->holds_if, judgement->holds_if, &unused);
        rule_read(&judged->fails_if, judgement->fails_if, &unused);
    }
    find_points(judged, claim, rows, &expression);
    for (size_t i = 0; i < judged->point_count; i++) {
        struct point_verdict *at = &judged->points[i];
        figure_make(&at->figure, rows, claim, &expression, &at->point, NULL);
        at->finding = judge_point(judged, &at->figure, 1);
    }
    judged->shown = choose_point(judged);
    compare_with_cpython(judged, claim, rows);
}

bool judged_has_cpython(const struct judgement_verdict *judged)
{
    for (size_t i = 0; i < judged->point_count; i++)
        if (!isnan(judged->points[i].cpython.value))
            return true;
    return false;
}

/* A judgement without any point is as a point without a figure. */
static enum verdict verdict_of(const struct claim_verdict *verdict, double factor)
{
    size_t found[FINDING_SHOWN + 1] = {0};
    for (unsigned i = 0; i < verdict->claim->judgements_count; i++) {
        const struct judgement_verdict *judged = &verdict->judgements[i];
        if (!judgement_judges(judged->judgement))
            continue;
        found[FINDING_MISSING] += judged->point_count == 0;
        for (size_t j = 0; j < judged->point_count; j++)
            found[judge_point(judged, &judged->points[j].figure, factor)]++;
    }
    return found[FINDING_MISSING]                          ? VERDICT_NOT_MEASURED
           : !found[FINDING_FAILS] && !found[FINDING_OPEN] ? VERDICT_HOLDS
           : !found[FINDING_HOLDS] && !found[FINDING_OPEN] ? VERDICT_FAILS
                                                           : VERDICT_DEPENDS;
}

/* ---- CPython's own */

/* "traced_peak.sum_list_100k" in the object. */
static double fact_named(const json_t *facts, const char *key)
{
    const json_t *at = facts;
    for (const char *word = key; *word; word += strcspn(word, "."), word += *word == '.') {
        char *name = must_print("%.*s", (int)strcspn(word, "."), word);
        at = json_object_get(at, name);
        free(name);
    }
    return json_is_number(at) ? json_number_value(at) : NAN;
}

static void compare_fact(struct fact_verdict *fact, const struct claim *claim, struct rows *rows, const json_t *facts)
{
    static const struct point everywhere = {0};
    struct expression expression;
    char why[128];
    expression_read(&expression, claim, fact->fact->figure, why);
    figure_make(&fact->ours, rows, claim, &expression, &everywhere, NULL);
    fact->cpython = fact_named(facts, fact->fact->key);
}

/* ---- the whole */

void verdict_make(struct claim_verdict *verdict, const struct claim *claim, struct rows *rows, const json_t *facts)
{
    *verdict = (struct claim_verdict){.claim = claim, .rows = rows};
    verdict->judgements = must_resize(NULL, claim->judgements_count, sizeof *verdict->judgements);
    verdict->facts = must_resize(NULL, claim->facts_count + 1, sizeof *verdict->facts);
    for (unsigned i = 0; i < claim->judgements_count; i++) {
        verdict->judgements[i] = (struct judgement_verdict){.judgement = &claim->judgements[i]};
        judge(&verdict->judgements[i], claim, rows);
    }
    for (unsigned i = 0; i < claim->facts_count; i++) {
        verdict->facts[i] = (struct fact_verdict){.fact = &claim->facts[i]};
        compare_fact(&verdict->facts[i], claim, rows, facts);
    }
    for (size_t i = 0; i < rows->cell_count; i++)
        verdict->row_count += rows->cells[i].ok;
    verdict->verdict = verdict_of(verdict, 1);
    verdict->is_close = verdict_of(verdict, 2) != verdict->verdict || verdict_of(verdict, 0.5) != verdict->verdict;
    verdict->condition = condition_of(verdict);
}

void verdict_free(struct claim_verdict *verdict)
{
    for (unsigned i = 0; verdict->claim && i < verdict->claim->judgements_count; i++) {
        struct judgement_verdict *judged = &verdict->judgements[i];
        for (size_t j = 0; j < judged->point_count; j++) {
            point_free(&judged->points[j].point);
            figure_free(&judged->points[j].figure);
            figure_free(&judged->points[j].cpython);
        }
        free(judged->points);
    }
    for (unsigned i = 0; verdict->claim && i < verdict->claim->facts_count; i++)
        figure_free(&verdict->facts[i].ours);
    free(verdict->judgements);
    free(verdict->facts);
    free(verdict->condition);
    *verdict = (struct claim_verdict){0};
}
