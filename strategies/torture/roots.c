/* Roots: a stack of which each knows its place. */
#include <stdlib.h>

#include "torture/torture.h"

static bool is_pushed(const struct mm_root *root)
{
    return root->position < torture_heap.root_count && torture_heap.roots[root->position].root == root;
}

static struct torture_root *expect_root(const struct mm_root *root)
{
    if (!is_pushed(root))
        torture_violate(TORTURE_ROOT_UNPUSHED, NULL, NULL);
    return &torture_heap.roots[root->position];
}

/* More than TORTURE_ROOTS: where there is no memory for them, nothing is left but to stop. */
static void roots_grow(void)
{
    struct heap *heap = &torture_heap;
    size_t capacity = heap->root_capacity * 2;
    struct torture_root *roots = realloc(heap->roots, capacity * sizeof *roots);
    if (!roots)
        torture_violate(TORTURE_ROOT_PUSHED, NULL, "there is no memory for so many roots");
    heap->roots = roots;
    heap->root_capacity = capacity;
}

void torture_root_push(struct mm_root *root)
{
    struct heap *heap = &torture_heap;
    if (is_pushed(root))
        torture_violate(TORTURE_ROOT_PUSHED, torture_by_serial(heap->roots[root->position].held), NULL);
    if (heap->root_count == heap->root_capacity)
        roots_grow();
    root->position = heap->root_count;
    heap->roots[heap->root_count++] = (struct torture_root){.root = root};
}

void torture_root_pop(struct mm_root *root)
{
    const struct torture_root *entry = expect_root(root);
    if (root->position + 1 != torture_heap.root_count)
        torture_violate(TORTURE_ROOT_ORDER, torture_by_serial(entry->held), NULL);
    uint64_t held = entry->held;
    torture_heap.root_count--;
    root->position = SIZE_MAX;
    torture_reference_drop(torture_by_serial(held));
}

void *torture_root_get(const struct mm_root *root)
{
    const struct torture_root *entry = expect_root(root);
    return entry->held ? torture_by_serial(entry->held)->payload : NULL;
}

void torture_root_hand(const struct mm_root *to, uint64_t serial)
{
    struct torture_root *entry = expect_root(to);
    uint64_t old = entry->held;
    entry->held = serial;
    torture_reference_drop(torture_by_serial(old));
}

void torture_root_set(struct mm_root *root, void *object)
{
    uint64_t serial = torture_expect_value(object);
    torture_reference_add(torture_by_serial(serial));
    torture_root_hand(root, serial);
}

void torture_root_move(struct mm_root *to, struct mm_root *from)
{
    struct torture_root *source = expect_root(from);
    uint64_t held = source->held;
    source->held = 0;
    torture_root_hand(to, held);
}
