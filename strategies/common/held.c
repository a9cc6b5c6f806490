#include "common/held.h"

#include <stdint.h>

/* `now`: what is held, at most the peak. */
static void mark_set(struct held *held, size_t now)
{
    size_t mark = held->peak + held->peak / 256;
    held->mark = mark < held->limit ? mark : held->limit;
    held->left = held->mark - now;
}

void held_open(struct held *held, size_t limit_bytes, const uint64_t *made)
{
    *held = (struct held){.limit = limit_bytes ? limit_bytes : SIZE_MAX / 2, .made = made};
}

bool held_take_slow(struct held *held, size_t bytes)
{
    held->left += bytes;
    size_t before = held_bytes(held);
    if (bytes > held->limit - before)
        return false;
    held->peak_before = held_peak(held);
    held->raised_at = *held->made;
    held->peak = before + bytes;
    mark_set(held, held->peak);
    return true;
}

void held_refused_slow(struct held *held, size_t bytes)
{
    held_give(held, bytes);
    if (held->raised_at != *held->made)
        return;
    size_t now = held_bytes(held);
    held->peak = held->peak_before;
    mark_set(held, now);
    held_used(held);
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
