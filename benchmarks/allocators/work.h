/* work.h: what is done with each allocator.
 *
 *   lifo     1000 blocks are allocated, then freed in reverse order: a stack of temporaries. A pair is an operation.
 *   replace  of 10,000 blocks a random one is freed, and another allocated in its place. That is an operation.
 *
 * One word of each block is written, as its first use would. Sizes are one, or drawn from a range; draws are made
 * before, and the same for all contenders. */
#ifndef WORK_H
#define WORK_H

#include <stdint.h>

#include "contenders.h"

enum { DEPTH = 1000, BLOCKS = 10000, DRAWS = 1 << 16 };

enum pattern { LIFO, REPLACE };

struct work {
    const char *name;
    enum pattern pattern;
    uint16_t smallest, largest; /* bytes */
};

enum { WORKS = 6 };
extern const struct work works[WORKS];

/* Draws sizes and order for a work. */
void work_draw(const struct work *work, uint64_t *random);

/* Gives the contender the blocks that are there before anything is timed, and warms it up. 0 or -ENOMEM. */
int work_begin(const struct work *work, const struct contender *contender, void **blocks);
void work_end(const struct work *work, const struct contender *contender, void **blocks);

/* One repetition, after an untimed part of one: CPU time of an operation, in ns. NaN where memory ran out, or a block
 * did not hold what was written to it. */
double work_measure(const struct work *work, const struct contender *contender, void **blocks, uint64_t round);

uint64_t next_random(uint64_t *state);

#endif
