#include "pymalloc.h"

#include <string.h>

struct pymalloc_pool pymalloc_no_pool;
struct pymalloc_heap pymalloc_heap = {
    .used = {[0 ... PYMALLOC_CLASSES - 1] = &pymalloc_no_pool},
    .arenas = {.pool_bytes = PYMALLOC_POOL_BYTES, .arena_bytes = PYMALLOC_ARENA_BYTES, .mark = pymalloc_map_mark},
};

/* A pool that was of this class before goes on with the free list that it has. */
void *pymalloc_pool_slow(unsigned size_class)
{
    struct pymalloc_pool *pool = pymalloc_arenas_take(&pymalloc_heap.arenas);
    if (!pool)
        return other_malloc(pymalloc_class_bytes(size_class));
    pymalloc_pool_push(&pymalloc_heap.used[size_class], pool);
    pool->in_use = 1;
    if (pool->size_class != size_class) {
        pool->size_class = size_class;
        pool->next_offset = PYMALLOC_FIRST_OFFSET;
        pool->last_offset = (uint32_t)(PYMALLOC_POOL_BYTES - pymalloc_class_bytes(size_class));
        pymalloc_carve(pool, size_class);
    }
    void *block = pool->free;
    pool->free = *(void **)block;
    if (!pool->free)
        pymalloc_extend(pool, size_class);
    return block;
}

void pymalloc_empty_slow(struct pymalloc_pool *pool)
{
    pymalloc_pool_unlink(&pymalloc_heap.used[pool->size_class], pool);
    pymalloc_arenas_give(&pymalloc_heap.arenas, pool);
}

void *pymalloc_calloc(size_t count, size_t bytes)
{
    size_t all;
    if (__builtin_mul_overflow(count, bytes, &all) || !pymalloc_is_small(all))
        return other_calloc(count, bytes);
    void *block = pymalloc_small(pymalloc_class(all));
    return block ? memset(block, 0, all) : NULL;
}

void *pymalloc_realloc(void *block, size_t bytes)
{
    if (!block)
        return pymalloc_malloc(bytes);
    if (!pymalloc_owns(block))
        return other_realloc(block, bytes);
    size_t present = pymalloc_small_bytes(block);
    if (pymalloc_stays(present, bytes))
        return block;
    void *moved = pymalloc_malloc(bytes);
    if (!moved)
        return bytes <= present ? block : NULL;
    memcpy(moved, block, bytes < present ? bytes : present);
    pymalloc_small_free(block);
    return moved;
}

void pymalloc_close(void)
{
    pymalloc_arenas_close(&pymalloc_heap.arenas);
    pymalloc_map_close();
    for (unsigned i = 0; i < PYMALLOC_CLASSES; i++)
        pymalloc_heap.used[i] = &pymalloc_no_pool;
}

/* ---- check */

static const char *check_pool(const struct pymalloc_pool *pool, unsigned size_class)
{
    size_t bytes = pymalloc_class_bytes(size_class), carved = (pool->next_offset - PYMALLOC_FIRST_OFFSET) / bytes;
    if (pool->size_class != size_class)
        return "a pool is in the list of another class";
    if (!pool->free || pool->in_use == 0)
        return "a used pool has no free block, or none in use";
    if (pool->next_offset > pool->last_offset + bytes)
        return "a pool is carved beyond its end";
    size_t free_blocks = 0;
    for (const void *block = pool->free; block; block = *(void *const *)block, free_blocks++) {
        uintptr_t offset = (uintptr_t)block - (uintptr_t)pool;
        if (free_blocks == carved || offset < PYMALLOC_FIRST_OFFSET || offset >= pool->next_offset ||
            (offset - PYMALLOC_FIRST_OFFSET) % bytes)
            return "a pool's free list leads out of its carved blocks";
    }
    return pool->in_use + free_blocks == carved ? NULL
                                                : "a pool's blocks in use and its free ones are not those carved";
}

const char *pymalloc_check(void)
{
    if (pymalloc_no_pool.free)
        return "the pool that is none has a free block";
    for (unsigned i = 0; i < PYMALLOC_CLASSES; i++) {
        const struct pymalloc_pool *previous = NULL, *pool = pymalloc_heap.used[i];
        for (; pool != &pymalloc_no_pool; previous = pool, pool = pool->next) {
            const char *wrong = check_pool(pool, i);
            if (wrong || (previous && pool->previous != previous))
                return wrong ? wrong : "a used pool does not know the one before it";
            if (!pymalloc_owns(pool))
                return "a pool is not in the map";
        }
    }
    return pymalloc_arenas_check(&pymalloc_heap.arenas);
}
