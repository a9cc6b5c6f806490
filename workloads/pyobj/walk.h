/* walk.h: visits a value and all that it and what it holds refer to, without recursion in C.
 *
 *     struct py_walk walk;
 *     py_walk_begin(&walk, value, true);
 *     while ((value = py_walk_next(&walk)))
 *         switch (walk.event) { ... }
 *     error = py_walk_end(&walk);
 *
 * What is visited is borrowed: nothing may be allocated meanwhile. What is reached on two ways is visited twice; what
 * is cyclic, without end.
 */
#ifndef PY_WALK_H
#define PY_WALK_H

#include "pyobj/py.h"

enum py_walk_event {
    PY_WALK_LEAF,  /* a value that holds none */
    PY_WALK_ENTER, /* a container, before what it holds */
    PY_WALK_LEAVE, /* a container, after it: it is not looked at any more and may be dead */
};

struct py_walk_level {
    void *container;
    size_t next; /* of its children */
};

enum { PY_WALK_LEVELS = 32 };

struct py_walk {
    enum py_walk_event event;
    bool keys; /* keys of dicts are visited too, each before its value */
    int error;
    void *first;
    struct py_walk_level *levels; /* `here`, or outside the heap when it is deeper */
    size_t depth, capacity;
    struct py_walk_level here[PY_WALK_LEVELS];
};

void py_walk_begin(struct py_walk *walk, void *value, bool keys);
void *py_walk_next(struct py_walk *walk);

/* 0, or -ENOMEM: the walk ended early, since the system had no memory for its stack. */
int py_walk_end(struct py_walk *walk);

/* Says mm_dead of a value and of all below it, except what py_is_shared says is shared and, unless `keys`, the keys of
 * dicts. Nothing else may be shared. For use under WORK_SAYS_DEAD, before the last reference to `value` is dropped.
 * NULL is nothing. */
void py_dead_tree(void *value, bool keys);

#endif
