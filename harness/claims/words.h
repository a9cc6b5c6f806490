/* words.h: figures, rules and points as people read them. */
#ifndef CLAIM_WORDS_H
#define CLAIM_WORDS_H

#include "analysis/format.h"
#include "claims/verdict.h"

/* "1.23×", "48 B", "12.3 ns", "12 %", "0.123". */
struct figure words_figure(enum claim_unit unit, double value);

/* "1.23× [1.20×, 1.26×]"; without brackets if it is known; "(one process: no interval)" if it is not. For the caller to
 * free, as all below. */
char *words_interval(enum claim_unit unit, const struct figure_at *figure);

/* Without Markdown's backquotes. */
char *words_plain(const char *markdown);

/* "n=100 refcount_gc"; "" of a judgement without points of its own. */
char *words_point(const struct point *point);

/* "wall_ns per operations of rings size=2 under refcount". */
char *words_value(const struct claim_value *value);

/* "holds if < 0.9, does not hold if >= 1, else it depends". */
char *words_rule(const struct claim_judgement *judgement);

/* "holds", "depends (close)". */
char *words_verdict(const struct claim_verdict *verdict);

/* What stands for a judgement where there is room for one of its points: "222× [178×, 301×]", then `between` and
 * "parts=10000" if it has points of its own; "-" if there is no figure. */
char *words_shown(const struct judgement_verdict *judged, const char *between);

/* The same of CPython's own figure. */
char *words_cpython(const struct judgement_verdict *judged, const char *between);

/* Of a fact, beside ours: "48.0 B", then `between` and "within 5 % (+0.2 %)". */
char *words_fact_cpython(const struct fact_verdict *fact, const char *between);

/* What was published for this point, of the judgement's `theirs`; NULL if nothing was. Borrowed. */
const char *words_theirs(const struct claim_judgement *judgement, const struct point *point);

/* "A, B, D": the documents that say it, each once. */
char *words_documents(const struct claim *claim);

/* "48.0 B, CPython 3.11.7 48.0 B: within 5 %". */
char *words_fact(const struct fact_verdict *fact);

#endif
