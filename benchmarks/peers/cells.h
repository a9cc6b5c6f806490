/* cells.h: from the rows of a table to the cells of a plan. */
#ifndef CELLS_H
#define CELLS_H

#include "driver/plan.h"
#include "outcome.h"

#define NO_CELL SIZE_MAX

/* The cells of a row; both are there, or none and a reason. */
struct pair {
    size_t ours, against;
    enum verdict without; /* VERDICT_ABSENT or VERDICT_FAILED */
    char *reason;         /* owned; NULL: both are there */
};

/* What there is in a build: strategies in `home`, those by hand in `home`/hand, and what was left out. 0, or -1 after a
 * message. */
int cells_catalogue(struct catalogue *catalogue, const char *home);

/* Adds the cells of all rows; `pairs` has one for each. Under `small` the works have the sizes of quick tests.
 * `plan->allocators` is filled here. 0, or -1 after a message: a parameter that does not exist. */
int cells_make(struct plan *plan, const struct peers_table *table, const struct catalogue *catalogue, bool small,
               struct pair pairs[]);

#endif
