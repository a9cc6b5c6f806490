/* float.h: a boxed double. */
#ifndef PY_FLOAT_H
#define PY_FLOAT_H

#include "pyobj/py.h"

struct py_float {
    double value;
};

static const struct py_type py_float_type = {
    .mm = {.name = "float", .size = sizeof(struct py_float), .flags = MM_TYPE_TAGGED},
    .kind = PY_FLOAT,
};

static inline void *py_float_new(double value, struct mm_root *out)
{
    struct py_float *object = mm_new(&py_float_type.mm, out);
    if (object)
        object->value = value;
    return object;
}

#endif
