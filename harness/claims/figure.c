#include "claims/figure.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/bootstrap.h"
#include "driver/text.h"

/* Keeps the first reason. */
__attribute__((format(printf, 2, 3))) static bool fail(struct figure_at *figure, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (!figure->why[0])
        vsnprintf(figure->why, sizeof figure->why, format, arguments);
    va_end(arguments);
    return false;
}

/* ---- the cell that a value stands for */

static const char *cell_text(const struct rows *rows, const struct rows_cell *cell, char *text, size_t size)
{
    const char *params = rows_text(rows, cell->strategy_params);
    snprintf(text, size, "%s%s%s, %s %s, %s", rows_text(rows, cell->strategy), *params ? " " : "", params,
             rows_text(rows, cell->workload), rows_text(rows, cell->workload_params), rows_text(rows, cell->allocator));
    return text;
}

static bool find_cell(struct figure_at *figure, const struct rows *rows, const struct claim_value *value,
                      const struct point *point, const char *strategy, uint32_t *place)
{
    size_t found = 0;
    char first[160], second[160];
    for (uint32_t i = 0; i < rows->cell_count; i++) {
        if (!value_takes(rows, value, &rows->cells[i], point->over, point->count, point, strategy))
            continue;
        if (found++)
            return fail(figure, "`%s` stands for more than one cell: %s; and %s", value->name,
                        cell_text(rows, &rows->cells[*place], first, sizeof first),
                        cell_text(rows, &rows->cells[i], second, sizeof second));
        *place = i;
    }
    if (!found)
        return fail(figure, "no rows of `%s`", value->name);
    const struct rows_cell *cell = &rows->cells[*place];
    if (cell->failed)
        return fail(figure, "%s: %s: %s", cell_text(rows, cell, first, sizeof first),
                    rows_text(rows, cell->failed_status), rows_text(rows, cell->detail));
    return true;
}

/* ---- its values, by process */

/* The observation of the same repetition; NULL if there is none. */
static const struct observation *partner(const struct observation *of, const struct observation *among, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (among[i].invocation == of->invocation && among[i].repetition == of->repetition)
            return &among[i];
    return NULL;
}

struct room {
    double *values;
    size_t *start;
    size_t groups;
};

static bool fill(struct figure_at *figure, struct rows *rows, const struct claim_value *value, uint32_t cell,
                 struct room *room)
{
    size_t count, per_count = 0, used = 0;
    const struct observation *of = rows_find(rows, cell, rows_name(rows, value->of), &count), *per = NULL;
    if (value->per)
        per = rows_find(rows, cell, rows_name(rows, value->per), &per_count);
    room->values = must_resize(NULL, count + 1, sizeof *room->values);
    room->start = must_resize(NULL, count + 1, sizeof *room->start);
    room->groups = 0;
    for (size_t i = 0; i < count; i++) {
        const struct observation *under = value->per ? partner(&of[i], per, per_count) : NULL;
        if (value->per && (!under || under->value == 0))
            continue;
        if (!used || of[i].invocation != of[i - 1].invocation)
            room->start[room->groups++] = used;
        room->values[used++] = under ? of[i].value / under->value : of[i].value;
    }
    room->start[room->groups] = used;
    if (used)
        return true;
    return fail(figure, "the rows of `%s` have no %s%s%s", value->name, value->of, value->per ? " per " : "",
                value->per ? value->per : "");
}

/* The same every time, and seen more than once. */
static bool is_constant(const struct room *room)
{
    if (room->start[room->groups] < 2)
        return false;
    for (size_t i = 1; i < room->start[room->groups]; i++)
        if (room->values[i] != room->values[0])
            return false;
    return true;
}

static void describe(struct operand *operand, const struct room *room)
{
    double squares = 0, count = (double)room->groups;
    operand->rows = room->start[room->groups];
    operand->processes = room->groups;
    operand->means = must_resize(NULL, room->groups, sizeof *operand->means);
    for (size_t i = 0; i < room->groups; i++) {
        const struct nested one = {room->values, room->start + i, 1};
        operand->means[i] = nested_mean(&one);
    }
    for (size_t i = 0; i < room->groups; i++)
        squares += (operand->means[i] - operand->mean) * (operand->means[i] - operand->mean);
    operand->variance = is_constant(room) ? 0 : room->groups > 1 ? squares / (count - 1) / count : NAN;
    operand->freedom = room->groups > 1 ? count - 1 : 1;
}

static bool estimate(struct figure_at *figure, struct rows *rows, const struct claim_value *value,
                     struct operand *operand)
{
    struct room room = {0};
    char text[256];
    bool filled = fill(figure, rows, value, operand->cell, &room);
    if (filled) {
        const struct nested nested = {room.values, room.start, room.groups};
        gsl_rng *rng = bootstrap_rng(cell_text(rows, &rows->cells[operand->cell], text, sizeof text));
        operand->resamples = must_resize(NULL, BOOTSTRAP_RESAMPLES, sizeof *operand->resamples);
        operand->mean = nested_mean(&nested);
        describe(operand, &room);
        if (!rng || bootstrap_estimate(&nested, 0, rng, &operand->estimate, operand->resamples))
            filled = fail(figure, "memory ran out");
        if (rng)
            gsl_rng_free(rng);
        if (operand->variance == 0) { /* known, however few the processes */
            operand->estimate = (struct estimate){operand->mean, 0, 1};
            memset(operand->resamples, 0, BOOTSTRAP_RESAMPLES * sizeof *operand->resamples);
        }
    }
    free(room.values);
    free(room.start);
    return filled;
}

/* ---- the figure */

static struct interval product_interval(const struct figure_at *figure, const double *powers, double factor)
{
    struct log_sum sum = {0};
    for (unsigned i = 0; i < figure->operand_count; i++)
        if (powers[i] != 0)
            log_sum_add(&sum, &figure->operands[i].estimate, figure->operands[i].resamples, powers[i]);
    struct interval interval = log_sum_interval(&sum);
    return (struct interval){interval.low * factor, interval.high * factor};
}

/* How much the figure moves when a value moves by its standard error. */
static double shift_by(const struct figure_at *figure, const struct expression *expression, const double *means,
                       unsigned which)
{
    double moved[EXPRESSION_VALUES_MAX], error = sqrt(figure->operands[which].variance);
    memcpy(moved, means, figure->operand_count * sizeof *moved);
    moved[which] = means[which] + error;
    double up = expression_result(expression, moved);
    moved[which] = means[which] - error;
    return (up - expression_result(expression, moved)) / 2;
}

static struct interval delta_interval(const struct figure_at *figure, const struct expression *expression,
                                      const double *means)
{
    double variance = 0, squares = 0;
    for (unsigned i = 0; i < figure->operand_count; i++) {
        double shift = shift_by(figure, expression, means, i);
        variance += shift * shift;
        squares += pow(shift, 4) / figure->operands[i].freedom;
    }
    if (variance == 0)
        return (struct interval){figure->value, figure->value};
    if (!isfinite(variance))
        return (struct interval){NAN, NAN};
    double arm = sqrt(variance) * gsl_cdf_tdist_Pinv(1 - (1 - BOOTSTRAP_LEVEL) / 2, variance * variance / squares);
    return (struct interval){figure->value - arm, figure->value + arm};
}

static void compute(struct figure_at *figure, const struct expression *expression)
{
    double means[EXPRESSION_VALUES_MAX], powers[EXPRESSION_VALUES_MAX], factor;
    bool is_product = expression_is_product(expression, powers, &factor);
    for (unsigned i = 0; i < figure->operand_count; i++) {
        means[i] = figure->operands[i].mean;
        is_product = is_product && means[i] > 0;
        figure->rows += figure->operands[i].rows;
    }
    figure->value = expression_result(expression, means);
    if (!isfinite(figure->value)) {
        figure->value = NAN;
        fail(figure, "it divides by 0");
        return;
    }
    figure->interval =
        is_product ? product_interval(figure, powers, factor) : delta_interval(figure, expression, means);
}

void figure_make(struct figure_at *figure, struct rows *rows, const struct claim *claim,
                 const struct expression *expression, const struct point *point, const char *strategy)
{
    *figure = (struct figure_at){.value = NAN, .interval = {NAN, NAN}};
    for (unsigned i = 0; i < expression->value_count; i++) {
        const struct claim_value *value = &claim->values[expression->values[i]];
        struct operand *operand = &figure->operands[figure->operand_count++];
        if (!find_cell(figure, rows, value, point, strategy, &operand->cell) || !estimate(figure, rows, value, operand))
            return;
    }
    compute(figure, expression);
}

void figure_free(struct figure_at *figure)
{
    for (unsigned i = 0; i < figure->operand_count; i++) {
        free(figure->operands[i].means);
        free(figure->operands[i].resamples);
    }
}
