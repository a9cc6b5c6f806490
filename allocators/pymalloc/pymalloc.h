/* pymalloc: CPython 3.11's allocator for small objects, rule for rule: the same blocks in the same pools in the same
 * order. README.md has the rules and their picture.
 *
 * Requests of 1 to 512 bytes are served from pools of 16 KiB in arenas of 1 MiB, all others by another
 * allocator (other.h). One heap a
 * process, and no lock, as CPython's has none under the interpreter lock: who has threads brings one (preload/).
 *
 * The two fast paths are inline: the first free block of the first used pool of the class is taken; a freed block goes
 * to the front of its pool's list. What happens once in many calls is out of line, in pymalloc.c. */
#ifndef PYMALLOC_H
#define PYMALLOC_H

#include "arena.h"
#include "map.h"
#include "other.h"

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

/* No used pool has a block of this class: takes a new pool, or asks the other allocator if there is no memory for one.
 */
void *pymalloc_pool_slow(unsigned size_class);
/* The pool lost its last block in use. */
void pymalloc_empty_slow(struct pymalloc_pool *pool);

/* ---- small blocks */

/* The next block that was never given out becomes the pool's free one. There is one. */
static inline void pymalloc_carve(struct pymalloc_pool *pool, unsigned size_class)
{
    void *block = (char *)pool + pool->next_offset;
    pool->next_offset += (uint32_t)pymalloc_class_bytes(size_class);
    pool->free = block;
    *(void **)block = NULL;
}

/* The last carved free block of the class's first pool was taken: carves another, or the pool is full and leaves. */
static inline void pymalloc_extend(struct pymalloc_pool *pool, unsigned size_class)
{
    if (pool->next_offset <= pool->last_offset)
        pymalloc_carve(pool, size_class);
    else
        pymalloc_heap.used[size_class] = pool->next;
}

static inline void *pymalloc_small(unsigned size_class)
{
    struct pymalloc_pool *pool = pymalloc_heap.used[size_class];
    void *block = pool->free;
    if (__builtin_expect(!block, 0))
        return pymalloc_pool_slow(size_class);
    void *next = *(void **)block;
    pool->in_use++;
    pool->free = next;
    if (!next)
        pymalloc_extend(pool, size_class);
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

/* A block that pymalloc owns. A full pool that gets a free block goes to the front: the class fills it up again before
 * it touches another. */
static inline void pymalloc_small_free(void *block)
{
    struct pymalloc_pool *pool = pymalloc_pool_of(block, PYMALLOC_POOL_BYTES);
    void *last = pool->free;
    *(void **)block = last;
    pool->free = block;
    pool->in_use--;
    if (!last)
        pymalloc_pool_push(&pymalloc_heap.used[pool->size_class], pool);
    else if (__builtin_expect(pool->in_use == 0, 0))
        pymalloc_empty_slow(pool);
}

/* ---- blocks of any size */

static inline void *pymalloc_malloc(size_t bytes)
{
    return __builtin_expect(pymalloc_is_small(bytes), 1) ? pymalloc_small(pymalloc_class(bytes)) : other_malloc(bytes);
}

static inline void pymalloc_free(void *block)
{
    if (__builtin_expect(pymalloc_owns(block), 1))
        pymalloc_small_free(block);
    else
        other_free(block);
}

void *pymalloc_calloc(size_t count, size_t bytes);

/* A block of the other allocator stays there, however small it becomes. */
void *pymalloc_realloc(void *block, size_t bytes);

/* ---- the whole */

/* Gives every arena back, and all that was allocated for them; no block may be in use. Can be used again after. */
void pymalloc_close(void);

/* NULL if every invariant holds, else a sentence that says which does not. */
const char *pymalloc_check(void);

#endif
