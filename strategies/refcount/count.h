/* count.h: the header of an object and what is done to its count. ../common/word.h has the word's layout.
 *
 * Once dead, an object's count is of no use: there is the address of the next header that waits for its turn to die.
 * Nothing may take a reference to it any more.
 *
 * With REFCOUNT_ATOMIC every thread may take and drop references: a take is relaxed, because who takes a reference has
 * one; a drop releases what was done to the object, and the one that finds the last acquires all of it. */
#ifndef REFCOUNT_COUNT_H
#define REFCOUNT_COUNT_H

#include "common/word.h"

/* Debug builds keep a list of all objects, so that mm_heap_check can count every reference anew and mm_heap_close can
 * free what leaked. */
#ifdef NDEBUG
#define REFCOUNT_LISTED 0
#else
#define REFCOUNT_LISTED 1
#endif

/* The address of its type stands before it where the word says so: WORD_TYPED. */
struct refcount_header {
#if REFCOUNT_LISTED
    struct refcount_header *next, *previous;
    uint64_t seen; /* references found by mm_heap_check */
    uint64_t mark; /* REFCOUNT_LIVE while the object is in the list */
    const struct mm_type *listed_type;
#endif
    uint64_t word;
};

#define REFCOUNT_LIVE 0x4c6976654f626a21u

enum { REFCOUNT_FINALIZED = WORD_MARK }; /* of a special object: its finalizer has run */

#ifdef REFCOUNT_ATOMIC

static inline void refcount_take(struct refcount_header *header)
{
    __atomic_fetch_add(&header->word, WORD_ONE, __ATOMIC_RELAXED);
}

/* True if this was the last. The load stands for an acquire fence, which thread sanitizers do not understand. */
static inline bool refcount_drop(struct refcount_header *header)
{
    if (__atomic_fetch_sub(&header->word, WORD_ONE, __ATOMIC_RELEASE) >= WORD_ONE)
        return false;
    (void)__atomic_load_n(&header->word, __ATOMIC_ACQUIRE);
    return true;
}

/* Whether it is simple, of this shape, and has one reference. Who has that is the only one who can get at it, and may
 * free it without writing its word. */
static inline bool refcount_is_only(const struct refcount_header *header, uint64_t shape)
{
    return __atomic_load_n(&header->word, __ATOMIC_ACQUIRE) == shape;
}

/* Takes a reference to an object that may be dying at this moment: false if it is. */
static inline bool refcount_try_take(struct refcount_header *header)
{
    uint64_t word = __atomic_load_n(&header->word, __ATOMIC_RELAXED);
    while (!(word & WORD_DEAD))
        if (__atomic_compare_exchange_n(&header->word, &word, word + WORD_ONE, true, __ATOMIC_ACQUIRE,
                                        __ATOMIC_RELAXED))
            return true;
    return false;
}

static inline uint64_t refcount_read(const struct refcount_header *header)
{
    return __atomic_load_n(&header->word, __ATOMIC_RELAXED);
}

static inline void refcount_write(struct refcount_header *header, uint64_t word)
{
    __atomic_store_n(&header->word, word, __ATOMIC_RELAXED);
}

#else

static inline void refcount_take(struct refcount_header *header)
{
    word_take(&header->word);
}

static inline bool refcount_drop(struct refcount_header *header)
{
    return word_drop(&header->word);
}

static inline bool refcount_is_only(const struct refcount_header *header, uint64_t shape)
{
    return header->word == shape;
}

static inline bool refcount_try_take(struct refcount_header *header)
{
    if (header->word & WORD_DEAD)
        return false;
    word_take(&header->word);
    return true;
}

static inline uint64_t refcount_read(const struct refcount_header *header)
{
    return header->word;
}

static inline void refcount_write(struct refcount_header *header, uint64_t word)
{
    header->word = word;
}

#endif

/* The list of the dead, threaded through their words: addresses have 48 bits, the lowest three 0. */
static inline struct refcount_header *refcount_push_dead(struct refcount_header *dead, struct refcount_header *list)
{
    refcount_write(dead, WORD_DEAD | (uint64_t)(uintptr_t)list << 13 | (refcount_read(dead) & WORD_SHAPE));
    return dead;
}

static inline struct refcount_header *refcount_next_dead(uint64_t word)
{
    return (struct refcount_header *)(uintptr_t)((word & ~(WORD_DEAD | WORD_SHAPE)) >> 13);
}

#endif
