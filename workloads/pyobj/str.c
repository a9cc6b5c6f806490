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

/* ---- UTF-8 (RFC 3629) */

enum { REPLACEMENT = 0xfffd };

/* The character at the start of `text`, whose bytes are counted in `taken`; a byte that begins none is one by itself.
 */
static uint32_t utf8_next(const unsigned char *text, size_t bytes, size_t *taken)
{
    static const uint32_t lowest[] = {0, 0x80, 0x800, 0x10000};
    *taken = 1;
    uint32_t first = text[0];
    if (first < 0x80)
        return first;
    size_t more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    if (first < 0xc2 || first > 0xf4 || more >= bytes)
        return REPLACEMENT;
    uint32_t character = first & (0x3fu >> more);
    for (size_t i = 1; i <= more; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return REPLACEMENT;
        character = character << 6 | (text[i] & 0x3f);
    }
    if (character < lowest[more] || character > 0x10ffff || (character >= 0xd800 && character < 0xe000))
        return REPLACEMENT;
    *taken = more + 1;
    return character;
}

static struct py_str *str_decode(const unsigned char *text, size_t bytes, struct mm_root *out)
{
    size_t characters = 0, taken;
    uint32_t all = 0;
    for (size_t i = 0; i < bytes; i += taken, characters++)
        all |= utf8_next(text + i, bytes - i, &taken);
    enum py_str_form form = py_str_form_for(all);
    struct py_str *str = py_str_new_blank(form, characters, out);
    if (!str)
        return NULL;
    for (size_t i = 0, k = 0; i < bytes; i += taken, k++)
        py_str_put(str, k, utf8_next(text + i, bytes - i, &taken));
    return str;
}

struct py_str *py_str_new(const void *text, size_t bytes, struct mm_root *out)
{
    if (!str_is_ascii(text, bytes))
        return str_decode(text, bytes, out);
    struct py_str *str = py_str_new_blank(PY_STR_ASCII, bytes, out);
    if (str && bytes)
        memcpy(py_str_text(str), text, bytes);
    return str;
}

uint64_t py_str_hash_slow(struct py_str *str)
{
    uint64_t hash = XXH3_64bits(py_str_text(str), py_str_bytes(str));
    str->hash = hash ? hash : 1;
    return str->hash;
}
