#include "pyobj/list.h"

int py_list_resize_slow(struct mm_root *list, size_t length)
{
    struct py_list *object = mm_root_get(list);
    return mm_refs_resize(list, offsetof(struct py_list, items), py_list_capacity(object->length, length));
}

struct py_list *py_list_new_sized(size_t length, struct mm_root *out)
{
    MM_ROOT(list);
    if (!py_list_new(&list))
        return NULL;
    if (mm_refs_resize(&list, offsetof(struct py_list, items), length)) {
        mm_dead(&py_list_type.mm, mm_root_get(&list));
        return NULL;
    }
    struct py_list *object = mm_root_get(&list);
    object->length = length;
    mm_root_move(out, &list);
    return object;
}
