/* locked.h: pymalloc for threads. CPython's is guarded by the interpreter lock; this one by a lock of its own around
 * each call. While the process has one thread nobody takes it: that is asked anew at each call, and no second thread
 * can come while the only one is inside. */
#ifndef PYMALLOC_LOCKED_H
#define PYMALLOC_LOCKED_H

#include "../pymalloc.h"

#if __has_include(<sys/single_threaded.h>)
#include <sys/single_threaded.h>
#else
enum { __libc_single_threaded = 0 };
#endif

void *ours_malloc_slow(size_t bytes);
void ours_free_slow(void *block);

static inline void *ours_malloc(size_t bytes)
{
    return __builtin_expect(__libc_single_threaded, 1) ? pymalloc_malloc(bytes) : ours_malloc_slow(bytes);
}

static inline void ours_free(void *block)
{
    if (__builtin_expect(__libc_single_threaded, 1))
        pymalloc_free(block);
    else
        ours_free_slow(block);
}

void *ours_calloc(size_t count, size_t bytes);
void *ours_realloc(void *block, size_t bytes);

/* 0 if the block is not pymalloc's. */
size_t ours_bytes(const void *block);

#endif
