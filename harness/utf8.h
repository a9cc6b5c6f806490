/* utf8.h: whether text is UTF-8, as JSON has to be. */
#ifndef UTF8_H
#define UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* How many bytes of UTF-8 the character at `text`, which ends with a 0, has; 0 if it is not one (cut off, too long, a
 * surrogate, out of range). */
static inline size_t utf8_length(const unsigned char *text)
{
    unsigned char lead = text[0];
    size_t length = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    for (size_t i = 1; i < length; i++)
        if ((text[i] & 0xC0) != 0x80)
            return 0;
    bool overlong = (lead == 0xE0 && text[1] < 0xA0) || (lead == 0xF0 && text[1] < 0x90);
    bool surrogate = lead == 0xED && text[1] > 0x9F;
    bool too_high = lead == 0xF4 && text[1] > 0x8F;
    return overlong || surrogate || too_high ? 0 : length;
}

/* Puts a '?' in the place of each byte that is none. */
static inline void utf8_mend(char *text)
{
    while (*text) {
        size_t length = utf8_length((const unsigned char *)text);
        if (!length)
            *text = '?';
        text += length ? length : 1;
    }
}

/* How many bytes of `text`, at most `most`, end with a whole character. A byte that is none counts as one. */
static inline size_t utf8_fitting(const char *text, size_t most)
{
    size_t fitting = 0;
    while (text[fitting]) {
        size_t length = utf8_length((const unsigned char *)text + fitting);
        length = length ? length : 1;
        if (fitting + length > most)
            break;
        fitting += length;
    }
    return fitting;
}

#endif
