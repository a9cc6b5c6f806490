/* tables.h: claims.csv and claim_points.csv of a folder, and the figure of each claim. */
#ifndef CLAIM_TABLES_H
#define CLAIM_TABLES_H

#include <stdio.h>

#include "claims/verdict.h"

/* Writes both tables. 0 or a negative errno, after a message. */
int tables_write(const struct claim_verdict *const *verdicts, size_t count, const char *folder);

/* Whether the folder's claims.csv has the claim. */
bool tables_have(const char *folder, const char *id);

/* Draws the claim's plots/<id>.svg and .png in the folder, from its claim_points.csv. 0 or a negative errno, after a
 * message. */
int tables_draw(const char *folder, const struct claim *claim);

#endif
