/* py.h: Python-shaped objects on the contract: what they share.
 *
 * Payloads are as large as CPython 3.11's, so that a payload with CPython's header (16 bytes, and 16 more before what
 * its collector tracks, which is what can hold references) is what sys.getsizeof reports there. README.md has the table
 * of kinds; sizeof.h computes it for any value; pyobj.h includes them all.
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
    PY_BYTES,
    PY_BYTEARRAY,
    PY_ARRAY,
    PY_TUPLE,
    PY_LIST,
    PY_DICT,
    PY_SET,
    PY_DEQUE,
    PY_DEQUE_BLOCK,
    PY_RANGE,
    PY_GENERATOR,
    PY_FUNCTION,
    PY_OBJECT,        /* object(), and objects with slots */
    PY_INSTANCE,      /* objects with a dict */
    PY_INSTANCE_DICT, /* that dict, once it was asked for */
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

/* Where the fields of a payload are that has nothing but references. */
enum { PY_WORDS = 64 };
static const uint16_t py_word_offsets[PY_WORDS] = {
    0,   8,   16,  24,  32,  40,  48,  56,  64,  72,  80,  88,  96,  104, 112, 120, 128, 136, 144, 152, 160, 168,
    176, 184, 192, 200, 208, 216, 224, 232, 240, 248, 256, 264, 272, 280, 288, 296, 304, 312, 320, 328, 336, 344,
    352, 360, 368, 376, 384, 392, 400, 408, 416, 424, 432, 440, 448, 456, 464, 472, 480, 488, 496, 504,
};

#endif
