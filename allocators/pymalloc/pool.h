/* pool.h: a pool, blocks of one size class behind a header; and what size classes are.
 *
 * Glossary
 *   block    what a caller gets: 16 to 512 bytes, a multiple of 16.
 *   pool     a power of two of bytes, aligned to its size, so that a block's address leads to its pool by masking.
 *   arena    what is asked of the system at once: room for 64 pools (arena.h).
 *   used     a pool that has blocks in use and blocks to give; full: only the first; empty: only the second.
 *   carved   a block that was given out at least once. The rest of a pool was never touched. */
#ifndef PYMALLOC_POOL_H
#define PYMALLOC_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PYMALLOC_ALIGNMENT = 16,
    PYMALLOC_SMALL_MAX = 512, /* the largest request that is served from pools */
    PYMALLOC_CLASSES = PYMALLOC_SMALL_MAX / PYMALLOC_ALIGNMENT,
    PYMALLOC_NO_CLASS = 0xffff, /* of a pool that was never used */
};

struct pymalloc_pool {
    uint64_t in_use; /* blocks */
    void *free;      /* the list of free blocks that are carved, last in first out: a pointer at the begin of each */
    struct pymalloc_pool *next, *previous; /* used pools of its class; an empty pool has `next` in its arena's list */
    uint32_t arena;                        /* index of its arena */
    uint32_t size_class;                   /* stays when the pool is empty: who takes it for the same class again
                                              finds the free list as it was */
    uint32_t next_offset;                  /* of the next block to be carved */
    uint32_t last_offset;                  /* the highest that a block may begin at */
};
_Static_assert(sizeof(struct pymalloc_pool) == 48, "blocks begin where CPython's begin");

static inline bool pymalloc_is_small(size_t bytes)
{
    return bytes - 1 < PYMALLOC_SMALL_MAX; /* 0 is not: it wraps */
}

/* Of a small request. */
static inline unsigned pymalloc_class(size_t bytes)
{
    return (unsigned)((bytes - 1) / PYMALLOC_ALIGNMENT);
}

static inline size_t pymalloc_class_bytes(unsigned size_class)
{
    return (size_t)(size_class + 1) * PYMALLOC_ALIGNMENT;
}

/* Whether realloc leaves a block of `present` bytes where it is: if it is large enough, and no quarter of it is wasted.
 */
static inline bool pymalloc_stays(size_t present, size_t wanted)
{
    return wanted <= present && 4 * wanted > 3 * present;
}

/* The pool that a block is in; `pool_bytes` is the allocator's. */
static inline struct pymalloc_pool *pymalloc_pool_of(const void *block, size_t pool_bytes)
{
    return (struct pymalloc_pool *)((uintptr_t)block & ~(uintptr_t)(pool_bytes - 1));
}

/* A list of used pools, ended by `end`, a pool that may be written to. What the first has as its previous is not looked
 * at: most pools come and go at the front, and then touch no header but the one behind. */
static inline void pymalloc_pool_push(struct pymalloc_pool **list, struct pymalloc_pool *pool)
{
    pool->next = *list;
    pool->next->previous = pool;
    *list = pool;
}

static inline void pymalloc_pool_unlink(struct pymalloc_pool **list, struct pymalloc_pool *pool)
{
    if (*list == pool) {
        *list = pool->next;
        return;
    }
    pool->previous->next = pool->next;
    pool->next->previous = pool->previous;
}

#endif
