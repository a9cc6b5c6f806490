/* verdict.h: from rows to a verdict, by the claim's rules.
 *
 * At every point of every judgement the figure's whole interval meets holds_if, or fails_if, or neither: then the point
 * is open. Over all points of all judgements:
 *
 *   holds          every point holds
 *   does not hold  every point fails
 *   depends        some hold and others fail, or some are open; the condition says which
 *   not measured   a point has no figure
 */
#ifndef CLAIM_VERDICT_H
#define CLAIM_VERDICT_H

#include <jansson.h>

#include "claims/figure.h"
#include "claims/rule.h"

enum verdict { VERDICT_HOLDS, VERDICT_FAILS, VERDICT_DEPENDS, VERDICT_NOT_MEASURED };
extern const char *const verdict_names[];

/* Of a point; a shown figure is never judged. */
enum finding { FINDING_HOLDS, FINDING_FAILS, FINDING_OPEN, FINDING_MISSING, FINDING_SHOWN };
extern const char *const finding_names[];

struct point_verdict {
    struct point point;
    struct figure_at figure;
    struct figure_at cpython; /* value NaN: CPython has none here, and why; "": it is not asked */
    enum finding finding;
};

struct judgement_verdict {
    const struct claim_judgement *judgement;
    struct rule holds_if, fails_if;
    struct point_verdict *points; /* in order: by the first key, then the second, ...; numbers as numbers */
    size_t point_count, point_capacity;
    size_t shown; /* the point of the table */
};

struct fact_verdict {
    const struct claim_fact *fact;
    struct figure_at ours;
    double cpython; /* NaN: there is no such fact */
};

struct claim_verdict {
    const struct claim *claim;
    struct rows *rows;
    struct judgement_verdict *judgements;
    struct fact_verdict *facts;
    enum verdict verdict;
    bool is_close;   /* intervals twice or half as wide would have given another */
    char *condition; /* when it holds, and when not; "" if there is nothing to say */
    size_t row_count;
};

/* `facts`: of pyfacts-3.11.7.json, or NULL. To be freed; `claim` and `rows` outlive it. */
void verdict_make(struct claim_verdict *verdict, const struct claim *claim, struct rows *rows, const json_t *facts);
void verdict_free(struct claim_verdict *verdict);

/* The figure that stands in the table: the first judgement's at its point. */
static inline const struct point_verdict *verdict_shown(const struct claim_verdict *verdict)
{
    const struct judgement_verdict *first = &verdict->judgements[0];
    return first->point_count ? &first->points[first->shown] : NULL;
}

/* Whether CPython has a figure at any of the points. */
bool judged_has_cpython(const struct judgement_verdict *judged);

/* Part of verdict_make: the sentence. */
char *condition_of(const struct claim_verdict *verdict);

/* Whether the text is a number, all of it. */
bool is_number(const char *text, double *number);

#endif
