#include "facts.h"

static json_t *load(const char *path)
{
    json_error_t error;
    json_t *data = json_load_file(path, 0, &error);
    if (!data)
        fail_msg("%s:%d: %s", path, error.line, error.text);
    return data;
}

static json_t *find(json_t **data, const char *path, const char *name)
{
    if (!*data)
        *data = load(path);
    json_t *found = json_object_get(*data, name);
    if (!found)
        fail_msg("%s has no \"%s\"", path, name);
    return found;
}

json_t *fact(const char *name)
{
    static json_t *data;
    return find(&data, DATA "/pyfacts-3.11.7.json", name);
}

json_t *recorded(const char *name)
{
    static json_t *data;
    return find(&data, DATA "/growth-3.11.7.json", name);
}

int64_t number_at(const json_t *array, size_t index)
{
    const json_t *number = json_array_get(array, index);
    assert_true(json_is_integer(number));
    return json_integer_value(number);
}

struct py_str *str_of(const json_t *text, struct mm_root *out)
{
    struct py_str *str = py_str_new(json_string_value(text), json_string_length(text), out);
    assert_non_null(str);
    return str;
}

bool headers_are_cpythons(void)
{
    return strncmp(mm_strategy.name, "refcount_gc", strlen("refcount_gc")) == 0;
}

/* With the deque's blocks, which are objects of their own here. */
static size_t taken(void *object)
{
    size_t bytes = mm_size_of(mm_type_of(object), object);
    const struct py_deque *deque = object;
    if (py_kind_of(object) == PY_DEQUE)
        for (size_t i = 0; i < deque->blocks; i++)
            bytes += mm_size_of(&py_deque_block_type.mm, mm_get(&deque->map.slots[i]));
    return bytes;
}

void expect_size(void *object, size_t bytes, const char *what)
{
    if (py_sizeof(object) != bytes)
        fail_msg("%s: %zu bytes, CPython: %zu", what, py_sizeof(object), bytes);
    if (headers_are_cpythons() && taken(object) != bytes)
        fail_msg("%s: takes %zu bytes, CPython: %zu", what, taken(object), bytes);
}
