/* array.h: array.array: numbers of C, packed in a buffer that grows by CPython's rule.
 *
 *     | length | bytes | capacity in bytes | typecode | weak | type |
 *
 * CPython's collector tracks it, since it refers to its type, which lives on the heap: so does `type` here, which is
 * always NULL. Invariant: length * item bytes <= capacity.
 */
#ifndef PY_ARRAY_H
#define PY_ARRAY_H

#include "pyobj/py.h"

struct py_array {
    size_t length;
    struct mm_bytes items;
    char typecode;
    uint8_t item_bytes;
    struct mm_weaklist weaklist;
    struct mm_ref type;
};

static const uint16_t py_array_refs[] = {offsetof(struct py_array, type)};
static const uint16_t py_array_buffers[] = {offsetof(struct py_array, items)};
static const struct py_type py_array_type = {
    .mm = {.name = "array",
           .size = sizeof(struct py_array),
           .flags = MM_TYPE_TAGGED,
           .ref_count = 1,
           .bytes_count = 1,
           .weaklist = offsetof(struct py_array, weaklist),
           .refs = py_array_refs,
           .byte_buffers = py_array_buffers},
    .kind = PY_ARRAY,
};

/* Bytes of an item by its typecode, one of "bBhHiIlLqQfd"; 0: it is none of these. */
static inline uint8_t py_array_item_bytes(char typecode)
{
    switch (typecode) {
    case 'b':
    case 'B': return 1;
    case 'h':
    case 'H': return 2;
    case 'i':
    case 'I':
    case 'f': return 4;
    case 'l':
    case 'L':
    case 'q':
    case 'Q':
    case 'd': return 8;
    default: return 0;
    }
}

/* Of `length` zeros, without more room: as from a list. NULL for a typecode that is none, too. */
struct py_array *py_array_new(char typecode, size_t length, struct mm_root *out);

/* Changes the length; new items are 0. Room is given back when more than 16 items go at once. 0 or -ENOMEM. */
int py_array_resize(struct mm_root *array, size_t length);

/* Items as int64_t: of typecodes 'f' and 'd' rounded towards 0; put cuts off what the typecode has no bits for. */
int64_t py_array_get_int(const struct py_array *array, size_t index);
void py_array_put_int(struct py_array *array, size_t index, int64_t value);

/* The same as double. */
double py_array_get_float(const struct py_array *array, size_t index);
void py_array_put_float(struct py_array *array, size_t index, double value);

/* 0 or -ENOMEM. */
int py_array_append_int(struct mm_root *array, int64_t value);
int py_array_append_float(struct mm_root *array, double value);

#endif
