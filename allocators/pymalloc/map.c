#include "map.h"

#include "system.h"

struct pymalloc_map_middle *pymalloc_map_top[1 << PYMALLOC_MAP_TOP_BITS];

/* The entry of an address; makes what nodes are lacking. NULL if there is no memory for one. */
static struct pymalloc_map_entry *entry_of(uintptr_t address)
{
    struct pymalloc_map_middle **middle = &pymalloc_map_top[pymalloc_map_top_index(address)];
    if (!*middle && !(*middle = pymalloc_map(sizeof **middle)))
        return NULL;
    struct pymalloc_map_bottom **bottom = &(*middle)->bottoms[pymalloc_map_middle_index(address)];
    if (!*bottom && !(*bottom = pymalloc_map(sizeof **bottom)))
        return NULL;
    return &(*bottom)->entries[pymalloc_map_bottom_index(address)];
}

bool pymalloc_map_mark(const char *arena, size_t bytes, bool ours)
{
    uintptr_t begin = (uintptr_t)arena, end = begin + bytes;
    struct pymalloc_map_entry *first = entry_of(begin), *second = entry_of(end - 1);
    if (!first || !second)
        return false;
    int32_t offset = (int32_t)pymalloc_map_index(begin, 0, PYMALLOC_ARENA_BITS);
    if (offset == 0) {
        first->to = ours ? (int32_t)bytes : 0;
        return true;
    }
    first->from = ours ? offset : 0;
    second->to = ours ? offset : 0;
    return true;
}

void pymalloc_map_close(void)
{
    for (size_t i = 0; i < sizeof pymalloc_map_top / sizeof *pymalloc_map_top; i++) {
        struct pymalloc_map_middle *middle = pymalloc_map_top[i];
        if (!middle)
            continue;
        for (size_t j = 0; j < sizeof middle->bottoms / sizeof *middle->bottoms; j++)
            if (middle->bottoms[j])
                pymalloc_unmap(middle->bottoms[j], sizeof *middle->bottoms[j]);
        pymalloc_unmap(middle, sizeof *middle);
        pymalloc_map_top[i] = NULL;
    }
}
