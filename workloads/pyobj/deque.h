/* deque.h: collections.deque: items in blocks of 64, and a map of the blocks.
 *
 *     | length | slots | capacity | first | blocks | left | weak | ... |
 *                  +-> | block | block | NULL | block |     a ring; `first` is the leftmost block's place
 *                           +-> | item 0 | ... | item 63 |
 *
 * CPython's blocks have no header and are linked to one another; ours are objects, and have one. What CPython keeps
 * besides (16 places for blocks that wait to be used again) is shorter here by as much, so that a deque with one block
 * takes what CPython's takes; each further block takes 24 bytes more than there under refcount_gc (its header and its
 * place in the map, less the two links), or 40 where the map is half empty.
 *
 * Invariants: blocks = (left + length) / 64, rounded up; left < 64; all items but these `length` are NULL.
 */
#ifndef PY_DEQUE_H
#define PY_DEQUE_H

#include "pyobj/py.h"

enum { PY_DEQUE_BLOCK_ITEMS = 64, PY_DEQUE_CENTER = 32 };

struct py_deque {
    size_t length;
    struct mm_refs map;
    size_t first, blocks;
    size_t left; /* where in the leftmost block the first item is */
    struct mm_weaklist weaklist;
    size_t unused[15];
};

struct py_deque_block {
    struct mm_ref items[PY_DEQUE_BLOCK_ITEMS];
};

static const uint16_t py_deque_buffers[] = {offsetof(struct py_deque, map)};
static const struct py_type py_deque_type = {
    .mm = {.name = "deque",
           .size = sizeof(struct py_deque),
           .flags = MM_TYPE_TAGGED,
           .refs_count = 1,
           .weaklist = offsetof(struct py_deque, weaklist),
           .ref_buffers = py_deque_buffers},
    .kind = PY_DEQUE,
};
static const struct py_type py_deque_block_type = {
    .mm = {.name = "deque_block",
           .size = sizeof(struct py_deque_block),
           .flags = MM_TYPE_TAGGED,
           .ref_count = PY_DEQUE_BLOCK_ITEMS,
           .refs = py_word_offsets},
    .kind = PY_DEQUE_BLOCK,
};

/* With one block, as CPython's. */
struct py_deque *py_deque_new(struct mm_root *out);

/* Hand `item` to an end. On -ENOMEM it stays in its root. */
int py_deque_append(struct mm_root *deque, struct mm_root *item);
int py_deque_append_left(struct mm_root *deque, struct mm_root *item);

/* Take the item at an end into `out`. The deque is not empty. They do not allocate. */
void py_deque_pop(struct py_deque *deque, struct mm_root *out);
void py_deque_pop_left(struct py_deque *deque, struct mm_root *out);

static inline size_t py_deque_length(const struct py_deque *deque)
{
    return deque->length;
}

void *py_deque_get(const struct py_deque *deque, size_t index);

#endif
