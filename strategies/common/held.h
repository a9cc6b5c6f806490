/* held.h: what a strategy on malloc holds from the allocator, its limit and its peak.
 *
 * Invariant: bytes <= mark <= limit, and peak <= mark. The fast path makes one comparison, against the mark; the slow
 * path, taken when the mark is passed, raises it by 1/256 or refuses. The peak is therefore known to 1/256. */
#ifndef COMMON_HELD_H
#define COMMON_HELD_H

#include <stdbool.h>
#include <stddef.h>

struct held {
    size_t bytes; /* asked of the allocator and not given back: headers and payloads, not the allocator's own cost */
    size_t mark;
    size_t limit;
    size_t peak; /* as of the last slow path; the true one is at least `bytes` and less than `mark` */
};

/* limit_bytes 0: none. */
void held_open(struct held *held, size_t limit_bytes);

/* The mark is passed: raises it and returns true, or returns false at the limit. */
bool held_raise_slow(struct held *held, size_t bytes);

/* Accounts for `bytes` more before they are asked for. False at the limit, and nothing is accounted for. */
static inline bool held_take(struct held *held, size_t bytes)
{
    size_t after = held->bytes + bytes;
    if (__builtin_expect(after > held->mark, 0) && !held_raise_slow(held, after))
        return false;
    held->bytes = after;
    return true;
}

static inline void held_give(struct held *held, size_t bytes)
{
    held->bytes -= bytes;
}

/* The highest so far, to 1/256; and a new start from what is held now. */
size_t held_peak(const struct held *held);
void held_reset_peak(struct held *held);

#endif
