/* collections.h: how often each cell of a run collected each generation, from its pauses. */
#ifndef COLLECTIONS_H
#define COLLECTIONS_H

#include "driver/plan.h"
#include "outcome.h"

enum { GENERATIONS = 3 };

/* Of all repetitions of a cell together. */
struct collections {
    uint64_t count[GENERATIONS];
};

/* Counts for every cell of the plan, from `folder`/pauses.csv. 0, or -1 after a message. */
int collections_read(const char *folder, const struct plan *plan, struct collections counts[]);

/* Notes both in the outcome, a repetition; where a generation's differ by more than 1 %, the verdict is `unequal`. */
void collections_compare(const struct collections *ours, size_t our_repetitions, const struct collections *against,
                         size_t their_repetitions, struct outcome *outcome);

#endif
