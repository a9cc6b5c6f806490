#include "walk.h"

#include "cell.h"
#include "mm.h"
#include "sweep.h"

struct walker {
    enum walk which;
    const char *low, *high;
    marksweep_visit *visit;
    void *context;
};

static void visit_cell(const struct walker *walker, char *cell)
{
    void *payload = cell + MARKSWEEP_HEADER_BYTES;
    uintptr_t header = *cell_header(payload);
    if (header != 0 && (walker->which != WALK_MARKED || is_marked(payload)))
        walker->visit(payload, header, walker->context);
}

static void walk_cells(const struct walker *walker, struct block *block)
{
    size_t cell_bytes = marksweep_class_bytes(block->class), end = class_block_bytes(block->class);
    char *start = block_start(block);
    for (size_t offset = 0; offset < end; offset += cell_bytes)
        if (walker->which != WALK_IN_USE || marksweep_cell_in_use(block, offset))
            visit_cell(walker, start + offset);
}

static void walk_chunk(const struct walker *walker, struct chunk *chunk)
{
    for (size_t i = CHUNK_FIRST_BLOCK; i < CHUNK_BLOCKS; i++) {
        struct block *block = &chunk->blocks[i];
        char *start = block_start(block);
        if (start > walker->high || start + BLOCK_BYTES <= walker->low)
            continue;
        if (block->state == BLOCK_CELLS)
            walk_cells(walker, block);
        else if (block->state == BLOCK_SPAN)
            visit_cell(walker, start);
    }
}

void marksweep_walk(enum walk which, const char *low, const char *high, marksweep_visit *visit, void *context)
{
    struct walker walker = {which, low, high, visit, context};
    for (struct chunk *chunk = marksweep_space.chunks; chunk; chunk = chunk->next)
        walk_chunk(&walker, chunk);
    for (struct chunk *single = marksweep_space.singles; single; single = single->next)
        if (single_cell(single) <= high && single_cell(single) + BLOCK_BYTES > low)
            visit_cell(&walker, single_cell(single));
}
