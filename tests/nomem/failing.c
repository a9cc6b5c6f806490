#define _GNU_SOURCE /* mremap */
#include "failing.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/types.h>

struct failing failing;

void failing_arm(enum failing_mode mode, uint64_t nth)
{
    failing.mode = mode;
    failing.nth = nth;
    failing.requests = failing.failed = 0;
    failing.armed = true;
}

void failing_disarm(void)
{
    failing.armed = false;
}

bool failing_request(void)
{
    if (!failing.armed)
        return false;
    uint64_t request = ++failing.requests;
    bool chosen = (failing.mode == FAILING_ONCE && request == failing.nth) ||
                  (failing.mode == FAILING_ONWARD && request >= failing.nth);
    if (!chosen)
        return false;
    failing.failed++;
    errno = ENOMEM;
    return true;
}

/* What --wrap makes of `malloc` and of the real one. Prototypes, since no header has them. */
void *__real_malloc(size_t bytes);
void *__real_calloc(size_t count, size_t bytes);
void *__real_realloc(void *block, size_t bytes);
void *__real_aligned_alloc(size_t alignment, size_t bytes);
int __real_posix_memalign(void **block, size_t alignment, size_t bytes);
void __real_free(void *block);
void *__real_mmap(void *address, size_t bytes, int protection, int flags, int file, off_t offset);
void *__real_mremap(void *address, size_t old_bytes, size_t new_bytes, int flags, ...);
int __real_munmap(void *address, size_t bytes);
void *__wrap_malloc(size_t bytes);
void *__wrap_calloc(size_t count, size_t bytes);
void *__wrap_realloc(void *block, size_t bytes);
void *__wrap_aligned_alloc(size_t alignment, size_t bytes);
int __wrap_posix_memalign(void **block, size_t alignment, size_t bytes);
void __wrap_free(void *block);
void *__wrap_mmap(void *address, size_t bytes, int protection, int flags, int file, off_t offset);
void *__wrap_mremap(void *address, size_t old_bytes, size_t new_bytes, int flags, ...);
int __wrap_munmap(void *address, size_t bytes);

static void *count_block(void *block)
{
    failing.blocks += block != NULL;
    return block;
}

void *__wrap_malloc(size_t bytes)
{
    return failing_request() ? NULL : count_block(__real_malloc(bytes));
}

void *__wrap_calloc(size_t count, size_t bytes)
{
    return failing_request() ? NULL : count_block(__real_calloc(count, bytes));
}

void *__wrap_realloc(void *block, size_t bytes)
{
    if (failing_request())
        return NULL;
    void *moved = __real_realloc(block, bytes);
    if (!block)
        return count_block(moved);
    if (!moved && bytes == 0)
        failing.blocks--;
    return moved;
}

void *__wrap_aligned_alloc(size_t alignment, size_t bytes)
{
    return failing_request() ? NULL : count_block(__real_aligned_alloc(alignment, bytes));
}

int __wrap_posix_memalign(void **block, size_t alignment, size_t bytes)
{
    if (failing_request())
        return ENOMEM;
    int error = __real_posix_memalign(block, alignment, bytes);
    failing.blocks += error == 0;
    return error;
}

void __wrap_free(void *block)
{
    failing.blocks -= block != NULL;
    __real_free(block);
}

/* A mapping at a fixed address takes the place of one that is counted; it never fails, as its pages are the caller's.
 */
void *__wrap_mmap(void *address, size_t bytes, int protection, int flags, int file, off_t offset)
{
    bool replaces = flags & MAP_FIXED;
    if (!replaces && failing_request())
        return MAP_FAILED;
    void *mapped = __real_mmap(address, bytes, protection, flags, file, offset);
    if (!replaces && mapped != MAP_FAILED)
        failing.mapped_bytes += (int64_t)bytes;
    return mapped;
}

void *__wrap_mremap(void *address, size_t old_bytes, size_t new_bytes, int flags, ...)
{
    va_list list;
    va_start(list, flags);
    void *target = flags & MREMAP_FIXED ? va_arg(list, void *) : NULL;
    va_end(list);
    if (new_bytes > old_bytes && failing_request())
        return MAP_FAILED;
    void *mapped = __real_mremap(address, old_bytes, new_bytes, flags, target);
    if (mapped != MAP_FAILED)
        failing.mapped_bytes += (int64_t)new_bytes - (int64_t)old_bytes;
    return mapped;
}

int __wrap_munmap(void *address, size_t bytes)
{
    failing.mapped_bytes -= (int64_t)bytes;
    return __real_munmap(address, bytes);
}
