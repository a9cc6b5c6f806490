/* marksweep: precise, stop-the-world mark, lazy sweep, size-segregated blocks.
 *
 * Memory is divided into blocks of equal cells. Objects of a type that is made often have blocks of their own: the
 * block knows the type, and an object is its payload. All others share blocks by the size of their cells, of which
 * there are 63 classes; a cell then begins with a header of one word, the type. Mark bits lie in the chunk's header,
 * beside the blocks.
 *
 *   lane   what a type or a class allocates from: a cursor into a run of free cells, the block of it, and blocks that
 *          wait to be swept. An allocation compares the cursor with its limit and moves it. See README.md.
 *
 * Invariant of the fast path: [next, limit) of a lane is zeroed and a whole number of its cells. */
#ifndef MARKSWEEP_HEAP_H
#define MARKSWEEP_HEAP_H

#include "common/counts.h"

#define MM_TRAITS (MM_TRAIT_CYCLES | MM_TRAIT_WEAK | MM_TRAIT_FINALIZERS | MM_TRAIT_COLLECTOR)

enum {
    MARKSWEEP_HEADER_BYTES = 8,
    MARKSWEEP_CLASSES = 65, /* classes 2 to 64 are used */
    MARKSWEEP_TYPES = 64,   /* that can have blocks of their own */
    MARKSWEEP_LANES = MARKSWEEP_CLASSES + MARKSWEEP_TYPES,
    MARKSWEEP_CELL_MOST = 8192, /* bytes; what is larger has whole blocks, or a mapping of its own */
    MARKSWEEP_SMALL_MOST = MARKSWEEP_CELL_MOST - MARKSWEEP_HEADER_BYTES,
};

/* Longer tails are refused, so that a size in bytes cannot overflow. */
#define MARKSWEEP_LENGTH_MOST (SIZE_MAX / 32)

struct block;

struct marksweep_lane {
    const struct mm_type *type; /* of all its cells, which have no header; NULL: cells with headers */
    char *next, *limit;
    char *hole_end; /* of the run that the cursor is in; what is beyond the limit is not zeroed yet */
    struct block *sweeping;
    struct block *waiting, **waiting_end;
    uint32_t cell_bytes;
    uint32_t portion_bytes; /* of a hole, taken at once: whole cells */
};

struct heap {
    struct common_counts counts; /* with what [next, limit) of a type's lane has room for, as if it were allocated */
    struct mm_root *roots;       /* the last one pushed */
    struct marksweep_lane lanes[MARKSWEEP_LANES]; /* by class, then those of types */
};

extern struct heap marksweep_heap;

struct mm_region {
    char unused;
};

/* ---- roots: a list through the C stack */

struct mm_root {
    void *object;
    struct mm_root *previous;
};

static inline void mm_root_push(struct mm_root *root)
{
    root->object = NULL;
    root->previous = marksweep_heap.roots;
    marksweep_heap.roots = root;
}

static inline void mm_root_pop(struct mm_root *root)
{
    marksweep_heap.roots = root->previous;
}

/* Plain pointers, no barrier. What is tagged has a header. */
#include "common/pointers.h"

/* ---- size classes: steps of a word up to 16 words, then 8 steps to each doubling */

static inline unsigned marksweep_class(size_t payload_bytes)
{
    size_t words = (payload_bytes + MARKSWEEP_HEADER_BYTES + 7) / 8;
    if (words <= 16)
        return words < 2 ? 2 : (unsigned)words;
    unsigned shift = 60u - (unsigned)__builtin_clzll(words - 1);
    return (unsigned)((words - 1) >> shift) + 1 + 8 * shift;
}

static inline size_t marksweep_class_bytes(unsigned class)
{
    if (class <= 16)
        return 8 * (size_t) class;
    unsigned shift = (class - 1) / 8 - 1;
    return 8 * ((size_t)(class - 8 * shift) << shift);
}

/* The same for a cell without header. */
static inline unsigned marksweep_own_class(const struct mm_type *type)
{
    return marksweep_class(type->size < MARKSWEEP_HEADER_BYTES ? 0 : type->size - MARKSWEEP_HEADER_BYTES);
}

/* ---- allocation */

/* Whether objects of a type can do without header: mm_type_of need not know them, and they are all of one size. */
static inline bool marksweep_may_own(const struct mm_type *type)
{
    return !(type->flags & MM_TYPE_TAGGED) && type->tail == MM_TAIL_NONE && !type->finalize &&
           type->size <= MARKSWEEP_SMALL_MOST;
}

/* Which of the lanes a type may have: a constant where the type is one, and another for types of another shape. */
static inline unsigned marksweep_own_lane(const struct mm_type *type)
{
    unsigned shape = type->size / 8u + 5u * type->ref_count + 17u * type->refs_count + 23u * type->bytes_count;
    return MARKSWEEP_CLASSES + (shape + type->weaklist) % MARKSWEEP_TYPES;
}

/* Any size, any type: takes a new run of cells, collects where it is time to, registers what has a finalizer. */
void *marksweep_new_slow(const struct mm_type *type, size_t payload_bytes);

/* In a block that types share. */
MM_INLINE void *marksweep_new_shared(const struct mm_type *type, size_t payload_bytes)
{
    if (type->finalize || payload_bytes > MARKSWEEP_SMALL_MOST)
        return marksweep_new_slow(type, payload_bytes);
    unsigned class = marksweep_class(payload_bytes);
    struct marksweep_lane *lane = &marksweep_heap.lanes[class];
    char *cell = lane->next;
    if (__builtin_expect(cell == lane->limit, 0))
        return marksweep_new_slow(type, payload_bytes);
    lane->next = cell + marksweep_class_bytes(class);
    *(uintptr_t *)(void *)cell = (uintptr_t)type;
    counts_new(&marksweep_heap.counts, payload_bytes);
    return cell + MARKSWEEP_HEADER_BYTES;
}

/* In a block of the type's own, where it has them. Counted by portions: sweep.c. */
MM_INLINE void *marksweep_new(const struct mm_type *type)
{
    struct marksweep_lane *lane = &marksweep_heap.lanes[marksweep_own_lane(type)];
    if (!marksweep_may_own(type) || lane->type != type)
        return marksweep_new_shared(type, type->size);
    char *cell = lane->next;
    if (__builtin_expect(cell == lane->limit, 0))
        return marksweep_new_slow(type, type->size);
    lane->next = cell + marksweep_class_bytes(marksweep_own_class(type));
    return cell;
}

static inline void *mm_new(const struct mm_type *type, struct mm_root *out)
{
    void *object = marksweep_new(type);
    if (__builtin_expect(!object, 0))
        return NULL;
    return out->object = object;
}

static inline void *mm_new_tail(const struct mm_type *type, size_t length, struct mm_root *out)
{
    if (__builtin_expect(length > MARKSWEEP_LENGTH_MOST, 0))
        return NULL;
    size_t *object = marksweep_new_shared(type, mm_type_payload_bytes(type, length));
    if (__builtin_expect(!object, 0))
        return NULL;
    *object = length;
    return out->object = object;
}

/* Resize a buffer that belongs to an object in a root. 0 or -ENOMEM. */
int marksweep_refs_resize(struct mm_refs *refs, size_t capacity);
int marksweep_bytes_resize(struct mm_bytes *bytes, size_t capacity);

static inline int mm_refs_resize(struct mm_root *owner, size_t offset, size_t capacity)
{
    return marksweep_refs_resize(mm_refs_at(owner->object, offset), capacity);
}

static inline int mm_bytes_resize(struct mm_root *owner, size_t offset, size_t capacity)
{
    return marksweep_bytes_resize(mm_bytes_at(owner->object, offset), capacity);
}

/* ---- what the programmer knows: of no use here */

static inline void mm_dead(const struct mm_type *type, void *object)
{
    (void)type;
    (void)object;
}

static inline void mm_region_begin(struct mm_region *region)
{
    (void)region;
}

static inline void mm_region_end(struct mm_region *region)
{
    (void)region;
}

#endif
