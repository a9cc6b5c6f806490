/* collect.h: a full collection, and what follows from it. */
#ifndef BENCH_COLLECT_H
#define BENCH_COLLECT_H

#include "mm.h"

/* A finalizer or a callback may drop more than it was called for: until nothing more is found, or it goes on and on. */
static inline void collect_everything(void)
{
    for (int i = 0; i < 10; i++)
        if (mm_collect(MM_GENERATIONS - 1) == 0)
            return;
}

#endif
