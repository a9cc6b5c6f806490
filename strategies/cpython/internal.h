/* internal.h: what the strategy's own files share. */
#ifndef CPYTHON_INTERNAL_H
#define CPYTHON_INTERNAL_H

#include "mm.h"

/* ---- the interpreter: python.c */

/* What Python's gc module has, looked up once. */
struct cpython_gc {
    PyObject *collect, *get_objects, *get_count, *get_threshold, *set_threshold;
    PyObject *freeze, *unfreeze, *get_freeze_count, *set_debug, *get_debug;
    PyObject *garbage, *callbacks; /* lists */
    PyObject *on_collection;       /* cpython_on_collection, for `callbacks` */
};

extern struct cpython_gc cpython_gc;

/* Starts the interpreter, once in a process. 0; -ENOMEM; -ENOSYS if it does not start here. */
int cpython_start(bool pymalloc);

/* Whether the strategy is told of collections. 0 or -ENOMEM. */
int cpython_listen(bool listens);

/* Calls a function of the gc module with integers; a new reference to what it returns, or NULL without memory. A look
 * makes lists or tuples, and would be a reason to collect: it is done with the collector disabled. */
PyObject *cpython_gc_call(PyObject *function, size_t count, const long arguments[]);
PyObject *cpython_gc_look(PyObject *function, size_t count, const long arguments[]);

/* The value of a number, whose reference is dropped; 0 of NULL. */
size_t cpython_size(PyObject *number);

/* A list of all that is tracked in a generation (-1: in all), the interpreter's own included. NULL without memory. */
PyObject *cpython_tracked(int generation);

/* ---- memory: memory.c */

/* Before the interpreter starts, and before each heap: where small blocks come from. */
void cpython_memory_start(void);
void cpython_memory_choose(bool pymalloc);

/* ---- types: type.c */

/* True for the heap's objects, its weak references included; false for what is the interpreter's own. */
bool cpython_is_ours(PyObject *object);

/* ---- objects: object.c, death.c; what a type's slots hold */

/* Those that an author would write out field by field are: by the length of a row of reference fields. [0]: any. */
enum { CPYTHON_ROW_MAX = 4 };
extern const traverseproc cpython_traverse[CPYTHON_ROW_MAX + 1];
extern const destructor cpython_dealloc[CPYTHON_ROW_MAX + 1];

int cpython_clear(PyObject *self);
void cpython_dealloc_leaf(PyObject *self); /* of what is no GC type */
void cpython_finalize(PyObject *self);
void cpython_del(PyObject *self);

/* What dies between these two is one cascade: of a list that is emptied. They nest. */
void cpython_cascade_begin(void);
void cpython_cascade_end(void);

/* A cascade ends here as a pause, and another begins: around a collection. */
void cpython_cascade_break(void);

/* ---- weak references: weak.c */

int cpython_weak_start(void);
bool cpython_is_our_weak(PyObject *object);

/* ---- collections: collect.c */

/* What gc.callbacks has while a heap is open. */
PyObject *cpython_on_collection(PyObject *self, PyObject *const *arguments, Py_ssize_t count);

/* ---- buffers: buffer.c */

/* Resizes a block, with its account; new bytes are 0. Making it smaller or empty cannot fail. 0 or -ENOMEM. */
int cpython_block_resize(void **block, size_t old_bytes, size_t new_bytes);
void cpython_free_buffers(const struct mm_type *mm, void *payload);

#endif
