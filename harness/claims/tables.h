/* tables.h: claims.csv and claim_points.csv of a folder, and the figure of each claim. */
#ifndef CLAIM_TABLES_H
#define CLAIM_TABLES_H

#include <stdio.h>

#include "claims/collection.h"

/* Writes both tables. 0 or a negative errno, after a message. */
int tables_write(const struct collection *collection);

/* Whether the figure has an axis for it: its first key is a number, and there are several. */
bool tables_have_axis(const struct judgement_verdict *judged);

/* Whether the folder's claims.csv has the claim. */
bool tables_have(const char *folder, const char *id);

/* Draws plots/<id>.svg and .png of each claim in the folder's tables, from these alone; prints their paths to `out` (or
 * NULL), one a line. 0; -ENOENT without gnuplot or tables; or another negative errno; after a message. */
int tables_draw(const char *folder, FILE *out);

#endif
