/* format.h: text that grows, and figures as people read them. */
#ifndef ANALYSIS_FORMAT_H
#define ANALYSIS_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

/* A text that grows. Zeroed is empty. When memory is out, it keeps that in mind, and phrase_take gives NULL. */
struct phrase {
    char *bytes;
    size_t length, capacity;
    bool failed;
};

void phrase_add(struct phrase *text, const char *more);
void phrase_add_bytes(struct phrase *text, const char *more, size_t length);
void phrase_add_format(struct phrase *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The text, for the caller to free, or NULL; `text` is empty then. */
char *phrase_take(struct phrase *text);

/* A figure of at most four characters before its unit. By value, so that several fit into one printf. */
struct figure {
    char text[24];
};

struct figure format_number(double value); /* 0.123, 1.23, 12.3, 123, 12,345 */
struct figure format_bytes(double bytes);  /* 640 B, 1.2 kB, 34 MB: powers of 1000 */
struct figure format_ns(double ns);        /* 12.3 ns, 4.5 µs, 120 ms, 3.1 s */
struct figure format_count(double count);  /* 1234 -> 1,234 */

/* Columns that a UTF-8 text takes on a terminal, its characters taken as one wide. */
size_t display_width(const char *text);

#endif
