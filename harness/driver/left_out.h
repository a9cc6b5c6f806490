/* left_out.h: strategies that are not in this build, since a library that they need is not on the machine.
 *
 * The build writes them to the file `left-out` beside the executables, "strategy<tab>reason" a line; the reason is a
 * sentence whose subject is the strategy, "needs ... (packages)". One whose executable does not start for want of a
 * library is one of them too. */
#ifndef LEFT_OUT_H
#define LEFT_OUT_H

#include "driver/catalogue.h"

/* Adds those of `folder` to the catalogue; none if it has no such file. */
void left_out_read(struct catalogue *catalogue, const char *folder);

/* Adds one, or gives it another reason. Copies both. */
void left_out_add(struct catalogue *catalogue, const char *name, const char *reason);
void left_out_free(struct catalogue *catalogue);

/* NULL: it was not left out; but it need not be there. */
const struct strategy_info *left_out_find(const struct catalogue *catalogue, const char *name);

/* "strategy NAME is not in this build: it needs ...; install that, and build again". Owned by the caller. */
char *left_out_why(const struct strategy_info *strategy);

#endif
