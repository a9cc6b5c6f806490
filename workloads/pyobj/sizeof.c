#include "pyobj/sizeof.h"

#include "pyobj/deque.h"
#include "pyobj/instance.h"
#include "pyobj/int.h"

static size_t header_bytes(const struct mm_type *type)
{
    return PY_HEADER_BYTES + (mm_type_has_refs(type) ? PY_GC_HEADER_BYTES : 0);
}

static size_t buffer_bytes(const struct mm_type *type, const void *value)
{
    void *object = (void *)(uintptr_t)value;
    size_t bytes = 0;
    for (unsigned i = 0; i < type->refs_count; i++)
        bytes += mm_refs_at(object, type->ref_buffers[i])->capacity * sizeof(struct mm_ref);
    for (unsigned i = 0; i < type->bytes_count; i++)
        bytes += mm_bytes_at(object, type->byte_buffers[i])->capacity;
    return bytes;
}

/* Ours: with our blocks, which have headers, and our map, CPython's would be larger. */
static size_t deque_sizeof(const struct py_deque *deque)
{
    enum { CPYTHON_DEQUE = 232, CPYTHON_BLOCK = (2 + PY_DEQUE_BLOCK_ITEMS) * 8 };
    return CPYTHON_DEQUE + deque->blocks * CPYTHON_BLOCK;
}

/* A split dict has as many values as the shared keys have places now. */
static size_t instance_dict_sizeof(const struct py_instance_dict *dict)
{
    const struct py_class *class = dict->class;
    return header_bytes(&py_instance_dict_type.mm) + py_instance_dict_type.mm.size +
           (class->attribute_count + *class->spare) * sizeof(struct mm_ref);
}

size_t py_sizeof(const void *value)
{
    const struct mm_type *type = mm_type_of(value);
    size_t object = header_bytes(type) + mm_type_payload_bytes(type, mm_type_length(type, value));
    switch (py_kind_of(value)) {
    case PY_INSTANCE: return object;
    case PY_INSTANCE_DICT: return instance_dict_sizeof(value);
    case PY_DEQUE: return deque_sizeof(value);
    default: return object + buffer_bytes(type, value);
    }
}

size_t py_traced(const void *value)
{
    size_t bytes = py_sizeof(value);
    switch (py_kind_of(value)) {
    case PY_INT: return bytes < 32 ? 32 : bytes;
    case PY_INSTANCE: return bytes + (py_instance_has_dict(value) ? 0 : buffer_bytes(mm_type_of(value), value));
    case PY_INSTANCE_DICT: {
        const struct mm_refs *values = &((const struct py_instance_dict *)value)->values;
        return header_bytes(&py_instance_dict_type.mm) + py_instance_dict_type.mm.size +
               py_instance_capacity(values->capacity) * sizeof(struct mm_ref);
    }
    default: return bytes;
    }
}
