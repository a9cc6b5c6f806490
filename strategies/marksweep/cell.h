/* cell.h: what is in a cell, and its mark.
 *
 * A cell begins with a header of one word:
 *   0                        free, or memory that was a buffer and is dropped
 *   type | flags             an object
 *   bytes << 3 | CELL_BUFFER a buffer of so many bytes
 * A pointer to an object or to a buffer is the address after the header; so is what marks are kept for. */
#ifndef MARKSWEEP_CELL_H
#define MARKSWEEP_CELL_H

#include "mm.h"
#include "space.h"

enum marksweep_flag {
    CELL_FROZEN = 1, /* an object of the permanent set */
    CELL_BUFFER = 4,
    CELL_FLAGS = 7,
};

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
    return (const struct mm_type *)(header & ~(uintptr_t)CELL_FLAGS);
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

/* The same for a cell of a block that is at hand, by its offset. */
static inline bool block_is_marked(const uint64_t *marks, size_t offset)
{
    size_t granule = (offset + MARKSWEEP_HEADER_BYTES) / GRANULE_BYTES;
    return marks[granule / 64] >> (granule % 64) & 1;
}

static inline bool block_has_marks(const uint64_t *marks)
{
    uint64_t any = 0;
    for (size_t i = 0; i < BLOCK_MARK_WORDS; i++)
        any |= marks[i];
    return any != 0;
}

/* How far cells reach in a block of this class. */
static inline size_t class_block_bytes(unsigned class)
{
    size_t cell_bytes = marksweep_class_bytes(class);
    return BLOCK_BYTES - BLOCK_BYTES % cell_bytes;
}

/* Bytes of the payload, its buffers not included. */
static inline size_t object_payload_bytes(const struct mm_type *type, const void *object)
{
    return mm_type_payload_bytes(type, mm_type_length(type, object));
}

/* The same with buffers: what counts as live. */
size_t marksweep_object_bytes(const struct mm_type *type, const void *object);

#endif
