/* small.h: what the preloaded malloc asks of the variant that it is compiled for. */
#ifndef PYMALLOC_SMALL_H
#define PYMALLOC_SMALL_H

#ifdef PYMALLOC_FAST

#include "../fast.h"

#define PYMALLOC_NAME "pymalloc_fast"

static inline void *small_malloc(unsigned size_class)
{
    return pymalloc_fast_small(size_class);
}

/* False if the block is not ours. */
static inline bool small_free(void *block)
{
    unsigned mark = pymalloc_fast_mark_of(block);
    if (__builtin_expect(!mark, 0))
        return false;
    pymalloc_fast_small_free(block, mark - 1);
    return true;
}

/* 0 if the block is not ours. */
static inline size_t small_bytes(const void *block)
{
    return pymalloc_fast_owns(block) ? pymalloc_fast_small_bytes(block) : 0;
}

#else

#include "../pymalloc.h"

#define PYMALLOC_NAME "pymalloc"

/* CPython's allocator is guarded by the interpreter lock; here one lock is the whole of it. While the process has one
 * thread nobody takes it: that is asked anew at each call, and no second thread can come while one is inside. */
void *small_malloc(unsigned size_class);
bool small_free(void *block);
size_t small_bytes(const void *block);

#endif
#endif
