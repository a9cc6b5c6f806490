/* text.h: a growing string, and the few things the command does with strings. Out of memory ends the command: it has
 * nothing else to do then, and what it measured is in files already. */
#ifndef TEXT_H
#define TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed is empty. `bytes` ends with a 0 that `length` does not count; NULL while nothing was ever added. */
struct text {
    char *bytes;
    size_t length, capacity;
};

void text_add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_add_va(struct text *text, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));
void text_add_bytes(struct text *text, const char *bytes, size_t length);
void text_add_integer(struct text *text, int64_t value);
void text_clear(struct text *text); /* keeps its memory */
void text_free(struct text *text);

/* The string, "" when empty. */
const char *text_string(const struct text *text);

/* Memory, or the end of the command. */
void *must_resize(void *memory, size_t count, size_t bytes_each);
char *must_copy(const char *string);
char *must_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A list of strings that it owns, with a NULL at the end. Zeroed is empty. */
struct strings {
    char **items;
    size_t count;
};

void strings_add(struct strings *strings, const char *string);
/* Takes the string over. */
void strings_take(struct strings *strings, char *string);
void strings_free(struct strings *strings);
bool strings_has(const struct strings *strings, const char *string);

/* "12", "100k", "64M", "4G", "1T" (powers of 1,024) into bytes. False if it is none of these or does not fit. */
bool parse_bytes(const char *string, uint64_t *bytes);

/* "90", "90s", "30min", "1.5h", "2d" into ns; more than 0. */
bool parse_duration(const char *string, uint64_t *ns);

/* "1%", "0.5 %" or "0.01" into 0.01 and the like; more than 0 and less than 1. */
bool parse_share(const char *string, double *share);

/* A decimal integer, the whole of the string, in [lowest, highest]. */
bool parse_integer(const char *string, int64_t lowest, int64_t highest, int64_t *value);

/* The candidate that `word` was probably meant to be: the fewest letters changed, no more than a third of them; or
 * NULL. */
const char *nearest_of(const char *word, const char *const *candidates, size_t count);

#endif
