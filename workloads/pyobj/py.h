/* py.h: Python-shaped objects on the contract: what they share.
 *
 * Their payloads are as large as CPython 3.11's, so that a payload with CPython's header of 16 bytes (and 16 more for
 * what its collector tracks) is what sys.getsizeof reports there:
 *
 *     kind        payload bytes                     tracked   file
 *     None, bool  8 (CPython: 0 and 12)             no        constant.h
 *     int         8 + 4 per 30 bits                 no        int.h
 *     float       8                                 no        float.h
 *     str         32 + characters + 1, if ASCII     no        str.h
 *     tuple       8 + 8 per item                    yes       tuple.h
 *     list        24, items in a buffer             yes       list.h
 *     dict        32, table in two buffers          yes       dict.h
 *     generator   136 + 8 per local                 yes       generator.h
 *     range's iterator  32                          no        range.h
 *
 * Conventions. A function that allocates takes objects in roots and delivers into a root; it returns 0 or -ENOMEM, or
 * the new object, borrowed, or NULL. A function that does not allocate takes and returns borrowed pointers. What is
 * put into a container is handed on: the caller's root is NULL afterwards. To keep it, copy the root first.
 *
 * A type's definition is `static const` in its header, so that the compiler folds it into the allocation. Each file
 * has a copy therefore, and types are told apart by their kind, never by their address.
 */
#ifndef PY_H
#define PY_H

#include <errno.h>

#include "mm.h"

enum py_kind {
    PY_NONE,
    PY_BOOL,
    PY_INT,
    PY_FLOAT,
    PY_STR,
    PY_TUPLE,
    PY_LIST,
    PY_DICT,
    PY_GENERATOR,
    PY_RANGE,
};

/* A type of the contract with its kind behind it. All are MM_TYPE_TAGGED: every Python value knows its type. */
struct py_type {
    struct mm_type mm;
    enum py_kind kind;
};

static inline enum py_kind py_kind_of(const void *value)
{
    return ((const struct py_type *)(const void *)mm_type_of(value))->kind;
}

/* mm_dead for a value of any kind; of the value alone, not of what it holds. */
static inline void py_dead(void *value)
{
    mm_dead(mm_type_of(value), value);
}

#endif
