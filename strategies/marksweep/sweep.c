#include "sweep.h"

#include <string.h>

#include "cell.h"
#include "collect.h"

enum {
    PORTION_BYTES = 1024,  /* of a hole, zeroed at once: it stays in the nearest cache until it is allocated */
    AHEAD_BYTES = 2048,    /* from a portion to what is fetched while it is allocated */
    CACHE_LINE_BYTES = 64, /* or a multiple of it, where they are smaller */
};

/* What would have the lane of a type's shape, and how many bytes it was seen to allocate: it has to be more than all
 * others together (Boyer and Moore's majority). */
struct candidate {
    const struct mm_type *type;
    size_t bytes;
};

static struct candidate candidates[MARKSWEEP_TYPES];

static size_t own_from;
static bool all_slow;

static void hole_set(struct marksweep_lane *lane, char *begin, char *end)
{
    lane->next = lane->limit = begin;
    lane->hole_end = end;
}

/* ---- counts: in blocks of types by portions, so that the fast path does without */

/* Cells of [next, limit): counted as allocated since the portion began, and not allocated yet. */
static size_t cells_ahead(const struct marksweep_lane *lane)
{
    return (size_t)(lane->limit - lane->next) / lane->cell_bytes;
}

struct common_counts marksweep_counts(void)
{
    struct common_counts counts = marksweep_heap.counts;
    for (unsigned i = MARKSWEEP_CLASSES; i < MARKSWEEP_LANES; i++) {
        const struct marksweep_lane *lane = &marksweep_heap.lanes[i];
        size_t ahead = lane->type ? cells_ahead(lane) : 0;
        counts.objects_allocated -= ahead;
        counts.bytes_allocated -= ahead ? ahead * lane->type->size : 0;
    }
    return counts;
}

static void portion_count(const struct marksweep_lane *lane)
{
    size_t cells = cells_ahead(lane);
    marksweep_heap.counts.objects_allocated += cells;
    marksweep_heap.counts.bytes_allocated += cells * lane->type->size;
}

/* ---- lanes */

void marksweep_sweep_reset(void)
{
    marksweep_heap.counts = marksweep_counts();
    for (unsigned i = 0; i < MARKSWEEP_LANES; i++) {
        struct marksweep_lane *lane = &marksweep_heap.lanes[i];
        lane->sweeping = lane->waiting = NULL;
        lane->waiting_end = &lane->waiting;
        hole_set(lane, NULL, NULL);
    }
}

static void lane_divide(struct marksweep_lane *lane, size_t cell_bytes)
{
    size_t portion_cells = all_slow || cell_bytes > PORTION_BYTES ? 1 : PORTION_BYTES / cell_bytes;
    lane->cell_bytes = (uint32_t)cell_bytes;
    lane->portion_bytes = (uint32_t)(portion_cells * cell_bytes);
}

void marksweep_sweep_open(size_t own_from_bytes, bool slow)
{
    own_from = own_from_bytes;
    memset(candidates, 0, sizeof candidates);
    all_slow = slow;
    for (unsigned class = 2; class < MARKSWEEP_CLASSES; class ++)
        lane_divide(&marksweep_heap.lanes[class], marksweep_class_bytes(class));
    marksweep_sweep_reset();
}

/* Where cells have headers, a buffer is dropped at any time, marked or not: its header then says so. */
bool marksweep_cell_in_use(const struct block *block, size_t offset)
{
    const struct marksweep_lane *lane = block_lane(block);
    const char *cell = block_start(block) + offset;
    if (offset < block->swept ? cell >= lane->next && cell < lane->hole_end
                              : !marks_get(block_marks(block), offset + block_header_bytes(block)))
        return false;
    return lane->type || *(const uintptr_t *)(const void *)cell != 0;
}

/* Sweeps a block up to the end of its next hole, which becomes the lane's. False if there is none. */
static bool sweep_hole(struct marksweep_lane *lane, struct block *block)
{
    size_t cell_bytes = block_cell_bytes(block), end = cells_end(cell_bytes), header_bytes = block_header_bytes(block);
    const uint64_t *marks = block_marks(block);
    size_t begin = block->swept;
    while (begin < end && marks_get(marks, begin + header_bytes))
        begin += cell_bytes;
    size_t hole_end = begin;
    while (hole_end < end && !marks_get(marks, hole_end + header_bytes))
        hole_end += cell_bytes;
    block->swept = (uint32_t)hole_end;
    if (begin == hole_end)
        return false;
    char *start = block_start(block);
    hole_set(lane, start + begin, start + hole_end);
    marksweep_collector.since_bytes += hole_end - begin;
    return true;
}

static bool next_hole(struct marksweep_lane *lane)
{
    for (;;) {
        if (lane->sweeping && sweep_hole(lane, lane->sweeping))
            return true;
        lane->sweeping = lane->waiting;
        if (!lane->sweeping)
            return false;
        lane->waiting = lane->sweeping->next;
    }
}

static bool whole_block(struct marksweep_lane *lane)
{
    struct block *block = marksweep_block_new((unsigned)(lane - marksweep_heap.lanes));
    if (!block)
        return false;
    char *start = block_start(block);
    hole_set(lane, start, start + cells_end(block_cell_bytes(block)));
    marksweep_collector.since_bytes += BLOCK_BYTES;
    return true;
}

/* What follows a hole is fetched too: often it is the next one. */
static void fetch(const char *begin, size_t bytes)
{
    for (size_t i = 0; i < bytes; i += CACHE_LINE_BYTES)
        __builtin_prefetch(begin + i, 1);
}

/* Zeroes cells for the cursor to go through: a portion of a hole. False if there is no hole any more, and no block. */
static bool next_portion(struct marksweep_lane *lane)
{
    if (lane->next == lane->hole_end && !next_hole(lane) && !whole_block(lane))
        return false;
    size_t bytes = lane->portion_bytes;
    if (bytes > (size_t)(lane->hole_end - lane->next))
        bytes = (size_t)(lane->hole_end - lane->next);
    lane->limit = lane->next + bytes;
    fetch(lane->next + AHEAD_BYTES, bytes < PORTION_BYTES ? bytes : PORTION_BYTES);
    memset(lane->next, 0, bytes);
    if (lane->type)
        portion_count(lane);
    return true;
}

char *marksweep_lane_cell(struct marksweep_lane *lane)
{
    if (lane->next == lane->limit && !next_portion(lane))
        return NULL;
    char *cell = lane->next;
    lane->next += lane->cell_bytes;
    return cell;
}

char *marksweep_cell_new(size_t bytes)
{
    if (bytes <= MARKSWEEP_CELL_MOST)
        return marksweep_lane_cell(&marksweep_heap.lanes[marksweep_class(bytes - MARKSWEEP_HEADER_BYTES)]);
    char *cell = marksweep_large_new(bytes);
    if (cell)
        marksweep_collector.since_bytes += marksweep_large_bytes(cell);
    return cell;
}

/* ---- types with blocks of their own */

/* Called where a portion begins, not at each allocation: the type stands for what is in it. */
static bool lane_claim(struct marksweep_lane *lane, const struct mm_type *type)
{
    struct candidate *candidate = &candidates[lane - marksweep_heap.lanes - MARKSWEEP_CLASSES];
    size_t bytes = all_slow || type->size > PORTION_BYTES ? type->size : PORTION_BYTES;
    if (candidate->bytes == 0)
        candidate->type = type;
    if (candidate->type != type) {
        candidate->bytes -= bytes < candidate->bytes ? bytes : candidate->bytes;
        return false;
    }
    candidate->bytes += bytes;
    if (candidate->bytes <= own_from)
        return false;
    lane->type = type;
    lane_divide(lane, marksweep_class_bytes(marksweep_own_class(type)));
    return true;
}

struct marksweep_lane *marksweep_lane_own(const struct mm_type *type)
{
    if (!marksweep_may_own(type))
        return NULL;
    struct marksweep_lane *lane = &marksweep_heap.lanes[marksweep_own_lane(type)];
    return lane->type == type || (!lane->type && lane_claim(lane, type)) ? lane : NULL;
}

/* ---- after marking */

static void block_wait(struct block *block)
{
    struct marksweep_lane *lane = block_lane(block);
    block->swept = 0;
    block->next = NULL;
    *lane->waiting_end = block;
    lane->waiting_end = &block->next;
}

static void chunk_sort(struct chunk *chunk)
{
    for (size_t i = CHUNK_FIRST_BLOCK; i < CHUNK_BLOCKS; i++) {
        struct block *block = &chunk->blocks[i];
        if (block->state == BLOCK_CELLS && block_has_bits(block_marks(block)))
            block_wait(block);
        else if (block->state == BLOCK_CELLS || (block->state == BLOCK_SPAN && !(block_marks(block)[0] & 1)))
            marksweep_block_free(block);
    }
}

void marksweep_sweep_begin(void)
{
    for (struct chunk *chunk = marksweep_space.chunks; chunk; chunk = chunk->next)
        chunk_sort(chunk);
    for (struct chunk *single = marksweep_space.singles, *next; single; single = next) {
        next = single->next;
        if (!is_marked(single_cell(single) + MARKSWEEP_HEADER_BYTES))
            marksweep_single_free(single);
    }
}
