/* python.c: the interpreter: started once in a process, isolated, and never finalized: opening a heap resets what a
 * heap can have changed. And its gc module. */
#include "internal.h"

#include <errno.h>

struct cpython_gc cpython_gc;

/* Nothing of the user's environment, no site, no signal handlers, the same hashes always. */
static PyStatus initialize(bool pymalloc)
{
    PyPreConfig before;
    PyPreConfig_InitIsolatedConfig(&before);
    before.allocator = pymalloc ? PYMEM_ALLOCATOR_PYMALLOC : PYMEM_ALLOCATOR_MALLOC;
    PyStatus status = Py_PreInitialize(&before);
    if (PyStatus_Exception(status))
        return status;
    PyConfig config;
    PyConfig_InitIsolatedConfig(&config);
    config.site_import = 0;
    config.use_hash_seed = 1;
    config.hash_seed = 0;
    config.write_bytecode = 0;
    status = Py_InitializeFromConfig(&config);
    PyConfig_Clear(&config);
    return status;
}

static int look_up(PyObject *module)
{
    const struct {
        const char *name;
        PyObject **place;
    } wanted[] = {
        {"collect", &cpython_gc.collect},
        {"get_objects", &cpython_gc.get_objects},
        {"get_count", &cpython_gc.get_count},
        {"get_threshold", &cpython_gc.get_threshold},
        {"set_threshold", &cpython_gc.set_threshold},
        {"freeze", &cpython_gc.freeze},
        {"unfreeze", &cpython_gc.unfreeze},
        {"get_freeze_count", &cpython_gc.get_freeze_count},
        {"set_debug", &cpython_gc.set_debug},
        {"get_debug", &cpython_gc.get_debug},
        {"garbage", &cpython_gc.garbage},
        {"callbacks", &cpython_gc.callbacks},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        Py_XSETREF(*wanted[i].place, PyObject_GetAttrString(module, wanted[i].name));
        if (!*wanted[i].place)
            return -ENOMEM;
    }
    return 0;
}

static int take_control(void)
{
    static PyMethodDef method = {
        .ml_name = "on_collection",
        .ml_meth = (PyCFunction)(void (*)(void))cpython_on_collection,
        .ml_flags = METH_FASTCALL,
    };
    PyObject *module = PyImport_ImportModule("gc");
    int error = module ? look_up(module) : -ENOMEM;
    if (!error)
        error = cpython_weak_start();
    Py_XSETREF(cpython_gc.on_collection, PyCFunction_New(&method, NULL));
    if (!cpython_gc.on_collection)
        error = -ENOMEM;
    Py_XDECREF(module);
    PyErr_Clear();
    return error;
}

int cpython_start(bool pymalloc)
{
    static bool controlled;
    if (controlled)
        return 0;
    if (!Py_IsInitialized()) {
        cpython_memory_start();
        PyStatus status = initialize(pymalloc);
        if (PyStatus_Exception(status))
            return -ENOSYS;
    }
    int error = take_control();
    controlled = !error;
    return error;
}

int cpython_listen(bool listens)
{
    int error = PyList_SetSlice(cpython_gc.callbacks, 0, PY_SSIZE_T_MAX, NULL);
    if (!error && listens)
        error = PyList_Append(cpython_gc.callbacks, cpython_gc.on_collection);
    PyErr_Clear();
    return error ? -ENOMEM : 0;
}

/* ---- calls; an exception can only be for want of memory, and goes no further */

PyObject *cpython_gc_call(PyObject *function, size_t count, const long arguments[])
{
    PyObject *values[MM_GENERATIONS] = {NULL}, *result = NULL;
    bool complete = true;
    for (size_t i = 0; i < count; i++)
        complete &= (values[i] = PyLong_FromLong(arguments[i])) != NULL;
    if (complete)
        result = PyObject_Vectorcall(function, values, count, NULL);
    for (size_t i = 0; i < count; i++)
        Py_XDECREF(values[i]);
    PyErr_Clear();
    return result;
}

PyObject *cpython_gc_look(PyObject *function, size_t count, const long arguments[])
{
    int enabled = PyGC_Disable();
    PyObject *result = cpython_gc_call(function, count, arguments);
    if (enabled)
        PyGC_Enable();
    return result;
}

size_t cpython_size(PyObject *number)
{
    size_t size = number ? PyLong_AsSize_t(number) : 0;
    Py_XDECREF(number);
    return size;
}

PyObject *cpython_tracked(int generation)
{
    return cpython_gc_look(cpython_gc.get_objects, generation >= 0, &(const long){generation});
}
