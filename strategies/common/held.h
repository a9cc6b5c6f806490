/* held.h: what a strategy on malloc holds from the allocator, its limit and its peak.
 *
 *     held = mark - left        0 <= left        held <= mark <= limit        peak <= mark
 *
 * Taking is one subtraction and a look at its sign; the slow path, when less than none is left, raises the mark by
 * 1/256 of it or refuses. The peak is therefore known to 1/256.
 *
 * Bytes are taken before the allocator is asked. If it has them not, they were never held: the peak is then what it was
 * before, unless something was made since the slow path raised it. */
#ifndef COMMON_HELD_H
#define COMMON_HELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct held {
    size_t left; /* bytes that may be taken before the slow path is asked */
    size_t mark; /* held when none is left */
    size_t limit;
    size_t peak;          /* as of the last slow path; the true one is at least what is held and less than `mark` */
    size_t peak_before;   /* the last slow path raised the peak from this */
    uint64_t raised_at;   /* when `*made` was this; UINT64_MAX: what it took is in use, or given back */
    const uint64_t *made; /* the strategy's count, which grows with each allocation that succeeds */
};

/* limit_bytes 0: none. */
void held_open(struct held *held, size_t limit_bytes, const uint64_t *made);

/* Asked of the allocator and not given back: headers and payloads, not the allocator's own cost. */
static inline size_t held_bytes(const struct held *held)
{
    return held->mark - held->left;
}

/* `bytes` were taken from `left`, and less than none is left, modulo 2^64: raises the mark and returns true, or puts
 * them back and returns false at the limit. */
bool held_take_slow(struct held *held, size_t bytes);

/* Accounts for `bytes` more before they are asked for. False at the limit, and nothing is accounted for. */
static inline bool held_take(struct held *held, size_t bytes)
{
    held->left -= bytes;
    return __builtin_expect((ptrdiff_t)held->left >= 0, 1) || held_take_slow(held, bytes);
}

/* What was taken last is in use, where `made` does not say it. */
static inline void held_used(struct held *held)
{
    held->raised_at = UINT64_MAX;
}

/* Gives back what was taken last, and could not be had. */
__attribute__((cold)) void held_refused_slow(struct held *held, size_t bytes);

static inline void held_give(struct held *held, size_t bytes)
{
    held->left += bytes;
}

/* The highest so far, to 1/256; and a new start from what is held now. */
size_t held_peak(const struct held *held);
void held_reset_peak(struct held *held);

#endif
