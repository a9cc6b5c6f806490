/* run.c: what workload.h has the harness define, besides run_sample, which belongs to whoever samples. */
#include <stdarg.h>
#include <stdio.h>

#include "bench/process.h"
#include "workload.h"

uint64_t run_resident_bytes(void)
{
    return process_rss_bytes();
}

int run_fail(struct run *run, int error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(run->message, sizeof run->message, format, arguments);
    va_end(arguments);
    return error;
}
