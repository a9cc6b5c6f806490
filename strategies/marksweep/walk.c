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

static bool is_meant(const struct walker *walker, const void *payload)
{
    switch (walker->which) {
    case WALK_MARKED: return is_marked(payload);
    case WALK_FROZEN: return is_frozen(payload);
    default: return true;
    }
}

static void visit_cell(const struct walker *walker, void *payload)
{
    if (is_meant(walker, payload))
        walker->visit(payload, header_of(payload), walker->context);
}

static void walk_cells(const struct walker *walker, struct block *block)
{
    size_t cell_bytes = block_cell_bytes(block), end = cells_end(cell_bytes), header_bytes = block_header_bytes(block);
    char *start = block_start(block);
    for (size_t offset = 0; offset < end; offset += cell_bytes)
        if (walker->which != WALK_IN_USE || marksweep_cell_in_use(block, offset))
            visit_cell(walker, start + offset + header_bytes);
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
            visit_cell(walker, start + MARKSWEEP_HEADER_BYTES);
    }
}

void marksweep_walk(enum walk which, const char *low, const char *high, marksweep_visit *visit, void *context)
{
    struct walker walker = {which, low, high, visit, context};
    for (struct chunk *chunk = marksweep_space.chunks; chunk; chunk = chunk->next)
        walk_chunk(&walker, chunk);
    for (struct chunk *single = marksweep_space.singles; single; single = single->next)
        if (single_cell(single) <= high && single_cell(single) + BLOCK_BYTES > low)
            visit_cell(&walker, single_cell(single) + MARKSWEEP_HEADER_BYTES);
}
