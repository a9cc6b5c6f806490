#include "bench/number.h"

#include <errno.h>
#include <stdbool.h>

static int suffix_shift(const char *suffix)
{
    if (!*suffix)
        return 0;
    if (suffix[1])
        return -EINVAL;
    switch (*suffix) {
    case 'k':
    case 'K': return 10;
    case 'm':
    case 'M': return 20;
    case 'g':
    case 'G': return 30;
    default: return -EINVAL;
    }
}

int number_parse(const char *text, int64_t *value)
{
    bool negative = *text == '-';
    if (negative)
        text++;
    if (*text < '0' || *text > '9')
        return -EINVAL;
    int64_t number = 0;
    bool fits = true;
    for (; *text >= '0' && *text <= '9'; text++)
        fits = fits && !__builtin_mul_overflow(number, 10, &number) &&
               !__builtin_sub_overflow(number, *text - '0', &number);
    int shift = suffix_shift(text);
    if (shift < 0)
        return shift;
    /* It was built up below zero, where there is room for one more. */
    fits = fits && !__builtin_mul_overflow(number, negative ? 1 : -1, &number) &&
           !__builtin_mul_overflow(number, (int64_t)1 << shift, &number);
    if (!fits)
        return -ERANGE;
    *value = number;
    return 0;
}
