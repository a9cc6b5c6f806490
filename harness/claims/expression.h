/* expression.h: a figure as arithmetic on named values: `list / frame`, `(full - empty) / 1000`.
 *
 * + - * / and parentheses, numbers, and names of values. Only values by their place are kept, so one expression serves
 * every point. */
#ifndef CLAIM_EXPRESSION_H
#define CLAIM_EXPRESSION_H

#include <stdbool.h>

#include "claims/claim.h"

enum { EXPRESSION_STEPS_MAX = 32, EXPRESSION_VALUES_MAX = 12 };

/* In postfix order. */
struct expression_step {
    enum step_kind { STEP_NUMBER, STEP_VALUE, STEP_ADD, STEP_SUBTRACT, STEP_MULTIPLY, STEP_DIVIDE } kind;
    double number;
    unsigned value; /* index into `values` */
};

struct expression {
    struct expression_step steps[EXPRESSION_STEPS_MAX];
    unsigned step_count;
    unsigned values[EXPRESSION_VALUES_MAX]; /* places in claim->values */
    unsigned value_count;
};

/* False if the text is none; then `why` says what is wrong. */
bool expression_read(struct expression *expression, const struct claim *claim, const char *text, char why[128]);

/* The result, of numbers in the order of expression->values. */
double expression_result(const struct expression *expression, const double *numbers);

/* If it multiplies and divides alone: true, the power of each value, and the product of the numbers. */
bool expression_is_product(const struct expression *expression, double *powers, double *factor);

#endif
