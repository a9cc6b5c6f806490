/* Through the contract: the shape of workloads/linked_list.c, binary_trees.c and rings.c. */
#include <errno.h>

#include "mm.h"
#include "tax.h"

struct node {
    struct mm_ref next;
    int64_t value;
};

static const uint16_t node_refs[] = {offsetof(struct node, next)};
static const struct mm_type node_type = {
    .name = "node",
    .size = sizeof(struct node),
    .ref_count = 1,
    .refs = node_refs,
};

struct branch {
    struct mm_ref left, right;
    int64_t number;
};

static const uint16_t branch_refs[] = {offsetof(struct branch, left), offsetof(struct branch, right)};
static const struct mm_type branch_type = {
    .name = "branch",
    .size = sizeof(struct branch),
    .ref_count = 2,
    .refs = branch_refs,
};

int contract_open(void)
{
    const struct mm_config config = {0};
    return mm_heap_open(&config);
}

void contract_close(void)
{
    mm_heap_close();
}

/* ---- list */

static int push_numbers(struct mm_root *head, size_t length)
{
    MM_ROOT(fresh);
    for (size_t i = 0; i < length; i++) {
        struct node *node = mm_new(&node_type, &fresh);
        if (!node)
            return -ENOMEM;
        node->value = (int64_t)i;
        mm_move(node, &node->next, head);
        mm_root_move(head, &fresh);
    }
    return 0;
}

static uint64_t sum_list(const struct node *node)
{
    uint64_t sum = 1;
    for (; node; node = mm_get(&node->next))
        sum = sum * 3 + (uint64_t)node->value;
    return sum;
}

static void reverse(struct mm_root *head)
{
    MM_ROOT(rest);
    MM_ROOT(current);
    mm_root_move(&rest, head);
    struct node *node;
    while ((node = mm_root_get(&rest))) {
        mm_root_move(&current, &rest);
        mm_take(&rest, node, &node->next);
        mm_move(node, &node->next, head);
        mm_root_move(head, &current);
    }
}

static bool use_list(size_t length, uint64_t *sum)
{
    MM_ROOT(head);
    if (push_numbers(&head, length) != 0)
        return false;
    *sum = sum_list(mm_root_get(&head));
    reverse(&head);
    *sum = *sum * 5 + sum_list(mm_root_get(&head));
    mm_root_set(&head, NULL);
    return true;
}

bool contract_list(size_t length, int64_t detail, uint64_t *sum)
{
    (void)detail;
    struct mm_region region;
    mm_region_begin(&region);
    bool done = use_list(length, sum);
    mm_region_end(&region);
    return done;
}

/* ---- tree */

static int grow(size_t depth, int64_t number, struct mm_root *out)
{
    if (depth == 0) {
        struct branch *leaf = mm_new(&branch_type, out);
        if (!leaf)
            return -ENOMEM;
        leaf->number = number;
        return 0;
    }
    MM_ROOT(left);
    MM_ROOT(right);
    if (grow(depth - 1, 2 * number, &left) != 0 || grow(depth - 1, 2 * number + 1, &right) != 0)
        return -ENOMEM;
    struct branch *branch = mm_new(&branch_type, out);
    if (!branch)
        return -ENOMEM;
    branch->number = number;
    mm_move(branch, &branch->left, &left);
    mm_move(branch, &branch->right, &right);
    return 0;
}

static uint64_t sum_tree(const struct branch *branch)
{
    const struct branch *left = mm_get(&branch->left);
    uint64_t sum = (uint64_t)branch->number;
    if (left)
        sum += 3 * sum_tree(left) + 5 * sum_tree(mm_get(&branch->right));
    return sum;
}

static bool use_tree(size_t depth, int64_t number, uint64_t *sum)
{
    MM_ROOT(tree);
    if (grow(depth, number, &tree) != 0)
        return false;
    *sum = sum_tree(mm_root_get(&tree));
    mm_root_set(&tree, NULL);
    return true;
}

bool contract_tree(size_t depth, int64_t number, uint64_t *sum)
{
    struct mm_region region;
    mm_region_begin(&region);
    bool done = use_tree(depth, number, sum);
    mm_region_end(&region);
    return done;
}

/* ---- rings */

/* A chain from the newest node to the oldest; then the oldest gets the reference that held the newest. */
static int make_ring(int64_t number, int64_t nodes, struct mm_root *out)
{
    MM_ROOT(newest);
    MM_ROOT(fresh);
    for (int64_t i = 0; i < nodes; i++) {
        struct node *node = mm_new(&node_type, &fresh);
        if (!node)
            return -ENOMEM;
        node->value = number + i;
        mm_move(node, &node->next, &newest);
        mm_root_move(&newest, &fresh);
        if (i == 0)
            mm_root_set(out, mm_root_get(&newest));
    }
    struct node *oldest = mm_root_get(out);
    mm_move(oldest, &oldest->next, &newest);
    return 0;
}

static uint64_t sum_ring(const struct node *first)
{
    uint64_t sum = 0;
    const struct node *node = first;
    do {
        sum = sum * 3 + (uint64_t)node->value;
        node = mm_get(&node->next);
    } while (node != first);
    return sum;
}

static bool use_rings(size_t count, int64_t nodes, uint64_t *sum)
{
    MM_ROOT(ring);
    *sum = 0;
    for (size_t i = 0; i < count; i++) {
        if (make_ring((int64_t)i, nodes, &ring) != 0)
            return false;
        struct node *oldest = mm_root_get(&ring);
        *sum = *sum * 31 + sum_ring(oldest);
        if ((MM_TRAITS & (MM_TRAIT_CYCLES | MM_TRAIT_REGIONS)) == 0) /* NOLINT(misc-redundant-expression) */
            mm_set(oldest, &oldest->next, NULL);
        mm_root_set(&ring, NULL);
    }
    return true;
}

bool contract_rings(size_t count, int64_t nodes, uint64_t *sum)
{
    struct mm_region region;
    mm_region_begin(&region);
    bool done = use_rings(count, nodes, sum);
    mm_region_end(&region);
    return done;
}
