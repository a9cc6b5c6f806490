#include "pyobj/walk.h"

#include <string.h>

#include "common/outside.h"
#include "pyobj/shared.h"

void py_walk_begin(struct py_walk *walk, void *value, bool keys)
{
    walk->event = PY_WALK_LEAF;
    walk->keys = keys;
    walk->error = 0;
    walk->first = value;
    walk->levels = walk->here;
    walk->depth = 0;
    walk->capacity = PY_WALK_LEVELS;
}

static int walk_deepen(struct py_walk *walk)
{
    struct py_walk_level *levels = outside_new(2 * walk->capacity, sizeof *levels);
    if (!levels)
        return -ENOMEM;
    memcpy(levels, walk->levels, walk->depth * sizeof *levels);
    if (walk->levels != walk->here)
        outside_free(walk->levels, walk->capacity, sizeof *levels);
    walk->levels = levels;
    walk->capacity *= 2;
    return 0;
}

static void *walk_enter(struct py_walk *walk, void *value)
{
    if (!mm_type_has_refs(mm_type_of(value))) {
        walk->event = PY_WALK_LEAF;
        return value;
    }
    if (walk->depth == walk->capacity && (walk->error = walk_deepen(walk)) != 0)
        return NULL;
    walk->levels[walk->depth++] = (struct py_walk_level){value, 0};
    walk->event = PY_WALK_ENTER;
    return value;
}

/* A container's references by number: its fields, then its buffers', then its tail's. NULL behind the last. */
static const struct mm_ref *reference_at(const struct mm_type *type, void *container, size_t index)
{
    if (index < type->ref_count)
        return mm_ref_at(container, type->refs[index]);
    index -= type->ref_count;
    for (unsigned i = 0; i < type->refs_count; i++) {
        const struct mm_refs *buffer = mm_refs_at(container, type->ref_buffers[i]);
        if (index < buffer->capacity)
            return &buffer->slots[index];
        index -= buffer->capacity;
    }
    if (type->tail == MM_TAIL_REFS && index < mm_type_length(type, container))
        return mm_tail_refs(type, container) + index;
    return NULL;
}

/* The container's next child that is not NULL; NULL when it has no more. */
static void *walk_child(const struct py_walk *walk, struct py_walk_level *level)
{
    const struct mm_type *type = mm_type_of(level->container);
    bool keys = walk->keys || py_kind_of(level->container) != PY_DICT;
    const struct mm_ref *reference;
    void *child = NULL;
    while (!child && (reference = reference_at(type, level->container, level->next))) {
        bool key = level->next++ % 2 == 0; /* of a dict: keys are even, values odd */
        if (!key || keys)
            child = mm_get(reference);
    }
    return child;
}

void *py_walk_next(struct py_walk *walk)
{
    if (walk->error)
        return NULL;
    if (walk->first) {
        void *value = walk->first;
        walk->first = NULL;
        return walk_enter(walk, value);
    }
    if (walk->depth == 0)
        return NULL;
    struct py_walk_level *level = &walk->levels[walk->depth - 1];
    void *child = walk_child(walk, level);
    if (child)
        return walk_enter(walk, child);
    walk->depth--;
    walk->event = PY_WALK_LEAVE;
    return level->container;
}

int py_walk_end(struct py_walk *walk)
{
    if (walk->levels != walk->here)
        outside_free(walk->levels, walk->capacity, sizeof *walk->levels);
    return walk->error;
}

void py_dead_tree(void *value, bool keys)
{
    struct py_walk walk;
    py_walk_begin(&walk, value, keys);
    while ((value = py_walk_next(&walk))) {
        if (walk.event != PY_WALK_ENTER && !py_is_shared(value))
            py_dead(value);
    }
    py_walk_end(&walk); /* without memory for its stack it is incomplete, which shows as a leak */
}
