/* constant.h: None, True and False. One object each, made once by whoever needs them and shared by all. */
#ifndef PY_CONSTANT_H
#define PY_CONSTANT_H

#include "pyobj/py.h"

struct py_constant {
    uint64_t value; /* of a bool: 0 or 1 */
};

static const struct py_type py_none_type = {
    .mm = {.name = "NoneType", .size = sizeof(struct py_constant), .flags = MM_TYPE_TAGGED},
    .kind = PY_NONE,
};

static const struct py_type py_bool_type = {
    .mm = {.name = "bool", .size = sizeof(struct py_constant), .flags = MM_TYPE_TAGGED},
    .kind = PY_BOOL,
};

static inline void *py_none_new(struct mm_root *out)
{
    return mm_new(&py_none_type.mm, out);
}

static inline void *py_bool_new(bool value, struct mm_root *out)
{
    struct py_constant *constant = mm_new(&py_bool_type.mm, out);
    if (constant)
        constant->value = value;
    return constant;
}

#endif
