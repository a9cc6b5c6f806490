#define _GNU_SOURCE /* mremap */

#include "common/bump.h"

#include <assert.h>
#include <sys/mman.h>

#include "common/common.h"
#include "mm.h"

enum { PAGE_BYTES = 4096, HUGE_BYTES = 2 << 20 };

static size_t round_to_pages(size_t bytes)
{
    return (bytes + PAGE_BYTES - 1) & ~(size_t)(PAGE_BYTES - 1);
}

void bump_open(struct bump *bump, size_t chunk_bytes, size_t limit_bytes)
{
    assert(chunk_bytes <= BUMP_CHUNK_MAX);
    size_t rounded = round_to_pages(chunk_bytes);
    *bump = (struct bump){
        .chunk_bytes = rounded,
        .large_bytes = rounded / 8,
        .limit_bytes = limit_bytes ? limit_bytes : SIZE_MAX,
    };
}

static void hold(struct bump *bump, size_t bytes)
{
    bump->held_bytes += bytes;
    if (bump->held_bytes > bump->peak_bytes)
        bump->peak_bytes = bump->held_bytes;
    common_emit(&(struct mm_event){.kind = MM_EVENT_HEAP_GROWN});
}

static void unmap(struct bump *bump, struct bump_mapping *mapping)
{
    bump->held_bytes -= mapping->bytes;
    munmap(mapping, mapping->bytes);
}

static void spares_trim(struct bump *bump, size_t limit_bytes)
{
    while (bump->spares && bump->spare_bytes > limit_bytes) {
        struct bump_mapping *spare = bump->spares;
        bump->spares = spare->older;
        bump->spare_bytes -= spare->bytes;
        unmap(bump, spare);
    }
}

/* True if `bytes` more may be held, if need be after giving back the spares. */
static bool has_room(struct bump *bump, size_t bytes)
{
    if (bytes > bump->limit_bytes - bump->held_bytes)
        spares_trim(bump, 0);
    return bytes <= bump->limit_bytes - bump->held_bytes;
}

static char *map_pages(size_t bytes)
{
    char *pages = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return pages == MAP_FAILED ? NULL : pages;
}

/* The system gives a huge page only where a whole one fits: so map more, and cut off what is before and behind. */
static char *map_huge(size_t bytes)
{
    char *pages = map_pages(bytes + HUGE_BYTES);
    if (!pages)
        return NULL;
    size_t before = -(uintptr_t)pages % HUGE_BYTES;
    if (before)
        munmap(pages, before);
    munmap(pages + before + bytes, HUGE_BYTES - before);
    madvise(pages + before, bytes, MADV_HUGEPAGE); /* advice: without it the run is slower, nothing else */
    return pages + before;
}

static struct bump_mapping *map(struct bump *bump, size_t bytes)
{
    bool huge = bump->huge_pages && bytes % HUGE_BYTES == 0;
    struct bump_mapping *mapping = (struct bump_mapping *)(void *)(huge ? map_huge(bytes) : map_pages(bytes));
    if (!mapping)
        return NULL;
    mapping->bytes = bytes;
    hold(bump, bytes);
    return mapping;
}

/* ---- chunks */

static struct bump_mapping *spare_take(struct bump *bump, size_t bytes)
{
    for (struct bump_mapping **link = &bump->spares; *link; link = &(*link)->older) {
        struct bump_mapping *spare = *link;
        if (spare->bytes < bytes)
            continue;
        *link = spare->older;
        bump->spare_bytes -= spare->bytes;
        return spare;
    }
    return NULL;
}

/* A chunk of at least `bytes`. Near the limit it is as long as the limit allows, so that the last byte can be used. */
static struct bump_mapping *chunk_take(struct bump *bump, size_t bytes)
{
    struct bump_mapping *spare = spare_take(bump, bytes);
    if (spare)
        return spare;
    if (has_room(bump, bump->chunk_bytes)) {
        struct bump_mapping *chunk = map(bump, bump->chunk_bytes);
        if (chunk)
            return chunk;
    }
    size_t left = (bump->limit_bytes - bump->held_bytes) & ~(size_t)(PAGE_BYTES - 1);
    size_t least = round_to_pages(bytes);
    if (left >= bump->chunk_bytes) /* it is the system that has no more */
        left = least;
    return left < least ? NULL : map(bump, left);
}

void *bump_take_slow(struct bump *bump, size_t bytes)
{
    bump_counts(bump);
    if (bytes > bump->large_bytes)
        return bump_large_take(bump, bytes);
    struct bump_mapping *chunk = chunk_take(bump, sizeof *chunk + bytes);
    if (!chunk)
        return NULL;
    chunk->older = bump->chunks;
    bump->chunks = chunk;
    uintptr_t block = (uintptr_t)(chunk + 1);
    bump->cur = block + bytes;
    bump->end = (uintptr_t)chunk + chunk->bytes;
    return (void *)block;
}

/* ---- larges */

void *bump_large_take(struct bump *bump, size_t bytes)
{
    size_t needed = round_to_pages(sizeof(struct bump_mapping) + bytes);
    struct bump_mapping *large = has_room(bump, needed) ? map(bump, needed) : NULL;
    if (!large)
        return NULL;
    large->serial = bump->next_serial++;
    large->older = bump->larges;
    if (large->older)
        large->older->newer = large;
    bump->larges = large;
    return large + 1;
}

static void large_relink(struct bump *bump, struct bump_mapping *large)
{
    if (large->newer)
        large->newer->older = large;
    else
        bump->larges = large;
    if (large->older)
        large->older->newer = large;
}

void *bump_large_resize(struct bump *bump, void *block, size_t bytes)
{
    struct bump_mapping *large = (struct bump_mapping *)block - 1;
    size_t old = large->bytes;
    size_t needed = round_to_pages(sizeof *large + bytes);
    if (needed == old)
        return block;
    if (needed > old && !has_room(bump, needed - old))
        return NULL;
    large = mremap(large, old, needed, MREMAP_MAYMOVE);
    if (large == MAP_FAILED)
        return NULL;
    large->bytes = needed;
    large_relink(bump, large);
    if (needed > old)
        hold(bump, needed - old);
    else
        bump->held_bytes -= old - needed;
    return large + 1;
}

static void large_unlink(struct bump *bump, struct bump_mapping *large)
{
    if (large->newer)
        large->newer->older = large->older;
    else
        bump->larges = large->older;
    if (large->older)
        large->older->newer = large->newer;
}

void bump_large_give(struct bump *bump, void *block)
{
    struct bump_mapping *large = (struct bump_mapping *)block - 1;
    large_unlink(bump, large);
    unmap(bump, large);
}

/* ---- resetting */

void bump_reset_slow(struct bump *bump, const struct bump_position *position)
{
    while (bump->larges && bump->larges->serial >= position->serial)
        bump_large_give(bump, bump->larges + 1);
    while (bump->chunks != position->chunk) {
        struct bump_mapping *chunk = bump->chunks;
        bump->chunks = chunk->older;
        chunk->older = bump->spares;
        bump->spares = chunk;
        bump->spare_bytes += chunk->bytes;
    }
    spares_trim(bump, bump->spare_limit_bytes);
    bump->cur = position->cur;
    bump->end = bump->chunks ? (uintptr_t)bump->chunks + bump->chunks->bytes : 0;
}

void bump_close(struct bump *bump)
{
    const struct bump_position start = {0, NULL, 0};
    bump_reset_slow(bump, &start);
    spares_trim(bump, 0);
}

void bump_reset_peak(struct bump *bump)
{
    bump->peak_bytes = bump->held_bytes;
}

/* ---- the invariants */

static size_t list_bytes(const struct bump_mapping *newest)
{
    size_t bytes = 0;
    for (const struct bump_mapping *mapping = newest; mapping; mapping = mapping->older)
        bytes += mapping->bytes;
    return bytes;
}

static const char *larges_check(const struct bump *bump)
{
    const struct bump_mapping *newer = NULL;
    for (const struct bump_mapping *large = bump->larges; large; newer = large, large = large->older) {
        if (large->newer != newer)
            return "bump: a large mapping's link to the newer one is wrong";
        if (large->serial >= (newer ? newer->serial : bump->next_serial))
            return "bump: large mappings are not in the order of their serial numbers";
    }
    return NULL;
}

static const char *free_check(const struct bump *bump)
{
    if (bump->free_is_zero)
        for (uintptr_t word = bump->cur; word < bump->end; word += sizeof(uint64_t))
            if (*(const uint64_t *)word)
                return "bump: free memory that should be zero is not";
    return NULL;
}

const char *bump_check(const struct bump *bump)
{
    size_t spare_bytes = list_bytes(bump->spares);
    if (spare_bytes != bump->spare_bytes)
        return "bump: the spare chunks' bytes do not add up";
    if (spare_bytes + list_bytes(bump->chunks) + list_bytes(bump->larges) != bump->held_bytes)
        return "bump: the mappings' bytes do not add up to what is held";
    if (bump->held_bytes > bump->limit_bytes)
        return "bump: more is held than the limit allows";
    if (bump->held_bytes > bump->peak_bytes)
        return "bump: more is held than the peak";
    if (bump->cur % 8 || bump->cur > bump->end)
        return "bump: the free part of the chunk is out of order";
    const struct bump_mapping *chunk = bump->chunks;
    if (chunk ? bump->cur < (uintptr_t)(chunk + 1) || bump->end != (uintptr_t)chunk + chunk->bytes : bump->end != 0)
        return "bump: the free part is not in the newest chunk";
    const char *wrong = larges_check(bump);
    return wrong ? wrong : free_check(bump);
}
