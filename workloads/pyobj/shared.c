#include "pyobj/shared.h"

#include "pyobj/constant.h"

/* ---- the values */

static int make_ints(struct mm_root *out)
{
    MM_ROOT(item);
    if (!py_tuple_new(PY_SHARED_INT_LAST - PY_SHARED_INT_FIRST + 1, out))
        return -ENOMEM;
    for (int64_t value = PY_SHARED_INT_FIRST; value <= PY_SHARED_INT_LAST; value++) {
        struct py_int *object = py_int_new(value, &item);
        if (!object)
            return -ENOMEM;
        *py_int_digits(object) |= py_int_shared_bit;
        py_tuple_put(mm_root_get(out), (size_t)(value - PY_SHARED_INT_FIRST), &item);
    }
    return 0;
}

static int make_str(size_t characters, uint32_t character, struct mm_root *out)
{
    struct py_str *str = py_str_new_blank(py_str_form_for(character), characters, out);
    if (!str)
        return -ENOMEM;
    if (characters)
        py_str_put(str, 0, character);
    str->flags |= PY_STR_SHARED;
    return 0;
}

static int make_characters(struct mm_root *out)
{
    MM_ROOT(item);
    if (!py_tuple_new(PY_SHARED_CHARACTERS, out))
        return -ENOMEM;
    for (uint32_t character = 0; character < PY_SHARED_CHARACTERS; character++) {
        if (make_str(1, character, &item))
            return -ENOMEM;
        py_tuple_put(mm_root_get(out), character, &item);
    }
    return 0;
}

static int make_all(struct mm_root values[])
{
    bool made = py_none_new(&values[PY_SHARED_NONE]) && py_bool_new(true, &values[PY_SHARED_TRUE]) &&
                py_bool_new(false, &values[PY_SHARED_FALSE]) && make_str(0, 0, &values[PY_SHARED_EMPTY_STR]) == 0 &&
                make_ints(&values[PY_SHARED_INTS]) == 0 && make_characters(&values[PY_SHARED_CHARACTER_STRS]) == 0 &&
                py_dict_new(&values[PY_SHARED_INTERNED]);
    return made ? 0 : -ENOMEM;
}

/* ---- opening and closing */

static void tuple_dead(const struct py_tuple *tuple)
{
    for (size_t i = 0; i < tuple->length; i++)
        if (py_tuple_get(tuple, i))
            py_dead(py_tuple_get(tuple, i));
}

static void interned_dead(const struct py_dict *dict)
{
    for (size_t i = 0; i < py_dict_entry_count(dict); i++)
        py_dead(py_dict_key_at(dict, i));
}

void py_shared_close(struct py_shared *shared)
{
    for (size_t i = PY_SHARED_VALUES; i-- > 0;) {
        void *value = mm_root_get(&shared->values[i]); /* NULL where it was not made */
        if (value && i == PY_SHARED_INTERNED)
            interned_dead(value);
        else if (value && (i == PY_SHARED_INTS || i == PY_SHARED_CHARACTER_STRS))
            tuple_dead(value);
        if (value)
            py_dead(value);
        mm_root_pop(&shared->values[i]);
    }
}

int py_shared_open(struct py_shared *shared)
{
    for (size_t i = 0; i < PY_SHARED_VALUES; i++)
        mm_root_push(&shared->values[i]);
    int error = make_all(shared->values);
    if (error)
        py_shared_close(shared);
    return error;
}

bool py_is_shared(const void *value)
{
    switch (py_kind_of(value)) {
    case PY_NONE:
    case PY_BOOL: return true;
    case PY_INT: return py_int_is_shared(value);
    case PY_STR: return ((const struct py_str *)value)->flags & PY_STR_SHARED;
    default: return false;
    }
}

/* ---- strs */

/* The shared str that is equal, or NULL. */
static struct py_str *shared_str(const struct py_shared *shared, size_t length, uint32_t first)
{
    if (length == 0)
        return py_shared_get(shared, PY_SHARED_EMPTY_STR);
    if (length == 1 && first < PY_SHARED_CHARACTERS)
        return py_tuple_get(py_shared_get(shared, PY_SHARED_CHARACTER_STRS), first);
    return NULL;
}

struct py_str *py_str_item(const struct py_shared *shared, const struct mm_root *root, size_t index,
                           struct mm_root *out)
{
    uint32_t character = py_str_at(mm_root_get(root), index);
    struct py_str *known = shared_str(shared, 1, character);
    if (!known)
        return py_str_slice(root, index, index + 1, out);
    mm_root_set(out, known);
    return known;
}

/* The root's str gives way to `known`. */
static void replace(struct mm_root *root, struct py_str *known)
{
    struct py_str *str = mm_root_get(root);
    if (str == known)
        return;
    py_dead(str);
    mm_root_set(root, known);
}

int py_str_intern(struct py_shared *shared, struct mm_root *root)
{
    struct mm_root *interned = &shared->values[PY_SHARED_INTERNED];
    struct py_str *str = mm_root_get(root);
    size_t length = py_str_length(str);
    struct py_str *known = shared_str(shared, length, length ? py_str_at(str, 0) : 0);
    if (!known)
        known = py_dict_get(mm_root_get(interned), str);
    if (known) {
        replace(root, known);
        return 0;
    }
    MM_ROOT(key);
    MM_ROOT(value);
    mm_root_set(&key, str);
    mm_root_set(&value, str);
    int error = py_dict_put(interned, &key, &value);
    if (!error)
        ((struct py_str *)mm_root_get(root))->flags |= PY_STR_SHARED;
    return error;
}
