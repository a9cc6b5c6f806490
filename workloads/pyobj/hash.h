/* hash.h: hashes and equality of what may be a key: int and str. Neither allocates. */
#ifndef PY_HASH_H
#define PY_HASH_H

#include <assert.h>

#include "pyobj/int.h"
#include "pyobj/str.h"

/* An int's is its value modulo 2^61 - 1, as CPython's; -1 means an error there, so -1 becomes -2. */
static inline uint64_t py_hash(void *key)
{
    if (py_kind_of(key) == PY_STR)
        return py_str_hash(key);
    assert(py_kind_of(key) == PY_INT);
    const int64_t modulus = ((int64_t)1 << 61) - 1;
    int64_t hash = py_int_value(key) % modulus;
    return (uint64_t)(hash == -1 ? -2 : hash);
}

static inline bool py_same(const void *a, const void *b)
{
    if (a == b)
        return true;
    if (py_kind_of(a) != py_kind_of(b))
        return false;
    return py_kind_of(a) == PY_STR ? py_str_equal(a, b) : py_int_value(a) == py_int_value(b);
}

#endif
