/* mutator.h: what the mutator carries: its counts of objects and bytes, what it holds of the allocator, and the chain
 * of frees it is in. One for the process; refcount_atomic has one for each thread, under the same names.
 *
 * The payload bytes that live are what is held without the headers; the bytes allocated are those that live and those
 * freed. */
#ifndef REFCOUNT_MUTATOR_H
#define REFCOUNT_MUTATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
    struct held held;
    uint64_t objects_allocated, objects_freed;
    struct refcount_cascade cascade;
    uint64_t bytes_freed; /* not beside objects_freed: gcc would add to both at once, in a vector's slower register */
    uint64_t typed;       /* live objects with their type's address before them */
};

extern struct refcount_mutator refcount_the_mutator;

/* Its address is in a register as far as the compiler knows: a processor that forwards a store to the next load without
 * delay does so where both name the address alike, by a register, and not relative to the instruction. */
static inline struct refcount_mutator *refcount_mutator(void)
{
    struct refcount_mutator *mutator = &refcount_the_mutator;
    __asm__("" : "+r"(mutator));
    return mutator;
}

/* Accounts for bytes before they are asked for; false at the limit. */
static inline bool refcount_hold(struct refcount_mutator *mutator, size_t bytes)
{
    return held_take(&mutator->held, bytes);
}

/* What was held last is a buffer's now. */
static inline void refcount_hold_used(struct refcount_mutator *mutator)
{
    held_used(&mutator->held);
}

/* What was held last could not be had. */
static inline void refcount_refused_slow(struct refcount_mutator *mutator, size_t bytes)
{
    held_refused_slow(&mutator->held, bytes);
}

static inline void refcount_unhold(struct refcount_mutator *mutator, size_t bytes)
{
    held_give(&mutator->held, bytes);
}

static inline void refcount_count_new(struct refcount_mutator *mutator, uint64_t word)
{
    mutator->objects_allocated++;
    if (word & WORD_TYPED)
        mutator->typed++;
}

static inline void refcount_count_free(struct refcount_mutator *mutator, uint64_t objects, uint64_t payload_bytes,
                                       uint64_t typed)
{
    mutator->objects_freed += objects;
    mutator->bytes_freed += payload_bytes;
    if (typed)
        mutator->typed -= typed;
}

/* One mutator needs no locks. */
static inline void refcount_lock(void) {}

static inline void refcount_unlock(void) {}

/* Whether the harness is told of this thread's pauses. */
static inline bool refcount_tells(void)
{
    return true;
}

#endif
