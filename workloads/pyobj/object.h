/* object.h: object(), and objects of classes with __slots__: a reference for each slot, and nothing else.
 *
 *     | slot 0 | slot 1 | ... | [weak, where the slots name __weakref__]
 */
#ifndef PY_OBJECT_H
#define PY_OBJECT_H

#include "pyobj/py.h"

enum { PY_SLOTS_MAX = 8 };

/* A macro, since an initializer can be nothing else. */
#define PY_SLOTS_TYPE(slots, weak)                                                                                     \
    {                                                                                                                  \
        .mm = {.name = "object",                                                                                       \
               .size = 8 * ((slots) + (weak)),                                                                         \
               .flags = MM_TYPE_TAGGED,                                                                                \
               .ref_count = (slots),                                                                                   \
               .weaklist = (weak)*8 * (slots),                                                                         \
               .refs = py_word_offsets},                                                                               \
        .kind = PY_OBJECT,                                                                                             \
    }

/* By the number of slots. */
static const struct py_type py_slots_types[PY_SLOTS_MAX + 1] = {
    PY_SLOTS_TYPE(0, 0), PY_SLOTS_TYPE(1, 0), PY_SLOTS_TYPE(2, 0), PY_SLOTS_TYPE(3, 0), PY_SLOTS_TYPE(4, 0),
    PY_SLOTS_TYPE(5, 0), PY_SLOTS_TYPE(6, 0), PY_SLOTS_TYPE(7, 0), PY_SLOTS_TYPE(8, 0),
};

/* The same with __weakref__; at least one other slot, since a weaklist is never first. */
static const struct py_type py_slots_weak_types[PY_SLOTS_MAX + 1] = {
    [1] = PY_SLOTS_TYPE(1, 1), PY_SLOTS_TYPE(2, 1), PY_SLOTS_TYPE(3, 1), PY_SLOTS_TYPE(4, 1),
    PY_SLOTS_TYPE(5, 1),       PY_SLOTS_TYPE(6, 1), PY_SLOTS_TYPE(7, 1), PY_SLOTS_TYPE(8, 1),
};

/* All slots are NULL. Both want a constant number of slots, so that the type is folded. */
static inline void *py_object_new(unsigned slots, struct mm_root *out)
{
    return mm_new(&py_slots_types[slots].mm, out);
}

static inline void *py_object_new_weak(unsigned slots, struct mm_root *out)
{
    return mm_new(&py_slots_weak_types[slots].mm, out);
}

static inline void *py_object_get(void *object, size_t slot)
{
    return mm_get(mm_ref_at(object, 8 * slot));
}

/* Hands `value` to a slot; the old value is dropped. */
static inline void py_object_put(void *object, size_t slot, struct mm_root *value)
{
    mm_move(object, mm_ref_at(object, 8 * slot), value);
}

#endif
