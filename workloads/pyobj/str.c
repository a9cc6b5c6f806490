#include "pyobj/str.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

/* Eight bytes at a time; the 0 behind the text and the object's own padding are not read. */
static bool str_is_ascii(const char *text, size_t bytes)
{
    uint64_t high = 0, word;
    for (; bytes >= sizeof word; bytes -= sizeof word, text += sizeof word) {
        memcpy(&word, text, sizeof word);
        high |= word;
    }
    for (; bytes > 0; bytes--)
        high |= (unsigned char)*text++;
    return (high & 0x8080808080808080u) == 0;
}

void py_str_filled(struct py_str *str)
{
    const char *text = py_str_text(str);
    size_t bytes = py_str_bytes(str);
    if (str_is_ascii(text, bytes)) {
        py_str_filled_ascii(str);
        return;
    }
    uint64_t inner = 0; /* bytes 10xxxxxx, which continue a character */
    for (size_t i = 0; i < bytes; i++)
        inner += ((unsigned char)text[i] & 0xc0) == 0x80;
    str->characters = bytes - inner;
    str->flags = 0;
}

struct py_str *py_str_new(const void *text, size_t bytes, struct mm_root *out)
{
    struct py_str *str = py_str_new_blank(bytes, out);
    if (!str)
        return NULL;
    if (bytes)
        memcpy(py_str_text(str), text, bytes);
    py_str_filled(str);
    return str;
}

uint64_t py_str_hash_slow(struct py_str *str)
{
    uint64_t hash = XXH3_64bits(py_str_text(str), py_str_bytes(str));
    str->hash = hash ? hash : 1;
    return str->hash;
}
