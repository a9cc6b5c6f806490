/* arena.h: arenas, the memory that pools are cut from; which arena the next pool comes from, and when one goes back.
 *
 *        arena (arena_bytes, from the system)
 *        +------+--------+--------+--------+-------------------------+------+
 *        | lost | pool 0 | pool 1 | pool 2 | never cut so far        | lost |     lost: before the first and behind the
 *        +------+--------+--------+--------+-------------------------+------+     last pool-aligned address
 *                  ^         ^                 ^
 *                  |         +-- free_pools    +-- next_pool
 *                  +-- in use
 *
 * The usable arenas, those with a free pool, are a list with the fullest first, so that emptier ones have the chance to
 * become empty and go back to the system. To keep that order when a pool comes or goes, without a search,
 * `last_with[n]` is the last arena in the list with n free pools: one whose number changes moves behind it.
 *
 * Invariants: the list ascends by free pools; a full arena is not in it; last_with[n] is the last with n, or NULL.
 *
 * Source: CPython 3.11, Objects/obmalloc.c (`nfp2lasta`). Not safe for threads: the caller's lock is. */
#ifndef PYMALLOC_ARENA_H
#define PYMALLOC_ARENA_H

#include "pool.h"

enum { PYMALLOC_ARENA_POOLS_MAX = 64 };

struct pymalloc_arena {
    char *memory;                     /* NULL: this entry is not in use */
    char *next_pool;                  /* the next to be cut */
    struct pymalloc_pool *free_pools; /* empty ones, last in first out */
    uint32_t free_count;              /* empty ones and those never cut */
    uint32_t count;                   /* pools that it has room for */
    struct pymalloc_arena *next, *previous;
};

struct pymalloc_arenas {
    size_t pool_bytes, arena_bytes;
    /* An arena comes (true), before its first pool is used, or goes (false). A new one may be refused with false. */
    bool (*mark)(const char *memory, size_t bytes, bool ours);

    struct pymalloc_arena *entries; /* moves when it grows, which is only when no entry is in a list */
    uint32_t entry_count;
    struct pymalloc_arena *unused; /* entries, a list by `next` */
    struct pymalloc_arena *usable;
    struct pymalloc_arena *last_with[PYMALLOC_ARENA_POOLS_MAX + 1];
    uint32_t arena_count; /* that are mapped now */
};

/* A pool, from the fullest arena that has one; from a new arena if none has. NULL if the system has no more. Its
 * `size_class` is what it last was, or PYMALLOC_NO_CLASS; it is in no list. */
struct pymalloc_pool *pymalloc_arenas_take(struct pymalloc_arenas *arenas);

/* Takes an empty pool back. Its arena goes back to the system if that was the last pool in use, and it is not the last
 * in the order. */
void pymalloc_arenas_give(struct pymalloc_arenas *arenas, struct pymalloc_pool *pool);

size_t pymalloc_arenas_pools_in_use(const struct pymalloc_arenas *arenas);

/* Gives every arena back, whatever is still in use in it. */
void pymalloc_arenas_close(struct pymalloc_arenas *arenas);

/* NULL if the invariants hold, else a sentence that says which does not. */
const char *pymalloc_arenas_check(const struct pymalloc_arenas *arenas);

#endif
