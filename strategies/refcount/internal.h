/* internal.h: what the strategy's own files share. */
#ifndef REFCOUNT_INTERNAL_H
#define REFCOUNT_INTERNAL_H

#include "mm.h"

/* Frees the list of the dead, and what dies with them. */
void refcount_cascade_run(struct refcount_header *dead);

/* Drops a counted reference; what dies of it is put before `dead`, not freed yet. */
static inline struct refcount_header *refcount_drop_later(struct mm_ref *field, struct refcount_header *dead)
{
    void *object = field->object;
    if (object && refcount_drop(refcount_of(object)))
        dead = refcount_push_dead(refcount_of(object), dead);
    return dead;
}

/* Resizes a block, with its account; new bytes are 0. Making it smaller or empty cannot fail. 0 or -ENOMEM. */
int refcount_block_resize(void **block, size_t old_bytes, size_t new_bytes);

/* The payload bytes that live: what is held, without the headers. */
static inline uint64_t refcount_live_bytes(const struct mm_stats *stats, uint64_t typed)
{
    uint64_t objects = stats->objects_allocated - stats->objects_freed;
    return stats->footprint_bytes - objects * sizeof(struct refcount_header) - typed * sizeof(const struct mm_type *);
}

/* A weak reference. Those to one target are a list that begins in the target's weaklist: the one without a callback,
 * which all callers share, and then the others, newest first. */
struct refcount_weak {
    void *target; /* not counted; NULL once it is gone */
    mm_weak_callback *callback;
    void *context;
    struct refcount_weak *next, *previous;
};

extern const struct mm_type refcount_weak_type;

/* The target dies: all weak references to it read NULL from now on, then their callbacks run. */
void refcount_weak_clear(struct mm_weaklist *list);

/* The same for those that its legacy finalizer made, but without their callbacks, which could look at an object half
 * gone. */
void refcount_weak_forget(struct mm_weaklist *list);

/* The weak reference itself dies. */
void refcount_weak_unlink(struct refcount_weak *weak);

#endif
