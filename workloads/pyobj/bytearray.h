/* bytearray.h: a bytearray: bytes in a buffer that grows by CPython's rule, and a 0 behind them.
 *
 *     | bytes | capacity | length | start | exports |        bytes -> | byte 0 | byte 1 ... | 0 | room |
 *
 * Invariant: length < capacity, or both are 0.
 */
#ifndef PY_BYTEARRAY_H
#define PY_BYTEARRAY_H

#include "pyobj/py.h"

struct py_bytearray {
    struct mm_bytes buffer;
    size_t length;
    size_t unused[2]; /* CPython's ob_start, ob_exports: for their size */
};

static const uint16_t py_bytearray_buffers[] = {offsetof(struct py_bytearray, buffer)};
static const struct py_type py_bytearray_type = {
    .mm = {.name = "bytearray",
           .size = sizeof(struct py_bytearray),
           .flags = MM_TYPE_TAGGED,
           .bytes_count = 1,
           .byte_buffers = py_bytearray_buffers},
    .kind = PY_BYTEARRAY,
};

static inline struct py_bytearray *py_bytearray_new(struct mm_root *out)
{
    return mm_new(&py_bytearray_type.mm, out);
}

/* The capacity after a change to `length`: an eighth more where it grows by no more than that, exact where it grows by
 * more or falls below a half. */
static inline size_t py_bytearray_capacity(size_t capacity, size_t length)
{
    if (length + 1 <= capacity)
        return length < capacity / 2 ? length + 1 : capacity;
    if (length <= capacity + capacity / 8)
        return length + (length >> 3) + (length < 9 ? 3 : 6);
    return length + 1;
}

/* Makes it `length` bytes long; new ones are 0. 0 or -ENOMEM. */
static inline int py_bytearray_resize(struct mm_root *root, size_t length)
{
    struct py_bytearray *array = mm_root_get(root);
    size_t capacity = py_bytearray_capacity(array->buffer.capacity, length);
    if (capacity != array->buffer.capacity) {
        if (mm_bytes_resize(root, offsetof(struct py_bytearray, buffer), capacity))
            return -ENOMEM;
        array = mm_root_get(root);
    }
    for (size_t i = length; i < array->length && i < capacity; i++)
        array->buffer.bytes[i] = 0;
    array->length = length;
    return 0;
}

static inline int py_bytearray_append(struct mm_root *root, unsigned char byte)
{
    size_t length = ((struct py_bytearray *)mm_root_get(root))->length;
    int error = py_bytearray_resize(root, length + 1);
    if (!error)
        ((struct py_bytearray *)mm_root_get(root))->buffer.bytes[length] = byte;
    return error;
}

#endif
