#include "sweep.h"

#include <string.h>

#include "cell.h"
#include "collect.h"
#include "mm.h"

struct lane {
    struct block *sweeping; /* up to its `swept` */
    struct block *waiting, **waiting_end;
    char *hole_end; /* of the hole that the cursor is in: its limit, unless every allocation is to be slow */
};

static struct lane lanes[MARKSWEEP_CLASSES];
static bool all_slow;

static void cursor_set(unsigned class, char *begin, char *end)
{
    lanes[class].hole_end = end;
    marksweep_heap.cursors[class] = (struct marksweep_cursor){begin, all_slow ? begin : end};
}

void marksweep_sweep_reset(void)
{
    for (unsigned class = 0; class < MARKSWEEP_CLASSES; class ++) {
        lanes[class] = (struct lane){.waiting_end = &lanes[class].waiting};
        cursor_set(class, NULL, NULL);
    }
}

void marksweep_sweep_open(bool slow)
{
    all_slow = slow;
    marksweep_sweep_reset();
}

const char *marksweep_hole_end(unsigned class)
{
    return lanes[class].hole_end;
}

bool marksweep_cell_in_use(const struct block *block, size_t offset)
{
    const char *cell = block_start(block) + offset;
    if (*(const uintptr_t *)(const void *)cell == 0)
        return false;
    return offset < block->swept || block_is_marked(block_marks(block), offset);
}

/* Sweeps a block up to the end of its next hole, which becomes the class's. False if there is none. */
static bool sweep_hole(struct block *block)
{
    unsigned class = block->class;
    size_t cell_bytes = marksweep_class_bytes(class), end = class_block_bytes(class);
    const uint64_t *marks = block_marks(block);
    size_t begin = block->swept;
    while (begin < end && block_is_marked(marks, begin))
        begin += cell_bytes;
    size_t hole_end = begin;
    while (hole_end < end && !block_is_marked(marks, hole_end))
        hole_end += cell_bytes;
    block->swept = (uint32_t)hole_end;
    if (begin == hole_end)
        return false;
    char *start = block_start(block);
    memset(start + begin, 0, hole_end - begin);
    cursor_set(class, start + begin, start + hole_end);
    marksweep_collector.since_bytes += hole_end - begin;
    return true;
}

static bool next_hole(unsigned class)
{
    struct lane *lane = &lanes[class];
    for (;;) {
        if (lane->sweeping && sweep_hole(lane->sweeping))
            return true;
        lane->sweeping = lane->waiting;
        if (!lane->sweeping)
            return false;
        lane->waiting = lane->sweeping->next;
    }
}

static bool whole_block(unsigned class)
{
    struct block *block = marksweep_block_new(class);
    if (!block)
        return false;
    char *start = block_start(block);
    cursor_set(class, start, start + class_block_bytes(class));
    marksweep_collector.since_bytes += BLOCK_BYTES;
    return true;
}

char *marksweep_cell_new(size_t bytes)
{
    if (bytes > MARKSWEEP_CELL_MOST) {
        char *cell = marksweep_large_new(bytes);
        if (cell)
            marksweep_collector.since_bytes += marksweep_large_bytes(cell);
        return cell;
    }
    unsigned class = marksweep_class(bytes - MARKSWEEP_HEADER_BYTES);
    struct marksweep_cursor *cursor = &marksweep_heap.cursors[class];
    if (cursor->next == lanes[class].hole_end && !next_hole(class) && !whole_block(class))
        return NULL;
    char *cell = cursor->next;
    cursor->next += marksweep_class_bytes(class);
    if (all_slow)
        cursor->limit = cursor->next;
    return cell;
}

/* ---- after marking */

static void block_wait(struct block *block)
{
    struct lane *lane = &lanes[block->class];
    block->swept = 0;
    block->next = NULL;
    *lane->waiting_end = block;
    lane->waiting_end = &block->next;
}

static void chunk_sort(struct chunk *chunk)
{
    for (size_t i = CHUNK_FIRST_BLOCK; i < CHUNK_BLOCKS; i++) {
        struct block *block = &chunk->blocks[i];
        if (block->state == BLOCK_CELLS && block_has_marks(block_marks(block)))
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
