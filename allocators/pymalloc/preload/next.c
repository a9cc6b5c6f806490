#define _GNU_SOURCE /* RTLD_NEXT */
#include "next.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static struct {
    void *(*malloc)(size_t);
    void *(*calloc)(size_t, size_t);
    void *(*realloc)(void *, size_t);
    void (*free)(void *);
    void *(*memalign)(size_t, size_t);
    int (*posix_memalign)(void **, size_t, size_t);
    size_t (*usable_size)(void *);
} next;

/* ---- while the functions are looked up: the look-up may allocate, which must not lead back to it. What is given out
 * here is zeroed, and never taken back. */

enum { EARLY_BYTES = 64 * 1024, EARLY_ALIGNMENT = 16 };

static char early[EARLY_BYTES] __attribute__((aligned(EARLY_ALIGNMENT)));
static size_t early_used;

static bool is_early(const void *block)
{
    return (uintptr_t)block - (uintptr_t)early < EARLY_BYTES;
}

/* Each has its size before it. */
static void *early_malloc(size_t bytes)
{
    size_t rounded = (bytes + 2 * EARLY_ALIGNMENT - 1) / EARLY_ALIGNMENT * EARLY_ALIGNMENT;
    if (bytes > EARLY_BYTES || rounded > EARLY_BYTES - early_used) {
        errno = ENOMEM;
        return NULL;
    }
    char *block = early + early_used + EARLY_ALIGNMENT;
    early_used += rounded;
    memcpy(block - sizeof bytes, &bytes, sizeof bytes);
    return block;
}

static size_t early_bytes(const void *block)
{
    size_t bytes;
    memcpy(&bytes, (const char *)block - sizeof bytes, sizeof bytes);
    return bytes;
}

/* ---- looking up */

static void look_up(const char *name, void *function)
{
    void *address = dlsym(RTLD_NEXT, name);
    memcpy(function, &address, sizeof address);
}

/* The last one tells that all are there: the first call is made before there is a second thread. */
static bool is_ready(void)
{
    static bool looking;
    if (__builtin_expect(next.malloc != NULL, 1))
        return true;
    if (looking)
        return false;
    looking = true;
    look_up("calloc", &next.calloc);
    look_up("realloc", &next.realloc);
    look_up("free", &next.free);
    look_up("memalign", &next.memalign);
    look_up("posix_memalign", &next.posix_memalign);
    look_up("malloc_usable_size", &next.usable_size);
    look_up("malloc", &next.malloc);
    looking = false;
    return next.malloc != NULL;
}

__attribute__((constructor)) static void look_up_all(void)
{
    is_ready();
}

/* ---- the functions */

void *next_malloc(size_t bytes)
{
    return is_ready() ? next.malloc(bytes) : early_malloc(bytes);
}

void *next_calloc(size_t count, size_t bytes)
{
    if (is_ready())
        return next.calloc(count, bytes);
    size_t all;
    return __builtin_mul_overflow(count, bytes, &all) ? NULL : early_malloc(all);
}

void *next_realloc(void *block, size_t bytes)
{
    if (is_ready() && !is_early(block))
        return next.realloc(block, bytes);
    void *moved = next_malloc(bytes);
    if (moved && block) {
        size_t present = early_bytes(block);
        memcpy(moved, block, bytes < present ? bytes : present);
    }
    return moved;
}

void next_free(void *block)
{
    if (block && !is_early(block))
        next.free(block);
}

void *next_memalign(size_t alignment, size_t bytes)
{
    return is_ready() ? next.memalign(alignment, bytes) : NULL;
}

int next_posix_memalign(void **block, size_t alignment, size_t bytes)
{
    return is_ready() ? next.posix_memalign(block, alignment, bytes) : ENOMEM;
}

size_t next_usable_size(void *block)
{
    return is_early(block) ? early_bytes(block) : next.usable_size(block);
}
