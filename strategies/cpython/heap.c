/* heap.c: opening and closing, parameters, statistics. */
#include "internal.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>

#include "common/common.h"

struct heap cpython_heap;

enum { THRESHOLD0, THRESHOLD1, THRESHOLD2, ENABLED, PYMALLOC, FREEZE, PARAMS };

static const struct mm_param params[] = {
    [THRESHOLD0] = {"threshold0", 700, 0, INT_MAX,
                    "a collection starts when containers allocated less those freed pass this; 0: never"},
    [THRESHOLD1] = {"threshold1", 10, 0, INT_MAX, "generation 1 is collected too after more collections of 0"},
    [THRESHOLD2] = {"threshold2", 10, 0, INT_MAX, "generation 2 is collected too after more collections of 1"},
    [ENABLED] = {"enabled", 1, 0, 1, "1: collections start by themselves; 0: only when asked for"},
    [PYMALLOC] =
        {"pymalloc", 1, 0, 1,
         "1: blocks of up to 512 bytes from CPython's own allocator; 0: all from malloc (PYTHONMALLOC=malloc)"},
    [FREEZE] = {"freeze", 0, 0, 1, "1: the interpreter's own objects are frozen first (gc.freeze); 0: collected too"},
    [PARAMS] = {.name = NULL},
};

const struct mm_strategy mm_strategy = {
    .name = "cpython",
    .summary = "CPython " PY_VERSION " itself: objects of an extension module, its counting and its collector",
    .traits = MM_TRAITS,
    .params = params,
};

/* The interpreter's own objects are all in the oldest generation, or frozen; the counts are 0. What a callback is told
 * would be counted, so there is none before. 0 or -ENOMEM. */
static int reset_collector(const int64_t values[PARAMS])
{
    long threshold[MM_GENERATIONS];
    for (int g = 0; g < MM_GENERATIONS; g++)
        threshold[g] = (long)values[THRESHOLD0 + g];
    PyGC_Disable();
    PyObject *done = cpython_gc_call(cpython_gc.set_threshold, MM_GENERATIONS, threshold);
    if (!done)
        return -ENOMEM;
    Py_DECREF(done);
    mm_gc_unfreeze();
    mm_collect(MM_GENERATIONS - 1);
    if (values[FREEZE]) {
        mm_gc_freeze();
        mm_collect(MM_GENERATIONS - 1); /* the oldest generation is empty, and is known to be */
    }
    int error = cpython_listen(true);
    if (!error && values[ENABLED])
        PyGC_Enable();
    return error;
}

int mm_heap_open(const struct mm_config *config)
{
    int64_t values[PARAMS];
    int error = common_params_read(config, params, values);
    if (!error)
        error = cpython_start(values[PYMALLOC]);
    if (error)
        return error;
    cpython_memory_choose(values[PYMALLOC]);
    cpython_heap = (struct heap){.cascade_mark = UINT64_MAX};
    held_open(&cpython_heap.held, config->heap_limit_bytes, &cpython_heap.counts.bytes_allocated);
    error = reset_collector(values);
    cpython_heap.open = !error;
    return error;
}

/* What is left is cyclic garbage, or frozen: each is cleared, whatever the collector may, with the list holding it. */
static void free_all(void)
{
    PyObject *list = cpython_tracked(-1);
    for (Py_ssize_t i = 0; list && i < PyList_GET_SIZE(list); i++)
        if (cpython_is_ours(PyList_GET_ITEM(list, i)) && !cpython_is_our_weak(PyList_GET_ITEM(list, i)))
            cpython_clear(PyList_GET_ITEM(list, i));
    Py_XDECREF(list);
}

void mm_heap_close(void)
{
    struct heap *heap = &cpython_heap;
    PyGC_Disable();
    cpython_listen(false);
    heap->closing = true;
    mm_gc_set_save_all(false);
    mm_gc_unfreeze();
    mm_gc_garbage_clear();
    if (heap->counts.objects_allocated != heap->counts.objects_freed)
        free_all();
    assert(heap->counts.objects_allocated == heap->counts.objects_freed);
    assert(heap->counts.bytes_allocated == heap->counts.bytes_freed);
    assert(held_bytes(&heap->held) == 0);
    *heap = (struct heap){.cascade_mark = UINT64_MAX};
}

size_t mm_refcount(const void *object)
{
    return (size_t)Py_REFCNT(cpython_of(object));
}

size_t mm_size_of(const struct mm_type *type, const void *object)
{
    void *payload = (void *)(uintptr_t)object;
    size_t bytes = cpython_block_bytes(type, mm_type_payload_bytes(type, mm_type_length(type, object)));
    for (unsigned i = 0; i < type->refs_count; i++)
        bytes += mm_refs_at(payload, type->ref_buffers[i])->capacity * sizeof(struct mm_ref);
    for (unsigned i = 0; i < type->bytes_count; i++)
        bytes += mm_bytes_at(payload, type->byte_buffers[i])->capacity;
    return bytes;
}

void mm_stats_get(struct mm_stats *stats)
{
    const struct heap *heap = &cpython_heap;
    *stats = (struct mm_stats){
        .footprint_bytes = held_bytes(&heap->held),
        .peak_footprint_bytes = held_peak(&heap->held),
    };
    common_counts_report(&heap->counts, stats);
    memcpy(stats->collections, heap->collections, sizeof heap->collections);
    memcpy(stats->collection_ns, heap->collection_ns, sizeof heap->collection_ns);
    memcpy(stats->collected, heap->collected, sizeof heap->collected);
    memcpy(stats->uncollectable, heap->uncollectable, sizeof heap->uncollectable);
}

void mm_stats_reset_peak(void)
{
    held_reset_peak(&cpython_heap.held);
}
