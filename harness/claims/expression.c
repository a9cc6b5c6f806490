#include "claims/expression.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct parser {
    struct expression *expression;
    const struct claim *claim;
    const char *at;
    char *why;
    bool failed;
};

static void refuse(struct parser *parser, const char *what, const char *where, int length)
{
    if (!parser->failed)
        snprintf(parser->why, 128, "%s%s%.*s", what, length ? " " : "", length, where);
    parser->failed = true;
}

static void add_step(struct parser *parser, struct expression_step step)
{
    if (parser->expression->step_count == EXPRESSION_STEPS_MAX)
        refuse(parser, "the expression is too long", "", 0);
    if (!parser->failed)
        parser->expression->steps[parser->expression->step_count++] = step;
}

static char next(struct parser *parser)
{
    parser->at += strspn(parser->at, " \n");
    return *parser->at;
}

static void read_name(struct parser *parser)
{
    const char *name = parser->at;
    while (isalnum((unsigned char)*parser->at) || *parser->at == '_')
        parser->at++;
    size_t length = (size_t)(parser->at - name);
    unsigned place = claim_value_named(parser->claim, name, length), i = 0;
    struct expression *expression = parser->expression;
    if (place == parser->claim->values_count) {
        refuse(parser, "there is no value named", name, (int)length);
        return;
    }
    while (i < expression->value_count && expression->values[i] != place)
        i++;
    if (i == EXPRESSION_VALUES_MAX) {
        refuse(parser, "there are too many values in it", "", 0);
        return;
    }
    if (i == expression->value_count)
        expression->values[expression->value_count++] = place;
    add_step(parser, (struct expression_step){.kind = STEP_VALUE, .value = i});
}

static void read_sum(struct parser *parser);

static void read_factor(struct parser *parser)
{
    char first = next(parser);
    if (first == '(') {
        parser->at++;
        read_sum(parser);
        if (next(parser) != ')')
            refuse(parser, "a ) is missing", "", 0);
        parser->at += !parser->failed;
    } else if (isdigit((unsigned char)first)) {
        char *end;
        double number = strtod(parser->at, &end);
        parser->at = end;
        add_step(parser, (struct expression_step){.kind = STEP_NUMBER, .number = number});
    } else if (isalpha((unsigned char)first)) {
        read_name(parser);
    } else {
        refuse(parser, first ? "expected a value or a number before" : "it ends too early", parser->at, first ? 1 : 0);
    }
}

static void read_product(struct parser *parser)
{
    read_factor(parser);
    for (char sign; !parser->failed && ((sign = next(parser)) == '*' || sign == '/');) {
        parser->at++;
        read_factor(parser);
        add_step(parser, (struct expression_step){.kind = sign == '*' ? STEP_MULTIPLY : STEP_DIVIDE});
    }
}

static void read_sum(struct parser *parser)
{
    read_product(parser);
    for (char sign; !parser->failed && ((sign = next(parser)) == '+' || sign == '-');) {
        parser->at++;
        read_product(parser);
        add_step(parser, (struct expression_step){.kind = sign == '+' ? STEP_ADD : STEP_SUBTRACT});
    }
}

bool expression_read(struct expression *expression, const struct claim *claim, const char *text, char why[128])
{
    *expression = (struct expression){0};
    struct parser parser = {expression, claim, text, why, false};
    read_sum(&parser);
    if (next(&parser) && !parser.failed)
        refuse(&parser, "expected + - * or / before", parser.at, 1);
    return !parser.failed;
}

static double apply(enum step_kind kind, double left, double right)
{
    return kind == STEP_ADD        ? left + right
           : kind == STEP_SUBTRACT ? left - right
           : kind == STEP_MULTIPLY ? left * right
                                   : left / right;
}

double expression_result(const struct expression *expression, const double *numbers)
{
    double stack[EXPRESSION_STEPS_MAX];
    unsigned depth = 0;
    for (unsigned i = 0; i < expression->step_count; i++) {
        const struct expression_step *step = &expression->steps[i];
        if (step->kind == STEP_NUMBER || step->kind == STEP_VALUE) {
            stack[depth++] = step->kind == STEP_NUMBER ? step->number : numbers[step->value];
        } else {
            depth--;
            stack[depth - 1] = apply(step->kind, stack[depth - 1], stack[depth]);
        }
    }
    return stack[0];
}

/* By the logarithm: each value's share in it, found by leaving all others at 1. */
bool expression_is_product(const struct expression *expression, double *powers, double *factor)
{
    double ones[EXPRESSION_VALUES_MAX];
    for (unsigned i = 0; i < EXPRESSION_VALUES_MAX; i++)
        ones[i] = 1;
    for (unsigned i = 0; i < expression->step_count; i++)
        if (expression->steps[i].kind == STEP_ADD || expression->steps[i].kind == STEP_SUBTRACT)
            return false;
    *factor = expression_result(expression, ones);
    for (unsigned i = 0; i < expression->value_count; i++) {
        ones[i] = 2;
        powers[i] = round(log2(expression_result(expression, ones) / *factor));
        ones[i] = 1;
    }
    return *factor > 0;
}
