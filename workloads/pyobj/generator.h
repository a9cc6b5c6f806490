/* generator.h: a generator: a frame on the heap, with its locals, that is resumed until it is finished.
 *
 *     | length | code | state | weak | what CPython's frame also has | local 0 | local 1 ... |
 *
 * As large as CPython 3.11's, an object with its frame inside, whose places are the locals and the deepest stack of its
 * code: 1 for `def g(): yield 1`, 4 for the expression `(x for x in y)`.
 */
#ifndef PY_GENERATOR_H
#define PY_GENERATOR_H

#include "pyobj/py.h"

/* Runs until the next yield. 1: delivered a value into `yielded`; 0: finished; or a negative errno. Python's locals are
 * the generator's; what is to survive a yield is in them or in `state`. */
typedef int py_resume(struct mm_root *generator, struct mm_root *yielded);

struct py_generator {
    size_t length;   /* places for locals and stack */
    py_resume *code; /* NULL: finished */
    int64_t state;   /* the code's own */
    struct mm_weaklist weaklist;
    void *unused[13]; /* globals, builtins, exception state, previous frame, ...: kept for their size alone */
};

static const struct py_type py_generator_type = {
    .mm = {.name = "generator",
           .size = sizeof(struct py_generator),
           .flags = MM_TYPE_TAGGED,
           .tail = MM_TAIL_REFS,
           .weaklist = offsetof(struct py_generator, weaklist)},
    .kind = PY_GENERATOR,
};

static inline struct py_generator *py_generator_new(py_resume *code, size_t places, struct mm_root *out)
{
    struct py_generator *generator = mm_new_tail(&py_generator_type.mm, places, out);
    if (generator)
        generator->code = code;
    return generator;
}

static inline struct mm_ref *py_generator_local(struct py_generator *generator, size_t index)
{
    return mm_tail_refs(&py_generator_type.mm, generator) + index;
}

/* Python's next(): as py_resume. A generator that has finished or failed finishes again. */
static inline int py_generator_next(struct mm_root *root, struct mm_root *yielded)
{
    struct py_generator *generator = mm_root_get(root);
    if (!generator->code)
        return 0;
    int result = generator->code(root, yielded);
    if (result <= 0) {
        generator = mm_root_get(root);
        generator->code = NULL;
    }
    return result;
}

#endif
