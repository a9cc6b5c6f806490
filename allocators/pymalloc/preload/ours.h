/* ours.h: the variant that a preloaded library is compiled for, safe for threads: ours_malloc and its kin. */
#ifndef PYMALLOC_OURS_H
#define PYMALLOC_OURS_H

#ifdef PYMALLOC_FAST

#include "../fast.h"

#define OURS_NAME "pymalloc_fast"

static inline void *ours_malloc(size_t bytes)
{
    return pymalloc_fast_malloc(bytes);
}

static inline void *ours_calloc(size_t count, size_t bytes)
{
    return pymalloc_fast_calloc(count, bytes);
}

static inline void *ours_realloc(void *block, size_t bytes)
{
    return pymalloc_fast_realloc(block, bytes);
}

static inline void ours_free(void *block)
{
    pymalloc_fast_free(block);
}

/* 0 if the block is the next allocator's. */
static inline size_t ours_bytes(const void *block)
{
    return pymalloc_fast_owns(block) ? pymalloc_fast_small_bytes(block) : 0;
}

#else

#include "locked.h"

#define OURS_NAME "pymalloc"

#endif
#endif
