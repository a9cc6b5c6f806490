/* bump.h: memory handed out by advancing a pointer, for strategies that never free, or free much at once.
 *
 *   mappings, newest first          the newest chunk
 *                          +--------+----------------+-----------+
 *   bump.chunks ---------->| header | blocks         |   free    |
 *        | older           +--------+----------------+-----------+
 *        v                                          cur         end
 *   +--------+----------------+          +--------+---------------------+
 *   | header | blocks         |          | header | one block           |  <-- bump.larges (newest first)
 *   +--------+----------------+          +--------+---------------------+
 *
 *   chunk    a mapping that holds many blocks; `chunk_bytes` long, or less where the limit leaves no more
 *   large    a mapping of one block that is longer than `large_bytes`, an eighth of a chunk, so that no more than an
 *            eighth of a chunk is left unused at its end
 *   spare    a chunk kept for later, after bump_reset; counted as held
 *   buffer   a block that can be resized; knows how long it is, by the word before it
 *
 * A block is a multiple of 8 bytes at a multiple of 8, and has no header. Memory comes from mmap, not from the
 * allocator that is measured: what is held is exactly the sum of the mappings, and fresh memory is zero. It stays zero
 * in [cur, end) as long as nothing is handed out twice, that is, until bump_reset. */
#ifndef COMMON_BUMP_H
#define COMMON_BUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/counts.h"

/* The start of every mapping. 32 bytes, so that the first block is as aligned as malloc's. */
struct bump_mapping {
    struct bump_mapping *newer; /* of larges alone */
    struct bump_mapping *older;
    size_t bytes;    /* of the mapping, this header included */
    uint64_t serial; /* of larges: counts up, so that a position in time is a number */
};

/* The word before a buffer's elements. */
struct bump_buffer {
    uint64_t bytes : 47; /* that it may grow to where it is: a multiple of 8 */
    uint64_t large : 1;  /* it is the one block of a mapping */
    uint64_t epoch : 16; /* bump.epoch when it was made */
};

struct bump {
    uintptr_t cur, end;
    uint64_t recent;             /* objects and their words that `counts` does not hold yet: see bump_count */
    struct common_counts counts; /* read by bump_counts */
    struct bump_mapping *chunks, *larges, *spares;
    uint64_t next_serial;
    size_t chunk_bytes, large_bytes;
    size_t held_bytes, peak_bytes, limit_bytes;
    size_t spare_bytes, spare_limit_bytes;
    unsigned epoch;    /* the caller's; recorded in the buffers made */
    bool free_is_zero; /* [cur, end) is zero: the caller never resets */
    bool huge_pages;   /* ask the system for pages of 2 MiB, where chunk_bytes is a multiple of that */
};

/* No chunk is longer: bump_count relies on it. */
#define BUMP_CHUNK_MAX ((size_t)64 << 20)

/* No block is longer: what adds up beyond it fails before it can overflow. */
#define BUMP_BLOCK_MAX ((size_t)1 << 46)

/* Takes no memory yet. `chunk_bytes` is at most BUMP_CHUNK_MAX. `limit_bytes` 0: none. */
void bump_open(struct bump *bump, size_t chunk_bytes, size_t limit_bytes);

/* Gives everything back. */
void bump_close(struct bump *bump);

/* NULL, or a sentence that says what is wrong. */
const char *bump_check(const struct bump *bump);

/* A block where the chunk has no room. NULL at the limit, or if the system has no more. */
void *bump_take_slow(struct bump *bump, size_t bytes);

/* A block of `bytes`, a multiple of 8 and at most BUMP_BLOCK_MAX. Not zeroed, unless free_is_zero. */
static inline void *bump_take(struct bump *bump, size_t bytes)
{
    uintptr_t block = bump->cur;
    uintptr_t after = block + bytes;
    if (__builtin_expect(after > bump->end, 0))
        return bump_take_slow(bump, bytes);
    bump->cur = after;
    return (void *)block;
}

static inline size_t bump_round(size_t bytes)
{
    return (bytes + 7) & ~(size_t)7;
}

/* ---- objects, and counting them
 *
 * One word holds the objects made since it was last emptied, from bit 24 on, and their payload's words, below: one
 * addition of a constant. It is emptied whenever bump_take_slow is called or memory is reset, so that there is never
 * more than a chunk's worth of words in it. */
enum { BUMP_RECENT_SHIFT = 24, BUMP_RECENT_WORDS = (1 << BUMP_RECENT_SHIFT) - 1, BUMP_RECENT_BYTES = 1 << 16 };

/* The counts, up to date. */
static inline struct common_counts *bump_counts(struct bump *bump)
{
    bump->counts.objects_allocated += bump->recent >> BUMP_RECENT_SHIFT;
    bump->counts.bytes_allocated += (bump->recent & BUMP_RECENT_WORDS) * sizeof(uint64_t);
    bump->recent = 0;
    return &bump->counts;
}

static inline void bump_count(struct bump *bump, size_t payload_bytes)
{
    if (__builtin_constant_p(payload_bytes) && payload_bytes % 8 == 0 && payload_bytes <= BUMP_RECENT_BYTES)
        bump->recent += (UINT64_C(1) << BUMP_RECENT_SHIFT) + payload_bytes / 8;
    else
        counts_new(&bump->counts, payload_bytes);
}

/* The same address, in a register as far as the compiler knows. A processor that forwards a store to the next load
 * without delay does so where both name the address alike, by a register; not relative to the instruction. Measured on
 * rings and lists: without it each addition to a counter takes five cycles, and objects wait for each other's. */
static inline struct bump *bump_in_register(struct bump *bump)
{
    __asm__("" : "+r"(bump));
    return bump;
}

/* ---- a position in time, to which all can be reset */

struct bump_position {
    uintptr_t cur;
    struct bump_mapping *chunk;
    uint64_t serial;
};

static inline struct bump_position bump_position(const struct bump *bump)
{
    return (struct bump_position){bump->cur, bump->chunks, bump->next_serial};
}

void bump_reset_slow(struct bump *bump, const struct bump_position *position);

/* Frees every block taken since `position`. */
static inline void bump_reset(struct bump *bump, const struct bump_position *position)
{
    if (__builtin_expect(bump->chunks != position->chunk || bump->next_serial != position->serial, 0))
        bump_reset_slow(bump, position);
    else
        bump->cur = position->cur;
}

/* Starts a new peak. */
void bump_reset_peak(struct bump *bump);

/* ---- buffers (bump_buffer.c) */

/* Resizes `*buffer` (NULL: there is none) from one size in bytes to another; new bytes are 0. In place where it has
 * room, or where it is the last block of its chunk, or where the system can move its pages; else by a copy, and the old
 * block stays unused. 0 frees it: a large one at once, another when the strategy frees. 0, or -ENOMEM, with the buffer
 * as it was. */
int bump_buffer_resize(struct bump *bump, void **buffer, size_t old_bytes, size_t new_bytes);

static inline struct bump_buffer *bump_buffer_of(void *buffer)
{
    return (struct bump_buffer *)buffer - 1;
}

struct mm_type;

/* What an object takes: its tag (plain.h), its payload and tail, and its buffers with their words. */
size_t bump_object_bytes(const struct mm_type *type, const void *object);

/* ---- for bump_buffer.c: mappings of one block */

/* NULL at the limit. Fresh, so zero. */
void *bump_large_take(struct bump *bump, size_t bytes);

/* Moves the mapping of `block` to a new size, the contents with it. NULL at the limit, with the block as it was. */
void *bump_large_resize(struct bump *bump, void *block, size_t bytes);

void bump_large_give(struct bump *bump, void *block);

/* Bytes of the block in the mapping. */
static inline size_t bump_large_bytes(const void *block)
{
    const struct bump_mapping *mapping = (const struct bump_mapping *)block - 1;
    return mapping->bytes - sizeof *mapping;
}

#endif
