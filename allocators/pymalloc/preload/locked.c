/* locked.c: pymalloc under a lock. */
#ifndef PYMALLOC_FAST

#include <pthread.h>
#include <sys/single_threaded.h>

#include "small.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void lock_take(void)
{
    pthread_mutex_lock(&lock);
}

static void lock_give(void)
{
    pthread_mutex_unlock(&lock);
}

__attribute__((constructor)) static void survive_fork(void)
{
    pthread_atfork(lock_take, lock_give, lock_give);
}

static void *small_malloc_locked(unsigned size_class)
{
    lock_take();
    void *block = pymalloc_small(size_class);
    lock_give();
    return block;
}

void *small_malloc(unsigned size_class)
{
    return __builtin_expect(__libc_single_threaded, 1) ? pymalloc_small(size_class) : small_malloc_locked(size_class);
}

static bool owned_free(void *block)
{
    bool owned = pymalloc_owns(block);
    if (owned)
        pymalloc_small_free(block);
    return owned;
}

static bool small_free_locked(void *block)
{
    lock_take();
    bool owned = owned_free(block);
    lock_give();
    return owned;
}

bool small_free(void *block)
{
    return __builtin_expect(__libc_single_threaded, 1) ? owned_free(block) : small_free_locked(block);
}

/* The map has to be read under the lock as well. */
size_t small_bytes(const void *block)
{
    bool locks = !__libc_single_threaded;
    if (locks)
        lock_take();
    size_t bytes = pymalloc_owns(block) ? pymalloc_small_bytes(block) : 0;
    if (locks)
        lock_give();
    return bytes;
}

#endif
