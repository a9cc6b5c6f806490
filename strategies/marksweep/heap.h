/* marksweep: precise, stop-the-world mark, lazy sweep, size-segregated blocks.
 *
 * An object is a cell: a header of one word (its type, and flags in the low bits), then the payload. Mark bits lie in
 * the chunk's header, beside the blocks. A cell's size is one of 63 classes; each class has a cursor into a run of
 * free, zeroed cells, so that an allocation is a comparison, an addition and a store. See README.md.
 *
 * Invariant of the fast path: [next, limit) of a class's cursor is zeroed and a whole number of its cells. */
#ifndef MARKSWEEP_HEAP_H
#define MARKSWEEP_HEAP_H

#include "common/counts.h"

#define MM_TRAITS (MM_TRAIT_CYCLES | MM_TRAIT_WEAK | MM_TRAIT_FINALIZERS | MM_TRAIT_COLLECTOR)

enum {
    MARKSWEEP_HEADER_BYTES = 8,
    MARKSWEEP_CLASSES = 65,     /* classes 2 to 64 are used */
    MARKSWEEP_CELL_MOST = 8192, /* bytes; what is larger has whole blocks, or a mapping of its own */
    MARKSWEEP_SMALL_MOST = MARKSWEEP_CELL_MOST - MARKSWEEP_HEADER_BYTES,
};

/* Longer tails are refused, so that a size in bytes cannot overflow. */
#define MARKSWEEP_LENGTH_MOST (SIZE_MAX / 32)

struct marksweep_cursor {
    char *next, *limit;
};

struct heap {
    struct common_counts counts;
    struct mm_root *roots; /* the last one pushed */
    struct marksweep_cursor cursors[MARKSWEEP_CLASSES];
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

static inline void *mm_root_get(const struct mm_root *root)
{
    return root->object;
}

static inline void mm_root_set(struct mm_root *root, void *object)
{
    root->object = object;
}

static inline void mm_root_move(struct mm_root *to, struct mm_root *from)
{
    void *object = from->object;
    from->object = NULL;
    to->object = object;
}

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

/* ---- allocation */

/* Any size, any type: takes a new run of cells, collects where it is time to, registers what has a finalizer. */
void *marksweep_new_slow(const struct mm_type *type, size_t payload_bytes);

MM_INLINE void *marksweep_new(const struct mm_type *type, size_t payload_bytes)
{
    if (type->finalize || payload_bytes > MARKSWEEP_SMALL_MOST)
        return marksweep_new_slow(type, payload_bytes);
    unsigned class = marksweep_class(payload_bytes);
    struct marksweep_cursor *cursor = &marksweep_heap.cursors[class];
    char *cell = cursor->next;
    if (__builtin_expect(cell == cursor->limit, 0))
        return marksweep_new_slow(type, payload_bytes);
    cursor->next = cell + marksweep_class_bytes(class);
    *(uintptr_t *)(void *)cell = (uintptr_t)type;
    counts_new(&marksweep_heap.counts, payload_bytes);
    return cell + MARKSWEEP_HEADER_BYTES;
}

static inline void *mm_new(const struct mm_type *type, struct mm_root *out)
{
    void *object = marksweep_new(type, type->size);
    if (__builtin_expect(!object, 0))
        return NULL;
    return out->object = object;
}

static inline void *mm_new_tail(const struct mm_type *type, size_t length, struct mm_root *out)
{
    if (__builtin_expect(length > MARKSWEEP_LENGTH_MOST, 0))
        return NULL;
    size_t *object = marksweep_new(type, mm_type_payload_bytes(type, length));
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

/* ---- references: plain pointers, no barrier */

static inline void *mm_get(const struct mm_ref *field)
{
    return field->object;
}

static inline void mm_set(void *object, struct mm_ref *field, void *value)
{
    (void)object;
    field->object = value;
}

static inline void mm_move(void *object, struct mm_ref *field, struct mm_root *from)
{
    (void)object;
    void *value = from->object;
    from->object = NULL;
    field->object = value;
}

static inline void mm_take(struct mm_root *to, void *object, struct mm_ref *field)
{
    (void)object;
    void *value = field->object;
    field->object = NULL;
    to->object = value;
}

/* The header's low bits are flags: enum marksweep_flag in cell.h. */
static inline const struct mm_type *mm_type_of(const void *object)
{
    return (const struct mm_type *)(((const uintptr_t *)object)[-1] & ~(uintptr_t)7);
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
