#include "common/held.h"

#include <stdint.h>

static void mark_set(struct held *held, size_t bytes)
{
    size_t mark = bytes + bytes / 256;
    held->mark = mark < held->limit ? mark : held->limit;
    held->left = held->mark - bytes;
}

void held_open(struct held *held, size_t limit_bytes)
{
    *held = (struct held){.limit = limit_bytes ? limit_bytes : SIZE_MAX / 2};
}

bool held_take_slow(struct held *held, size_t bytes)
{
    held->left += bytes;
    size_t before = held_bytes(held);
    if (bytes > held->limit - before)
        return false;
    if (before + bytes > held->peak)
        held->peak = before + bytes;
    mark_set(held, before + bytes);
    return true;
}

size_t held_peak(const struct held *held)
{
    size_t now = held_bytes(held);
    return now > held->peak ? now : held->peak;
}

void held_reset_peak(struct held *held)
{
    held->peak = held_bytes(held);
    mark_set(held, held->peak);
}
