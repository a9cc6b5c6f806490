#include "pyobj/list.h"

#include "pyobj/sequence.h"

int py_list_resize_slow(struct mm_root *list, size_t length)
{
    struct py_list *object = mm_root_get(list);
    return mm_refs_resize(list, offsetof(struct py_list, items), py_list_capacity(object->length, length));
}

static struct py_list *list_new_capacity(size_t capacity, size_t length, struct mm_root *out)
{
    MM_ROOT(list);
    if (!py_list_new(&list))
        return NULL;
    if (mm_refs_resize(&list, offsetof(struct py_list, items), capacity)) {
        mm_dead(&py_list_type.mm, mm_root_get(&list));
        return NULL;
    }
    struct py_list *object = mm_root_get(&list);
    object->length = length;
    mm_root_move(out, &list);
    return object;
}

struct py_list *py_list_new_sized(size_t length, struct mm_root *out)
{
    return list_new_capacity(length, length, out);
}

struct py_list *py_list_new_room(size_t count, struct mm_root *out)
{
    return list_new_capacity(count + count % 2, 0, out);
}

/* ---- one item */

/* Items [from, length) go one place up or down. The place that they leave is NULL. */
static void shift_up(struct py_list *list, size_t from)
{
    struct mm_ref *slots = list->items.slots;
    MM_ROOT(carried);
    for (size_t i = list->length; i > from; i--) {
        mm_take(&carried, list, &slots[i - 1]);
        mm_move(list, &slots[i], &carried);
    }
}

static void shift_down(struct py_list *list, size_t from)
{
    struct mm_ref *slots = list->items.slots;
    MM_ROOT(carried);
    for (size_t i = from; i < list->length; i++) {
        mm_take(&carried, list, &slots[i]);
        mm_move(list, &slots[i - 1], &carried);
    }
}

int py_list_insert(struct mm_root *root, size_t index, struct mm_root *item)
{
    struct py_list *list = mm_root_get(root);
    if (list->length == list->items.capacity && py_list_resize_slow(root, list->length + 1))
        return -ENOMEM;
    list = mm_root_get(root);
    shift_up(list, index);
    list->length++;
    mm_move(list, &list->items.slots[index], item);
    return 0;
}

void py_list_pop_at(struct mm_root *root, size_t index, struct mm_root *out)
{
    struct py_list *list = mm_root_get(root);
    mm_take(out, list, &list->items.slots[index]);
    shift_down(list, index + 1);
    list->length--;
    py_list_fit(root);
}

void py_list_clear(struct mm_root *root)
{
    struct py_list *list = mm_root_get(root);
    size_t length = list->length;
    list->length = 0;
    if (mm_refs_resize(root, offsetof(struct py_list, items), 0) == 0)
        return;
    list = mm_root_get(root); /* it keeps the room */
    while (length > 0)
        mm_set(list, &list->items.slots[--length], NULL);
}

/* ---- many */

/* Places [at, at + count) of the list take references to the sequence's items from `start` on. */
static void copy_items(struct py_list *list, size_t at, const void *sequence, size_t start, size_t count)
{
    for (size_t i = 0; i < count; i++)
        mm_set(list, &list->items.slots[at + i], py_sequence_get(sequence, start + i));
}

int py_list_extend(struct mm_root *root, const struct mm_root *sequence)
{
    struct py_list *list = mm_root_get(root);
    size_t before = list->length, count = py_sequence_length(mm_root_get(sequence)), length = before + count;
    int error = 0;
    if (list->items.capacity == 0)
        error = mm_refs_resize(root, offsetof(struct py_list, items), count + count % 2);
    else if (length > list->items.capacity || length < list->items.capacity / 2)
        error = py_list_resize_slow(root, length);
    if (error)
        return error;
    list = mm_root_get(root);
    copy_items(list, before, mm_root_get(sequence), 0, count);
    list->length = length;
    return 0;
}

struct py_list *py_list_slice(const struct mm_root *sequence, size_t start, size_t stop, struct mm_root *out)
{
    MM_ROOT(root); /* `out` may be the root of the sequence */
    struct py_list *list = py_list_new_sized(stop - start, &root);
    if (!list)
        return NULL;
    copy_items(list, 0, mm_root_get(sequence), start, stop - start);
    mm_root_move(out, &root);
    return list;
}

struct py_list *py_list_concat(const struct mm_root *a, const struct mm_root *b, struct mm_root *out)
{
    size_t before = py_list_length(mm_root_get(a)), count = py_list_length(mm_root_get(b));
    MM_ROOT(root);
    struct py_list *list = py_list_new_sized(before + count, &root);
    if (!list)
        return NULL;
    copy_items(list, 0, mm_root_get(a), 0, before);
    copy_items(list, before, mm_root_get(b), 0, count);
    mm_root_move(out, &root);
    return list;
}

struct py_list *py_list_repeat(const struct mm_root *from, size_t times, struct mm_root *out)
{
    size_t length = py_list_length(mm_root_get(from)), all;
    MM_ROOT(root);
    if (__builtin_mul_overflow(length, times, &all))
        return NULL;
    struct py_list *list = py_list_new_sized(all, &root);
    if (!list)
        return NULL;
    for (size_t i = 0; i < times; i++)
        copy_items(list, i * length, mm_root_get(from), 0, length);
    mm_root_move(out, &root);
    return list;
}

struct py_list *py_list_of(const struct mm_root *sequence, struct mm_root *out)
{
    size_t count = py_sequence_length(mm_root_get(sequence));
    MM_ROOT(root);
    struct py_list *list = py_list_new_room(count, &root);
    if (!list)
        return NULL;
    copy_items(list, 0, mm_root_get(sequence), 0, count);
    list->length = count;
    mm_root_move(out, &root);
    return list;
}

struct py_tuple *py_tuple_of(const struct mm_root *sequence, size_t start, size_t stop, struct mm_root *out)
{
    MM_ROOT(root);
    struct py_tuple *tuple = py_tuple_new(stop - start, &root);
    if (!tuple)
        return NULL;
    for (size_t i = start; i < stop; i++)
        mm_set(tuple, py_tuple_slot(tuple, i - start), py_sequence_get(mm_root_get(sequence), i));
    mm_root_move(out, &root);
    return tuple;
}
