/* figure.h: one figure at one point: which rows its values stand for, and what follows with its interval.
 *
 * Of products and quotients the interval is the harness's own (analysis/bootstrap.h). Where values are added or
 * subtracted, or a mean is not above 0, it is Student's by the delta method: each value moves the figure by its own
 * standard error, the degrees of freedom are Welch's and Satterthwaite's. A value that was the same in every repetition
 * of every process has no doubt in it; another needs two processes at least. */
#ifndef CLAIM_FIGURE_H
#define CLAIM_FIGURE_H

#include "analysis/bootstrap.h"
#include "claims/claim.h"
#include "claims/expression.h"
#include "claims/rows.h"

/* What one value stands for at one point. */
struct operand {
    uint32_t cell;
    size_t rows, processes;
    double mean;
    double variance, freedom; /* of the mean */
    double *means;            /* of the processes; owned */
    struct estimate estimate;
    struct resample *resamples; /* owned; NULL if there are none */
};

struct figure_at {
    double value; /* NaN: not measured, and why */
    struct interval interval;
    struct operand operands[EXPRESSION_VALUES_MAX]; /* in the order of the expression's values */
    unsigned operand_count;
    size_t rows;
    char why[256];
};

/* What every cell has to agree with besides a value's own keys: a judgement's point. */
struct point {
    const char *const *over; /* names */
    unsigned count;
    char *keys[POINT_KEYS_MAX]; /* owned: "refcount_gc", "system", "100" */
};

/* The text of a cell's key: its strategy with parameters, a parameter's value; NULL if it has none. For the caller to
 * free. */
char *cell_key(const struct rows *rows, const struct rows_cell *cell, const char *over);

/* Whether the value says itself what this key is, so that the point does not. */
bool value_fixes(const struct claim_value *value, const char *over);

/* Whether the cell is one that the value stands for; of `point`, all keys that the value does not fix. NULL: any.
 * `strategy` (NULL: the value's own) is put in the place of the value's strategy. */
bool value_takes(const struct rows *rows, const struct claim_value *value, const struct rows_cell *cell,
                 const char *const *over, unsigned over_count, const struct point *point, const char *strategy);

/* Whether the value gives one of the point's parameters as another than the point has. */
bool value_denies(const struct claim_value *value, const struct point *point);

/* Computes it. To be freed in any case. */
void figure_make(struct figure_at *figure, struct rows *rows, const struct claim *claim,
                 const struct expression *expression, const struct point *point, const char *strategy);
void figure_free(struct figure_at *figure);

#endif
