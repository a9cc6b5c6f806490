#include "locked.h"

#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void lock_take(void)
{
    pthread_mutex_lock(&lock);
}

static void lock_give(void)
{
    pthread_mutex_unlock(&lock);
}

/* The thread that forks has the heap to itself, so that the child's is whole. */
__attribute__((constructor)) static void survive_fork(void)
{
    pthread_atfork(lock_take, lock_give, lock_give);
}

void *ours_malloc_slow(size_t bytes)
{
    if (!pymalloc_is_small(bytes))
        return other_malloc(bytes);
    lock_take();
    void *block = pymalloc_small(pymalloc_class(bytes));
    lock_give();
    return block;
}

/* Whose a block is has to be asked under the lock, too. */
void ours_free_slow(void *block)
{
    lock_take();
    bool owned = pymalloc_owns(block);
    if (owned)
        pymalloc_small_free(block);
    lock_give();
    if (!owned)
        other_free(block);
}

/* For what is called less often. True if the lock was taken. */
static bool lock_among_threads(void)
{
    if (__libc_single_threaded)
        return false;
    lock_take();
    return true;
}

void *ours_calloc(size_t count, size_t bytes)
{
    bool locked = lock_among_threads();
    void *block = pymalloc_calloc(count, bytes);
    if (locked)
        lock_give();
    return block;
}

void *ours_realloc(void *block, size_t bytes)
{
    bool locked = lock_among_threads();
    void *resized = pymalloc_realloc(block, bytes);
    if (locked)
        lock_give();
    return resized;
}

size_t ours_bytes(const void *block)
{
    bool locked = lock_among_threads();
    size_t bytes = pymalloc_owns(block) ? pymalloc_small_bytes(block) : 0;
    if (locked)
        lock_give();
    return bytes;
}
