/* weak.c: weak references: PyWeakref_NewRef's, with a callable of our own as their callback. */
#include "internal.h"

#include <errno.h>

#include "common/watch.h"

/* What a weak reference calls: an object that has nothing but the contract's function and context, and is called as a
 * C function is, without a tuple of arguments. */
struct callback {
    PyObject_HEAD vectorcallfunc call;
    mm_weak_callback *function;
    void *context;
};

/* A weak reference's hash is cached in it, and nobody asks for it: with this value it is one of the heap's. */
#define OUR_HASH ((Py_hash_t)0x77656b6d6d)

enum { WEAK_BYTES = CPYTHON_GC_HEAD_BYTES + sizeof(PyWeakReference) };
enum { WEAK_PAYLOAD_BYTES = sizeof(PyWeakReference) - sizeof(PyObject) };

static PyObject *callback_call(PyObject *self, PyObject *const *arguments, size_t count, PyObject *names)
{
    (void)count;
    (void)names;
    const struct callback *callback = (const struct callback *)(const void *)self;
    if (!cpython_heap.closing)
        callback->function(cpython_payload(arguments[0]), callback->context);
    Py_RETURN_NONE;
}

static void callback_dealloc(PyObject *self)
{
    held_give(&cpython_heap.held, sizeof(struct callback));
    PyObject_Free(self);
}

static PyTypeObject callback_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "weak_callback",
    .tp_basicsize = sizeof(struct callback),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .tp_vectorcall_offset = offsetof(struct callback, call),
    .tp_call = PyVectorcall_Call,
    .tp_dealloc = callback_dealloc,
};

bool cpython_is_our_weak(PyObject *object)
{
    return PyWeakref_CheckRefExact(object) && ((const PyWeakReference *)(const void *)object)->hash == OUR_HASH;
}

/* Statistics want to know of each death, and the type is CPython's: the one slot of its that is changed. */
static void weak_free(void *weak)
{
    if (cpython_is_our_weak(weak)) {
        counts_free(&cpython_heap.counts, WEAK_PAYLOAD_BYTES);
        held_give(&cpython_heap.held, WEAK_BYTES);
        watch_died(cpython_payload(weak));
    }
    PyObject_GC_Del(weak);
}

int cpython_weak_start(void)
{
    if (PyType_Ready(&callback_type) < 0)
        return -ENOMEM;
    _PyWeakref_RefType.tp_free = weak_free;
    return 0;
}

/* NULL without memory. */
static PyObject *callback_new(mm_weak_callback *function, void *context)
{
    if (!held_take(&cpython_heap.held, sizeof(struct callback)))
        return NULL;
    struct callback *callback = PyObject_New(struct callback, &callback_type);
    if (!callback) {
        cpython_no_memory_slow(sizeof *callback);
        return NULL;
    }
    held_used(&cpython_heap.held);
    callback->call = callback_call;
    callback->function = function;
    callback->context = context;
    return (PyObject *)callback;
}

/* A new reference, or NULL. CPython gives one without a callback that the target has already again. */
static PyObject *weak_new(PyObject *target, PyObject *callback)
{
    if (!held_take(&cpython_heap.held, WEAK_BYTES))
        return NULL;
    PyObject *weak = PyWeakref_NewRef(target, callback);
    if (!weak) {
        cpython_no_memory_slow(WEAK_BYTES);
    } else if (Py_REFCNT(weak) > 1) {
        held_give(&cpython_heap.held, WEAK_BYTES);
    } else {
        ((PyWeakReference *)(void *)weak)->hash = OUR_HASH;
        counts_new(&cpython_heap.counts, WEAK_PAYLOAD_BYTES);
    }
    return weak;
}

void *mm_weak_new(const struct mm_root *target, mm_weak_callback *callback, void *context, struct mm_root *out)
{
    PyObject *callable = callback ? callback_new(callback, context) : NULL;
    if (callback && !callable)
        return NULL;
    PyObject *weak = weak_new(cpython_of(target->object), callable);
    Py_XDECREF(callable);
    if (!weak)
        return NULL;
    counted_deliver(out, cpython_payload(weak));
    return cpython_payload(weak);
}

void *mm_weak_get(const void *weak, struct mm_root *out)
{
    PyObject *target = PyWeakref_GET_OBJECT(cpython_of(weak));
    void *payload = target == Py_None ? NULL : cpython_payload(target);
    mm_root_set(out, payload);
    return payload;
}
