/* str.h: a str: immutable once it is filled, with its hash kept.
 *
 *     | length: bytes of text and the 0 behind it | hash | characters | flags | text | 0 |
 *
 * Text is UTF-8. An ASCII str is as large as CPython's; another is kept there with 1, 2 or 4 bytes per character and 24
 * bytes more. Hashes are XXH3's without a secret, so that runs repeat; CPython's are SipHash with one.
 */
#ifndef PY_STR_H
#define PY_STR_H

#include <string.h>

#include "pyobj/py.h"

struct py_str {
    size_t length;
    uint64_t hash; /* 0: not computed yet */
    uint64_t characters;
    uint64_t flags; /* PY_STR_ASCII */
};

enum { PY_STR_ASCII = 1 };

static const struct py_type py_str_type = {
    .mm = {.name = "str", .size = sizeof(struct py_str), .flags = MM_TYPE_TAGGED, .tail = MM_TAIL_BYTES},
    .kind = PY_STR,
};

static inline char *py_str_text(const struct py_str *str)
{
    return (char *)(uintptr_t)(str + 1);
}

/* Bytes of text, the 0 not included. */
static inline size_t py_str_bytes(const struct py_str *str)
{
    return str->length - 1;
}

/* A str of `bytes` zero bytes, to be filled by the caller before anyone else sees it, and then py_str_filled. */
static inline struct py_str *py_str_new_blank(size_t bytes, struct mm_root *out)
{
    return mm_new_tail(&py_str_type.mm, bytes + 1, out);
}

/* Counts the characters; the second where the text is known to be ASCII. */
void py_str_filled(struct py_str *str);

static inline void py_str_filled_ascii(struct py_str *str)
{
    str->characters = py_str_bytes(str);
    str->flags = PY_STR_ASCII;
}

/* A copy of `text`, which lies outside the managed heap. */
struct py_str *py_str_new(const void *text, size_t bytes, struct mm_root *out);

uint64_t py_str_hash_slow(struct py_str *str);

/* Never 0. */
static inline uint64_t py_str_hash(struct py_str *str)
{
    return str->hash ? str->hash : py_str_hash_slow(str);
}

static inline bool py_str_equal(const struct py_str *a, const struct py_str *b)
{
    return a->length == b->length && memcmp(py_str_text(a), py_str_text(b), a->length) == 0;
}

#endif
