#define _GNU_SOURCE /* program_invocation_short_name */
#include "bench/message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "bench/spelling.h"

void message(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    flockfile(stderr);
    fprintf(stderr, "%s: ", program_invocation_short_name);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    funlockfile(stderr);
    va_end(arguments);
}

void message_unknown(const char *kind, const char *name, const char *const known[], size_t count)
{
    const char *nearest = spelling_nearest(name, known, count);
    flockfile(stderr);
    fprintf(stderr, "%s: unknown %s '%s'", program_invocation_short_name, kind, name);
    if (nearest)
        fprintf(stderr, ": did you mean '%s'?", nearest);
    else
        fputc(count ? '.' : ':', stderr);
    fputs(count ? " Known:" : " there is none", stderr);
    for (size_t i = 0; i < count; i++)
        fprintf(stderr, "%s %s", i ? "," : "", known[i]);
    fputc('\n', stderr);
    funlockfile(stderr);
}
