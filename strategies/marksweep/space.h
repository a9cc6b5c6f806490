/* space.h: where cells come from: chunks, blocks, spans and single mappings, and how much of them is held.
 *
 *   chunk    2 MiB of address space, aligned to its size. Begins with `struct chunk`: what is known of each block, and
 *            a mark bit for each 16 bytes, so that a mask and a shift lead from an address to its mark.
 *   block    32 KiB of a chunk: cells of one lane, or part of a span, or free.
 *   span     consecutive blocks that hold one cell.
 *   single   a chunk of any size that holds one cell: what is too large for a span. Resized by mremap.
 *   held     counted as footprint. Address space that was never touched, or was given back, is not: a chunk's free
 *            blocks are held or unheld, one by one.
 *
 * Invariants: held_bytes is the sum of the chunks' headers, the blocks that are used or free and held, the singles, and
 * the tables; it never passes limit_bytes. The bits of a free block are clear. An unheld block reads as zeroes. */
#ifndef MARKSWEEP_SPACE_H
#define MARKSWEEP_SPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The fuzzer's are smaller. */
#ifndef CHUNK_SHIFT
#define CHUNK_SHIFT 21
#define BLOCK_SHIFT 15
#endif

#define CHUNK_BYTES   ((size_t)1 << CHUNK_SHIFT)
#define BLOCK_BYTES   ((size_t)1 << BLOCK_SHIFT)
#define GRANULE_BYTES ((size_t)16) /* no cell is smaller, so that no two share a mark bit */

enum {
    CHUNK_BLOCKS = CHUNK_BYTES / BLOCK_BYTES,
    CHUNK_MAP_WORDS = (CHUNK_BLOCKS + 63) / 64,
    CHUNK_MARK_WORDS = CHUNK_BYTES / GRANULE_BYTES / 64,
    BLOCK_MARK_WORDS = BLOCK_BYTES / GRANULE_BYTES / 64,
};

enum block_state {
    BLOCK_UNUSABLE = 0, /* under the chunk's header */
    BLOCK_FREE,
    BLOCK_CELLS,     /* cells of `lane` */
    BLOCK_SPAN,      /* the first of `blocks` that hold one cell */
    BLOCK_SPAN_REST, /* another of them */
};

struct block {
    struct block *next; /* of its lane, waiting to be swept */
    uint32_t swept;     /* from this offset on a cell is free if it is unmarked */
    uint16_t blocks;    /* of a span */
    uint8_t lane;       /* of a block of cells: an index; 0: none */
    uint8_t state;      /* enum block_state */
};

/* The two kinds of free block. */
enum held {
    UNHELD,
    HELD,
};

struct chunk {
    struct chunk *next, *previous;
    size_t mapped_bytes;              /* CHUNK_BYTES, or what a single has */
    size_t header_bytes;              /* held, whole pages; of a chunk of blocks */
    bool huge;                        /* asked for huge pages */
    uint32_t free[2];                 /* blocks, by enum held */
    uint64_t map[2][CHUNK_MAP_WORDS]; /* a bit for each of them */
    struct block blocks[CHUNK_BLOCKS];
    uint64_t marks[CHUNK_MARK_WORDS];  /* a single has only the first of them */
    uint64_t frozen[CHUNK_MARK_WORDS]; /* the permanent set; a single has none of them */
};

#define SINGLE_HEADER_BYTES ((size_t)4096)

enum {
    CHUNK_FIRST_BLOCK = (sizeof(struct chunk) + BLOCK_BYTES - 1) / BLOCK_BYTES,
    CHUNK_USABLE = CHUNK_BLOCKS - CHUNK_FIRST_BLOCK, /* blocks */
    SPAN_MOST = CHUNK_USABLE / 2,                    /* blocks; what needs more is a single */
};

_Static_assert(offsetof(struct chunk, marks) + SINGLE_HEADER_BYTES / GRANULE_BYTES / 8 + 8 <= SINGLE_HEADER_BYTES,
               "a single's header has to have the mark of its cell");
_Static_assert(SINGLE_HEADER_BYTES < CHUNK_FIRST_BLOCK * BLOCK_BYTES, "is_single");

struct space {
    size_t held_bytes, limit_bytes, peak_bytes;
    size_t peak_before_bytes; /* before what was held last */
    size_t huge_from_bytes;
    size_t page_bytes;
    struct chunk *chunks, *chunks_last; /* in the order of their making */
    struct chunk *singles;
    struct chunk *hint[2]; /* by enum held: no chunk before it has a free block of this kind; NULL: none has */
    size_t held_free;      /* blocks that are free and held */
};

extern struct space marksweep_space;

static inline struct chunk *chunk_of(const void *address)
{
    return (struct chunk *)((uintptr_t)address & ~(CHUNK_BYTES - 1));
}

static inline size_t chunk_offset(const void *address)
{
    return (uintptr_t)address & (CHUNK_BYTES - 1);
}

/* Whether an address in a cell is in a single's: a chunk of blocks has no cell so near its start. */
static inline bool is_single(const void *address)
{
    return chunk_offset(address) < CHUNK_FIRST_BLOCK * BLOCK_BYTES;
}

static inline struct block *block_of(const void *address)
{
    return &chunk_of(address)->blocks[chunk_offset(address) / BLOCK_BYTES];
}

static inline size_t block_index(const struct block *block)
{
    return (size_t)(block - chunk_of(block)->blocks);
}

static inline char *block_start(const struct block *block)
{
    return (char *)chunk_of(block) + block_index(block) * BLOCK_BYTES;
}

static inline uint64_t *block_marks(const struct block *block)
{
    return &chunk_of(block)->marks[block_index(block) * BLOCK_MARK_WORDS];
}

static inline uint64_t *block_frozen(const struct block *block)
{
    return &chunk_of(block)->frozen[block_index(block) * BLOCK_MARK_WORDS];
}

static inline char *single_cell(struct chunk *single)
{
    return (char *)single + SINGLE_HEADER_BYTES;
}

/* A limit of 0: none. Chunks that are made while `huge_from_bytes` or more are held ask for huge pages; 0: none does.
 */
void marksweep_space_open(size_t limit_bytes, size_t huge_from_bytes);
void marksweep_space_close(void);

/* Accounts for memory before it is asked for; at the limit it first gives free blocks back. False if that is not
 * enough. */
bool marksweep_hold(size_t bytes);
void marksweep_unhold(size_t bytes);

/* Makes a table of the collector's larger or smaller, keeping what is in it; new bytes are 0. Whole pages. `table` NULL
 * and `*bytes` 0: none yet. NULL at the limit, and all is as it was. */
void *marksweep_table_resize(void *table, size_t *bytes, size_t new_bytes);
void marksweep_table_free(void *table, size_t bytes);

/* A block for cells of a lane, with anything in it. NULL at the limit. */
struct block *marksweep_block_new(unsigned lane);

/* Frees a block of cells, or a span. It has no marks. */
void marksweep_block_free(struct block *block);

/* One cell that is too large for a class: a span or a single, zeroed. NULL at the limit. */
char *marksweep_large_new(size_t bytes);
void marksweep_large_free(char *cell);
void marksweep_single_free(struct chunk *single);

/* Bytes that such a cell has room for. */
size_t marksweep_large_bytes(const char *cell);

/* Gives such a cell room for `bytes`, in place or by moving its pages; what is added reads as zeroes. Returns where it
 * is, or NULL: it has to be copied. */
char *marksweep_large_resize(char *cell, size_t bytes);

/* Gives free blocks that are held back to the system, `blocks` of them if there are so many, and unmaps chunks that are
 * wholly free. Of chunks with huge pages only whole ones, unless they may be split: they are not put together again. */
void marksweep_give_back(size_t blocks, bool split);

#endif
