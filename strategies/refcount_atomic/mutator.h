/* mutator.h: what each thread carries, as refcount/mutator.h has it for the one. No thread writes another's account.
 *
 * A thread counts its own allocations and frees; the sum over the threads is the heap's. What a thread frees may have
 * been allocated by another: single accounts may be negative, their sum may not.
 *
 * The heap limit is shared out in advance: a thread takes a reserve from it, and gives back what is too much.
 * Allocating and freeing touch the thread's own account alone; the lock is taken once for many objects. `left` is what
 * is left of the reserve; the first use of a thread has none, and so leads to the slow path, where the thread is
 * registered. */
#ifndef REFCOUNT_ATOMIC_MUTATOR_H
#define REFCOUNT_ATOMIC_MUTATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct refcount_header;

/* As in refcount/mutator.h. */
struct refcount_cascade {
    uint64_t mark;
    unsigned nesting;
    bool announced;
    struct refcount_header *deferred;
};

/* `left` to `typed` are read by other threads, so they are stored whole; only their own thread writes them. */
struct refcount_mutator {
    uint64_t left;   /* of the reserve: bytes that may be taken without the lock */
    size_t most;     /* so many left are too many: the thread gives back. 0: it is not registered */
    size_t reserved; /* of the heap's limit; may be less than 0, modulo 2^64. Written under the lock */
    uint64_t objects_allocated;
    uint64_t objects_freed, bytes_freed;
    uint64_t typed; /* as in refcount/mutator.h; of this thread's, so it may be less than 0, modulo 2^64 */
    struct refcount_cascade cascade;
    size_t peak, peak_before; /* as the thread last raised the heap's, and from what */
    uint64_t raised_at;       /* objects_allocated then; UINT64_MAX: what it held by that is used, or given back */
    struct refcount_mutator *next, *previous; /* the list of registered threads */
    bool tells;                               /* of its pauses: it opened the heap */
};

/* In the executable, never in a shared library, so it lies at a constant from the thread's pointer. A linker that finds
 * this out by itself turns an addition into one that sets no flags; from those gcc has taken, under -fsanitize=null,
 * whether the address is null. */
extern _Thread_local struct refcount_mutator refcount_thread __attribute__((tls_model("local-exec")));

static inline struct refcount_mutator *refcount_mutator(void)
{
    return &refcount_thread;
}

/* One writer, many readers: a plain addition, but no reader sees half of it. */
static inline void refcount_add(uint64_t *total, uint64_t amount)
{
    __atomic_store_n(total, *total + amount, __ATOMIC_RELAXED);
}

bool refcount_hold_slow(struct refcount_mutator *mutator, size_t bytes);
void refcount_unhold_slow(struct refcount_mutator *mutator);

/* What was held last could not be had. */
__attribute__((cold)) void refcount_refused_slow(struct refcount_mutator *mutator, size_t bytes);

/* What was held last is a buffer's now. */
static inline void refcount_hold_used(struct refcount_mutator *mutator)
{
    mutator->raised_at = UINT64_MAX;
}

/* Accounts for bytes before they are asked for; false at the limit. */
static inline bool refcount_hold(struct refcount_mutator *mutator, size_t bytes)
{
    if (__builtin_expect(mutator->left < bytes, 0))
        return refcount_hold_slow(mutator, bytes);
    refcount_add(&mutator->left, 0 - bytes);
    return true;
}

static inline void refcount_unhold(struct refcount_mutator *mutator, size_t bytes)
{
    refcount_add(&mutator->left, bytes);
    if (__builtin_expect(mutator->left > mutator->most, 0))
        refcount_unhold_slow(mutator);
}

static inline void refcount_count_new(struct refcount_mutator *mutator, uint64_t word)
{
    refcount_add(&mutator->objects_allocated, 1);
    if (word & WORD_TYPED)
        refcount_add(&mutator->typed, 1);
}

static inline void refcount_count_free(struct refcount_mutator *mutator, uint64_t objects, uint64_t payload_bytes,
                                       uint64_t typed)
{
    refcount_add(&mutator->objects_freed, objects);
    refcount_add(&mutator->bytes_freed, payload_bytes);
    if (typed)
        refcount_add(&mutator->typed, 0 - typed);
}

/* The listener is the harness's, which has one mutator's pauses in mind, and is called by one thread. */
static inline bool refcount_tells(void)
{
    return refcount_thread.tells;
}

/* Guards weak references, and in debug builds the list of objects. Never held while the mutator's code runs. */
void refcount_lock(void);
void refcount_unlock(void);

#endif
