#include "bench/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <sys/mman.h>

#include "bench/message.h"

enum { CHUNK_BYTES = 1 << 16, ALIGNMENT = 16 };

/* mmap refuses a length of 0. */
static size_t at_least_one(size_t bytes)
{
    return bytes ? bytes : 1;
}

void *memory_map(size_t bytes)
{
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    void *memory = mmap(NULL, at_least_one(bytes), PROT_READ | PROT_WRITE, flags, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

void memory_unmap(void *memory, size_t bytes)
{
    if (memory)
        munmap(memory, at_least_one(bytes));
}

void *memory_keep(size_t bytes)
{
    static char *chunk;
    static size_t left;
    bytes = (bytes + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (bytes > left) {
        size_t wanted = bytes > CHUNK_BYTES ? bytes : CHUNK_BYTES;
        chunk = memory_map(wanted);
        left = chunk ? wanted : 0;
        if (!chunk) {
            message("no memory for the command line and its parameters");
            return NULL;
        }
    }
    void *kept = chunk;
    chunk += bytes;
    left -= bytes;
    return kept;
}

char *memory_keep_text(const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    char *text = length < 0 ? NULL : memory_keep((size_t)length + 1);
    if (text)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    va_end(arguments);
    return text;
}
