/* range.h: the iterator over range(start, stop, step): as CPython's, of C integers; each number is boxed as it comes. A
 * range itself has the same size there, with its numbers boxed.
 */
#ifndef PY_RANGE_H
#define PY_RANGE_H

#include "pyobj/int.h"

struct py_range {
    int64_t index, start, step, length;
};

static const struct py_type py_range_type = {
    .mm = {.name = "range_iterator", .size = sizeof(struct py_range), .flags = MM_TYPE_TAGGED},
    .kind = PY_RANGE,
};

static inline struct py_range *py_range_new(int64_t start, int64_t step, int64_t length, struct mm_root *out)
{
    struct py_range *range = mm_new(&py_range_type.mm, out);
    if (range)
        *range = (struct py_range){.start = start, .step = step, .length = length};
    return range;
}

/* The next number, or false at the end. */
static inline bool py_range_next(struct py_range *range, int64_t *number)
{
    if (range->index == range->length)
        return false;
    *number = range->start + range->index++ * range->step;
    return true;
}

#endif
