/* blocks.h: where a strategy's blocks come from: malloc, which is whatever is preloaded; or an allocator that is
 * compiled in, where a strategy's heap.h asks for it by a macro before it includes this. */
#ifndef COMMON_BLOCKS_H
#define COMMON_BLOCKS_H

#include <stddef.h>

#ifdef BLOCKS_PYMALLOC

#include "../../allocators/pymalloc/pymalloc.h"

/* Whether the order in which blocks are freed has to be CPython's, since where the next ones are shows it. */
#define BLOCKS_SHOW_ORDER 1

static inline void *blocks_malloc(size_t bytes)
{
    return pymalloc_malloc(bytes);
}

static inline void *blocks_realloc(void *block, size_t bytes)
{
    return pymalloc_realloc(block, bytes);
}

static inline void blocks_free(void *block)
{
    pymalloc_free(block);
}

/* No block is in use any more: the allocator gives back what it keeps. */
static inline void blocks_close(void)
{
    pymalloc_close();
}

/* NULL if the allocator is whole, else a sentence that says what is not. */
static inline const char *blocks_check(void)
{
    return pymalloc_check();
}

#else

#include <stdlib.h>

#define BLOCKS_SHOW_ORDER 0

static inline void *blocks_malloc(size_t bytes)
{
    return malloc(bytes);
}

static inline void *blocks_realloc(void *block, size_t bytes)
{
    return realloc(block, bytes);
}

static inline void blocks_free(void *block)
{
    free(block);
}

static inline void blocks_close(void) {}

static inline const char *blocks_check(void)
{
    return NULL;
}

#endif
#endif
