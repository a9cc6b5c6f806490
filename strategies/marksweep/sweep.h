/* sweep.h: cells for the allocator, and the lazy sweep that finds them.
 *
 * A lane is what a class allocates from: a block that is being swept, hole by hole, and those that wait. A hole is a
 * run of free cells; it is zeroed when it is found, and allocation then goes through it by its cursor. */
#ifndef MARKSWEEP_SWEEP_H
#define MARKSWEEP_SWEEP_H

#include <stddef.h>

#include "space.h"

/* A zeroed cell of `bytes`, header included. Does not collect; NULL: the limit is reached. */
char *marksweep_cell_new(size_t bytes);

/* Forgets all holes and all blocks that wait. Before a collection. */
void marksweep_sweep_reset(void);

/* After marking: blocks and singles without a mark are freed, the others wait to be swept. */
void marksweep_sweep_begin(void);

/* Single cells, so that every allocation takes the slow path. */
void marksweep_sweep_open(bool slow);

/* Where the hole ends that a class allocates from; NULL: it has none. */
const char *marksweep_hole_end(unsigned class);

/* Whether the cell of a block at `offset` is in use. */
bool marksweep_cell_in_use(const struct block *block, size_t offset);

#endif
