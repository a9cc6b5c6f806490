/* rounds.h: every cell of a plan is measured once in each round, in random order, in a process of its own. */
#ifndef ROUNDS_H
#define ROUNDS_H

#include "driver/plan.h"
#include "driver/results.h"
#include "outcome.h"

/* Rows of samples.csv that one process gave: of results->samples, the first and how many. */
struct span {
    size_t first, count;
};

struct rounds {
    size_t count, cells;
    struct span *spans; /* [round * cells + cell] */
};

/* Fills plan->jobs: `count` rounds, each a random order of all cells. 0 or -ENOMEM. */
int rounds_plan(struct plan *plan, size_t count, uint64_t seed);

enum rounds_end { ROUNDS_DONE, ROUNDS_INTERRUPTED, ROUNDS_NO_ROOM };

/* Runs the jobs. A cell that failed is not run again. `rounds` is the caller's to free, whatever the end. */
enum rounds_end rounds_run(const struct plan *plan, struct results *results, struct rounds *rounds);
void rounds_free(struct rounds *rounds);

static inline struct span rounds_span(const struct rounds *rounds, size_t round, size_t cell)
{
    return rounds->spans[round * rounds->cells + cell];
}

/* The first sample of a cell that is not ok, or NULL. */
const struct sample *rounds_failure(const struct rounds *rounds, const struct samples *samples, size_t cell);

/* Compares two cells without failures, in CPU time an operation: the outcome's figures and verdict. 0 or -ENOMEM. */
int rounds_compare(const struct rounds *rounds, const struct samples *samples, size_t ours, size_t against,
                   struct outcome *outcome);

/* Repetitions of a cell. */
size_t rounds_repetitions(const struct rounds *rounds, size_t cell);

#endif
