#include "pyobj/deque.h"

/* The place in the map of the block with this number, from the left. */
static struct mm_ref *deque_place(const struct py_deque *deque, size_t block)
{
    return &deque->map.slots[(deque->first + block) % deque->map.capacity];
}

/* The object and field of an item, by its distance from the leftmost block's start. */
static struct py_deque_block *deque_block(const struct py_deque *deque, size_t position)
{
    return mm_get(deque_place(deque, position / PY_DEQUE_BLOCK_ITEMS));
}

struct py_deque *py_deque_new(struct mm_root *out)
{
    MM_ROOT(root);
    MM_ROOT(block);
    if (!mm_new(&py_deque_type.mm, &root))
        return NULL;
    if (mm_refs_resize(&root, offsetof(struct py_deque, map), 1) || !mm_new(&py_deque_block_type.mm, &block)) {
        mm_dead(&py_deque_type.mm, mm_root_get(&root));
        return NULL;
    }
    struct py_deque *deque = mm_root_get(&root);
    deque->left = PY_DEQUE_CENTER;
    deque->blocks = 1;
    mm_move(deque, &deque->map.slots[0], &block);
    mm_root_move(out, &root);
    return deque;
}

/* Twice as many places; the blocks that had gone round the old end go on behind it. */
static int deque_grow_map(struct mm_root *root)
{
    size_t old = ((struct py_deque *)mm_root_get(root))->map.capacity;
    if (mm_refs_resize(root, offsetof(struct py_deque, map), 2 * old))
        return -ENOMEM;
    struct py_deque *deque = mm_root_get(root);
    MM_ROOT(carried);
    for (size_t i = 0; i < deque->first; i++) {
        mm_take(&carried, deque, &deque->map.slots[i]);
        mm_move(deque, &deque->map.slots[old + i], &carried);
    }
    return 0;
}

/* A block for one end or the other, not in the map yet; which has a place for it. */
static int deque_new_block(struct mm_root *root, struct mm_root *block)
{
    const struct py_deque *deque = mm_root_get(root);
    if (deque->blocks == deque->map.capacity && deque_grow_map(root))
        return -ENOMEM;
    return mm_new(&py_deque_block_type.mm, block) ? 0 : -ENOMEM;
}

int py_deque_append(struct mm_root *root, struct mm_root *item)
{
    struct py_deque *deque = mm_root_get(root);
    size_t position = deque->left + deque->length;
    if (position == deque->blocks * PY_DEQUE_BLOCK_ITEMS) {
        MM_ROOT(block);
        if (deque_new_block(root, &block))
            return -ENOMEM;
        deque = mm_root_get(root);
        mm_move(deque, deque_place(deque, deque->blocks), &block);
        deque->blocks++;
    }
    struct py_deque_block *block = deque_block(deque, position);
    mm_move(block, &block->items[position % PY_DEQUE_BLOCK_ITEMS], item);
    deque->length++;
    return 0;
}

int py_deque_append_left(struct mm_root *root, struct mm_root *item)
{
    struct py_deque *deque = mm_root_get(root);
    if (deque->left == 0) {
        MM_ROOT(block);
        if (deque_new_block(root, &block))
            return -ENOMEM;
        deque = mm_root_get(root);
        deque->first = (deque->first + deque->map.capacity - 1) % deque->map.capacity;
        mm_move(deque, deque_place(deque, 0), &block);
        deque->blocks++;
        deque->left = PY_DEQUE_BLOCK_ITEMS;
    }
    struct py_deque_block *block = deque_block(deque, 0);
    mm_move(block, &block->items[--deque->left], item);
    deque->length++;
    return 0;
}

/* The block with this number, at one of the ends, has no item any more. */
static void deque_drop_block(struct py_deque *deque, size_t number)
{
    MM_ROOT(block);
    mm_take(&block, deque, deque_place(deque, number));
    mm_dead(&py_deque_block_type.mm, mm_root_get(&block));
    deque->blocks--;
}

void py_deque_pop(struct py_deque *deque, struct mm_root *out)
{
    size_t position = deque->left + --deque->length;
    struct py_deque_block *block = deque_block(deque, position);
    mm_take(out, block, &block->items[position % PY_DEQUE_BLOCK_ITEMS]);
    if (deque->length == 0)
        deque->left = PY_DEQUE_CENTER;
    else if (position % PY_DEQUE_BLOCK_ITEMS == 0)
        deque_drop_block(deque, deque->blocks - 1);
}

void py_deque_pop_left(struct py_deque *deque, struct mm_root *out)
{
    struct py_deque_block *block = deque_block(deque, 0);
    mm_take(out, block, &block->items[deque->left]);
    deque->left++;
    if (--deque->length == 0) {
        deque->left = PY_DEQUE_CENTER;
    } else if (deque->left == PY_DEQUE_BLOCK_ITEMS) {
        deque_drop_block(deque, 0);
        deque->first = (deque->first + 1) % deque->map.capacity;
        deque->left = 0;
    }
}

void *py_deque_get(const struct py_deque *deque, size_t index)
{
    size_t position = deque->left + index;
    return mm_get(&deque_block(deque, position)->items[position % PY_DEQUE_BLOCK_ITEMS]);
}
