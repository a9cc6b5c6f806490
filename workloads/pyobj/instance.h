/* instance.h: objects of ordinary classes: attributes in values that lie alike in all instances, and a dict only for
 * who asks for it.
 *
 *     | slots | capacity | weak |     slots -> | value 0 | value 1 | ... | for attributes to come | for their order |
 *
 * CPython 3.11 keeps the attributes' names in keys that the class's instances share. They begin with room for 30; each
 * new instance takes one away until one is left: early instances have room for attributes to come, later ones hardly.
 * A byte per value and two more, rounded up to words, hold the order of insertion there: here, they are NULL.
 *
 * Once __dict__ is asked for, the dict takes the values over, and the buffer holds the dict alone.
 *
 * sys.getsizeof of an instance says 56: its values are in no object's size. They are taken all the same, so that an
 * instance with two attributes takes 88 bytes.
 */
#ifndef PY_INSTANCE_H
#define PY_INSTANCE_H

#include "pyobj/py.h"

enum { PY_SHARED_KEYS = 30, PY_ATTRIBUTES_MAX = 28 };

struct py_instance {
    struct mm_refs values;
    struct mm_weaklist weaklist;
};

/* Static data. The type comes first, so that an instance's type is its class. */
struct py_class {
    struct py_type type;
    const char *const *attributes; /* in the order in which __init__ sets them; NULL at the end */
    uint32_t attribute_count;      /* at most PY_ATTRIBUTES_MAX */
    uint32_t *spare;               /* attributes that the shared keys have room for still */
};

static const uint16_t py_instance_buffers[] = {offsetof(struct py_instance, values)};

/* A class: `static const struct py_class person = PY_CLASS("Person", names, 2, &person_spare);` A macro, since an
 * initializer can be nothing else. */
#define PY_CLASS(class_name, names, count, spare_keys)                                                                 \
    {                                                                                                                  \
        .type = {.mm = {.name = (class_name),                                                                          \
                        .size = sizeof(struct py_instance),                                                            \
                        .flags = MM_TYPE_TAGGED,                                                                       \
                        .refs_count = 1,                                                                               \
                        .weaklist = offsetof(struct py_instance, weaklist),                                            \
                        .ref_buffers = py_instance_buffers},                                                           \
                 .kind = PY_INSTANCE},                                                                                 \
        .attributes = (names), .attribute_count = (count), .spare = (spare_keys),                                      \
    }

/* What the `class` statement does: before the first instance, and again where a run begins anew. */
static inline void py_class_open(const struct py_class *class)
{
    *class->spare = PY_SHARED_KEYS - class->attribute_count;
}

static inline const struct py_class *py_class_of(const void *instance)
{
    return (const struct py_class *)(const void *)mm_type_of(instance);
}

/* ---- __dict__ */

struct py_instance_dict {
    struct mm_refs values;
    const struct py_class *class;
    size_t unused; /* CPython's ma_used */
};

static const uint16_t py_instance_dict_buffers[] = {offsetof(struct py_instance_dict, values)};
static const struct py_type py_instance_dict_type = {
    .mm = {.name = "instance_dict",
           .size = sizeof(struct py_instance_dict),
           .flags = MM_TYPE_TAGGED,
           .refs_count = 1,
           .ref_buffers = py_instance_dict_buffers},
    .kind = PY_INSTANCE_DICT,
};

/* instance.__dict__, into `out`; made now, where it was not yet. Returns it, borrowed, or NULL. */
struct py_instance_dict *py_instance_dict(struct mm_root *instance, struct mm_root *out);

/* The value of an attribute by its name, borrowed, or NULL. */
void *py_instance_dict_get(const struct py_instance_dict *dict, const char *name);

/* ---- instances */

/* Values for so many attributes, with the words for their order. */
static inline size_t py_instance_capacity(size_t values)
{
    return values + (values + 2 + 7) / 8;
}

/* The other way round. */
static inline size_t py_instance_values(size_t capacity)
{
    return (8 * capacity - 2) / 9;
}

/* With no attribute set. */
static inline struct py_instance *py_instance_new(const struct py_class *class, struct mm_root *out)
{
    MM_ROOT(root);
    if (!mm_new(&class->type.mm, &root))
        return NULL;
    size_t spare = *class->spare > 1 ? *class->spare - 1 : 1;
    size_t capacity = py_instance_capacity(class->attribute_count + spare);
    if (mm_refs_resize(&root, offsetof(struct py_instance, values), capacity)) {
        mm_dead(&class->type.mm, mm_root_get(&root));
        return NULL;
    }
    *class->spare = (uint32_t)spare;
    struct py_instance *instance = mm_root_get(&root);
    mm_root_move(out, &root);
    return instance;
}

static inline bool py_instance_has_dict(const struct py_instance *instance)
{
    return instance->values.capacity == 1;
}

/* Attributes by number, as the class has them: what CPython's interpreter knows after it has looked a name up. */
static inline void *py_instance_get(const struct py_instance *instance, size_t attribute)
{
    const struct mm_ref *values = instance->values.slots;
    if (__builtin_expect(py_instance_has_dict(instance), 0))
        values = ((const struct py_instance_dict *)mm_get(values))->values.slots;
    return mm_get(&values[attribute]);
}

/* Hands `value` to an attribute; the old value is dropped. */
static inline void py_instance_put(struct py_instance *instance, size_t attribute, struct mm_root *value)
{
    if (__builtin_expect(py_instance_has_dict(instance), 0)) {
        struct py_instance_dict *dict = mm_get(&instance->values.slots[0]);
        mm_move(dict, &dict->values.slots[attribute], value);
        return;
    }
    mm_move(instance, &instance->values.slots[attribute], value);
}

#endif
