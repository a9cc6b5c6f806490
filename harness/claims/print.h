/* print.h: verdicts on a terminal, at most 120 columns wide. */
#ifndef CLAIM_PRINT_H
#define CLAIM_PRINT_H

#include <stdio.h>

#include "claims/collection.h"

/* The table of the claims that are wanted, one after the other, its condition beneath; and how many of each verdict. */
void print_table(const struct collection *collection, FILE *out);

/* What was measured, by which rule, the points, the rows that were used, CPython's figures. `folder`: of the run. */
void print_explanation(const struct collection_claim *one, const char *folder, FILE *out);

/* A part of it: how often each cell was measured, on what, and which failed. */
void print_experiment(const struct collection_claim *one, const char *folder, FILE *out);

/* Prose in lines of `width` columns, each after `indent` spaces; single backquotes of Markdown are dropped. */
void print_wrapped(const char *text, size_t indent, size_t width, FILE *out);

#endif
