/* map.h: whether an address is in an arena of pymalloc's: a radix tree over 48-bit addresses, as CPython 3.10 and
 * later.
 *
 *    bit 47        38 37        28 27      20 19                  0
 *       +------------+------------+----------+---------------------+
 *       | top, 10    | middle, 10 | bottom, 8| offset, 20          |
 *       +------------+------------+----------+---------------------+
 *
 * An arena has 2^20 bytes but is only page-aligned, so it lies across two entries of the bottom: the first has it from
 * offset `from` on (0: none begins here), the second up to offset `to`. Nodes are never freed before the end. */
#ifndef PYMALLOC_MAP_H
#define PYMALLOC_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PYMALLOC_ARENA_BITS = 20,
    PYMALLOC_MAP_TOP_BITS = 10,
    PYMALLOC_MAP_MIDDLE_BITS = 10,
    PYMALLOC_MAP_BOTTOM_BITS = 8,
};

struct pymalloc_map_entry {
    int32_t to;   /* offsets below are in an arena */
    int32_t from; /* this offset and those above are, if it is not 0 */
};

struct pymalloc_map_bottom {
    struct pymalloc_map_entry entries[1 << PYMALLOC_MAP_BOTTOM_BITS];
};

struct pymalloc_map_middle {
    struct pymalloc_map_bottom *bottoms[1 << PYMALLOC_MAP_MIDDLE_BITS];
};

extern struct pymalloc_map_middle *pymalloc_map_top[1 << PYMALLOC_MAP_TOP_BITS];

/* Marks an arena as ours or not. False if a node is lacking and the system has no memory for it. */
bool pymalloc_map_mark(const char *arena, size_t bytes, bool ours);

/* Frees every node. */
void pymalloc_map_close(void);

static inline size_t pymalloc_map_index(uintptr_t address, unsigned below, unsigned bits)
{
    return address >> below & (((uintptr_t)1 << bits) - 1);
}

static inline size_t pymalloc_map_bottom_index(uintptr_t address)
{
    return pymalloc_map_index(address, PYMALLOC_ARENA_BITS, PYMALLOC_MAP_BOTTOM_BITS);
}

static inline size_t pymalloc_map_middle_index(uintptr_t address)
{
    return pymalloc_map_index(address, PYMALLOC_ARENA_BITS + PYMALLOC_MAP_BOTTOM_BITS, PYMALLOC_MAP_MIDDLE_BITS);
}

static inline size_t pymalloc_map_top_index(uintptr_t address)
{
    return pymalloc_map_index(address, PYMALLOC_ARENA_BITS + PYMALLOC_MAP_BOTTOM_BITS + PYMALLOC_MAP_MIDDLE_BITS,
                              PYMALLOC_MAP_TOP_BITS);
}

/* Any pointer may be asked for; NULL is not ours. */
static inline bool pymalloc_map_has(const void *pointer)
{
    uintptr_t address = (uintptr_t)pointer;
    const struct pymalloc_map_middle *middle = pymalloc_map_top[pymalloc_map_top_index(address)];
    if (!middle)
        return false;
    const struct pymalloc_map_bottom *bottom = middle->bottoms[pymalloc_map_middle_index(address)];
    if (!bottom)
        return false;
    struct pymalloc_map_entry entry = bottom->entries[pymalloc_map_bottom_index(address)];
    int32_t offset = (int32_t)pymalloc_map_index(address, 0, PYMALLOC_ARENA_BITS);
    return offset < entry.to || (entry.from && offset >= entry.from);
}

#endif
