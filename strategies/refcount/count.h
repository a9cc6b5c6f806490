/* count.h: the header of an object and what is done to its count.
 *
 * The count and the shape share a word, so that one constant store makes an object and one subtraction drops a
 * reference: in the upper 48 bits the references but one, below them the shape.
 *
 *     taking a reference     word += REFCOUNT_ONE
 *     dropping one           word -= REFCOUNT_ONE; it was the last if that borrows: bit 63 is set then
 *     dead (bit 63 set)      the other upper bits are the address of the next header that waits for its turn to die;
 * nothing may take a reference to it any more
 *
 * The shape says how the object dies, so that the type is not read: that would be three dependent loads on the way
 * from an object to the next one of a tree. Objects that it cannot describe are special.
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
    uint64_t seen; /* references found by mm_heap_check */
    uint64_t mark; /* REFCOUNT_LIVE while the object is in the list */
#endif
    uint64_t word;
    const struct mm_type *type;
};

#define REFCOUNT_LIVE 0x4c6976654f626a21u
#define REFCOUNT_ONE  ((uint64_t)1 << 16)
#define REFCOUNT_DEAD ((uint64_t)1 << 63)

/* The shape: bit 0 special, bit 1 finalized, bits 2 to 4 how many reference fields, in a row; bits 5 to 9 where the
 * first is, in words; bits 10 to 15 the payload's size in words. */
enum {
    REFCOUNT_SPECIAL = 1,   /* look at the type */
    REFCOUNT_FINALIZED = 2, /* its finalizer has run */
    REFCOUNT_LAYOUT = 0xff << 2,
    REFCOUNT_SIZE = 0x3f << 10,
    REFCOUNT_SHAPE = 0xffff,
    REFCOUNT_FIELDS_MAX = 4,
    REFCOUNT_FIRST_MAX = 31 * 8,
    REFCOUNT_SIZE_MAX = 63 * 8,
};

static inline uint64_t refcount_layout(uint64_t fields, uint64_t first)
{
    return fields << 2 | first / 8 << 5;
}

static inline unsigned refcount_shape_fields(uint64_t word)
{
    return (word >> 2) & 7;
}

static inline size_t refcount_shape_first(uint64_t word)
{
    return (word >> 5 & 31) * 8;
}

/* The payload's bytes, of one word or of the sum of the REFCOUNT_SIZE parts of several. */
static inline uint64_t refcount_shape_bytes(uint64_t sizes)
{
    return (sizes >> 10) * 8;
}

#ifdef REFCOUNT_ATOMIC

static inline void refcount_take(struct refcount_header *header)
{
    __atomic_fetch_add(&header->word, REFCOUNT_ONE, __ATOMIC_RELAXED);
}

/* True if this was the last. The load stands for an acquire fence, which thread sanitizers do not understand. */
static inline bool refcount_drop(struct refcount_header *header)
{
    if (__atomic_fetch_sub(&header->word, REFCOUNT_ONE, __ATOMIC_RELEASE) >= REFCOUNT_ONE)
        return false;
    (void)__atomic_load_n(&header->word, __ATOMIC_ACQUIRE);
    return true;
}

/* Takes a reference to an object that may be dying at this moment: false if it is. */
static inline bool refcount_try_take(struct refcount_header *header)
{
    uint64_t word = __atomic_load_n(&header->word, __ATOMIC_RELAXED);
    while (!(word & REFCOUNT_DEAD))
        if (__atomic_compare_exchange_n(&header->word, &word, word + REFCOUNT_ONE, true, __ATOMIC_ACQUIRE,
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
    header->word += REFCOUNT_ONE;
}

static inline bool refcount_drop(struct refcount_header *header)
{
    header->word -= REFCOUNT_ONE;
    return header->word & REFCOUNT_DEAD;
}

static inline bool refcount_try_take(struct refcount_header *header)
{
    if (header->word & REFCOUNT_DEAD)
        return false;
    header->word += REFCOUNT_ONE;
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

/* The list of the dead, threaded through their words: addresses have 48 bits, the lowest four 0. */
static inline struct refcount_header *refcount_push_dead(struct refcount_header *dead, struct refcount_header *list)
{
    refcount_write(dead, REFCOUNT_DEAD | (uint64_t)(uintptr_t)list << 12 | (refcount_read(dead) & REFCOUNT_SHAPE));
    return dead;
}

static inline struct refcount_header *refcount_next_dead(uint64_t word)
{
    return (struct refcount_header *)(uintptr_t)((word & ~(REFCOUNT_DEAD | REFCOUNT_SHAPE)) >> 12);
}

#endif
