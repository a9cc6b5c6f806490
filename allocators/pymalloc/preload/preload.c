/* preload.c: malloc and its kin, as a preloaded library has to have them. Small requests are ours; what is not small,
 * or has to be aligned to more than 16 bytes, is the next allocator's. So are small ones when no arena can be had. */
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "next.h"
#include "ours.h"

#define EXPORT __attribute__((visibility("default")))

/* What is loaded, for who measures. */
const char *pymalloc_version(void);
EXPORT const char *pymalloc_version(void)
{
    return OURS_NAME " 3.11";
}

EXPORT void *malloc(size_t bytes)
{
    return ours_malloc(bytes);
}

EXPORT void free(void *block)
{
    ours_free(block);
}

EXPORT void *calloc(size_t count, size_t bytes)
{
    return ours_calloc(count, bytes);
}

/* 0 bytes free the block: so glibc has it, and programs here expect it. CPython's would return another block. */
EXPORT void *realloc(void *block, size_t bytes)
{
    if (!block || bytes)
        return ours_realloc(block, bytes);
    ours_free(block);
    return NULL;
}

/* ---- alignment */

static void *aligned(size_t alignment, size_t bytes)
{
    return alignment <= PYMALLOC_ALIGNMENT ? malloc(bytes) : next_memalign(alignment, bytes);
}

EXPORT void *memalign(size_t alignment, size_t bytes)
{
    return aligned(alignment, bytes);
}

EXPORT void *aligned_alloc(size_t alignment, size_t bytes)
{
    return aligned(alignment, bytes);
}

EXPORT int posix_memalign(void **block, size_t alignment, size_t bytes)
{
    bool is_power = alignment && (alignment & (alignment - 1)) == 0;
    if (!is_power || alignment % sizeof(void *) || alignment > PYMALLOC_ALIGNMENT)
        return next_posix_memalign(block, alignment, bytes);
    int error = errno;
    void *memory = malloc(bytes);
    errno = error;
    if (!memory)
        return ENOMEM;
    *block = memory;
    return 0;
}

static size_t page_bytes(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

EXPORT void *valloc(size_t bytes)
{
    return next_memalign(page_bytes(), bytes);
}

EXPORT void *pvalloc(size_t bytes)
{
    size_t page = page_bytes();
    if (bytes > SIZE_MAX - page) {
        errno = ENOMEM;
        return NULL;
    }
    return next_memalign(page, (bytes + page - 1) / page * page);
}

EXPORT size_t malloc_usable_size(void *block)
{
    if (!block)
        return 0;
    size_t bytes = ours_bytes(block);
    return bytes ? bytes : next_usable_size(block);
}
