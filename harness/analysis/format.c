#define _GNU_SOURCE
#include "format.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grow.h"

void phrase_add_bytes(struct phrase *text, const char *more, size_t length)
{
    if (text->failed || grow(&text->bytes, &text->capacity, text->length + length + 1, 1)) {
        text->failed = true;
        return;
    }
    memcpy(text->bytes + text->length, more, length);
    text->length += length;
    text->bytes[text->length] = '\0';
}

void phrase_add(struct phrase *text, const char *more)
{
    phrase_add_bytes(text, more, strlen(more));
}

void phrase_add_format(struct phrase *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *more = NULL;
    int length = vasprintf(&more, format, arguments);
    va_end(arguments);
    if (length < 0) {
        text->failed = true;
        return;
    }
    phrase_add_bytes(text, more, (size_t)length);
    free(more);
}

char *phrase_take(struct phrase *text)
{
    if (!text->bytes && !text->failed)
        phrase_add_bytes(text, "", 0);
    char *bytes = text->bytes;
    if (text->failed) {
        free(bytes);
        bytes = NULL;
    }
    *text = (struct phrase){0};
    return bytes;
}

struct figure format_count(double count)
{
    char digits[32];
    struct figure figure = {{0}};
    int length = snprintf(digits, sizeof digits, "%.0f", fabs(count) < 1e15 ? count : 1e15);
    size_t used = 0;
    for (int i = 0; i < length; i++) {
        int left = length - i;
        if (i > 0 && left % 3 == 0 && digits[i - 1] != '-')
            figure.text[used++] = ',';
        figure.text[used++] = digits[i];
    }
    return figure;
}

struct figure format_number(double value)
{
    struct figure figure;
    double size = fabs(value);
    if (isnan(value))
        snprintf(figure.text, sizeof figure.text, "-");
    else if (size >= 999.5)
        return format_count(value);
    else
        snprintf(figure.text, sizeof figure.text, "%.*f",
                 size >= 99.95    ? 0
                 : size >= 9.995  ? 1
                 : size >= 0.9995 ? 2
                                  : 3,
                 value);
    return figure;
}

/* Scales to the largest unit in which the value is at least 1. */
static struct figure scale(double value, const char *const *units, size_t count, const char *small_format)
{
    size_t unit = 0;
    while (unit + 1 < count && fabs(value) >= 999.5) {
        value /= 1000;
        unit++;
    }
    struct figure figure;
    if (isnan(value))
        snprintf(figure.text, sizeof figure.text, "-");
    else if (unit == 0 && (value == 0 || small_format))
        snprintf(figure.text, sizeof figure.text, small_format ? small_format : "%.0f %s", value, units[0]);
    else
        snprintf(figure.text, sizeof figure.text, "%.*f %s",
                 fabs(value) >= 99.5   ? 0
                 : fabs(value) >= 9.95 ? 1
                                       : 2,
                 value, units[unit]);
    return figure;
}

struct figure format_bytes(double bytes)
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
    return scale(bytes, units, sizeof units / sizeof *units, "%.0f %s");
}

struct figure format_ns(double ns)
{
    static const char *const units[] = {"ns", "µs", "ms", "s"};
    return scale(ns, units, sizeof units / sizeof *units, NULL);
}

size_t display_width(const char *text)
{
    size_t width = 0;
    for (; *text; text++)
        width += ((unsigned char)*text & 0xC0) != 0x80;
    return width;
}
