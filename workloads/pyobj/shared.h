/* shared.h: what CPython has once: None, True and False, the ints -5 to 256, the strs of no and of one Latin-1
 * character; and strs that were interned.
 *
 *     struct py_shared shared;             in a workload's state
 *     error = py_shared_open(&shared);     in setup: pushes its roots
 *     py_shared_close(&shared);            in teardown: says that all of it dies, and pops them
 *
 * What it hands out is held by many, so nobody else may say that it dies: py_is_shared. Interned strs live until it is
 * closed; CPython's go with their last reference. */
#ifndef PY_SHARED_H
#define PY_SHARED_H

#include "pyobj/dict.h"
#include "pyobj/int.h"
#include "pyobj/str.h"
#include "pyobj/tuple.h"

enum { PY_SHARED_INT_FIRST = -5, PY_SHARED_INT_LAST = 256, PY_SHARED_CHARACTERS = 256 };

enum py_shared_value {
    PY_SHARED_NONE,
    PY_SHARED_TRUE,
    PY_SHARED_FALSE,
    PY_SHARED_EMPTY_STR,
    PY_SHARED_INTS,           /* a tuple */
    PY_SHARED_CHARACTER_STRS, /* a tuple */
    PY_SHARED_INTERNED,       /* a dict from each str to itself */
    PY_SHARED_VALUES,
};

struct py_shared {
    struct mm_root values[PY_SHARED_VALUES];
};

/* 0, or -ENOMEM with nothing pushed. */
int py_shared_open(struct py_shared *shared);
void py_shared_close(struct py_shared *shared);

/* None, True, False and what is marked as shared: a py_shared's. */
bool py_is_shared(const void *value);

static inline void *py_shared_get(const struct py_shared *shared, enum py_shared_value which)
{
    return mm_root_get(&shared->values[which]);
}

/* An int as Python makes it: the shared one from -5 to 256, else a new one. Borrowed, or NULL. */
static inline void *py_int_make(const struct py_shared *shared, int64_t value, struct mm_root *out)
{
    if (value < PY_SHARED_INT_FIRST || value > PY_SHARED_INT_LAST)
        return py_int_new(value, out);
    void *known = py_tuple_get(py_shared_get(shared, PY_SHARED_INTS), (size_t)(value - PY_SHARED_INT_FIRST));
    mm_root_set(out, known);
    return known;
}

/* mm_dead of an int that may be shared. */
static inline void py_int_dead(struct py_int *object)
{
    if (!py_int_is_shared(object))
        mm_dead(&py_int_type.mm, object);
}

/* Reads an int and drops it: it dies with its root, unless it is shared. */
static inline int64_t py_int_consume(struct mm_root *root)
{
    struct py_int *number = mm_root_get(root);
    int64_t value = py_int_value(number);
    py_int_dead(number);
    mm_root_set(root, NULL);
    return value;
}

/* str[index]: the shared one where it is Latin-1. Borrowed, or NULL. */
struct py_str *py_str_item(const struct py_shared *shared, const struct mm_root *str, size_t index,
                           struct mm_root *out);

/* sys.intern: the one str that is equal takes the place of that in `str`, which is declared dead if it is another. 0 or
 * -ENOMEM. */
int py_str_intern(struct py_shared *shared, struct mm_root *str);

#endif
