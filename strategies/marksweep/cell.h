/* cell.h: what is in a cell, and its mark.
 *
 * A cell in a block of a type's own is an object of this type, and no more. Any other begins with a header of one word:
 *   0                        free, or memory that was a buffer and is dropped
 *   type                     an object
 *   bytes << 3 | CELL_BUFFER a buffer of so many bytes
 * Its payload, which is what an object or a buffer is known by and what marks are kept for, comes after the header. A
 * header is what is called so below also where it is not stored: the type. */
#ifndef MARKSWEEP_CELL_H
#define MARKSWEEP_CELL_H

#include "mm.h"
#include "space.h"

enum { CELL_BUFFER = 4 };

/* Where the cell has one: the objects of types that own blocks have none. */
static inline uintptr_t *cell_header(const void *payload)
{
    return (uintptr_t *)(uintptr_t)payload - 1;
}

static inline bool cell_is_buffer(uintptr_t header)
{
    return header & CELL_BUFFER;
}

static inline uintptr_t cell_buffer_header(size_t bytes)
{
    return bytes << 3 | CELL_BUFFER;
}

static inline size_t cell_buffer_bytes(uintptr_t header)
{
    return header >> 3;
}

static inline const struct mm_type *cell_type(uintptr_t header)
{
    return (const struct mm_type *)header;
}

static inline struct marksweep_lane *block_lane(const struct block *block)
{
    return &marksweep_heap.lanes[block->lane];
}

/* The type of all that is in the block, which then has no headers; or NULL. A single is in what would be block 0 of a
 * chunk, and that has no lane. */
static inline const struct mm_type *block_type(const struct block *block)
{
    return block_lane(block)->type;
}

static inline size_t block_header_bytes(const struct block *block)
{
    return block_type(block) ? 0 : MARKSWEEP_HEADER_BYTES;
}

static inline uintptr_t header_of(const void *payload)
{
    const struct mm_type *type = block_type(block_of(payload));
    return type ? (uintptr_t)type : *cell_header(payload);
}

static inline const struct mm_type *object_type(const void *object)
{
    return cell_type(header_of(object));
}

/* ---- marks */

static inline uint64_t *mark_word(const void *payload)
{
    return &chunk_of(payload)->marks[chunk_offset(payload) / GRANULE_BYTES / 64];
}

static inline uint64_t mark_bit(const void *payload)
{
    return (uint64_t)1 << ((uintptr_t)payload / GRANULE_BYTES % 64);
}

static inline bool is_marked(const void *payload)
{
    return *mark_word(payload) & mark_bit(payload);
}

/* Marks; true if it was not marked before. */
static inline bool mark_set(const void *payload)
{
    uint64_t *word = mark_word(payload), bit = mark_bit(payload);
    if (*word & bit)
        return false;
    *word |= bit;
    return true;
}

static inline void mark_clear(const void *payload)
{
    *mark_word(payload) &= ~mark_bit(payload);
}

/* Whether one is set, for a block that is at hand, by its marks and the offset of the payload. */
static inline bool marks_get(const uint64_t *marks, size_t offset)
{
    size_t granule = offset / GRANULE_BYTES;
    return marks[granule / 64] >> (granule % 64) & 1;
}

/* Of a block: any of its marks, or of what else there is a bit for. */
static inline bool block_has_bits(const uint64_t *bits)
{
    uint64_t any = 0;
    for (size_t i = 0; i < BLOCK_MARK_WORDS; i++)
        any |= bits[i];
    return any != 0;
}

static inline size_t block_cell_bytes(const struct block *block)
{
    return block_lane(block)->cell_bytes;
}

/* How far cells reach in a block. */
static inline size_t cells_end(size_t cell_bytes)
{
    return BLOCK_BYTES - BLOCK_BYTES % cell_bytes;
}

/* ---- the permanent set. A single has no room for a second map: the bit after its mark serves. */

static inline uint64_t *frozen_word(const void *object)
{
    struct chunk *chunk = chunk_of(object);
    return is_single(object) ? mark_word(object) : &chunk->frozen[chunk_offset(object) / GRANULE_BYTES / 64];
}

static inline uint64_t frozen_bit(const void *object)
{
    return mark_bit(object) << is_single(object);
}

static inline bool is_frozen(const void *object)
{
    return *frozen_word(object) & frozen_bit(object);
}

/* Bytes of the payload, its buffers not included. */
static inline size_t object_payload_bytes(const struct mm_type *type, const void *object)
{
    return mm_type_payload_bytes(type, mm_type_length(type, object));
}

/* The same with buffers: what counts as live. */
size_t marksweep_object_bytes(const struct mm_type *type, const void *object);

#endif
