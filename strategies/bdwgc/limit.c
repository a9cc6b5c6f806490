/* limit.c: what libgc holds, and its limit.
 *
 * libgc's heap does not shrink, though it gives pages of free blocks back. Where an earlier heap of this process had
 * more than this one may have, what is too much is taken out of use: ballast, blocks that nobody uses or touches. They
 * do not count as held. */
#include <errno.h>
#include <gc/gc.h>

#include "internal.h"

enum {
    BLOCK_BYTES = 4096, /* HBLKSIZE in libgc's gc_priv.h */
    PIECES = 4096,      /* ballast is taken in about so many */
};

struct ballast {
    struct ballast *next;
    size_t bytes;
};

static struct ballast *ballast;
static size_t ballast_bytes, peak_bytes;

size_t bdwgc_held_bytes(void)
{
    return GC_get_heap_size() - ballast_bytes;
}

void bdwgc_peak_note(void)
{
    if (bdwgc_held_bytes() > peak_bytes)
        peak_bytes = bdwgc_held_bytes();
}

size_t bdwgc_peak_bytes(void)
{
    bdwgc_peak_note();
    return peak_bytes;
}

void bdwgc_peak_reset(void)
{
    peak_bytes = bdwgc_held_bytes();
}

static bool ballast_take(size_t bytes)
{
    struct ballast *block = GC_malloc_atomic_uncollectable(bytes);
    if (!block)
        return false;
    *block = (struct ballast){ballast, GC_size(block)};
    ballast = block;
    ballast_bytes += block->bytes;
    return true;
}

/* What may be held at once: given back pages may be taken again. */
static size_t within_reach_bytes(void)
{
    return GC_get_heap_size() + GC_get_unmapped_bytes() - ballast_bytes;
}

/* Small pieces come from the smallest free blocks first, and leave the largest whole. */
static size_t ballast_piece(size_t excess_bytes)
{
    size_t blocks = (excess_bytes / PIECES + BLOCK_BYTES - 1) / BLOCK_BYTES;
    return (blocks ? blocks : 1) * BLOCK_BYTES;
}

int bdwgc_limit_open(size_t limit_bytes)
{
    if (limit_bytes == 0) {
        GC_set_max_heap_size(0);
        bdwgc_peak_reset();
        return 0;
    }
    GC_set_max_heap_size(1); /* no growth while ballast is taken */
    GC_disable();
    while (within_reach_bytes() > limit_bytes && ballast_take(ballast_piece(within_reach_bytes() - limit_bytes)))
        ;
    GC_enable();
    if (within_reach_bytes() > limit_bytes)
        return -ENOMEM;
    GC_set_max_heap_size(limit_bytes + ballast_bytes);
    bdwgc_peak_reset();
    return 0;
}

void bdwgc_limit_close(void)
{
    GC_set_max_heap_size(0);
    while (ballast) {
        struct ballast *next = ballast->next;
        GC_free(ballast);
        ballast = next;
    }
    ballast_bytes = 0;
}
