#include "bench/json.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "utf8.h"

static struct {
    int descriptor;
    int error;        /* the first, kept */
    bool wants_comma; /* the next value has a neighbour before it */
    size_t used;
    char bytes[1 << 16];
} out = {.descriptor = STDOUT_FILENO};

void json_open(int descriptor)
{
    out.descriptor = descriptor;
    out.error = 0;
    out.wants_comma = false;
    out.used = 0;
}

int json_take_stdout(void)
{
    int descriptor = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (descriptor < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        return -errno;
    json_open(descriptor);
    return 0;
}

int json_flush(void)
{
    size_t written = 0;
    while (!out.error && written < out.used) {
        ssize_t count = write(out.descriptor, out.bytes + written, out.used - written);
        if (count >= 0)
            written += (size_t)count;
        else if (errno != EINTR)
            out.error = -errno;
    }
    out.used = 0;
    return out.error;
}

static void put(char byte)
{
    if (out.used == sizeof out.bytes)
        json_flush();
    out.bytes[out.used++] = byte;
}

static void put_all(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        put(bytes[i]);
}

static void put_control(unsigned char byte)
{
    static const char digits[] = "0123456789abcdef";
    put_all("\\u00", 4);
    put(digits[byte >> 4]);
    put(digits[byte & 15]);
}

static void put_quoted(const char *text)
{
    put('"');
    while (*text) {
        unsigned char byte = (unsigned char)*text;
        size_t length = utf8_length((const unsigned char *)text);
        if (length == 0) {
            put_all("\xEF\xBF\xBD", 3);
            length = 1;
        } else if (byte < 0x20) {
            put_control(byte);
        } else {
            if (byte == '"' || byte == '\\')
                put('\\');
            put_all(text, length);
        }
        text += length;
    }
    put('"');
}

static void put_number(uint64_t value)
{
    char digits[20];
    size_t first = sizeof digits;
    do {
        digits[--first] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    put_all(digits + first, sizeof digits - first);
}

static void value_begin(const char *name)
{
    if (out.wants_comma)
        put(',');
    if (name) {
        put_quoted(name);
        put(':');
    }
    out.wants_comma = true;
}

static void nest(const char *name, char bracket)
{
    value_begin(name);
    put(bracket);
    out.wants_comma = false;
}

static void unnest(char bracket)
{
    put(bracket);
    out.wants_comma = true;
}

void json_object_begin(const char *name)
{
    nest(name, '{');
}

void json_object_end(void)
{
    unnest('}');
}

void json_array_begin(const char *name)
{
    nest(name, '[');
}

void json_array_end(void)
{
    unnest(']');
}

void json_text(const char *name, const char *text)
{
    value_begin(name);
    put_quoted(text);
}

void json_unsigned(const char *name, uint64_t value)
{
    value_begin(name);
    put_number(value);
}

void json_signed(const char *name, int64_t value)
{
    value_begin(name);
    if (value < 0)
        put('-');
    put_number(value < 0 ? -(uint64_t)value : (uint64_t)value);
}

void json_none(const char *name)
{
    value_begin(name);
    put_all("null", 4);
}

void json_number(const char *name, double value)
{
    char text[32];
    if (!isfinite(value)) {
        json_none(name);
        return;
    }
    snprintf(text, sizeof text, "%.17g", value);
    value_begin(name);
    for (const char *at = text; *at; at++)
        put(*at == ',' ? '.' : *at); /* some locales' point is a comma */
}

void json_line_end(void)
{
    put('\n');
    out.wants_comma = false;
}

void json_row_begin(const char *kind)
{
    json_object_begin(NULL);
    json_text("row", kind);
}

void json_row_end(void)
{
    json_object_end();
    json_line_end();
}
