/* count.h: the header of an object and what is done to its count.
 *
 *     count > 0   that many references are counted to the object
 *     count < 0   the object is dead, or waits for its turn to die: the other bits are the address of the next header
 *                 that waits. Nothing may take a reference to it any more.
 *     count == 0  in the instant between the two
 *
 * With REFCOUNT_ATOMIC every thread may take and drop references: a take is relaxed, because who takes a reference has
 * one; a drop releases what was done to the object, and the one that finds the last acquires all of it. */
#ifndef REFCOUNT_COUNT_H
#define REFCOUNT_COUNT_H

#include <stdbool.h>
#include <stdint.h>

/* Debug builds keep a list of all objects, so that mm_heap_check can count every reference anew and mm_heap_close can
 * free what leaked. */
#ifdef NDEBUG
#define REFCOUNT_LISTED 0
#else
#define REFCOUNT_LISTED 1
#endif

struct refcount_header {
#if REFCOUNT_LISTED
    struct refcount_header *next, *previous;
    int64_t seen;  /* references found by mm_heap_check */
    uint64_t mark; /* REFCOUNT_LIVE while the object is in the list */
#endif
    int64_t count;
    uintptr_t type_bits; /* the type's address, and two flags in its low bits */
};

#define REFCOUNT_LIVE 0x4c6976654f626a21u

enum refcount_bit {
    REFCOUNT_SPECIAL = 1,   /* dying takes more than dropping `refs` and freeing the block */
    REFCOUNT_FINALIZED = 2, /* its finalizer has run */
    REFCOUNT_BITS = 7,
};

#ifdef REFCOUNT_ATOMIC

static inline void refcount_take(struct refcount_header *header)
{
    __atomic_fetch_add(&header->count, 1, __ATOMIC_RELAXED);
}

/* True if this was the last. The load stands for an acquire fence, which thread sanitizers do not understand. */
static inline bool refcount_drop(struct refcount_header *header)
{
    if (__atomic_fetch_sub(&header->count, 1, __ATOMIC_RELEASE) != 1)
        return false;
    (void)__atomic_load_n(&header->count, __ATOMIC_ACQUIRE);
    return true;
}

/* Takes a reference to an object that may be dying at this moment: false if it is. */
static inline bool refcount_try_take(struct refcount_header *header)
{
    int64_t count = __atomic_load_n(&header->count, __ATOMIC_RELAXED);
    while (count > 0)
        if (__atomic_compare_exchange_n(&header->count, &count, count + 1, true, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
            return true;
    return false;
}

static inline int64_t refcount_read(const struct refcount_header *header)
{
    return __atomic_load_n(&header->count, __ATOMIC_RELAXED);
}

static inline void refcount_write(struct refcount_header *header, int64_t count)
{
    __atomic_store_n(&header->count, count, __ATOMIC_RELAXED);
}

#else

static inline void refcount_take(struct refcount_header *header)
{
    header->count++;
}

static inline bool refcount_drop(struct refcount_header *header)
{
    return --header->count == 0;
}

static inline bool refcount_try_take(struct refcount_header *header)
{
    if (header->count <= 0)
        return false;
    header->count++;
    return true;
}

static inline int64_t refcount_read(const struct refcount_header *header)
{
    return header->count;
}

static inline void refcount_write(struct refcount_header *header, int64_t count)
{
    header->count = count;
}

#endif

/* The list of the dead, threaded through their counts. */
static inline struct refcount_header *refcount_push_dead(struct refcount_header *dead, struct refcount_header *list)
{
    refcount_write(dead, (int64_t)((uintptr_t)list | (uintptr_t)INT64_MIN));
    return dead;
}

static inline struct refcount_header *refcount_next_dead(const struct refcount_header *dead)
{
    return (struct refcount_header *)((uintptr_t)refcount_read(dead) & (uintptr_t)INT64_MAX);
}

#endif
