/* collect.c: collections, as gc.callbacks tells of them: pauses and statistics. */
#include "internal.h"

#include <assert.h>

#include "common/common.h"

/* ---- what a callback is told: "start" or "stop", and a dict of integers */

static long info_get(PyObject *info, const char *name)
{
    PyObject *value = PyDict_GetItemString(info, name);
    return value ? PyLong_AsLong(value) : 0;
}

static int generation_of(PyObject *info)
{
    long generation = info_get(info, "generation");
    return generation < 0 || generation >= MM_GENERATIONS ? MM_GENERATIONS - 1 : (int)generation;
}

static void collection_begins(struct heap *heap, PyObject *info)
{
    heap->collecting = true;
    cpython_cascade_break();
    common_emit(&(struct mm_event){
        .kind = MM_EVENT_PAUSE_BEGIN, .cause = MM_PAUSE_COLLECTION, .generation = generation_of(info)});
    heap->collection_start_ns = common_clock_ns();
}

/* Debug builds check the heap after every collection; a large heap only when a quarter as many objects were made since
 * the last time, so that a check's cost is spread over them. */
static void check_in_debug(const struct heap *heap)
{
#ifndef NDEBUG
    static uint64_t checked_at;
    uint64_t allocated = heap->counts.objects_allocated, live = allocated - heap->counts.objects_freed;
    if (live > 10000 && allocated - checked_at < live / 4)
        return;
    checked_at = allocated;
    assert(mm_heap_check() == NULL);
#else
    (void)heap;
#endif
}

static void collection_ends(struct heap *heap, PyObject *info)
{
    int g = generation_of(info);
    uint64_t found = (uint64_t)info_get(info, "collected"), stayed = (uint64_t)info_get(info, "uncollectable");
    heap->collection_ns[g] += common_clock_ns() - heap->collection_start_ns;
    heap->collections[g]++;
    heap->collected[g] += found;
    heap->uncollectable[g] += stayed;
    heap->collecting = false;
    cpython_cascade_break();
    common_emit(&(struct mm_event){.kind = MM_EVENT_PAUSE_END,
                                   .cause = MM_PAUSE_COLLECTION,
                                   .generation = g,
                                   .freed = found,
                                   .uncollectable = stayed});
    check_in_debug(heap);
}

/* CPython leaves a callback out when it has no memory for the dict: a stop without its start, or the other way round,
 * is passed over. */
PyObject *cpython_on_collection(PyObject *self, PyObject *const *arguments, Py_ssize_t count)
{
    struct heap *heap = &cpython_heap;
    (void)self;
    if (count == 2) {
        bool starts = PyUnicode_CompareWithASCIIString(arguments[0], "start") == 0;
        if (starts && !heap->collecting)
            collection_begins(heap, arguments[1]);
        else if (!starts && heap->collecting)
            collection_ends(heap, arguments[1]);
    }
    PyErr_Clear();
    Py_RETURN_NONE;
}

size_t mm_collect(int generation)
{
    long wanted = generation < 0 ? 0 : generation >= MM_GENERATIONS ? MM_GENERATIONS - 1 : generation;
    return cpython_size(cpython_gc_call(cpython_gc.collect, 1, &wanted));
}
