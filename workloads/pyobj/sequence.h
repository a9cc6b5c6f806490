/* sequence.h: what lists and tuples have in common: a length, and items by index. */
#ifndef PY_SEQUENCE_H
#define PY_SEQUENCE_H

#include "pyobj/list.h"
#include "pyobj/tuple.h"

static inline size_t py_sequence_length(const void *sequence)
{
    return py_kind_of(sequence) == PY_LIST ? py_list_length(sequence) : py_tuple_length(sequence);
}

static inline void *py_sequence_get(const void *sequence, size_t index)
{
    return py_kind_of(sequence) == PY_LIST ? py_list_get(sequence, index) : py_tuple_get(sequence, index);
}

#endif
