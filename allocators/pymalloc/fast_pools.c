#include "fast_pools.h"

#include <pthread.h>

#include "fast.h"
#include "system.h"

/* So many bytes are carved at once for an empty bin; so many bundles lie in the depot at most, an arena's worth. */
enum { CARVE_BYTES = 4096, LEAF_BYTES = 1 << PYMALLOC_FAST_LEAF_BITS, FIRST_OFFSET = 64, DEPOT_BUNDLES = 64 };

unsigned char *pymalloc_fast_map[(size_t)1 << PYMALLOC_FAST_ROOT_BITS];

static bool map_mark(const char *arena, size_t bytes, bool ours);

static struct pymalloc_pool no_pool; /* ends the lists of used pools */

/* All of it is guarded by the lock. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct pymalloc_pool *used[PYMALLOC_CLASSES] = {[0 ... PYMALLOC_CLASSES - 1] = &no_pool};
static struct pymalloc_arenas arenas = {
    .pool_bytes = PYMALLOC_FAST_POOL_BYTES, .arena_bytes = PYMALLOC_FAST_ARENA_BYTES, .mark = map_mark};
static void *depot[PYMALLOC_CLASSES]; /* bundles, a list by the second word of their first blocks */
static size_t depot_count;

/* As functions, for pthread_atfork. */
static void lock_take(void)
{
    pthread_mutex_lock(&lock);
}

static void lock_give(void)
{
    pthread_mutex_unlock(&lock);
}

/* A child has the pools whole, and the bins of the thread that forked; what other threads had in theirs is lost. */
__attribute__((constructor)) static void survive_fork(void)
{
    pthread_atfork(lock_take, lock_give, lock_give);
}

/* ---- the map */

static unsigned char **leaf_of(uintptr_t address)
{
    return &pymalloc_fast_map[address >> (PYMALLOC_FAST_POOL_BITS + PYMALLOC_FAST_LEAF_BITS)];
}

/* Other threads read the map while a leaf is hung into it: it is zeroed before. */
static bool leaf_make(uintptr_t address)
{
    unsigned char **place = leaf_of(address);
    if (*place)
        return true;
    unsigned char *leaf = pymalloc_map(LEAF_BYTES);
    __atomic_store_n(place, leaf, __ATOMIC_RELEASE);
    return leaf != NULL;
}

static void mark_pool(const void *pool, unsigned mark)
{
    uintptr_t address = (uintptr_t)pool;
    unsigned char *leaf = *leaf_of(address);
    __atomic_store_n(&leaf[address >> PYMALLOC_FAST_POOL_BITS & (LEAF_BYTES - 1)], (unsigned char)mark,
                     __ATOMIC_RELAXED);
}

static bool map_mark(const char *arena, size_t bytes, bool ours)
{
    uintptr_t begin = (uintptr_t)arena;
    if (ours)
        return leaf_make(begin) && leaf_make(begin + bytes - 1);
    for (size_t offset = 0; offset < bytes; offset += PYMALLOC_FAST_POOL_BYTES)
        mark_pool(arena + offset, 0);
    mark_pool(arena + bytes - 1, 0);
    return true;
}

/* ---- pools */

/* Blocks of a power of two are aligned to their size. */
static uint32_t first_offset(unsigned size_class)
{
    uint32_t bytes = (uint32_t)pymalloc_class_bytes(size_class);
    bool is_power = (bytes & (bytes - 1)) == 0;
    return is_power && bytes > FIRST_OFFSET ? bytes : FIRST_OFFSET;
}

static size_t carved(const struct pymalloc_pool *pool)
{
    return (pool->next_offset - first_offset(pool->size_class)) / pymalloc_class_bytes(pool->size_class);
}

static bool is_full(const struct pymalloc_pool *pool)
{
    return !pool->free && pool->next_offset > pool->last_offset;
}

/* The class's first used pool, or a new one; NULL if the system has no more memory. */
static struct pymalloc_pool *pool_with_blocks(unsigned size_class)
{
    if (used[size_class] != &no_pool)
        return used[size_class];
    struct pymalloc_pool *pool = pymalloc_arenas_take(&arenas);
    if (!pool)
        return NULL;
    if (pool->size_class != size_class) {
        pool->size_class = size_class;
        pool->in_use = 0;
        pool->free = NULL;
        pool->next_offset = first_offset(size_class);
        pool->last_offset = (uint32_t)(PYMALLOC_FAST_POOL_BYTES - pymalloc_class_bytes(size_class));
    }
    mark_pool(pool, size_class + 1);
    pymalloc_pool_push(&used[size_class], pool);
    return pool;
}

/* Makes a list of blocks that were never given out, in ascending order. The pool has at least one. */
static void *carve(struct pymalloc_pool *pool)
{
    uint32_t bytes = (uint32_t)pymalloc_class_bytes(pool->size_class);
    uint32_t end =
        pool->next_offset + CARVE_BYTES < pool->last_offset ? pool->next_offset + CARVE_BYTES : pool->last_offset;
    char *first = (char *)pool + pool->next_offset, *block = first;
    for (pool->next_offset += bytes; pool->next_offset <= end; pool->next_offset += bytes, block += bytes)
        *(void **)(void *)block = block + bytes;
    *(void **)(void *)block = NULL;
    return first;
}

/* All free blocks of a pool, or a few new ones. `count` of them, which the pool counts as in use now. */
static void *pool_take(struct pymalloc_pool *pool, size_t *count)
{
    void *list = pool->free ? pool->free : carve(pool);
    pool->free = NULL;
    *count = carved(pool) - pool->in_use;
    pool->in_use += *count;
    if (is_full(pool))
        pymalloc_pool_unlink(&used[pool->size_class], pool);
    return list;
}

static void pool_give(void *block)
{
    struct pymalloc_pool *pool = pymalloc_pool_of(block, PYMALLOC_FAST_POOL_BYTES);
    if (is_full(pool))
        pymalloc_pool_push(&used[pool->size_class], pool);
    *(void **)block = pool->free;
    pool->free = block;
    if (--pool->in_use == 0) {
        pymalloc_pool_unlink(&used[pool->size_class], pool);
        pymalloc_arenas_give(&arenas, pool);
    }
}

static void list_give(void *list)
{
    for (void *next; list; list = next) {
        next = *(void **)list;
        pool_give(list);
    }
}

/* ---- the depot */

static void **bundle_next(void *bundle)
{
    return (void **)bundle + 1;
}

static void depot_push(unsigned size_class, void *bundle)
{
    *bundle_next(bundle) = depot[size_class];
    depot[size_class] = bundle;
    depot_count++;
}

static void *depot_pop(unsigned size_class)
{
    void *bundle = depot[size_class];
    depot[size_class] = *bundle_next(bundle);
    depot_count--;
    return bundle;
}

static void depot_empty(void)
{
    for (unsigned i = 0; i < PYMALLOC_CLASSES; i++)
        while (depot[i])
            list_give(depot_pop(i));
}

/* ---- what bins ask for */

/* Where no memory is left, what lies in the depot may make a pool of this class. */
static void *take_locked(unsigned size_class, size_t *count)
{
    if (depot[size_class]) {
        *count = pymalloc_fast_capacity(size_class);
        return depot_pop(size_class);
    }
    struct pymalloc_pool *pool = pool_with_blocks(size_class);
    if (!pool && depot_count) {
        depot_empty();
        pool = pool_with_blocks(size_class);
    }
    return pool ? pool_take(pool, count) : NULL;
}

void *fast_pools_take(unsigned size_class, size_t *count)
{
    lock_take();
    void *list = take_locked(size_class, count);
    lock_give();
    return list;
}

void fast_pools_give_bundle(unsigned size_class, void *bundle)
{
    lock_take();
    if (depot_count < DEPOT_BUNDLES)
        depot_push(size_class, bundle);
    else
        list_give(bundle);
    lock_give();
}

void fast_pools_give(void *list)
{
    lock_take();
    list_give(list);
    lock_give();
}

void fast_pools_trim(void)
{
    lock_take();
    depot_empty();
    lock_give();
}

/* ---- the whole */

static void map_close(void)
{
    for (size_t i = 0; i < sizeof pymalloc_fast_map / sizeof *pymalloc_fast_map; i++)
        if (pymalloc_fast_map[i]) {
            pymalloc_unmap(pymalloc_fast_map[i], LEAF_BYTES);
            pymalloc_fast_map[i] = NULL;
        }
}

void fast_pools_close(void)
{
    pymalloc_arenas_close(&arenas);
    map_close();
    for (unsigned i = 0; i < PYMALLOC_CLASSES; i++) {
        used[i] = &no_pool;
        depot[i] = NULL;
    }
    depot_count = 0;
}

size_t fast_pools_in_use(void)
{
    lock_take();
    size_t pools = pymalloc_arenas_pools_in_use(&arenas);
    lock_give();
    return pools;
}

/* ---- check */

static const char *check_pool(const struct pymalloc_pool *pool, unsigned size_class)
{
    if (pool->size_class != size_class || pymalloc_fast_mark_of(pool) != size_class + 1)
        return "a pool is in the list of another class, or marked as of another";
    if (is_full(pool) || pool->in_use == 0)
        return "a used pool has no block to give, or none in use";
    size_t bytes = pymalloc_class_bytes(size_class), free_blocks = 0;
    for (const void *block = pool->free; block; block = *(void *const *)block, free_blocks++) {
        uintptr_t offset = (uintptr_t)block - (uintptr_t)pool;
        if (free_blocks == carved(pool) || offset < first_offset(size_class) || offset >= pool->next_offset ||
            (offset - first_offset(size_class)) % bytes)
            return "a pool's free list leads out of its carved blocks";
    }
    return pool->in_use + free_blocks == carved(pool) ? NULL : "a pool's free blocks are not those that it counts";
}

static const char *check_depot(void)
{
    size_t bundles = 0;
    for (unsigned i = 0; i < PYMALLOC_CLASSES; i++)
        for (void *bundle = depot[i]; bundle; bundle = *bundle_next(bundle), bundles++) {
            const char *wrong = fast_pools_check_list(bundle, i, pymalloc_fast_capacity(i));
            if (wrong)
                return wrong;
        }
    return bundles == depot_count ? NULL : "the depot has other bundles than it counts";
}

static const char *check_pools(void)
{
    for (unsigned i = 0; i < PYMALLOC_CLASSES; i++) {
        const struct pymalloc_pool *previous = NULL, *pool = used[i];
        for (; pool != &no_pool; previous = pool, pool = pool->next) {
            const char *wrong = check_pool(pool, i);
            if (wrong || (previous && pool->previous != previous))
                return wrong ? wrong : "a used pool does not know the one before it";
        }
    }
    const char *wrong = check_depot();
    return wrong ? wrong : pymalloc_arenas_check(&arenas);
}

const char *fast_pools_check_list(const void *list, unsigned size_class, size_t count)
{
    size_t found = 0;
    for (const void *block = list; block && found <= count; block = *(void *const *)block, found++)
        if (pymalloc_fast_mark_of(block) != size_class + 1)
            return "a list of free blocks has one of another class";
    return found == count ? NULL : "a list of free blocks is not as long as it should be";
}

const char *fast_pools_check(void)
{
    lock_take();
    const char *wrong = check_pools();
    lock_give();
    return wrong;
}
