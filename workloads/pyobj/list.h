/* list.h: a list: a length, and a buffer of references that grows and shrinks by CPython's rule.
 *
 *     | length | slots | capacity |        slots -> | item 0 | item 1 ... | NULL ... |
 *
 * Invariant: length <= capacity, and slots from length on are NULL.
 *
 * How a list is made decides how much room it has: a copy, a slice, [x] * n and [x, y] have none to spare
 * (py_list_new_sized); list(iterable) and [1, 2, 3], whose items are constants, an even number of places
 * (py_list_new_room); a comprehension is appended to.
 */
#ifndef PY_LIST_H
#define PY_LIST_H

#include "pyobj/py.h"

struct py_list {
    size_t length;
    struct mm_refs items;
};

static const uint16_t py_list_buffers[] = {offsetof(struct py_list, items)};
static const struct py_type py_list_type = {
    .mm = {.name = "list",
           .size = sizeof(struct py_list),
           .flags = MM_TYPE_TAGGED,
           .refs_count = 1,
           .ref_buffers = py_list_buffers},
    .kind = PY_LIST,
};

static inline struct py_list *py_list_new(struct mm_root *out)
{
    return mm_new(&py_list_type.mm, out);
}

/* A list of `length` NULLs in a buffer of that size: fill it with py_list_put. */
struct py_list *py_list_new_sized(size_t length, struct mm_root *out);

/* An empty list with room for `count` items, or one more to make it even. list() takes 8 of an iterable that cannot say
 * how many it has, and calls py_list_fit when it is through. */
struct py_list *py_list_new_room(size_t count, struct mm_root *out);
enum { PY_LIST_GUESS = 8 };

/* The capacity for a length that does not fit, or leaves more than half unused: an eighth more, in steps of 4; but not
 * more room than the step itself, as after `extend`. */
static inline size_t py_list_capacity(size_t old_length, size_t length)
{
    if (length == 0)
        return 0;
    size_t capacity = (length + (length >> 3) + 6) & ~(size_t)3;
    if (length > old_length && length - old_length > capacity - length)
        capacity = (length + 3) & ~(size_t)3;
    return capacity;
}

/* Makes room for `length` items, or gives room back; the length stays. 0 or -ENOMEM. */
int py_list_resize_slow(struct mm_root *list, size_t length);

/* Hands `item` to the list's end. On -ENOMEM the item stays in its root. */
static inline int py_list_append(struct mm_root *list, struct mm_root *item)
{
    struct py_list *object = mm_root_get(list);
    if (__builtin_expect(object->length == object->items.capacity, 0)) {
        if (py_list_resize_slow(list, object->length + 1))
            return -ENOMEM;
        object = mm_root_get(list);
    }
    mm_move(object, &object->items.slots[object->length++], item);
    return 0;
}

/* Gives room back where half is unused, so it may move objects. Failing, it keeps the room. */
static inline void py_list_fit(struct mm_root *list)
{
    const struct py_list *object = mm_root_get(list);
    if (__builtin_expect(object->length < object->items.capacity / 2, 0))
        (void)py_list_resize_slow(list, object->length);
}

/* Takes the last item into `out`. The list is not empty. May move objects: py_list_fit. */
static inline void py_list_pop(struct mm_root *list, struct mm_root *out)
{
    struct py_list *object = mm_root_get(list);
    mm_take(out, object, &object->items.slots[--object->length]);
    py_list_fit(list);
}

static inline size_t py_list_length(const struct py_list *list)
{
    return list->length;
}

static inline void *py_list_get(const struct py_list *list, size_t index)
{
    return mm_get(&list->items.slots[index]);
}

/* Hands `item` to a place in the list; the old item is dropped. */
static inline void py_list_put(struct py_list *list, size_t index, struct mm_root *item)
{
    mm_move(list, &list->items.slots[index], item);
}

/* Exchanges an item and what `item` holds: for who has to say that the old one dies. */
static inline void py_list_swap(struct py_list *list, size_t index, struct mm_root *item)
{
    MM_ROOT(old);
    mm_take(&old, list, &list->items.slots[index]);
    mm_move(list, &list->items.slots[index], item);
    mm_root_move(item, &old);
}

/* ---- not in place of the fast path (list.c) */

/* list.insert(index, item), index <= length. On -ENOMEM the item stays in its root. */
int py_list_insert(struct mm_root *list, size_t index, struct mm_root *item);

/* list.pop(index): into `out`. As py_list_pop. */
void py_list_pop_at(struct mm_root *list, size_t index, struct mm_root *out);

/* list.extend(sequence), a list or tuple, which may be the list itself. 0, or -ENOMEM with the list as it was. */
int py_list_extend(struct mm_root *list, const struct mm_root *sequence);

/* list.clear(): drops all items, the last first. May move objects. */
void py_list_clear(struct mm_root *list);

/* sequence[start:stop] of a list or tuple, as a list: a copy where it is all. */
struct py_list *py_list_slice(const struct mm_root *sequence, size_t start, size_t stop, struct mm_root *out);

/* a + b */
struct py_list *py_list_concat(const struct mm_root *a, const struct mm_root *b, struct mm_root *out);

/* list * times */
struct py_list *py_list_repeat(const struct mm_root *list, size_t times, struct mm_root *out);

/* list(sequence), of a list or tuple. */
struct py_list *py_list_of(const struct mm_root *sequence, struct mm_root *out);

#endif
