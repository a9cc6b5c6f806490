/* int_list.h: a list of ints, shared up to 256 as Python has them, that lives from setup to teardown. */
#ifndef WORK_INT_LIST_H
#define WORK_INT_LIST_H

#include "common/dead.h"
#include "pyobj/list.h"
#include "pyobj/shared.h"
#include "pyobj/walk.h"

struct int_list {
    struct py_shared shared;
    struct mm_root items;
};

/* The item's value. */
typedef int64_t int_list_number(int64_t index);

static inline void int_list_close(struct int_list *list)
{
    if (WORK_SAYS_DEAD)
        py_dead_tree(mm_root_get(&list->items), false);
    mm_root_pop(&list->items);
    py_shared_close(&list->shared);
}

static inline int int_list_fill(struct int_list *list, int64_t count, int_list_number *number)
{
    MM_ROOT(item);
    if (!py_list_new_sized((size_t)count, &list->items))
        return -ENOMEM;
    for (int64_t i = 0; i < count; i++) {
        if (!py_int_make(&list->shared, number(i), &item))
            return -ENOMEM;
        py_list_put(mm_root_get(&list->items), (size_t)i, &item);
    }
    return 0;
}

/* Pushes its roots. 0, or -ENOMEM with nothing pushed. */
static inline int int_list_open(struct int_list *list, int64_t count, int_list_number *number)
{
    int error = py_shared_open(&list->shared);
    if (error)
        return error;
    mm_root_push(&list->items);
    error = int_list_fill(list, count, number);
    if (error)
        int_list_close(list);
    return error;
}

#endif
