#include "pyobj/walk.h"

#include <string.h>

#include "common/outside.h"
#include "pyobj/dict.h"
#include "pyobj/generator.h"
#include "pyobj/list.h"
#include "pyobj/tuple.h"

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
    enum py_kind kind = py_kind_of(value);
    if (kind != PY_LIST && kind != PY_TUPLE && kind != PY_DICT && kind != PY_GENERATOR) {
        walk->event = PY_WALK_LEAF;
        return value;
    }
    if (walk->depth == walk->capacity && (walk->error = walk_deepen(walk)) != 0)
        return NULL;
    walk->levels[walk->depth++] = (struct py_walk_level){value, 0};
    walk->event = PY_WALK_ENTER;
    return value;
}

/* The container's next child that is not NULL; NULL when it has no more. */
static void *walk_child(const struct py_walk *walk, struct py_walk_level *level)
{
    void *container = level->container, *child = NULL;
    switch (py_kind_of(container)) {
    case PY_LIST:
        while (!child && level->next < py_list_length(container))
            child = py_list_get(container, level->next++);
        return child;
    case PY_TUPLE:
        while (!child && level->next < ((struct py_tuple *)container)->length)
            child = py_tuple_get(container, level->next++);
        return child;
    case PY_GENERATOR:
        while (!child && level->next < ((struct py_generator *)container)->length)
            child = mm_get(py_generator_local(container, level->next++));
        return child;
    default: /* a dict: keys are even, values odd */
        while (!child && level->next < 2 * py_dict_entry_count(container)) {
            size_t entry = level->next / 2;
            bool key = level->next++ % 2 == 0;
            if (!key || walk->keys)
                child = key ? py_dict_key_at(container, entry) : py_dict_value_at(container, entry);
        }
        return child;
    }
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
        enum py_kind kind = py_kind_of(value);
        if (walk.event != PY_WALK_ENTER && kind != PY_NONE && kind != PY_BOOL)
            py_dead(value);
    }
    py_walk_end(&walk); /* without memory for its stack it is incomplete, which shows as a leak */
}
