#include "sweep.h"

size_t sweep_family(const struct dataset *data, size_t contender)
{
    size_t first = 0;
    while (data->contenders[first].strategy != data->contenders[contender].strategy ||
           data->contenders[first].strategy_params != data->contenders[contender].strategy_params)
        first++;
    return first;
}

uint64_t sweep_smallest(const struct dataset *data, size_t variant, size_t family, size_t allocator, bool failed,
                        size_t *limits)
{
    uint64_t smallest = 0;
    *limits = 0;
    for (size_t i = family; i < data->contender_count; i++) {
        const struct cell *cell = dataset_cell(data, variant, i, allocator);
        if (!cell || !cell->key.heap_limit_bytes || data->contenders[i].judge || !(failed || cell->has_usable) ||
            sweep_family(data, i) != family)
            continue;
        ++*limits;
        if (!smallest || cell->key.heap_limit_bytes < smallest)
            smallest = cell->key.heap_limit_bytes;
    }
    return smallest;
}

bool sweep_is(const struct dataset *data, size_t variant, size_t allocator)
{
    for (size_t i = 0; i < data->contender_count; i++) {
        size_t limits;
        sweep_smallest(data, variant, sweep_family(data, i), allocator, false, &limits);
        if (limits > 1)
            return true;
    }
    return false;
}
