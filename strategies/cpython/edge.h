/* edge.h: the references of an object, in one order for all who look: fields, buffers, tail; buffers and tails from the
 * last slot to the first, as Python's lists and tuples. */
#ifndef CPYTHON_EDGE_H
#define CPYTHON_EDGE_H

#include "internal.h"

/* Calls `see` with each field of an object that holds a reference until it returns not 0; returns that. */
MM_INLINE int cpython_each_slot(struct mm_ref *slots, size_t count, int (*see)(struct mm_ref *field, void *context),
                                void *context)
{
    int result = 0;
    for (size_t i = count; i-- > 0 && result == 0;)
        if (slots[i].object)
            result = see(&slots[i], context);
    return result;
}

MM_INLINE int cpython_each_edge(PyObject *object, int (*see)(struct mm_ref *field, void *context), void *context)
{
    const struct mm_type *mm = cpython_type_of(object)->mm;
    void *payload = cpython_payload(object);
    int result = 0;
    for (unsigned i = 0; i < mm->ref_count && result == 0; i++) {
        struct mm_ref *field = mm_ref_at(payload, mm->refs[i]);
        if (field->object)
            result = see(field, context);
    }
    for (unsigned i = 0; i < mm->refs_count && result == 0; i++) {
        const struct mm_refs *refs = mm_refs_at(payload, mm->ref_buffers[i]);
        result = cpython_each_slot(refs->slots, refs->capacity, see, context);
    }
    if (mm->tail == MM_TAIL_REFS && result == 0)
        result = cpython_each_slot(mm_tail_refs(mm, payload), mm_type_length(mm, payload), see, context);
    return result;
}

#endif
