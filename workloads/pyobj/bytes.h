/* bytes.h: a bytes: immutable once it is filled.
 *
 *     | length: bytes and the 0 behind them | hash | bytes | 0 |
 */
#ifndef PY_BYTES_H
#define PY_BYTES_H

#include <string.h>

#include "pyobj/py.h"

struct py_bytes {
    size_t length;
    uint64_t hash; /* where CPython keeps it */
};

static const struct py_type py_bytes_type = {
    .mm = {.name = "bytes", .size = sizeof(struct py_bytes), .flags = MM_TYPE_TAGGED, .tail = MM_TAIL_BYTES},
    .kind = PY_BYTES,
};

static inline unsigned char *py_bytes_data(const struct py_bytes *bytes)
{
    return (unsigned char *)(uintptr_t)(bytes + 1);
}

static inline size_t py_bytes_length(const struct py_bytes *bytes)
{
    return bytes->length - 1;
}

/* A copy of `data`, which lies outside the managed heap; NULL: of zeros. */
static inline struct py_bytes *py_bytes_new(const void *data, size_t count, struct mm_root *out)
{
    struct py_bytes *bytes = mm_new_tail(&py_bytes_type.mm, count + 1, out);
    if (bytes && data && count)
        memcpy(py_bytes_data(bytes), data, count);
    return bytes;
}

#endif
