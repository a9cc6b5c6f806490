/* preload.c: malloc and its kin, as a preloaded library has to have them. Small requests are ours; what is not small,
 * or has to be aligned to more than 16 bytes, is the next allocator's. So are small ones when no arena can be had. */
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "next.h"
#include "small.h"

#define EXPORT __attribute__((visibility("default")))

/* What is loaded, for who measures. */
const char *pymalloc_version(void);
EXPORT const char *pymalloc_version(void)
{
    return PYMALLOC_NAME " 3.11";
}

EXPORT void *malloc(size_t bytes)
{
    void *block = pymalloc_is_small(bytes) ? small_malloc(pymalloc_class(bytes)) : NULL;
    return __builtin_expect(block != NULL, 1) ? block : next_malloc(bytes);
}

EXPORT void free(void *block)
{
    if (__builtin_expect(!small_free(block), 0))
        next_free(block);
}

EXPORT void *calloc(size_t count, size_t bytes)
{
    size_t all;
    if (__builtin_mul_overflow(count, bytes, &all) || !pymalloc_is_small(all))
        return next_calloc(count, bytes);
    void *block = small_malloc(pymalloc_class(all));
    return block ? memset(block, 0, all) : next_calloc(count, bytes);
}

/* pymalloc.h says when a block stays where it is. 0 bytes free it: glibc's meaning, which programs here expect. */
EXPORT void *realloc(void *block, size_t bytes)
{
    if (!block)
        return malloc(bytes);
    size_t present = small_bytes(block);
    if (!present)
        return next_realloc(block, bytes);
    if (bytes <= present && 4 * bytes > 3 * present)
        return block;
    void *moved = bytes ? malloc(bytes) : NULL;
    if (!moved && bytes)
        return bytes <= present ? block : NULL;
    if (moved)
        memcpy(moved, block, bytes < present ? bytes : present);
    small_free(block);
    return moved;
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
    size_t bytes = small_bytes(block);
    return bytes ? bytes : next_usable_size(block);
}
