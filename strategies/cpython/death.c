/* death.c: tp_dealloc, in the order in which subtype_dealloc of CPython's Objects/typeobject.c does it: untrack,
 * trashcan, finalizer, weak references, legacy finalizer, references, memory. And cascades that are pauses. */
#include "edge.h"

#include "common/common.h"
#include "common/watch.h"

/* ---- cascades */

/* Inside a collection the pause is the collection's. */
static void cascade_start(struct heap *heap)
{
    heap->cascade_start = heap->counts.objects_freed;
    heap->cascade_mark = heap->collecting ? UINT64_MAX : heap->cascade_start + MM_CASCADE;
}

static void cascade_announce_slow(struct heap *heap)
{
    heap->cascade_mark = UINT64_MAX;
    heap->announced = true;
    common_emit(&(struct mm_event){.kind = MM_EVENT_PAUSE_BEGIN, .cause = MM_PAUSE_CASCADE});
}

static void cascade_end_slow(struct heap *heap)
{
    heap->announced = false;
    common_emit(&(struct mm_event){.kind = MM_EVENT_PAUSE_END,
                                   .cause = MM_PAUSE_CASCADE,
                                   .freed = heap->counts.objects_freed - heap->cascade_start});
}

void cpython_cascade_break(void)
{
    struct heap *heap = &cpython_heap;
    if (heap->announced)
        cascade_end_slow(heap);
    if (heap->depth != 0)
        cascade_start(heap);
}

MM_INLINE void enter(struct heap *heap)
{
    if (heap->depth++ == 0)
        cascade_start(heap);
}

/* What dies alone is no cascade: while no destructor with references runs, the mark is never passed. */
MM_INLINE void leave(struct heap *heap)
{
    if (--heap->depth != 0)
        return;
    heap->cascade_mark = UINT64_MAX;
    if (__builtin_expect(heap->announced, 0))
        cascade_end_slow(heap);
}

void cpython_cascade_begin(void)
{
    enter(&cpython_heap);
}

void cpython_cascade_end(void)
{
    leave(&cpython_heap);
}

/* `tail_bytes`: of its tail. */
MM_INLINE void count_freed(struct heap *heap, const struct cpython_type *type, size_t tail_bytes)
{
    counts_free(&heap->counts, type->mm->size + tail_bytes);
    held_give(&heap->held, type->block_bytes + tail_bytes);
    if (__builtin_expect(heap->counts.objects_freed > heap->cascade_mark, 0))
        cascade_announce_slow(heap);
}

static size_t tail_bytes(const struct mm_type *mm, const void *payload)
{
    return mm_type_payload_bytes(mm, mm_type_length(mm, payload)) - mm->size;
}

/* ---- finalizers */

/* PEP 442 wants a pending exception to be as it was after. */
static void call_finalizer(PyObject *self)
{
    PyObject *type, *value, *traceback;
    if (cpython_heap.closing)
        return;
    PyErr_Fetch(&type, &value, &traceback);
    cpython_type_of(self)->mm->finalize(cpython_payload(self));
    PyErr_Restore(type, value, traceback);
}

void cpython_finalize(PyObject *self)
{
    call_finalizer(self);
}

/* Holds a reference to the dead object while its finalizer runs; if there are more after, it lives on as if the last
 * had never been dropped: what slot_tp_del of CPython 3.3 did. */
void cpython_del(PyObject *self)
{
    Py_SET_REFCNT(self, 1);
    call_finalizer(self);
    Py_SET_REFCNT(self, Py_REFCNT(self) - 1);
}

/* Both find the object tracked. True if it lives on because of them. */
static bool finalize(PyObject *self, const struct mm_type *mm)
{
    if (!Py_TYPE(self)->tp_finalize)
        return false;
    if (mm_type_has_refs(mm))
        PyObject_GC_Track(self);
    if (PyObject_CallFinalizerFromDealloc(self) < 0)
        return true;
    PyObject_GC_UnTrack(self);
    return false;
}

static bool finalize_legacy(PyObject *self, const struct mm_type *mm)
{
    if (!Py_TYPE(self)->tp_del)
        return false;
    if (mm_type_has_refs(mm))
        PyObject_GC_Track(self);
    Py_TYPE(self)->tp_del(self);
    if (Py_REFCNT(self) > 0)
        return true;
    PyObject_GC_UnTrack(self);
    return false;
}

/* Those that a legacy finalizer made. Their callbacks could look at an object half gone: they do not run. */
static void clear_late_weak(PyObject *self)
{
    PyWeakReference **list = (PyWeakReference **)PyObject_GET_WEAKREFS_LISTPTR(self);
    while (*list)
        _PyWeakref_ClearRef(*list);
}

/* ---- memory */

MM_INLINE int drop_edge(struct mm_ref *field, void *context)
{
    (void)context;
    Py_DECREF(cpython_of(field->object));
    return 0;
}

static void destroy(PyObject *self)
{
    const struct cpython_type *type = cpython_type_of(self);
    const struct mm_type *mm = type->mm;
    if (finalize(self, mm))
        return;
    if (mm->weaklist)
        PyObject_ClearWeakRefs(self);
    if (finalize_legacy(self, mm))
        return;
    if (mm->weaklist)
        clear_late_weak(self);
    cpython_each_edge(self, drop_edge, NULL);
    cpython_free_buffers(mm, cpython_payload(self));
    count_freed(&cpython_heap, type, tail_bytes(mm, cpython_payload(self)));
    watch_died(cpython_payload(self));
    PyObject_GC_Del(self);
}

static void dealloc(PyObject *self)
{
    enter(&cpython_heap);
    PyObject_GC_UnTrack(self);
    Py_TRASHCAN_BEGIN(self, dealloc);
    destroy(self);
    Py_TRASHCAN_END;
    leave(&cpython_heap);
}

MM_INLINE void destroy_row(PyObject *self, unsigned length)
{
    const struct cpython_type *type = cpython_type_of(self);
    const struct mm_ref *fields = cpython_row(self);
#pragma GCC unroll 4
    for (unsigned i = 0; i < length; i++)
        counted_drop(fields[i].object);
    count_freed(&cpython_heap, type, 0);
    watch_died(cpython_payload(self));
    PyObject_GC_Del(self);
}

/* `self_dealloc` is the function that calls it; `length` is a constant to the compiler. */
MM_INLINE void dealloc_row(PyObject *self, unsigned length, destructor self_dealloc)
{
    enter(&cpython_heap);
    PyObject_GC_UnTrack(self);
    Py_TRASHCAN_BEGIN(self, self_dealloc);
    destroy_row(self, length);
    Py_TRASHCAN_END;
    leave(&cpython_heap);
}

static void dealloc_1(PyObject *self)
{
    dealloc_row(self, 1, dealloc_1);
}

static void dealloc_2(PyObject *self)
{
    dealloc_row(self, 2, dealloc_2);
}

static void dealloc_3(PyObject *self)
{
    dealloc_row(self, 3, dealloc_3);
}

static void dealloc_4(PyObject *self)
{
    dealloc_row(self, 4, dealloc_4);
}

const destructor cpython_dealloc[] = {dealloc, dealloc_1, dealloc_2, dealloc_3, dealloc_4};

void cpython_dealloc_leaf(PyObject *self)
{
    const struct cpython_type *type = cpython_type_of(self);
    void *payload = cpython_payload(self);
    if (type->mm->weaklist)
        PyObject_ClearWeakRefs(self);
    if (type->mm->bytes_count)
        cpython_free_buffers(type->mm, payload);
    count_freed(&cpython_heap, type, tail_bytes(type->mm, payload));
    watch_died(payload);
    PyObject_Free(self);
}
