/* function.h: a function object, and what it refers to: a def or lambda makes one each time it is run.
 *
 *     | code | version | weak | closure | defaults | globals | name | ... |
 */
#ifndef PY_FUNCTION_H
#define PY_FUNCTION_H

#include "pyobj/py.h"

/* Calls it: 0 or a negative errno. `argument` is the function's own. */
typedef int py_code(struct mm_root *function, struct mm_root *argument, struct mm_root *result);

struct py_function {
    py_code *code;
    uint64_t version; /* CPython's func_version */
    void *vectorcall; /* the same */
    struct mm_weaklist weaklist;
    struct mm_ref closure; /* a tuple, or NULL */
    struct mm_ref defaults, keyword_defaults, annotations;
    struct mm_ref globals, builtins, module, dict;
    struct mm_ref name, qualified_name, doc;
};

static const uint16_t py_function_refs[] = {
    offsetof(struct py_function, closure),
    offsetof(struct py_function, defaults),
    offsetof(struct py_function, keyword_defaults),
    offsetof(struct py_function, annotations),
    offsetof(struct py_function, globals),
    offsetof(struct py_function, builtins),
    offsetof(struct py_function, module),
    offsetof(struct py_function, dict),
    offsetof(struct py_function, name),
    offsetof(struct py_function, qualified_name),
    offsetof(struct py_function, doc),
};
static const struct py_type py_function_type = {
    .mm = {.name = "function",
           .size = sizeof(struct py_function),
           .flags = MM_TYPE_TAGGED,
           .ref_count = sizeof py_function_refs / sizeof *py_function_refs,
           .weaklist = offsetof(struct py_function, weaklist),
           .refs = py_function_refs},
    .kind = PY_FUNCTION,
};

static inline struct py_function *py_function_new(py_code *code, struct mm_root *out)
{
    struct py_function *function = mm_new(&py_function_type.mm, out);
    if (function)
        function->code = code;
    return function;
}

#endif
