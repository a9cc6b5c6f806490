/* constant.h: None, True and False. One object each, made once by whoever needs them and shared by all (shared.h).
 *
 * None has no payload at all. A bool is an int in CPython, and has its size: | length | digit |.
 */
#ifndef PY_CONSTANT_H
#define PY_CONSTANT_H

#include "pyobj/py.h"

struct py_bool {
    size_t length;
};

static const struct py_type py_none_type = {
    .mm = {.name = "NoneType", .size = 0, .flags = MM_TYPE_TAGGED},
    .kind = PY_NONE,
};

static const struct py_type py_bool_type = {
    .mm = {.name = "bool", .size = sizeof(struct py_bool), .flags = MM_TYPE_TAGGED, .tail = MM_TAIL_BYTES},
    .kind = PY_BOOL,
};

static inline void *py_none_new(struct mm_root *out)
{
    return mm_new(&py_none_type.mm, out);
}

static inline uint32_t *py_bool_digit(const struct py_bool *object)
{
    return (uint32_t *)(uintptr_t)(object + 1);
}

static inline void *py_bool_new(bool value, struct mm_root *out)
{
    struct py_bool *object = mm_new_tail(&py_bool_type.mm, sizeof(uint32_t), out);
    if (object)
        *py_bool_digit(object) = value;
    return object;
}

static inline bool py_bool_value(const struct py_bool *object)
{
    return *py_bool_digit(object) != 0;
}

#endif
