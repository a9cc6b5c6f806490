#include "pyobj/instance.h"

#include <string.h>

static void move_values(void *from, struct mm_ref *old, void *to, struct mm_ref *new, size_t count)
{
    MM_ROOT(carried);
    for (size_t i = 0; i < count; i++) {
        mm_take(&carried, from, &old[i]);
        mm_move(to, &new[i], &carried);
    }
}

/* The dict takes the values, and the instance the dict. */
static int hand_over(struct mm_root *root, const struct mm_root *made)
{
    struct py_instance *instance = mm_root_get(root);
    struct py_instance_dict *dict = mm_root_get(made);
    size_t count = dict->values.capacity;
    move_values(instance, instance->values.slots, dict, dict->values.slots, count);
    mm_set(instance, &instance->values.slots[0], dict);
    if (mm_refs_resize(root, offsetof(struct py_instance, values), 1) == 0)
        return 0;
    instance = mm_root_get(root);
    dict = mm_root_get(made);
    mm_set(instance, &instance->values.slots[0], NULL);
    move_values(dict, dict->values.slots, instance, instance->values.slots, count);
    return -ENOMEM;
}

struct py_instance_dict *py_instance_dict(struct mm_root *root, struct mm_root *out)
{
    const struct py_instance *instance = mm_root_get(root);
    if (py_instance_has_dict(instance)) {
        mm_root_set(out, mm_get(&instance->values.slots[0]));
        return mm_root_get(out);
    }
    size_t values = py_instance_values(instance->values.capacity);
    MM_ROOT(dict);
    if (!mm_new(&py_instance_dict_type.mm, &dict))
        return NULL;
    if (mm_refs_resize(&dict, offsetof(struct py_instance_dict, values), values) || hand_over(root, &dict)) {
        mm_dead(&py_instance_dict_type.mm, mm_root_get(&dict));
        return NULL;
    }
    struct py_instance_dict *made = mm_root_get(&dict);
    made->class = py_class_of(mm_root_get(root));
    mm_root_move(out, &dict);
    return made;
}

void *py_instance_dict_get(const struct py_instance_dict *dict, const char *name)
{
    for (size_t i = 0; i < dict->class->attribute_count; i++)
        if (strcmp(dict->class->attributes[i], name) == 0)
            return mm_get(&dict->values.slots[i]);
    return NULL;
}
