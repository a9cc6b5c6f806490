/* object.h: what a CPython object is to the contract, and a type of the contract to CPython.
 *
 *   type     struct mm_type, the contract's; `mm` in this code
 *   object   a PyObject; what a reference holds is the address behind its PyObject_HEAD, its payload
 *   GC type  Py_TPFLAGS_HAVE_GC: its objects have a PyGC_Head before them
 *
 * With a tail the payload begins with its length, which is the place of PyVarObject's ob_size: they are one. */
#ifndef CPYTHON_OBJECT_H
#define CPYTHON_OBJECT_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A static type, as CPython's own are, made on first use. */
struct cpython_type {
    PyTypeObject python;      /* first: Py_TYPE of an object is one of these */
    const struct mm_type *mm; /* the first definition that was seen */
    size_t block_bytes;       /* of an object without a tail, with all that is before its payload */
    size_t row;               /* where a type has nothing but a few reference fields in a row: the first */
    struct cpython_type *next;
};

/* PyGC_Head is not in the public headers; it is two words. */
enum { CPYTHON_GC_HEAD_BYTES = 2 * sizeof(void *) };

static inline PyObject *cpython_of(const void *payload)
{
    return (PyObject *)((uintptr_t)payload - sizeof(PyObject));
}

static inline void *cpython_payload(PyObject *object)
{
    return object + 1;
}

static inline struct cpython_type *cpython_type_of(PyObject *object)
{
    return (struct cpython_type *)(void *)Py_TYPE(object);
}

/* Only a PyGC_Head has room for "its finalizer has run". */
static inline bool cpython_is_gc(const struct mm_type *mm)
{
    return mm_type_has_refs(mm) || mm->finalize;
}

/* What an object asks of CPython's allocator. */
static inline size_t cpython_block_bytes(const struct mm_type *mm, size_t payload_bytes)
{
    return (cpython_is_gc(mm) ? CPYTHON_GC_HEAD_BYTES : 0) + sizeof(PyObject) + payload_bytes;
}

static inline struct mm_ref *cpython_row(PyObject *object)
{
    return mm_ref_at(cpython_payload(object), cpython_type_of(object)->row);
}

#endif
