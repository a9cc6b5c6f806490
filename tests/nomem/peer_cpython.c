/* What the strategy cpython asks CPython for, and gives back. What CPython then asks for by itself does not
 * fail: 3.11's PyObject_ClearWeakRefs leaves weak references to a freed object behind when it has no memory for a
 * tuple, and no extension module can help it. */
#include <Python.h>

#include "failing.h"

PyObject *__real__PyObject_New(PyTypeObject *type);
PyVarObject *__real__PyObject_NewVar(PyTypeObject *type, Py_ssize_t length);
PyObject *__real__PyObject_GC_New(PyTypeObject *type);
PyVarObject *__real__PyObject_GC_NewVar(PyTypeObject *type, Py_ssize_t length);
PyObject *__real_PyWeakref_NewRef(PyObject *target, PyObject *callback);
void *__real_PyMem_Realloc(void *block, size_t bytes);
void *__real_PyMem_RawCalloc(size_t count, size_t bytes);
int __real_PyType_Ready(PyTypeObject *type);
PyObject *__real_PyImport_ImportModule(const char *name);
PyObject *__real_PyObject_GetAttrString(PyObject *object, const char *name);
void __real_PyObject_Free(void *block);
void __real_PyObject_GC_Del(void *object);
void __real_PyMem_Free(void *block);

PyObject *__wrap__PyObject_New(PyTypeObject *type);
PyVarObject *__wrap__PyObject_NewVar(PyTypeObject *type, Py_ssize_t length);
PyObject *__wrap__PyObject_GC_New(PyTypeObject *type);
PyVarObject *__wrap__PyObject_GC_NewVar(PyTypeObject *type, Py_ssize_t length);
PyObject *__wrap_PyWeakref_NewRef(PyObject *target, PyObject *callback);
void *__wrap_PyMem_Realloc(void *block, size_t bytes);
void *__wrap_PyMem_RawCalloc(size_t count, size_t bytes);
int __wrap_PyType_Ready(PyTypeObject *type);
PyObject *__wrap_PyImport_ImportModule(const char *name);
PyObject *__wrap_PyObject_GetAttrString(PyObject *object, const char *name);
void __wrap_PyObject_Free(void *block);
void __wrap_PyObject_GC_Del(void *object);
void __wrap_PyMem_Free(void *block);

/* True with a MemoryError set. */
static bool raises(void)
{
    bool fails = failing_request();
    if (fails)
        PyErr_NoMemory();
    return fails;
}

static void *count_block(void *block)
{
    failing.blocks += block != NULL;
    return block;
}

/* ---- objects */

PyObject *__wrap__PyObject_New(PyTypeObject *type)
{
    return raises() ? NULL : count_block(__real__PyObject_New(type));
}

PyVarObject *__wrap__PyObject_NewVar(PyTypeObject *type, Py_ssize_t length)
{
    return raises() ? NULL : count_block(__real__PyObject_NewVar(type, length));
}

PyObject *__wrap__PyObject_GC_New(PyTypeObject *type)
{
    return raises() ? NULL : count_block(__real__PyObject_GC_New(type));
}

PyVarObject *__wrap__PyObject_GC_NewVar(PyTypeObject *type, Py_ssize_t length)
{
    return raises() ? NULL : count_block(__real__PyObject_GC_NewVar(type, length));
}

/* One that the target has already is no block. */
PyObject *__wrap_PyWeakref_NewRef(PyObject *target, PyObject *callback)
{
    PyObject *weak = raises() ? NULL : __real_PyWeakref_NewRef(target, callback);
    failing.blocks += weak && Py_REFCNT(weak) == 1;
    return weak;
}

void __wrap_PyObject_Free(void *block)
{
    failing.blocks -= block != NULL;
    __real_PyObject_Free(block);
}

void __wrap_PyObject_GC_Del(void *object)
{
    failing.blocks--;
    __real_PyObject_GC_Del(object);
}

/* ---- buffers */

void *__wrap_PyMem_Realloc(void *block, size_t bytes)
{
    if (failing_request())
        return NULL;
    void *moved = __real_PyMem_Realloc(block, bytes);
    return block ? moved : count_block(moved);
}

void __wrap_PyMem_Free(void *block)
{
    failing.blocks -= block != NULL;
    __real_PyMem_Free(block);
}

/* ---- once in a process: types, which stay, and the interpreter's parts */

void *__wrap_PyMem_RawCalloc(size_t count, size_t bytes)
{
    return failing_request() ? NULL : __real_PyMem_RawCalloc(count, bytes);
}

int __wrap_PyType_Ready(PyTypeObject *type)
{
    return raises() ? -1 : __real_PyType_Ready(type);
}

PyObject *__wrap_PyImport_ImportModule(const char *name)
{
    return raises() ? NULL : __real_PyImport_ImportModule(name);
}

PyObject *__wrap_PyObject_GetAttrString(PyObject *object, const char *name)
{
    return raises() ? NULL : __real_PyObject_GetAttrString(object, name);
}
