/* pymalloc: CPython 3.11's allocator for small objects, rule for rule: the same blocks in the same pools in the same
 * order. README.md has the rules and their picture.
 *
 * Requests of 1 to 512 bytes are served from pools of 16 KiB in arenas of 1 MiB, all others by malloc. One heap a
 * process, and no lock, as CPython's has none under the interpreter lock: who has threads brings one (preload/).
 *
 * The two fast paths are inline: the first free block of the first used pool of the class is taken; a freed block goes
 * to the front of its pool's list. What happens once in many calls is out of line, in pymalloc.c. */
#ifndef PYMALLOC_H
#define PYMALLOC_H

#include <stdlib.h>

#include "arena.h"
#include "map.h"

enum {
    PYMALLOC_POOL_BYTES = 16 * 1024,
    PYMALLOC_ARENA_BYTES = 1 << PYMALLOC_ARENA_BITS,
    PYMALLOC_FIRST_OFFSET = sizeof(struct pymalloc_pool),
};

struct pymalloc_heap {
    /* The used pools of each class; pymalloc_no_pool ends a list. The first pool of a list has a free block. */
    struct pymalloc_pool *used[PYMALLOC_CLASSES];
    struct pymalloc_arenas arenas;
};

extern struct pymalloc_heap pymalloc_heap;
extern struct pymalloc_pool pymalloc_no_pool; /* has no free block, and never will */

/* No used pool has a block of this class. NULL if the system has no more memory. */
void *pymalloc_pool_slow(unsigned size_class);
/* The pool's last carved free block was taken: carves another, or leaves the list. */
void pymalloc_extend_slow(struct pymalloc_pool *pool);
/* A full pool got a free block; a pool lost its last block in use. */
void pymalloc_unfill_slow(struct pymalloc_pool *pool);
void pymalloc_empty_slow(struct pymalloc_pool *pool);
void *pymalloc_resize_slow(void *block, size_t bytes);

/* ---- small blocks */

static inline void *pymalloc_small(unsigned size_class)
{
    struct pymalloc_pool *pool = pymalloc_heap.used[size_class];
    void *block = pool->free;
    if (__builtin_expect(!block, 0))
        return pymalloc_pool_slow(size_class);
    void *next = *(void **)block;
    pool->in_use++;
    pool->free = next;
    if (__builtin_expect(!next, 0))
        pymalloc_extend_slow(pool);
    return block;
}

static inline bool pymalloc_owns(const void *block)
{
    return pymalloc_map_has(block);
}

static inline size_t pymalloc_small_bytes(const void *block)
{
    return pymalloc_class_bytes(pymalloc_pool_of(block, PYMALLOC_POOL_BYTES)->size_class);
}

/* A block that pymalloc owns. */
static inline void pymalloc_small_free(void *block)
{
    struct pymalloc_pool *pool = pymalloc_pool_of(block, PYMALLOC_POOL_BYTES);
    void *last = pool->free;
    *(void **)block = last;
    pool->free = block;
    pool->in_use--;
    if (__builtin_expect(!last, 0))
        pymalloc_unfill_slow(pool);
    else if (__builtin_expect(pool->in_use == 0, 0))
        pymalloc_empty_slow(pool);
}

/* ---- blocks of any size: what is not small is malloc's */

static inline void *pymalloc_malloc(size_t bytes)
{
    void *block = pymalloc_is_small(bytes) ? pymalloc_small(pymalloc_class(bytes)) : NULL;
    return __builtin_expect(block != NULL, 1) ? block : malloc(bytes);
}

static inline void pymalloc_free(void *block)
{
    if (__builtin_expect(pymalloc_owns(block), 1))
        pymalloc_small_free(block);
    else
        free(block);
}

/* A block of malloc's stays malloc's, however small it becomes; a small one stays where it is until a quarter of it
 * would be unused. */
static inline void *pymalloc_realloc(void *block, size_t bytes)
{
    return pymalloc_resize_slow(block, bytes);
}

/* ---- the whole */

/* Gives every arena back, and all that was allocated for them; no block may be in use. Can be used again after. */
void pymalloc_close(void);

/* NULL if every invariant holds, else a sentence that says which does not. */
const char *pymalloc_check(void);

#endif
