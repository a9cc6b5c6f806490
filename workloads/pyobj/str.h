/* str.h: a str: immutable once it is filled, with its hash kept; 1, 2 or 4 bytes per character, as its widest needs.
 *
 *     | length | characters | hash | flags | [24 bytes, unless ASCII] | text | 0 |      length: bytes after flags
 *     | bytes  | capacity   | hash | flags |                                            grown: the same, the part
 *         +-> | [24 bytes, unless ASCII] | text | 0 |                                   after flags in a buffer
 *
 * As CPython's: PyASCIIObject (48 bytes, header included) before ASCII, PyCompactUnicodeObject (72) before any other.
 * What `s += t` makes is grown: CPython resizes the block of such a str in place, and only a buffer can be resized
 * here. Its text takes the same bytes. Hashes are XXH3's without a secret, so that runs repeat; CPython's are SipHash
 * with one.
 */
#ifndef PY_STR_H
#define PY_STR_H

#include <string.h>

#include "pyobj/py.h"

/* By the widest character: below 2^7, 2^8, 2^16, and the others. */
enum py_str_form { PY_STR_ASCII, PY_STR_LATIN1, PY_STR_UCS2, PY_STR_UCS4 };

enum { PY_STR_FORM = 3, PY_STR_GROWN = 4, PY_STR_SHARED = 8 };

struct py_str {
    size_t length;
    uint64_t characters;
    uint64_t hash;  /* 0: not computed yet */
    uint64_t flags; /* an enum py_str_form, PY_STR_GROWN, PY_STR_SHARED */
};

struct py_str_grown {
    struct mm_bytes text;
    uint64_t hash, flags; /* where a py_str has them */
};

static const struct py_type py_str_type = {
    .mm = {.name = "str", .size = sizeof(struct py_str), .flags = MM_TYPE_TAGGED, .tail = MM_TAIL_BYTES},
    .kind = PY_STR,
};

static const uint16_t py_str_grown_buffers[] = {offsetof(struct py_str_grown, text)};
static const struct py_type py_str_grown_type = {
    .mm = {.name = "str",
           .size = sizeof(struct py_str_grown),
           .flags = MM_TYPE_TAGGED,
           .bytes_count = 1,
           .byte_buffers = py_str_grown_buffers},
    .kind = PY_STR,
};

/* ---- layout */

static inline enum py_str_form py_str_form(const struct py_str *str)
{
    return (enum py_str_form)(str->flags & PY_STR_FORM);
}

static inline size_t py_str_form_width(enum py_str_form form)
{
    static const uint8_t widths[] = {[PY_STR_ASCII] = 1, [PY_STR_LATIN1] = 1, [PY_STR_UCS2] = 2, [PY_STR_UCS4] = 4};
    return widths[form];
}

/* What CPython's PyCompactUnicodeObject has more than its PyASCIIObject. */
static inline size_t py_str_form_extra(enum py_str_form form)
{
    return form == PY_STR_ASCII ? 0 : 24;
}

/* Bytes of a text of so many characters with what lies before it and the 0 behind it. */
static inline size_t py_str_form_bytes(enum py_str_form form, size_t characters)
{
    return py_str_form_extra(form) + (characters + 1) * py_str_form_width(form);
}

static inline size_t py_str_length(const struct py_str *str)
{
    if (__builtin_expect(!(str->flags & PY_STR_GROWN), 1))
        return str->characters;
    enum py_str_form form = py_str_form(str);
    const struct py_str_grown *grown = (const void *)str;
    return (grown->text.capacity - py_str_form_extra(form)) / py_str_form_width(form) - 1;
}

/* Its characters, of py_str_form_width bytes each: chars where it is ASCII. */
static inline char *py_str_text(const struct py_str *str)
{
    char *text = (char *)(uintptr_t)(str + 1);
    if (__builtin_expect(str->flags & PY_STR_GROWN, 0))
        text = (char *)((const struct py_str_grown *)(const void *)str)->text.bytes;
    return text + py_str_form_extra(py_str_form(str));
}

/* Bytes of text, the 0 not included. */
static inline size_t py_str_bytes(const struct py_str *str)
{
    return py_str_length(str) * py_str_form_width(py_str_form(str));
}

/* The character at an index. */
static inline uint32_t py_str_at(const struct py_str *str, size_t index)
{
    const void *text = py_str_text(str);
    switch (py_str_form(str)) {
    case PY_STR_UCS2: return ((const uint16_t *)text)[index];
    case PY_STR_UCS4: return ((const uint32_t *)text)[index];
    default: return ((const uint8_t *)text)[index];
    }
}

/* ---- making one (str.c) */

/* The form for text whose characters, or-ed together, are this. */
static inline enum py_str_form py_str_form_for(uint32_t characters)
{
    return characters < 0x80      ? PY_STR_ASCII
           : characters < 0x100   ? PY_STR_LATIN1
           : characters < 0x10000 ? PY_STR_UCS2
                                  : PY_STR_UCS4;
}

/* Fills a blank one. */
static inline void py_str_put(struct py_str *str, size_t index, uint32_t character)
{
    void *text = py_str_text(str);
    switch (py_str_form(str)) {
    case PY_STR_UCS2: ((uint16_t *)text)[index] = (uint16_t)character; break;
    case PY_STR_UCS4: ((uint32_t *)text)[index] = character; break;
    default: ((uint8_t *)text)[index] = (uint8_t)character;
    }
}

/* A str of zeros, to be filled by the caller before anyone else sees it: with what needs this form. */
static inline struct py_str *py_str_new_blank(enum py_str_form form, size_t characters, struct mm_root *out)
{
    if (characters > SIZE_MAX / 16)
        return NULL;
    struct py_str *str = mm_new_tail(&py_str_type.mm, py_str_form_bytes(form, characters), out);
    if (str) {
        str->characters = characters;
        str->flags = form;
    }
    return str;
}

/* Of UTF-8 text that lies outside the managed heap. What is not UTF-8 becomes U+FFFD. */
struct py_str *py_str_new(const void *text, size_t bytes, struct mm_root *out);

/* ---- comparing */

uint64_t py_str_hash_slow(struct py_str *str);

/* Never 0. */
static inline uint64_t py_str_hash(struct py_str *str)
{
    return str->hash ? str->hash : py_str_hash_slow(str);
}

static inline bool py_str_equal(const struct py_str *a, const struct py_str *b)
{
    return py_str_form(a) == py_str_form(b) && py_str_length(a) == py_str_length(b) &&
           memcmp(py_str_text(a), py_str_text(b), py_str_bytes(a)) == 0;
}

/* ---- strs from strs (str_build.c) */

/* a + b */
struct py_str *py_str_concat(const struct mm_root *a, const struct mm_root *b, struct mm_root *out);

/* s += part, where `str` holds the only reference to s, as CPython does it in place: its block is resized, which moves
 * it or not as the allocator decides. The first time, or where the part needs a wider form, by a copy; then the old str
 * is declared dead here. 0, or -ENOMEM with `str` as it was. */
int py_str_append(struct mm_root *str, const struct mm_root *part);

/* separator.join(parts), of a list or tuple of strs. */
struct py_str *py_str_join(const struct mm_root *separator, const struct mm_root *parts, struct mm_root *out);

/* s[start:stop], 0 <= start <= stop <= length: a copy, in the form that it needs. */
struct py_str *py_str_slice(const struct mm_root *str, size_t start, size_t stop, struct mm_root *out);

#endif
