/* other.h: the allocator for what pymalloc does not serve: requests of 0 or of more than 512 bytes, and small ones when
 * no arena can be had. Compiled into a program that is malloc; preloaded, where malloc is ours, it is the next one. */
#ifndef PYMALLOC_OTHER_H
#define PYMALLOC_OTHER_H

#ifdef PYMALLOC_PRELOAD

#include "preload/next.h"

static inline void *other_malloc(size_t bytes)
{
    return next_malloc(bytes);
}

static inline void *other_calloc(size_t count, size_t bytes)
{
    return next_calloc(count, bytes);
}

static inline void *other_realloc(void *block, size_t bytes)
{
    return next_realloc(block, bytes);
}

static inline void other_free(void *block)
{
    next_free(block);
}

#else

#include <stdlib.h>

static inline void *other_malloc(size_t bytes)
{
    return malloc(bytes);
}

static inline void *other_calloc(size_t count, size_t bytes)
{
    return calloc(count, bytes);
}

static inline void *other_realloc(void *block, size_t bytes)
{
    return realloc(block, bytes);
}

static inline void other_free(void *block)
{
    free(block);
}

#endif
#endif
