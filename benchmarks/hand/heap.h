/* A heap that manages nothing: what the measuring process (harness/bench) is given where the work manages its memory by
 * itself. So works by hand are measured, checked and reported as all others are. Roots and references are pointers;
 * what allocates or frees is not defined, and using it does not link. */
#ifndef HAND_HEAP_H
#define HAND_HEAP_H

#include "common/plain.h"

#define MM_TRAITS 0u

struct mm_region {
    char unused;
};

static inline void mm_region_begin(struct mm_region *region)
{
    (void)region;
}

static inline void mm_region_end(struct mm_region *region)
{
    (void)region;
}

#endif
