/* sizeof.h: what Python would say of the size of one of our values. */
#ifndef PY_SIZEOF_H
#define PY_SIZEOF_H

#include "pyobj/py.h"

/* CPython's PyObject, and the PyGC_Head before what its collector tracks. */
enum { PY_HEADER_BYTES = 16, PY_GC_HEADER_BYTES = 16 };

/* sys.getsizeof(value) of CPython 3.11: the object with its headers and what belongs to it, not what it refers to. */
size_t py_sizeof(const void *value);

/* What CPython asks of its allocator for it: sys.getsizeof, but the 32 bytes that an int of one digit really takes, the
 * values of an instance, and the block that dicts of instances share with no-one. What tracemalloc counts. */
size_t py_traced(const void *value);

/* Of a weak reference, which is an object of the strategy's and no kind of ours. */
enum { PY_WEAKREF_BYTES = 80 };

#endif
