/* check.c: mm_heap_check. The counts against the references, the weak references, the account: of all that is tracked,
 * which is all that can hold a reference. */
#include "edge.h"

/* The heap's tracked objects, in the order of their addresses, and the references to each that were seen. */
struct census {
    struct counted {
        PyObject *object;
        Py_ssize_t references;
    } * all;
    size_t count;
    const char *wrong;
};

static int by_address(const void *a, const void *b)
{
    uintptr_t x = (uintptr_t)((const struct counted *)a)->object, y = (uintptr_t)((const struct counted *)b)->object;
    return (x > y) - (x < y);
}

/* False without memory. */
static bool take_census(struct census *census, PyObject *list)
{
    census->all = PyMem_RawCalloc((size_t)PyList_GET_SIZE(list) + 1, sizeof *census->all);
    if (!census->all)
        return false;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++)
        if (cpython_is_ours(PyList_GET_ITEM(list, i)))
            census->all[census->count++].object = PyList_GET_ITEM(list, i);
    qsort(census->all, census->count, sizeof *census->all, by_address);
    return true;
}

/* The list that the census was taken from holds one more. */
static int count_edge(struct mm_ref *field, void *context)
{
    struct census *census = context;
    struct counted key = {.object = cpython_of(field->object)};
    if (Py_REFCNT(key.object) <= 0)
        census->wrong = "cpython: a field refers to an object without references";
    if (!cpython_is_ours(key.object))
        census->wrong = "cpython: a field refers to what is no object of the heap";
    struct counted *found = bsearch(&key, census->all, census->count, sizeof key, by_address);
    if (found && ++found->references > Py_REFCNT(key.object) - 1)
        census->wrong = "cpython: an object has more references than are counted";
    return census->wrong != NULL;
}

static const char *check_weak(PyObject *object)
{
    const struct mm_weaklist *list =
        (const void *)((const char *)cpython_payload(object) + cpython_type_of(object)->mm->weaklist);
    const PyWeakReference *previous = NULL;
    for (const PyWeakReference *weak = list->first; weak; previous = weak, weak = weak->wr_next) {
        if (!cpython_is_our_weak((PyObject *)(uintptr_t)weak))
            return "cpython: something else is in a list of weak references";
        if (weak->wr_object != object || weak->wr_prev != previous)
            return "cpython: a list of weak references is broken";
        if (previous && !weak->wr_callback)
            return "cpython: a weak reference without a callback is not the first";
    }
    return NULL;
}

static const char *check_account(const struct heap *heap, const struct census *census, size_t bytes)
{
    const struct common_counts *counts = &heap->counts;
    if (counts->objects_freed > counts->objects_allocated || counts->bytes_freed > counts->bytes_allocated)
        return "cpython: more was freed than allocated";
    if (census->count > counts->objects_allocated - counts->objects_freed)
        return "cpython: more objects are tracked than live";
    if (bytes > held_bytes(&heap->held))
        return "cpython: less is held than the tracked objects take";
    if (held_bytes(&heap->held) > heap->held.limit)
        return "cpython: more is held than the limit allows";
    return NULL;
}

static const char *check(struct census *census)
{
    size_t bytes = 0;
    for (size_t i = 0; i < census->count; i++) {
        PyObject *object = census->all[i].object;
        if (cpython_is_our_weak(object))
            continue;
        const struct mm_type *mm = cpython_type_of(object)->mm;
        bytes += mm_size_of(mm, cpython_payload(object));
        if (cpython_each_edge(object, count_edge, census))
            return census->wrong;
        const char *wrong = mm->weaklist ? check_weak(object) : NULL;
        if (wrong)
            return wrong;
    }
    return check_account(&cpython_heap, census, bytes);
}

/* Nothing is looked at while a collection runs, nor where there is no memory to look. */
const char *mm_heap_check(void)
{
    PyObject *list = cpython_heap.collecting ? NULL : cpython_tracked(-1);
    struct census census = {0};
    const char *wrong = list && take_census(&census, list) ? check(&census) : NULL;
    PyMem_RawFree(census.all);
    Py_XDECREF(list);
    return wrong;
}
