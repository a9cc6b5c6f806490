/* minheap.h: the smallest heap limit with which each cell of a plan runs, found by bisection.
 *
 * Every probe is a process as a run has them, with a limit, and its rows go to samples.csv in a folder of the search's
 * own. They are all that a search knows: one that was cut off goes on from them. */
#ifndef MINHEAP_H
#define MINHEAP_H

#include <stdint.h>

#include "driver/options.h"
#include "driver/plan.h"

struct minheap {
    const struct cell *cell;  /* of the plan, without a limit */
    uint64_t unlimited_bytes; /* its largest footprint without one; 0: it does not run */
    uint64_t works_bytes;     /* the smallest limit known to do; 0: none */
    uint64_t fails_bytes;     /* the largest known not to */
    unsigned probes;
    char status[16], detail[512]; /* of the last probe that failed without a limit; "" */
};

enum minheap_end { MINHEAP_FOUND, MINHEAP_INTERRUPTED, MINHEAP_NO_ROOM };

/* Searches for all cells of `plan` for which `wanted` (NULL: all) says true; the others stay zeroed. `*found` has one
 * for each cell, owned by the caller. `folder` is made if it is not there. Shows its progress. */
enum minheap_end minheap_find(const struct plan *plan, const char *folder, bool (*wanted)(const struct cell *cell),
                              struct minheap **found);

/* Searches for what collects in `plan`, in `run_folder`/minheap; writes `run_folder`/minheap.csv; and gives the plan's
 * cells the limits that its experiment's heap factors ask for. A cell without a smallest heap stays without a limit. */
enum minheap_end minheap_multiply(struct plan *plan, const char *run_folder);

/* Copies what a search has measured from one run's folder into another's, where it can go on. 0 or a negative errno;
 * -ENOENT: nothing was searched for. */
int minheap_copy(const char *from, const char *to);

/* Writes minheap.csv into `folder`. 0, or -1 after a message. */
int minheap_write(const struct minheap *found, size_t count, const char *folder);

/* `reclaim minheap`. Returns the exit code. */
int minheap_command(const struct run_options *options);

#endif
