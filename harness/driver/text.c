#include "driver/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *checked(void *memory)
{
    if (memory)
        return memory;
    fputs("reclaim: out of memory\n", stderr);
    exit(1);
}

void *must_resize(void *memory, size_t count, size_t bytes_each)
{
    return checked(reallocarray(memory, count ? count : 1, bytes_each));
}

char *must_copy(const char *string)
{
    return checked(strdup(string));
}

char *must_print(const char *format, ...)
{
    struct text text = {0};
    va_list arguments;
    va_start(arguments, format);
    text_add_va(&text, format, arguments);
    va_end(arguments);
    return text.bytes;
}

static void reserve(struct text *text, size_t more)
{
    if (text->length + more < text->capacity)
        return;
    text->capacity = (text->length + more) * 2 + 64;
    text->bytes = must_resize(text->bytes, text->capacity, 1);
}

void text_add_bytes(struct text *text, const char *bytes, size_t length)
{
    reserve(text, length);
    if (length)
        memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
    text->bytes[text->length] = 0;
}

void text_add_va(struct text *text, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    reserve(text, (size_t)length);
    vsnprintf(text->bytes + text->length, (size_t)length + 1, format, again);
    text->length += (size_t)length;
    va_end(again);
}

void text_add(struct text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    text_add_va(text, format, arguments);
    va_end(arguments);
}

void text_add_integer(struct text *text, int64_t value)
{
    char digits[20];
    size_t first = sizeof digits;
    uint64_t left = value < 0 ? -(uint64_t)value : (uint64_t)value;
    do {
        digits[--first] = (char)('0' + left % 10);
        left /= 10;
    } while (left);
    if (value < 0)
        digits[--first] = '-';
    text_add_bytes(text, digits + first, sizeof digits - first);
}

void text_clear(struct text *text)
{
    text->length = 0;
    if (text->bytes)
        text->bytes[0] = 0;
}

void text_free(struct text *text)
{
    free(text->bytes);
    *text = (struct text){0};
}

const char *text_string(const struct text *text)
{
    return text->bytes ? text->bytes : "";
}

void strings_take(struct strings *strings, char *string)
{
    strings->items = must_resize(strings->items, strings->count + 2, sizeof *strings->items);
    strings->items[strings->count++] = string;
    strings->items[strings->count] = NULL;
}

void strings_add(struct strings *strings, const char *string)
{
    strings_take(strings, must_copy(string));
}

void strings_free(struct strings *strings)
{
    for (size_t i = 0; i < strings->count; i++)
        free(strings->items[i]);
    free(strings->items);
    *strings = (struct strings){0};
}

bool strings_has(const struct strings *strings, const char *string)
{
    for (size_t i = 0; i < strings->count; i++)
        if (strcmp(strings->items[i], string) == 0)
            return true;
    return false;
}

bool parse_bytes(const char *string, uint64_t *bytes)
{
    if (*string < '0' || *string > '9')
        return false;
    char *end;
    errno = 0;
    unsigned long long number = strtoull(string, &end, 10);
    static const char units[] = "kMGT";
    unsigned shift = 0;
    if (*end) {
        const char *unit = strchr(units, *end == 'K' ? 'k' : *end);
        if (!unit || end[1])
            return false;
        shift = 10 * (unsigned)(unit - units + 1);
    }
    if (errno || number > UINT64_MAX >> shift)
        return false;
    *bytes = (uint64_t)number << shift;
    return true;
}

/* A number that is more than 0; `*rest` is what follows it, without spaces. */
static bool parse_positive(const char *string, double *number, const char **rest)
{
    char *end;
    *number = strtod(string, &end);
    *rest = end + strspn(end, " ");
    return end != string && *string != ' ' && *number > 0 && *number < 1e12;
}

bool parse_duration(const char *string, uint64_t *ns)
{
    static const struct {
        const char *name;
        double ns;
    } units[] = {{"", 1e9}, {"s", 1e9}, {"min", 60e9}, {"h", 3600e9}, {"d", 86400e9}};
    double number;
    const char *unit;
    if (!parse_positive(string, &number, &unit))
        return false;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(unit, units[i].name) == 0 && number * units[i].ns < 1e18) {
            *ns = (uint64_t)(number * units[i].ns);
            return true;
        }
    return false;
}

bool parse_share(const char *string, double *share)
{
    const char *unit;
    if (!parse_positive(string, share, &unit) || (*unit && strcmp(unit, "%") != 0))
        return false;
    *share /= *unit ? 100 : 1;
    return *share < 1;
}

bool parse_integer(const char *string, int64_t lowest, int64_t highest, int64_t *value)
{
    char *end;
    errno = 0;
    long long number = strtoll(string, &end, 10);
    if (end == string || *end || errno || number < lowest || number > highest)
        return false;
    *value = number;
    return true;
}

static size_t least(size_t a, size_t b, size_t c)
{
    size_t less = a < b ? a : b;
    return less < c ? less : c;
}

/* Letters to insert, delete, replace or swap with their neighbour (Damerau, restricted). */
static size_t distance(const char *a, const char *b)
{
    enum { LONGEST = 63 };
    size_t rows[3][LONGEST + 1];
    size_t length_a = strlen(a), length_b = strlen(b);
    if (length_a > LONGEST || length_b > LONGEST)
        return SIZE_MAX;
    size_t *before = rows[0], *last = rows[1], *row = rows[2];
    for (size_t j = 0; j <= length_b; j++)
        last[j] = j;
    for (size_t i = 1; i <= length_a; i++) {
        row[0] = i;
        for (size_t j = 1; j <= length_b; j++) {
            row[j] = least(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before[j - 2] + 1 < row[j])
                row[j] = before[j - 2] + 1;
        }
        size_t *oldest = before;
        before = last;
        last = row;
        row = oldest;
    }
    return last[length_b];
}

const char *nearest_of(const char *word, const char *const *candidates, size_t count)
{
    const char *nearest = NULL;
    size_t allowed = strlen(word) / 3 + 1, fewest = allowed + 1;
    for (size_t i = 0; i < count; i++) {
        size_t changes = distance(word, candidates[i]);
        if (changes < fewest) {
            fewest = changes;
            nearest = candidates[i];
        }
    }
    return nearest;
}
