/* print.h: verdicts on a terminal, at most 120 columns wide. */
#ifndef CLAIM_PRINT_H
#define CLAIM_PRINT_H

#include <stdio.h>

#include "claims/verdict.h"

/* The table: one claim after the other, its condition beneath. */
void print_heading(FILE *out);
void print_verdict(const struct claim_verdict *verdict, FILE *out);

/* What was measured, by which rule, the points, the rows that were used, CPython's figures. `folder`: of the run. */
void print_explanation(const struct claim_verdict *verdict, const char *folder, FILE *out);

/* Prose in lines of `width` columns, each after `indent` spaces; single backquotes of Markdown are dropped. */
void print_wrapped(const char *text, size_t indent, size_t width, FILE *out);

#endif
