/* int.h: a boxed int. As CPython's: digits of 30 bits in 32, the lowest first; here up to 64 bits. Of the last digit,
 * the top bit is the sign, and the one below it says that the int is shared (shared.h).
 *
 *     | length: bytes of digits | digit 0 | digit 1 ... |
 */
#ifndef PY_INT_H
#define PY_INT_H

#include "pyobj/py.h"

struct py_int {
    size_t length;
};

static const struct py_type py_int_type = {
    .mm = {.name = "int", .size = sizeof(struct py_int), .flags = MM_TYPE_TAGGED, .tail = MM_TAIL_BYTES},
    .kind = PY_INT,
};

enum { PY_DIGIT_BITS = 30, PY_DIGIT_MASK = (1 << PY_DIGIT_BITS) - 1 };
static const uint32_t py_int_sign = 1u << 31, py_int_shared_bit = 1u << 30;

static inline uint32_t *py_int_digits(const struct py_int *object)
{
    return (uint32_t *)(uintptr_t)(object + 1);
}

void *py_int_new_slow(int64_t value, struct mm_root *out);
int64_t py_int_value_slow(const struct py_int *object);

/* Borrowed; NULL at the limit. One digit is the common case: -2^30 < value < 2^30. */
static inline void *py_int_new(int64_t value, struct mm_root *out)
{
    if (__builtin_expect(value > PY_DIGIT_MASK || value < -PY_DIGIT_MASK, 0))
        return py_int_new_slow(value, out);
    struct py_int *object = mm_new_tail(&py_int_type.mm, sizeof(uint32_t), out);
    if (object)
        *py_int_digits(object) = value < 0 ? (uint32_t)-value | py_int_sign : (uint32_t)value;
    return object;
}

static inline int64_t py_int_value(const struct py_int *object)
{
    if (__builtin_expect(object->length != sizeof(uint32_t), 0))
        return py_int_value_slow(object);
    uint32_t digit = *py_int_digits(object);
    int64_t magnitude = digit & PY_DIGIT_MASK;
    return digit & py_int_sign ? -magnitude : magnitude;
}

static inline bool py_int_is_shared(const struct py_int *object)
{
    return py_int_digits(object)[object->length / sizeof(uint32_t) - 1] & py_int_shared_bit;
}

#endif
