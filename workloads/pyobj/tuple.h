/* tuple.h: a tuple: a length and that many references, filled by its maker before anyone else sees it.
 *
 *     | length | item 0 | item 1 ... |
 */
#ifndef PY_TUPLE_H
#define PY_TUPLE_H

#include "pyobj/py.h"

struct py_tuple {
    size_t length;
};

static const struct py_type py_tuple_type = {
    .mm = {.name = "tuple",
           .size = sizeof(struct py_tuple),
           .flags = MM_TYPE_TAGGED | MM_TYPE_UNTRACKS,
           .tail = MM_TAIL_REFS},
    .kind = PY_TUPLE,
};

/* All items are NULL: fill them with py_tuple_put. */
static inline struct py_tuple *py_tuple_new(size_t length, struct mm_root *out)
{
    return mm_new_tail(&py_tuple_type.mm, length, out);
}

static inline struct mm_ref *py_tuple_slot(struct py_tuple *tuple, size_t index)
{
    return mm_tail_refs(&py_tuple_type.mm, tuple) + index;
}

static inline size_t py_tuple_length(const struct py_tuple *tuple)
{
    return tuple->length;
}

static inline void *py_tuple_get(const struct py_tuple *tuple, size_t index)
{
    return mm_get((const struct mm_ref *)(const void *)(tuple + 1) + index);
}

/* Hands `item` to a new tuple. */
static inline void py_tuple_put(struct py_tuple *tuple, size_t index, struct mm_root *item)
{
    mm_move(tuple, py_tuple_slot(tuple, index), item);
}

/* sequence[start:stop] of a tuple or list, as a tuple: tuple(sequence) where it is all. */
struct py_tuple *py_tuple_of(const struct mm_root *sequence, size_t start, size_t stop, struct mm_root *out);

#endif
