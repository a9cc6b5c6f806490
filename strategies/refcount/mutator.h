/* mutator.h: what the mutator carries: its counts of objects and bytes, what it holds of the allocator, and the chain
 * of frees it is in. One for the process; refcount_atomic has one for each thread, under the same names.
 *
 * Three numbers are kept and the rest follows from them: what is held is mark - left; the payload bytes that live are
 * what is held without the headers; the bytes allocated are those that live and those freed. */
#ifndef REFCOUNT_MUTATOR_H
#define REFCOUNT_MUTATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct refcount_header;

/* A cascade: the chain of frees that one dropped reference starts. Finalizers and callbacks may start another inside.
 */
struct refcount_cascade {
    uint64_t mark;                    /* when `objects_freed` gets there, the cascade becomes a pause */
    unsigned nesting;                 /* finalizers and callbacks that are running */
    bool announced;                   /* the pause has begun */
    struct refcount_header *deferred; /* dead, and left to the outermost cascade for the sake of the C stack */
};

struct refcount_mutator {
    size_t left; /* bytes that may be taken before the slow path has to be asked */
    size_t mark; /* what is held when none is left */
    uint64_t objects_allocated;
    uint64_t objects_freed, bytes_freed;
    struct refcount_cascade cascade;
};

struct heap {
    struct refcount_mutator mutator;
    size_t limit_bytes;
    size_t peak_bytes; /* as of the last slow path: the true one is less than the mark */
};

extern struct heap refcount_heap;

static inline struct refcount_mutator *refcount_mutator(void)
{
    return &refcount_heap.mutator;
}

/* Less than none is left, modulo 2^64: raises the mark by 1/256 of it, or refuses at the limit. */
bool refcount_hold_slow(struct refcount_mutator *mutator, size_t bytes);

/* Accounts for bytes before they are asked for; false at the limit. */
static inline bool refcount_hold(struct refcount_mutator *mutator, size_t bytes)
{
    mutator->left -= bytes;
    if (__builtin_expect((ptrdiff_t)mutator->left < 0, 0))
        return refcount_hold_slow(mutator, bytes);
    return true;
}

static inline void refcount_unhold(struct refcount_mutator *mutator, size_t bytes)
{
    mutator->left += bytes;
}

static inline void refcount_count_new(struct refcount_mutator *mutator)
{
    mutator->objects_allocated++;
}

static inline void refcount_count_free(struct refcount_mutator *mutator, uint64_t objects, uint64_t payload_bytes)
{
    mutator->objects_freed += objects;
    mutator->bytes_freed += payload_bytes;
}

/* One mutator needs no locks. */
static inline void refcount_lock(void) {}

static inline void refcount_unlock(void) {}

#endif
