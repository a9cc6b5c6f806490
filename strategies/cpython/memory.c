/* memory.c: where CPython's blocks come from.
 *
 * Blocks of up to 512 bytes come from CPython's own small-object allocator, pymalloc, or from malloc as with
 * PYTHONMALLOC=malloc; larger ones from malloc always. A process that has opened one kind of heap only, as one that
 * measures, runs on exactly the functions that CPython would choose. When a later heap wants the other kind, blocks of
 * both are about: pymalloc's free and realloc know their own and hand on what is not, and are kept for both. */
#include "internal.h"

#if defined __has_feature
#if __has_feature(address_sanitizer)
#define HAS_LEAK_SANITIZER 1
#endif
#endif
#if defined __SANITIZE_ADDRESS__
#define HAS_LEAK_SANITIZER 1
#endif
#ifdef HAS_LEAK_SANITIZER
#include <sanitizer/lsan_interface.h>
#endif

#include "common/common.h"

static PyMemAllocatorEx pymalloc;
static PyObjectArenaAllocator arenas;
static enum { UNDECIDED, SMALL_BY_PYMALLOC, SMALL_BY_MALLOC } chosen;

/* ---- arenas: CPython's, but the harness is told, and the leak detector, which looks only where malloc was */

static void *arena_alloc(void *context, size_t bytes)
{
    void *arena = arenas.alloc(context, bytes);
#ifdef HAS_LEAK_SANITIZER
    if (arena)
        __lsan_register_root_region(arena, bytes);
#endif
    if (arena && cpython_heap.open)
        common_emit(&(struct mm_event){.kind = MM_EVENT_HEAP_GROWN});
    return arena;
}

static void arena_free(void *context, void *arena, size_t bytes)
{
#ifdef HAS_LEAK_SANITIZER
    __lsan_unregister_root_region(arena, bytes);
#endif
    arenas.free(context, arena, bytes);
}

/* ---- small blocks by malloc, after there were some by pymalloc */

static void *small_malloc(void *context, size_t bytes)
{
    (void)context;
    return PyMem_RawMalloc(bytes);
}

static void *small_calloc(void *context, size_t count, size_t bytes)
{
    (void)context;
    return PyMem_RawCalloc(count, bytes);
}

static void *small_realloc(void *context, void *block, size_t bytes)
{
    return block ? pymalloc.realloc(context, block, bytes) : PyMem_RawMalloc(bytes);
}

void cpython_memory_start(void)
{
    PyMem_GetAllocator(PYMEM_DOMAIN_OBJ, &pymalloc);
    PyObject_GetArenaAllocator(&arenas);
    PyObjectArenaAllocator watched = {arenas.ctx, arena_alloc, arena_free};
    PyObject_SetArenaAllocator(&watched);
}

void cpython_memory_choose(bool by_pymalloc)
{
    bool first = chosen == UNDECIDED, same = (chosen == SMALL_BY_PYMALLOC) == by_pymalloc;
    chosen = by_pymalloc ? SMALL_BY_PYMALLOC : SMALL_BY_MALLOC;
    if (first || same)
        return; /* as the interpreter was started, or as it was */
    PyMemAllocatorEx both = {pymalloc.ctx, small_malloc, small_calloc, small_realloc, pymalloc.free};
    PyMemAllocatorEx *wanted = by_pymalloc ? &pymalloc : &both;
    PyMem_SetAllocator(PYMEM_DOMAIN_OBJ, wanted);
    PyMem_SetAllocator(PYMEM_DOMAIN_MEM, wanted);
}

void cpython_no_memory_slow(size_t bytes)
{
    PyErr_Clear();
    held_refused_slow(&cpython_heap.held, bytes);
}
