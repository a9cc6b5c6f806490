#include "common/held.h"

#include <stdint.h>

static size_t mark_above(const struct held *held, size_t bytes)
{
    size_t mark = bytes + bytes / 256;
    return mark < held->limit ? mark : held->limit;
}

void held_open(struct held *held, size_t limit_bytes)
{
    *held = (struct held){.limit = limit_bytes ? limit_bytes : SIZE_MAX / 2};
}

bool held_raise_slow(struct held *held, size_t bytes)
{
    if (bytes > held->limit)
        return false;
    held->peak = bytes;
    held->mark = mark_above(held, bytes);
    return true;
}

size_t held_peak(const struct held *held)
{
    return held->bytes > held->peak ? held->bytes : held->peak;
}

void held_reset_peak(struct held *held)
{
    held->peak = held->bytes;
    held->mark = mark_above(held, held->bytes);
}
