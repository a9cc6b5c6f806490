/* type.c: a PyTypeObject for each struct mm_type, made when the first object of it is. They live as long as the
 * process does, as static types do. */
#include "internal.h"

struct cpython_slot cpython_slots[CPYTHON_SLOTS];

static struct cpython_type *types;

static bool same_offsets(const uint16_t *a, const uint16_t *b, size_t count)
{
    return count == 0 || memcmp(a, b, count * sizeof *a) == 0;
}

/* A definition in a header has a copy in each file that includes it: copies are one type. */
static bool say_the_same(const struct mm_type *a, const struct mm_type *b)
{
    return strcmp(a->name, b->name) == 0 && a->size == b->size && a->flags == b->flags && a->tail == b->tail &&
           a->ref_count == b->ref_count && a->refs_count == b->refs_count && a->bytes_count == b->bytes_count &&
           a->weaklist == b->weaklist && a->finalize == b->finalize && same_offsets(a->refs, b->refs, a->ref_count) &&
           same_offsets(a->ref_buffers, b->ref_buffers, a->refs_count) &&
           same_offsets(a->byte_buffers, b->byte_buffers, a->bytes_count);
}

/* How many fields an object has that has nothing but reference fields, one behind the other; 0 if it is no such row, or
 * too long a one. */
static unsigned row_length(const struct mm_type *mm)
{
    if (mm->ref_count > CPYTHON_ROW_MAX || mm->refs_count || mm->bytes_count || mm->tail || mm->weaklist ||
        mm->finalize)
        return 0;
    for (unsigned i = 1; i < mm->ref_count; i++)
        if (mm->refs[i] != mm->refs[0] + i * sizeof(struct mm_ref))
            return 0;
    return mm->ref_count;
}

static void fill_collected(struct cpython_type *type, const struct mm_type *mm)
{
    PyTypeObject *python = &type->python;
    unsigned row = row_length(mm);
    if (row)
        type->row = mm->refs[0];
    python->tp_flags |= Py_TPFLAGS_HAVE_GC;
    python->tp_free = PyObject_GC_Del;
    python->tp_traverse = cpython_traverse[row];
    python->tp_dealloc = cpython_dealloc[row];
    if (mm_type_has_refs(mm) && !(mm->flags & MM_TYPE_NO_CLEAR))
        python->tp_clear = cpython_clear;
    if (mm->finalize && mm->flags & MM_TYPE_LEGACY)
        python->tp_del = cpython_del;
    else if (mm->finalize)
        python->tp_finalize = cpython_finalize;
}

static void fill(struct cpython_type *type, const struct mm_type *mm)
{
    static const Py_ssize_t item_bytes[] = {
        [MM_TAIL_NONE] = 0,
        [MM_TAIL_REFS] = sizeof(struct mm_ref),
        [MM_TAIL_BYTES] = 1,
    };
    type->mm = mm;
    type->block_bytes = cpython_block_bytes(mm, mm->size);
    type->python = (PyTypeObject){
        PyVarObject_HEAD_INIT(NULL, 0).tp_name = mm->name,
        .tp_basicsize = (Py_ssize_t)(sizeof(PyObject) + mm->size),
        .tp_itemsize = item_bytes[mm->tail],
        .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
        .tp_weaklistoffset = mm->weaklist ? (Py_ssize_t)(sizeof(PyObject) + mm->weaklist) : 0,
        .tp_dealloc = cpython_dealloc_leaf,
        .tp_free = PyObject_Free,
    };
    if (cpython_is_gc(mm))
        fill_collected(type, mm);
}

/* One that PyType_Ready gave up on is not freed: something of it may be known to its base. */
static struct cpython_type *make(const struct mm_type *mm)
{
    struct cpython_type *type = PyMem_RawCalloc(1, sizeof *type);
    if (!type)
        return NULL;
    fill(type, mm);
    if (PyType_Ready(&type->python) < 0) {
        PyErr_Clear();
        return NULL;
    }
    type->next = types;
    types = type;
    return type;
}

struct cpython_type *cpython_type_slow(const struct mm_type *mm)
{
    struct cpython_type *type = types;
    while (type && !say_the_same(type->mm, mm))
        type = type->next;
    if (!type)
        type = make(mm);
    if (type)
        *cpython_slot(mm) = (struct cpython_slot){mm, type};
    return type;
}

bool cpython_is_ours(PyObject *object)
{
    destructor dealloc = Py_TYPE(object)->tp_dealloc;
    for (unsigned row = 0; row <= CPYTHON_ROW_MAX; row++)
        if (dealloc == cpython_dealloc[row])
            return true;
    return dealloc == cpython_dealloc_leaf || cpython_is_our_weak(object);
}
