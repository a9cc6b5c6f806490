/* sweep.h: cells for the allocator, and the lazy sweep that finds them.
 *
 * A lane (heap.h) goes through a block hole by hole, and then to the next that waits. A hole is a run of free cells; it
 * is zeroed portion by portion, each of which allocation then goes through by the lane's cursor. */
#ifndef MARKSWEEP_SWEEP_H
#define MARKSWEEP_SWEEP_H

#include <stddef.h>

#include "mm.h"
#include "space.h"

/* A zeroed cell. Does not collect; NULL: the limit is reached. */
char *marksweep_lane_cell(struct marksweep_lane *lane);

/* The same for one of `bytes`, header included, in a block that types share or of any number of blocks. */
char *marksweep_cell_new(size_t bytes);

/* The lane of a type that has blocks of its own, or NULL: it shares, or shares as yet. For an object that is to be
 * allocated and found its portion used up. */
struct marksweep_lane *marksweep_lane_own(const struct mm_type *type);

/* What was allocated and freed, exactly. */
struct common_counts marksweep_counts(void);

/* Forgets all holes and all blocks that wait. Before a collection. */
void marksweep_sweep_reset(void);

/* After marking: blocks and singles without a mark are freed, the others wait to be swept. */
void marksweep_sweep_begin(void);

/* A type has blocks of its own once about `own_from_bytes` of it were allocated. `slow`: single cells, so that every
 * allocation takes the slow path. */
void marksweep_sweep_open(size_t own_from_bytes, bool slow);

/* Whether the cell of a block at `offset` is in use. */
bool marksweep_cell_in_use(const struct block *block, size_t offset);

#endif
