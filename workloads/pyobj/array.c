#include "pyobj/array.h"

#include <string.h>

struct py_array *py_array_new(char typecode, size_t length, struct mm_root *out)
{
    uint8_t item_bytes = py_array_item_bytes(typecode);
    MM_ROOT(root);
    if (!item_bytes || length > SIZE_MAX / 16 || !mm_new(&py_array_type.mm, &root))
        return NULL;
    if (length && mm_bytes_resize(&root, offsetof(struct py_array, items), length * item_bytes)) {
        mm_dead(&py_array_type.mm, mm_root_get(&root));
        return NULL;
    }
    struct py_array *array = mm_root_get(&root);
    array->typecode = typecode;
    array->item_bytes = item_bytes;
    array->length = length;
    mm_root_move(out, &root);
    return array;
}

/* A sixteenth more, and a few. */
static size_t array_capacity(size_t old_length, size_t length)
{
    return length == 0 ? 0 : length + (length >> 4) + (old_length < 8 ? 3 : 7);
}

int py_array_resize(struct mm_root *root, size_t length)
{
    struct py_array *array = mm_root_get(root);
    size_t capacity = array->items.capacity / array->item_bytes, old = array->length;
    if (length > SIZE_MAX / 16)
        return -ENOMEM;
    if (capacity < length || old >= length + 16) {
        size_t bytes = array_capacity(old, length) * array->item_bytes;
        if (mm_bytes_resize(root, offsetof(struct py_array, items), bytes))
            return -ENOMEM;
        array = mm_root_get(root);
    } else if (length < old) {
        memset(array->items.bytes + length * array->item_bytes, 0, (old - length) * array->item_bytes);
    }
    array->length = length;
    return 0;
}

/* ---- items */

static void *item_at(const struct py_array *array, size_t index)
{
    return array->items.bytes + index * array->item_bytes;
}

int64_t py_array_get_int(const struct py_array *array, size_t index)
{
    const void *item = item_at(array, index);
    switch (array->typecode) {
    case 'b': return *(const int8_t *)item;
    case 'B': return *(const uint8_t *)item;
    case 'h': return *(const int16_t *)item;
    case 'H': return *(const uint16_t *)item;
    case 'i': return *(const int32_t *)item;
    case 'I': return *(const uint32_t *)item;
    case 'f': return (int64_t) * (const float *)item;
    case 'd': return (int64_t) * (const double *)item;
    default: return *(const int64_t *)item;
    }
}

void py_array_put_int(struct py_array *array, size_t index, int64_t value)
{
    void *item = item_at(array, index);
    switch (array->typecode) {
    case 'f': *(float *)item = (float)value; break;
    case 'd': *(double *)item = (double)value; break;
    default: memcpy(item, &value, array->item_bytes); /* the low bytes come first */
    }
}

double py_array_get_float(const struct py_array *array, size_t index)
{
    switch (array->typecode) {
    case 'f': return (double)*(const float *)item_at(array, index);
    case 'd': return *(const double *)item_at(array, index);
    default: return (double)py_array_get_int(array, index);
    }
}

void py_array_put_float(struct py_array *array, size_t index, double value)
{
    switch (array->typecode) {
    case 'f': *(float *)item_at(array, index) = (float)value; break;
    case 'd': *(double *)item_at(array, index) = value; break;
    default: py_array_put_int(array, index, (int64_t)value);
    }
}

int py_array_append_int(struct mm_root *root, int64_t value)
{
    size_t length = ((struct py_array *)mm_root_get(root))->length;
    int error = py_array_resize(root, length + 1);
    if (!error)
        py_array_put_int(mm_root_get(root), length, value);
    return error;
}

int py_array_append_float(struct mm_root *root, double value)
{
    size_t length = ((struct py_array *)mm_root_get(root))->length;
    int error = py_array_resize(root, length + 1);
    if (!error)
        py_array_put_float(mm_root_get(root), length, value);
    return error;
}
