#define _GNU_SOURCE /* mremap */
#include "space.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/common.h"
#include "mm.h"

struct space marksweep_space;

static size_t round_up(size_t bytes, size_t unit)
{
    return (bytes + unit - 1) & ~(unit - 1);
}

/* ---- what is held */

static bool hold_at_once(size_t bytes)
{
    struct space *space = &marksweep_space;
    if (bytes > space->limit_bytes - space->held_bytes)
        return false;
    space->held_bytes += bytes;
    space->peak_before_bytes = space->peak_bytes;
    if (space->held_bytes > space->peak_bytes)
        space->peak_bytes = space->held_bytes;
    return true;
}

bool marksweep_hold(size_t bytes)
{
    struct space *space = &marksweep_space;
    if (hold_at_once(bytes))
        return true;
    size_t lacking = bytes - (space->limit_bytes - space->held_bytes);
    if (lacking > space->held_free * BLOCK_BYTES)
        return false;
    marksweep_give_back((lacking + BLOCK_BYTES - 1) / BLOCK_BYTES, true);
    return hold_at_once(bytes);
}

void marksweep_unhold(size_t bytes)
{
    marksweep_space.held_bytes -= bytes;
}

/* What was held last, and the system refused: it was never held. */
static void unhold_refused(size_t bytes)
{
    marksweep_unhold(bytes);
    marksweep_space.peak_bytes = marksweep_space.peak_before_bytes;
}

/* ---- mappings */

static void *map(size_t bytes, int protection)
{
    void *start = mmap(NULL, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return start == MAP_FAILED ? NULL : start;
}

/* Address space aligned to CHUNK_BYTES: more is mapped, and the ends are cut off. */
static void *map_aligned(size_t bytes, int protection)
{
    char *start = map(bytes + CHUNK_BYTES, protection);
    if (!start)
        return NULL;
    char *aligned = (char *)round_up((uintptr_t)start, CHUNK_BYTES);
    size_t before = (size_t)(aligned - start);
    if (before)
        munmap(start, before);
    munmap(aligned + bytes, CHUNK_BYTES - before);
    return aligned;
}

static void tell_grown(void)
{
    common_emit(&(struct mm_event){.kind = MM_EVENT_HEAP_GROWN});
}

void *marksweep_table_resize(void *table, size_t *bytes, size_t new_bytes)
{
    size_t old = *bytes;
    new_bytes = round_up(new_bytes, marksweep_space.page_bytes);
    if (new_bytes > old && !marksweep_hold(new_bytes - old))
        return NULL;
    void *resized = table ? mremap(table, old, new_bytes, MREMAP_MAYMOVE) : map(new_bytes, PROT_READ | PROT_WRITE);
    if (!resized || resized == MAP_FAILED) {
        if (new_bytes > old)
            unhold_refused(new_bytes - old);
        return NULL;
    }
    if (new_bytes < old)
        marksweep_unhold(old - new_bytes);
    *bytes = new_bytes;
    return resized;
}

void marksweep_table_free(void *table, size_t bytes)
{
    if (!table)
        return;
    munmap(table, bytes);
    marksweep_unhold(bytes);
}

/* ---- chunks and their free blocks */

static bool map_get(const uint64_t *map, size_t index)
{
    return map[index / 64] >> (index % 64) & 1;
}

static void free_add(struct chunk *chunk, size_t index, enum held held)
{
    chunk->map[held][index / 64] |= (uint64_t)1 << (index % 64);
    chunk->free[held]++;
    marksweep_space.held_free += held == HELD;
}

static void free_remove(struct chunk *chunk, size_t index, enum held held)
{
    chunk->map[held][index / 64] &= ~((uint64_t)1 << (index % 64));
    chunk->free[held]--;
    marksweep_space.held_free -= held == HELD;
}

/* A huge page is one piece: all of the chunk is held from the beginning. A small heap does without, where a chunk more
 * would be much, and so does one that has not enough left below its limit. Before the first touch, or it has no effect.
 * True: CHUNK_BYTES are held, instead of the header's. */
static bool make_huge(void *memory, size_t header_bytes)
{
    const struct space *space = &marksweep_space;
    if (space->huge_from_bytes == 0 || space->held_bytes < space->huge_from_bytes)
        return false;
    if (!hold_at_once(CHUNK_BYTES - header_bytes))
        return false;
    if (madvise(memory, CHUNK_BYTES, MADV_HUGEPAGE) == 0)
        return true;
    unhold_refused(CHUNK_BYTES - header_bytes);
    return false;
}

static struct chunk *chunk_new(void)
{
    struct space *space = &marksweep_space;
    size_t header_bytes = round_up(sizeof(struct chunk), space->page_bytes);
    if (!marksweep_hold(header_bytes))
        return NULL;
    struct chunk *chunk = map_aligned(CHUNK_BYTES, PROT_READ | PROT_WRITE);
    if (!chunk) {
        unhold_refused(header_bytes);
        return NULL;
    }
    bool huge = make_huge(chunk, header_bytes);
    chunk->mapped_bytes = CHUNK_BYTES;
    chunk->header_bytes = huge ? CHUNK_FIRST_BLOCK * BLOCK_BYTES : header_bytes;
    chunk->huge = huge;
    enum held held = chunk->huge ? HELD : UNHELD;
    for (size_t i = CHUNK_FIRST_BLOCK; i < CHUNK_BLOCKS; i++) {
        chunk->blocks[i].state = BLOCK_FREE;
        free_add(chunk, i, held);
    }
    chunk->previous = space->chunks_last;
    *(space->chunks_last ? &space->chunks_last->next : &space->chunks) = chunk;
    space->chunks_last = chunk;
    if (!space->hint[held])
        space->hint[held] = chunk;
    tell_grown();
    return chunk;
}

static void chunk_free(struct chunk *chunk)
{
    struct space *space = &marksweep_space;
    *(chunk->previous ? &chunk->previous->next : &space->chunks) = chunk->next;
    *(chunk->next ? &chunk->next->previous : &space->chunks_last) = chunk->previous;
    for (int held = UNHELD; held <= HELD; held++)
        if (space->hint[held] == chunk)
            space->hint[held] = chunk->next;
    space->held_free -= chunk->free[HELD];
    marksweep_unhold(chunk->header_bytes + chunk->free[HELD] * BLOCK_BYTES);
    munmap(chunk, CHUNK_BYTES);
}

/* The first chunk with a free block of this kind, or NULL. */
static struct chunk *chunk_with_free(enum held held)
{
    struct chunk *chunk = marksweep_space.hint[held];
    while (chunk && chunk->free[held] == 0)
        chunk = chunk->next;
    return marksweep_space.hint[held] = chunk;
}

static size_t first_free(const struct chunk *chunk, enum held held)
{
    size_t word = 0;
    while (chunk->map[held][word] == 0)
        word++;
    return word * 64 + (size_t)__builtin_ctzll(chunk->map[held][word]);
}

/* A chunk that could not be used for want of room below the limit does not stay. */
static void chunk_drop_unused(struct chunk *chunk)
{
    if (chunk->free[UNHELD] == CHUNK_USABLE)
        chunk_free(chunk);
}

/* A block that is not free any more: one that is held before one that has to be taken from the system. */
static struct block *block_take(void)
{
    if (!chunk_with_free(HELD) && !chunk_with_free(UNHELD) && !chunk_new())
        return NULL;
    enum held held = HELD;
    struct chunk *chunk = chunk_with_free(HELD);
    if (!chunk) {
        held = UNHELD;
        chunk = chunk_with_free(UNHELD);
        if (!marksweep_hold(BLOCK_BYTES)) {
            chunk_drop_unused(chunk);
            return NULL;
        }
    }
    size_t index = first_free(chunk, held);
    free_remove(chunk, index, held);
    return &chunk->blocks[index];
}

struct block *marksweep_block_new(unsigned lane)
{
    struct block *block = block_take();
    if (!block)
        return NULL;
    *block = (struct block){.state = BLOCK_CELLS, .lane = (uint8_t)lane, .swept = BLOCK_BYTES};
    return block;
}

static void blocks_free(struct chunk *chunk, size_t first, size_t count)
{
    for (size_t i = first; i < first + count; i++) {
        chunk->blocks[i] = (struct block){.state = BLOCK_FREE};
        free_add(chunk, i, HELD);
    }
    /* Nothing says which of two chunks comes first: the search begins anew. */
    marksweep_space.hint[HELD] = marksweep_space.chunks;
}

void marksweep_block_free(struct block *block)
{
    blocks_free(chunk_of(block), block_index(block), block->state == BLOCK_SPAN ? block->blocks : 1);
}

/* ---- spans */

static bool block_is_free(const struct chunk *chunk, size_t index)
{
    return map_get(chunk->map[HELD], index) || map_get(chunk->map[UNHELD], index);
}

/* The first of `count` free blocks in a row, or 0. */
static size_t find_run(const struct chunk *chunk, size_t count)
{
    size_t length = 0;
    for (size_t i = CHUNK_FIRST_BLOCK; i < CHUNK_BLOCKS; i++) {
        length = block_is_free(chunk, i) ? length + 1 : 0;
        if (length == count)
            return i + 1 - count;
    }
    return 0;
}

/* Takes free blocks in a row, zeroed. False at the limit. */
static bool run_take(struct chunk *chunk, size_t first, size_t count)
{
    enum held was[CHUNK_BLOCKS];
    size_t unheld = 0;
    for (size_t i = 0; i < count; i++) {
        was[i] = map_get(chunk->map[HELD], first + i) ? HELD : UNHELD;
        free_remove(chunk, first + i, was[i]);
        unheld += was[i] == UNHELD;
    }
    bool held = marksweep_hold(unheld * BLOCK_BYTES);
    for (size_t i = 0; i < count; i++) {
        if (!held)
            free_add(chunk, first + i, was[i]);
        else if (was[i] == HELD)
            memset((char *)chunk + (first + i) * BLOCK_BYTES, 0, BLOCK_BYTES);
    }
    return held;
}

static char *span_new(size_t count)
{
    struct chunk *chunk = marksweep_space.chunks;
    size_t first = 0;
    while (chunk && !(chunk->free[HELD] + chunk->free[UNHELD] >= count && (first = find_run(chunk, count)) != 0))
        chunk = chunk->next;
    if (!chunk) {
        chunk = chunk_new();
        first = CHUNK_FIRST_BLOCK;
    }
    if (!chunk)
        return NULL;
    if (!run_take(chunk, first, count)) {
        chunk_drop_unused(chunk);
        return NULL;
    }
    chunk->blocks[first] = (struct block){.state = BLOCK_SPAN, .blocks = (uint16_t)count};
    for (size_t i = 1; i < count; i++)
        chunk->blocks[first + i] = (struct block){.state = BLOCK_SPAN_REST};
    return block_start(&chunk->blocks[first]);
}

static bool span_resize(struct block *span, size_t count)
{
    struct chunk *chunk = chunk_of(span);
    size_t first = block_index(span), old = span->blocks;
    if (count < old) {
        blocks_free(chunk, first + count, old - count);
    } else {
        if (first + count > CHUNK_BLOCKS)
            return false;
        for (size_t i = old; i < count; i++)
            if (!block_is_free(chunk, first + i))
                return false;
        if (!run_take(chunk, first + old, count - old))
            return false;
        for (size_t i = old; i < count; i++)
            chunk->blocks[first + i] = (struct block){.state = BLOCK_SPAN_REST};
    }
    span->blocks = (uint16_t)count;
    return true;
}

/* ---- singles */

static char *single_new(size_t bytes)
{
    struct space *space = &marksweep_space;
    size_t mapped = round_up(SINGLE_HEADER_BYTES + bytes, space->page_bytes);
    if (!marksweep_hold(mapped))
        return NULL;
    struct chunk *single = map_aligned(mapped, PROT_READ | PROT_WRITE);
    if (!single) {
        unhold_refused(mapped);
        return NULL;
    }
    single->mapped_bytes = mapped;
    single->next = space->singles;
    if (single->next)
        single->next->previous = single;
    space->singles = single;
    tell_grown();
    return single_cell(single);
}

void marksweep_single_free(struct chunk *single)
{
    *(single->previous ? &single->previous->next : &marksweep_space.singles) = single->next;
    if (single->next)
        single->next->previous = single->previous;
    marksweep_unhold(single->mapped_bytes);
    munmap(single, single->mapped_bytes);
}

/* The pages of `single` become `mapped` bytes, in place or at another aligned address. NULL if the system refuses. */
static struct chunk *single_remap(struct chunk *single, size_t mapped)
{
    size_t old = single->mapped_bytes;
    if (mremap(single, old, mapped, 0) != MAP_FAILED)
        return single;
    void *target = map_aligned(mapped, PROT_NONE);
    if (!target)
        return NULL;
    if (mremap(single, old, mapped, MREMAP_MAYMOVE | MREMAP_FIXED, target) == MAP_FAILED) {
        munmap(target, mapped);
        return NULL;
    }
    return target;
}

static struct chunk *single_resize(struct chunk *single, size_t bytes)
{
    size_t old = single->mapped_bytes;
    size_t mapped = round_up(SINGLE_HEADER_BYTES + bytes, marksweep_space.page_bytes);
    if (mapped > old && !marksweep_hold(mapped - old))
        return NULL;
    struct chunk *moved = single_remap(single, mapped);
    if (!moved) {
        if (mapped > old)
            unhold_refused(mapped - old);
        return NULL;
    }
    if (mapped < old)
        marksweep_unhold(old - mapped);
    moved->mapped_bytes = mapped;
    *(moved->previous ? &moved->previous->next : &marksweep_space.singles) = moved;
    if (moved->next)
        moved->next->previous = moved;
    return moved;
}

/* ---- spans and singles alike */

static size_t blocks_for(size_t bytes)
{
    return (bytes + BLOCK_BYTES - 1) / BLOCK_BYTES;
}

char *marksweep_large_new(size_t bytes)
{
    size_t blocks = blocks_for(bytes);
    return blocks <= SPAN_MOST ? span_new(blocks) : single_new(bytes);
}

void marksweep_large_free(char *cell)
{
    if (is_single(cell)) {
        marksweep_single_free(chunk_of(cell));
        return;
    }
    struct block *span = block_of(cell);
    block_marks(span)[0] = 0; /* the cell's own bit: no other can be set */
    marksweep_block_free(span);
}

size_t marksweep_large_bytes(const char *cell)
{
    if (is_single(cell))
        return chunk_of(cell)->mapped_bytes - SINGLE_HEADER_BYTES;
    return block_of(cell)->blocks * BLOCK_BYTES;
}

/* A single stays one, and a span one, as long as it fits: what has to cross over is copied. */
char *marksweep_large_resize(char *cell, size_t bytes)
{
    size_t blocks = blocks_for(bytes);
    if (is_single(cell)) {
        struct chunk *single = blocks > SPAN_MOST / 2 ? single_resize(chunk_of(cell), bytes) : NULL;
        return single ? single_cell(single) : NULL;
    }
    return blocks <= SPAN_MOST && span_resize(block_of(cell), blocks) ? cell : NULL;
}

/* ---- giving back */

/* Gives back up to `most` blocks of a chunk, the last ones first, in runs as long as they come. */
static size_t chunk_give_back(struct chunk *chunk, size_t most)
{
    size_t given = 0;
    if (marksweep_space.page_bytes > BLOCK_BYTES)
        return 0;
    /* Or the system would fill the gaps again, of its own accord. */
    if (chunk->huge)
        madvise(chunk, CHUNK_BYTES, MADV_NOHUGEPAGE);
    chunk->huge = false;
    for (size_t end = CHUNK_BLOCKS; end > CHUNK_FIRST_BLOCK && given < most; end--) {
        size_t first = end;
        while (first > CHUNK_FIRST_BLOCK && given + (end - first) < most && map_get(chunk->map[HELD], first - 1))
            first--;
        if (first == end)
            continue;
        if (madvise((char *)chunk + first * BLOCK_BYTES, (end - first) * BLOCK_BYTES, MADV_DONTNEED))
            break;
        for (size_t i = first; i < end; i++) {
            free_remove(chunk, i, HELD);
            free_add(chunk, i, UNHELD);
        }
        given += end - first;
        end = first + 1;
    }
    marksweep_unhold(given * BLOCK_BYTES);
    return given;
}

void marksweep_give_back(size_t blocks, bool split)
{
    struct space *space = &marksweep_space;
    for (struct chunk *chunk = space->chunks_last, *previous; chunk && blocks; chunk = previous) {
        previous = chunk->previous;
        size_t held = chunk->free[HELD];
        if (held + chunk->free[UNHELD] == CHUNK_USABLE && held <= blocks) {
            chunk_free(chunk);
            blocks -= held;
        } else if (held && (split || !chunk->huge)) {
            blocks -= chunk_give_back(chunk, blocks);
        }
    }
    space->hint[UNHELD] = space->chunks;
}

void marksweep_space_open(size_t limit_bytes, size_t huge_from_bytes)
{
    marksweep_space = (struct space){
        .limit_bytes = limit_bytes ? limit_bytes : SIZE_MAX / 2,
        .huge_from_bytes = huge_from_bytes,
        .page_bytes = (size_t)sysconf(_SC_PAGESIZE),
    };
}

void marksweep_space_close(void)
{
    struct space *space = &marksweep_space;
    while (space->singles)
        marksweep_single_free(space->singles);
    for (struct chunk *chunk = space->chunks, *next; chunk; chunk = next) {
        next = chunk->next;
        munmap(chunk, CHUNK_BYTES);
    }
    *space = (struct space){0};
}
