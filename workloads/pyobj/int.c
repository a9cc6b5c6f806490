#include "pyobj/int.h"

void *py_int_new_slow(int64_t value, struct mm_root *out)
{
    uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    size_t count = 1;
    while (count < 3 && magnitude >> (PY_DIGIT_BITS * count))
        count++;
    struct py_int *object = mm_new_tail(&py_int_type.mm, count * sizeof(uint32_t), out);
    if (!object)
        return NULL;
    uint32_t *digits = py_int_digits(object);
    for (size_t i = 0; i < count; i++)
        digits[i] = (uint32_t)(magnitude >> (PY_DIGIT_BITS * i)) & PY_DIGIT_MASK;
    if (value < 0)
        digits[count - 1] |= py_int_sign;
    return object;
}

int64_t py_int_value_slow(const struct py_int *object)
{
    const uint32_t *digits = py_int_digits(object);
    size_t count = object->length / sizeof *digits;
    uint64_t magnitude = 0;
    for (size_t i = 0; i < count; i++)
        magnitude |= (uint64_t)(digits[i] & PY_DIGIT_MASK) << (PY_DIGIT_BITS * i);
    return (int64_t)(digits[count - 1] & py_int_sign ? 0 - magnitude : magnitude);
}
