#include "arena.h"

#include <string.h>

#include "system.h"

enum { FIRST_ENTRIES = 16 };

/* ---- entries: twice as many whenever none is unused */

static bool entries_grow(struct pymalloc_arenas *arenas)
{
    uint32_t count = arenas->entry_count ? arenas->entry_count * 2 : FIRST_ENTRIES;
    struct pymalloc_arena *entries = pymalloc_map(count * sizeof *entries);
    if (!entries)
        return false;
    if (arenas->entries) {
        memcpy(entries, arenas->entries, arenas->entry_count * sizeof *entries);
        pymalloc_unmap(arenas->entries, arenas->entry_count * sizeof *entries);
    }
    for (uint32_t i = count; i-- > arenas->entry_count;) {
        entries[i].next = arenas->unused;
        arenas->unused = &entries[i];
    }
    arenas->entries = entries;
    arenas->entry_count = count;
    return true;
}

/* ---- arenas come and go */

static void cut(const struct pymalloc_arenas *arenas, struct pymalloc_arena *arena, char *memory)
{
    uintptr_t excess = (uintptr_t)memory & (arenas->pool_bytes - 1);
    size_t lost = excess ? arenas->pool_bytes - excess : 0;
    arena->memory = memory;
    arena->next_pool = memory + lost;
    arena->free_pools = NULL;
    arena->count = arena->free_count = (uint32_t)((arenas->arena_bytes - lost) / arenas->pool_bytes);
}

static struct pymalloc_arena *arena_new(struct pymalloc_arenas *arenas)
{
    if (!arenas->unused && !entries_grow(arenas))
        return NULL;
    char *memory = pymalloc_map(arenas->arena_bytes);
    if (!memory)
        return NULL;
    if (!arenas->mark(memory, arenas->arena_bytes, true)) {
        pymalloc_unmap(memory, arenas->arena_bytes);
        return NULL;
    }
    struct pymalloc_arena *arena = arenas->unused;
    arenas->unused = arena->next;
    cut(arenas, arena, memory);
    arena->next = arena->previous = NULL;
    arenas->arena_count++;
    return arena;
}

/* The entry is in no list. */
static void arena_free(struct pymalloc_arenas *arenas, struct pymalloc_arena *arena)
{
    arenas->mark(arena->memory, arenas->arena_bytes, false);
    pymalloc_unmap(arena->memory, arenas->arena_bytes);
    arena->memory = NULL;
    arena->next = arenas->unused;
    arenas->unused = arena;
    arenas->arena_count--;
}

/* ---- the order */

static void usable_unlink(struct pymalloc_arenas *arenas, struct pymalloc_arena *arena)
{
    if (arena->previous)
        arena->previous->next = arena->next;
    else
        arenas->usable = arena->next;
    if (arena->next)
        arena->next->previous = arena->previous;
}

/* `previous` NULL: to the front. */
static void usable_insert(struct pymalloc_arenas *arenas, struct pymalloc_arena *arena, struct pymalloc_arena *previous)
{
    struct pymalloc_arena **link = previous ? &previous->next : &arenas->usable;
    arena->previous = previous;
    arena->next = *link;
    if (*link)
        (*link)->previous = arena;
    *link = arena;
}

/* ---- pools */

static struct pymalloc_pool *pool_cut(struct pymalloc_arenas *arenas, struct pymalloc_arena *arena)
{
    struct pymalloc_pool *pool = (void *)arena->next_pool;
    arena->next_pool += arenas->pool_bytes;
    pool->arena = (uint32_t)(arena - arenas->entries);
    pool->size_class = PYMALLOC_NO_CLASS;
    return pool;
}

/* The fullest arena stays the first when it becomes fuller: only the marks change. */
struct pymalloc_pool *pymalloc_arenas_take(struct pymalloc_arenas *arenas)
{
    if (!arenas->usable) {
        struct pymalloc_arena *fresh = arena_new(arenas);
        if (!fresh)
            return NULL;
        usable_insert(arenas, fresh, NULL);
        arenas->last_with[fresh->free_count] = fresh;
    }
    struct pymalloc_arena *arena = arenas->usable;
    if (arenas->last_with[arena->free_count] == arena)
        arenas->last_with[arena->free_count] = NULL;
    struct pymalloc_pool *pool = arena->free_pools;
    if (pool)
        arena->free_pools = pool->next;
    else
        pool = pool_cut(arenas, arena);
    if (--arena->free_count == 0)
        usable_unlink(arenas, arena);
    else
        arenas->last_with[arena->free_count] = arena;
    return pool;
}

void pymalloc_arenas_give(struct pymalloc_arenas *arenas, struct pymalloc_pool *pool)
{
    struct pymalloc_arena *arena = &arenas->entries[pool->arena];
    pool->next = arena->free_pools;
    arena->free_pools = pool;

    struct pymalloc_arena *last = arenas->last_with[arena->free_count];
    if (last == arena) {
        struct pymalloc_arena *before = arena->previous;
        arenas->last_with[arena->free_count] = before && before->free_count == arena->free_count ? before : NULL;
    }
    uint32_t free_count = ++arena->free_count;
    if (free_count == 1) {
        usable_insert(arenas, arena, NULL);
    } else if (free_count == arena->count && arena->next) {
        usable_unlink(arenas, arena);
        arena_free(arenas, arena);
        return;
    } else if (last != arena) {
        usable_unlink(arenas, arena);
        usable_insert(arenas, arena, last);
    }
    if (!arenas->last_with[free_count])
        arenas->last_with[free_count] = arena;
}

size_t pymalloc_arenas_pools_in_use(const struct pymalloc_arenas *arenas)
{
    size_t pools = 0;
    for (uint32_t i = 0; i < arenas->entry_count; i++)
        if (arenas->entries[i].memory)
            pools += arenas->entries[i].count - arenas->entries[i].free_count;
    return pools;
}

void pymalloc_arenas_close(struct pymalloc_arenas *arenas)
{
    for (uint32_t i = 0; i < arenas->entry_count; i++)
        if (arenas->entries[i].memory)
            arena_free(arenas, &arenas->entries[i]);
    if (arenas->entries)
        pymalloc_unmap(arenas->entries, arenas->entry_count * sizeof *arenas->entries);
    *arenas = (struct pymalloc_arenas){
        .pool_bytes = arenas->pool_bytes, .arena_bytes = arenas->arena_bytes, .mark = arenas->mark};
}

/* ---- check */

static uint32_t count_free_pools(const struct pymalloc_arenas *arenas, const struct pymalloc_arena *arena)
{
    const char *end = arena->memory + arenas->arena_bytes;
    uint32_t count = (uint32_t)((size_t)(end - arena->next_pool) / arenas->pool_bytes);
    for (const struct pymalloc_pool *pool = arena->free_pools; pool && count <= arena->count; pool = pool->next)
        count++;
    return count;
}

const char *pymalloc_arenas_check(const struct pymalloc_arenas *arenas)
{
    const struct pymalloc_arena *previous = NULL;
    uint32_t usable = 0, mapped = 0, with_free = 0;
    for (const struct pymalloc_arena *arena = arenas->usable; arena; previous = arena, arena = arena->next, usable++) {
        if (arena->previous != previous)
            return "a usable arena does not know the one before it";
        if (previous && previous->free_count > arena->free_count)
            return "the usable arenas do not ascend by free pools";
        bool is_last = !arena->next || arena->next->free_count != arena->free_count;
        if (is_last != (arenas->last_with[arena->free_count] == arena))
            return "the last arena with so many free pools is not the one that is marked as such";
    }
    for (uint32_t i = 0; i < arenas->entry_count; i++) {
        const struct pymalloc_arena *arena = &arenas->entries[i];
        if (!arena->memory)
            continue;
        mapped++;
        with_free += arena->free_count > 0;
        if (count_free_pools(arenas, arena) != arena->free_count)
            return "an arena has other free pools than it counts";
    }
    if (usable != with_free)
        return "an arena with a free pool is not in the list, or one without is";
    return mapped == arenas->arena_count ? NULL : "there are other arenas than are counted";
}
