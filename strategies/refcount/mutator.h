/* mutator.h: what the mutator carries: its counts of objects and bytes, what it holds of the allocator, and the chain
 * of frees it is in. One for the process; refcount_atomic has one for each thread, under the same names. */
#ifndef REFCOUNT_MUTATOR_H
#define REFCOUNT_MUTATOR_H

#include "common/counts.h"
#include "common/held.h"

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
    struct common_counts counts;
    struct held held;
    struct refcount_cascade cascade;
};

struct heap {
    struct refcount_mutator mutator;
};

extern struct heap refcount_heap;

static inline struct refcount_mutator *refcount_mutator(void)
{
    return &refcount_heap.mutator;
}

/* Accounts for bytes before they are asked for; false at the limit. */
static inline bool refcount_hold(struct refcount_mutator *mutator, size_t bytes)
{
    return held_take(&mutator->held, bytes);
}

static inline void refcount_unhold(struct refcount_mutator *mutator, size_t bytes)
{
    held_give(&mutator->held, bytes);
}

static inline void refcount_count_new(struct refcount_mutator *mutator, size_t payload_bytes)
{
    counts_new(&mutator->counts, payload_bytes);
}

static inline void refcount_count_free(struct refcount_mutator *mutator, size_t payload_bytes)
{
    counts_free(&mutator->counts, payload_bytes);
}

static inline void refcount_count_resize(struct refcount_mutator *mutator, size_t old_bytes, size_t new_bytes)
{
    counts_resize(&mutator->counts, old_bytes, new_bytes);
}

/* One mutator needs no locks. */
static inline void refcount_lock(void) {}

static inline void refcount_unlock(void) {}

#endif
