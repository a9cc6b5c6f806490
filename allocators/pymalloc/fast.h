/* pymalloc_fast: pymalloc's structure, arenas of pools of one size class each, made for speed and for threads.
 *
 * What differs from pymalloc, and what each is worth, is in README.md. A thread has a bin per size class, a list of
 * free blocks from any pools; malloc and free move blocks between their caller and the bin, and touch no pool:
 *
 *      caller  <-- a block -->  bin, and a spare one that is full  <-- a list, under the lock -->  depot, pools in
 * arenas
 *              |__________________ the thread's own ____________|       |____________ all threads' ____________|
 *
 * `free` learns a block's class, and whether it is ours at all, from a map with a byte per pool.
 *
 * Invariants: a block is with a caller, in one bin, in the depot, or in its pool's list; only the last is not counted
 * in the pool's `in_use`. A bin has at most as many blocks as one pool (its capacity), and room for the rest. */
#ifndef PYMALLOC_FAST_H
#define PYMALLOC_FAST_H

#include "arena.h"
#include "other.h"

enum {
    PYMALLOC_FAST_POOL_BITS = 16,
    PYMALLOC_FAST_POOL_BYTES = 1 << PYMALLOC_FAST_POOL_BITS,
    PYMALLOC_FAST_ARENA_BYTES = PYMALLOC_ARENA_POOLS_MAX * PYMALLOC_FAST_POOL_BYTES,
    PYMALLOC_FAST_LEAF_BITS = 14, /* a leaf of the map covers a GiB */
    PYMALLOC_FAST_ADDRESS_BITS = 48,
    PYMALLOC_FAST_ROOT_BITS = PYMALLOC_FAST_ADDRESS_BITS - PYMALLOC_FAST_LEAF_BITS - PYMALLOC_FAST_POOL_BITS,
};

struct pymalloc_fast_bin {
    void *first; /* a pointer to the next at the begin of each */
    size_t room; /* for so many more */
};

/* Zeroed, before the thread is known: no block, no room; so the first call of each kind takes the slow path. */
struct pymalloc_fast_bins {
    struct pymalloc_fast_bin of[PYMALLOC_CLASSES];
    void *spare[PYMALLOC_CLASSES]; /* a full bin's list, or NULL */
};

extern _Thread_local struct pymalloc_fast_bins pymalloc_fast_bins;

/* 0: not ours; else the class of the pool that the address is in, plus 1. Leaves are made where arenas are. Written
 * under the lock, read without: who has a block of ours has it from a thread that saw its mark. */
extern unsigned char *pymalloc_fast_map[(size_t)1 << PYMALLOC_FAST_ROOT_BITS];

/* The bin is empty: fills it, and takes one; asks the other allocator if there is no memory for a pool. */
void *pymalloc_fast_fill_slow(unsigned size_class);
/* The bin is full: it becomes the spare one, which goes to the depot; then the block is taken. */
void pymalloc_fast_spill_slow(unsigned size_class, void *block);

/* ---- small blocks */

static inline void *pymalloc_fast_small(unsigned size_class)
{
    struct pymalloc_fast_bin *bin = &pymalloc_fast_bins.of[size_class];
    void *block = bin->first;
    if (__builtin_expect(!block, 0))
        return pymalloc_fast_fill_slow(size_class);
    bin->first = *(void **)block;
    bin->room++;
    return block;
}

static inline size_t pymalloc_fast_capacity(unsigned size_class)
{
    return PYMALLOC_FAST_POOL_BYTES / pymalloc_class_bytes(size_class);
}

static inline unsigned pymalloc_fast_mark_of(const void *block)
{
    uintptr_t pool = (uintptr_t)block >> PYMALLOC_FAST_POOL_BITS;
    const unsigned char *leaf = __atomic_load_n(&pymalloc_fast_map[pool >> PYMALLOC_FAST_LEAF_BITS], __ATOMIC_RELAXED);
    if (__builtin_expect(!leaf, 0))
        return 0;
    return __atomic_load_n(&leaf[pool & (((uintptr_t)1 << PYMALLOC_FAST_LEAF_BITS) - 1)], __ATOMIC_RELAXED);
}

static inline bool pymalloc_fast_owns(const void *block)
{
    return pymalloc_fast_mark_of(block) != 0;
}

/* Of a block that is owned, as the next. */
static inline size_t pymalloc_fast_small_bytes(const void *block)
{
    return pymalloc_class_bytes(pymalloc_fast_mark_of(block) - 1);
}

static inline void pymalloc_fast_small_free(void *block, unsigned size_class)
{
    struct pymalloc_fast_bin *bin = &pymalloc_fast_bins.of[size_class];
    if (__builtin_expect(bin->room == 0, 0)) {
        pymalloc_fast_spill_slow(size_class, block);
        return;
    }
    bin->room--;
    *(void **)block = bin->first;
    bin->first = block;
}

/* ---- blocks of any size */

static inline void *pymalloc_fast_malloc(size_t bytes)
{
    return __builtin_expect(pymalloc_is_small(bytes), 1) ? pymalloc_fast_small(pymalloc_class(bytes))
                                                         : other_malloc(bytes);
}

static inline void pymalloc_fast_free(void *block)
{
    unsigned mark = pymalloc_fast_mark_of(block);
    if (__builtin_expect(mark != 0, 1))
        pymalloc_fast_small_free(block, mark - 1);
    else
        other_free(block);
}

void *pymalloc_fast_calloc(size_t count, size_t bytes);

/* A block of the other allocator stays there, however small it becomes. */
void *pymalloc_fast_realloc(void *block, size_t bytes);

/* ---- the whole */

/* Empties the calling thread's bins into the pools; at a thread's end it is done by itself. */
void pymalloc_fast_flush(void);

/* The same, and the depot's blocks go back to the pools, too. */
void pymalloc_fast_trim(void);

/* Gives everything back; no block may be in use, and no other thread may have used it since its bins were flushed. */
void pymalloc_fast_close(void);

/* NULL if every invariant holds for the pools and the calling thread's bins, else a sentence that says which does not.
 */
const char *pymalloc_fast_check(void);

/* Pools with blocks that callers, bins or the depot have. */
size_t pymalloc_fast_pools_in_use(void);

#endif
