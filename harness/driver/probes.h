/* probes.h: what was measured before a run, to plan it: a pilot's processes, or those of a search for the smallest
 * heap.
 *
 * Their rows are all that is known of them. One process runs after the other, so its rows lie together in the file; one
 * that was cut off has fewer than it was to have, and none that says why. */
#ifndef PROBES_H
#define PROBES_H

#include "driver/results.h"

/* Takes up what an earlier session measured into `results`, whose tables are not yet open. Each process that is whole,
 * with `repetitions` rows or one that is not ok, is given to `take` (`rows` are gone afterwards); the rows of others
 * are dropped, in memory and on disk. 0, or -1 after a message. */
int probes_take_up(struct results *results, uint32_t repetitions,
                   void (*take)(const struct sample *rows, size_t count, void *context), void *context);

#endif
