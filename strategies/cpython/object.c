/* object.c: tp_traverse and tp_clear. */
#include "edge.h"

struct traversal {
    visitproc visit;
    void *arg;
};

MM_INLINE int visit_edge(struct mm_ref *field, void *context)
{
    const struct traversal *traversal = context;
    return traversal->visit(cpython_of(field->object), traversal->arg);
}

static int traverse(PyObject *self, visitproc visit, void *arg)
{
    return cpython_each_edge(self, visit_edge, &(struct traversal){visit, arg});
}

/* What an author writes out; `length` is a constant to the compiler. */
MM_INLINE int visit_row(const struct mm_ref *fields, unsigned length, visitproc visit, void *arg)
{
#pragma GCC unroll 4
    for (unsigned i = 0; i < length; i++) {
        int result = fields[i].object ? visit(cpython_of(fields[i].object), arg) : 0;
        if (result)
            return result;
    }
    return 0;
}

static int traverse_1(PyObject *self, visitproc visit, void *arg)
{
    return visit_row(cpython_row(self), 1, visit, arg);
}

static int traverse_2(PyObject *self, visitproc visit, void *arg)
{
    return visit_row(cpython_row(self), 2, visit, arg);
}

static int traverse_3(PyObject *self, visitproc visit, void *arg)
{
    return visit_row(cpython_row(self), 3, visit, arg);
}

static int traverse_4(PyObject *self, visitproc visit, void *arg)
{
    return visit_row(cpython_row(self), 4, visit, arg);
}

const traverseproc cpython_traverse[] = {traverse, traverse_1, traverse_2, traverse_3, traverse_4};

MM_INLINE int clear_edge(struct mm_ref *field, void *context)
{
    (void)context;
    void *object = field->object;
    field->object = NULL;
    Py_DECREF(cpython_of(object));
    return 0;
}

/* A buffer is empty before what it held is dropped, as a list is: finalizers may look at it. */
static void clear_buffer(struct mm_refs *refs)
{
    struct mm_refs old = *refs;
    void *block = old.slots;
    *refs = (struct mm_refs){0};
    cpython_each_slot(old.slots, old.capacity, clear_edge, NULL);
    cpython_block_resize(&block, old.capacity * sizeof *old.slots, 0);
}

/* Its caller holds a reference to the object. */
int cpython_clear(PyObject *self)
{
    const struct mm_type *mm = cpython_type_of(self)->mm;
    void *payload = cpython_payload(self);
    for (unsigned i = 0; i < mm->ref_count; i++) {
        struct mm_ref *field = mm_ref_at(payload, mm->refs[i]);
        if (field->object)
            clear_edge(field, NULL);
    }
    for (unsigned i = 0; i < mm->refs_count; i++)
        clear_buffer(mm_refs_at(payload, mm->ref_buffers[i]));
    if (mm->tail == MM_TAIL_REFS)
        cpython_each_slot(mm_tail_refs(mm, payload), mm_type_length(mm, payload), clear_edge, NULL);
    return 0;
}
