#include "message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

int analysis_fail(int error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("reclaim: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    return error;
}

void analysis_warn(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("reclaim: warning: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
}

int analysis_no_memory(void)
{
    return analysis_fail(-ENOMEM, "analysis: out of memory; free some, or split the run");
}
