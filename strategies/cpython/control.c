/* control.c: the gc module, but of the heap's objects alone where objects are counted or listed. */
#include "internal.h"

#include <limits.h>

void mm_gc_enable(void)
{
    PyGC_Enable();
}

void mm_gc_disable(void)
{
    PyGC_Disable();
}

bool mm_gc_is_enabled(void)
{
    return PyGC_IsEnabled();
}

/* CPython's are ints. */
void mm_gc_set_threshold(const uint32_t threshold[MM_GENERATIONS])
{
    long values[MM_GENERATIONS];
    for (int g = 0; g < MM_GENERATIONS; g++)
        values[g] = threshold[g] < INT_MAX ? (long)threshold[g] : INT_MAX;
    Py_XDECREF(cpython_gc_look(cpython_gc.set_threshold, MM_GENERATIONS, values));
}

/* A tuple of three ints; 0 where there is no memory for it. */
static void ask_three(PyObject *function, uint32_t values[MM_GENERATIONS])
{
    PyObject *tuple = cpython_gc_look(function, 0, NULL);
    for (Py_ssize_t g = 0; g < MM_GENERATIONS; g++)
        values[g] = tuple ? (uint32_t)PyLong_AsLong(PyTuple_GET_ITEM(tuple, g)) : 0;
    Py_XDECREF(tuple);
}

void mm_gc_get_threshold(uint32_t threshold[MM_GENERATIONS])
{
    ask_three(cpython_gc.get_threshold, threshold);
}

void mm_gc_get_count(uint32_t count[MM_GENERATIONS])
{
    ask_three(cpython_gc.get_count, count);
}

/* Stores the heap's objects of a list, as far as there is room. Returns how many there are. */
static size_t list_ours(PyObject *list, void *objects[], size_t capacity)
{
    size_t found = 0;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++) {
        PyObject *object = PyList_GET_ITEM(list, i);
        if (!cpython_is_ours(object))
            continue;
        if (found < capacity)
            objects[found] = cpython_payload(object);
        found++;
    }
    return found;
}

size_t mm_gc_get_objects(int generation, void *objects[], size_t capacity)
{
    PyObject *list = generation < MM_GENERATIONS ? cpython_tracked(generation) : NULL;
    size_t found = list ? list_ours(list, objects, capacity) : 0;
    Py_XDECREF(list);
    return found;
}

static size_t frozen(void)
{
    return cpython_size(cpython_gc_look(cpython_gc.get_freeze_count, 0, NULL));
}

/* The interpreter's own objects are frozen with the heap's, and only their sum is told. */
void mm_gc_freeze(void)
{
    size_t ours = mm_gc_freeze_count() + mm_gc_get_objects(-1, NULL, 0);
    Py_XDECREF(cpython_gc_look(cpython_gc.freeze, 0, NULL));
    cpython_heap.foreign_frozen = frozen() - ours;
}

void mm_gc_unfreeze(void)
{
    Py_XDECREF(cpython_gc_look(cpython_gc.unfreeze, 0, NULL));
    cpython_heap.foreign_frozen = 0;
}

size_t mm_gc_freeze_count(void)
{
    size_t all = frozen(), foreign = cpython_heap.foreign_frozen;
    return all > foreign ? all - foreign : 0;
}

size_t mm_gc_garbage(void *objects[], size_t capacity)
{
    return list_ours(cpython_gc.garbage, objects, capacity);
}

void mm_gc_garbage_clear(void)
{
    PyList_SetSlice(cpython_gc.garbage, 0, PY_SSIZE_T_MAX, NULL);
    PyErr_Clear();
}

/* gc.DEBUG_SAVEALL, which has no name in C. */
enum { DEBUG_SAVEALL = 32 };

void mm_gc_set_save_all(bool save_all)
{
    Py_XDECREF(cpython_gc_look(cpython_gc.set_debug, 1, &(const long){save_all ? DEBUG_SAVEALL : 0}));
}

bool mm_gc_save_all(void)
{
    return cpython_size(cpython_gc_look(cpython_gc.get_debug, 0, NULL)) & DEBUG_SAVEALL;
}
