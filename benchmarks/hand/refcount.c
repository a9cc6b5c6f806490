/* By hand: reference counting on malloc. A count before each node and nothing else; each kind of node has a function of
 * its own that frees it, the maker's reference is stolen by what it is stored in, and moving one around counts nothing.
 *
 * It is compiled twice: with HAND_TYPED a word for the kind stands beside the count, as where a traversal needs it. */
#include <stdlib.h>

#include "hand.h"

#ifdef HAND_TYPED
#define HAND(NAME) typed_##NAME
struct header {
    uint64_t count;
    const char *kind;
};
#else
#define HAND(NAME) hand_##NAME
struct header {
    uint64_t count;
};
#endif

struct node {
    struct header header;
    struct node *next;
    int64_t value;
};

struct branch {
    struct header header;
    struct branch *left, *right;
    int64_t number;
};

static inline void init(struct header *header, const char *kind)
{
    header->count = 1;
#ifdef HAND_TYPED
    header->kind = kind;
#else
    (void)kind;
#endif
}

static inline bool drop(struct header *header)
{
    return --header->count == 0;
}

static inline void take(struct header *header)
{
    header->count++;
}

/* ---- list */

static struct node *node_new(int64_t value, struct node *next)
{
    struct node *node = malloc(sizeof *node);
    if (!node)
        return NULL;
    init(&node->header, "node");
    node->value = value;
    node->next = next;
    return node;
}

static void node_drop(struct node *node)
{
    while (node && drop(&node->header)) {
        struct node *next = node->next;
        free(node);
        node = next;
    }
}

static uint64_t sum_list(const struct node *node)
{
    uint64_t sum = 1;
    for (; node; node = node->next)
        sum = sum * 3 + (uint64_t)node->value;
    return sum;
}

static struct node *reverse(struct node *rest)
{
    struct node *head = NULL;
    while (rest) {
        struct node *node = rest;
        rest = node->next;
        node->next = head;
        head = node;
    }
    return head;
}

static struct node *push_numbers(size_t length)
{
    struct node *head = NULL;
    for (size_t i = 0; i < length; i++) {
        struct node *node = node_new((int64_t)i, head);
        if (!node) {
            node_drop(head);
            return NULL;
        }
        head = node;
    }
    return head;
}

bool HAND(list)(size_t length, int64_t detail, uint64_t *sum)
{
    (void)detail;
    struct node *head = push_numbers(length);
    if (!head)
        return false;
    *sum = sum_list(head);
    head = reverse(head);
    *sum = *sum * 5 + sum_list(head);
    node_drop(head);
    return true;
}

/* ---- tree */

static void branch_drop(struct branch *branch)
{
    if (!branch || !drop(&branch->header))
        return;
    branch_drop(branch->left);
    branch_drop(branch->right);
    free(branch);
}

static struct branch *grow(size_t depth, int64_t number)
{
    struct branch *left = NULL, *right = NULL;
    if (depth != 0) {
        left = grow(depth - 1, 2 * number);
        right = left ? grow(depth - 1, 2 * number + 1) : NULL;
        if (!right) {
            branch_drop(left);
            return NULL;
        }
    }
    struct branch *branch = malloc(sizeof *branch);
    if (!branch) {
        branch_drop(left);
        branch_drop(right);
        return NULL;
    }
    init(&branch->header, "branch");
    branch->left = left;
    branch->right = right;
    branch->number = number;
    return branch;
}

static uint64_t sum_tree(const struct branch *branch)
{
    uint64_t sum = (uint64_t)branch->number;
    if (branch->left)
        sum += 3 * sum_tree(branch->left) + 5 * sum_tree(branch->right);
    return sum;
}

bool HAND(tree)(size_t depth, int64_t number, uint64_t *sum)
{
    struct branch *tree = grow(depth, number);
    if (!tree)
        return false;
    *sum = sum_tree(tree);
    branch_drop(tree);
    return true;
}

/* ---- rings */

/* The caller has a reference to the oldest, besides that of the ring. */
static struct node *make_ring(int64_t number, int64_t nodes)
{
    struct node *newest = NULL, *oldest = NULL;
    for (int64_t i = 0; i < nodes; i++) {
        struct node *node = node_new(number + i, newest);
        if (!node) {
            node_drop(newest);
            node_drop(oldest);
            return NULL;
        }
        newest = node;
        if (i == 0) {
            oldest = node;
            take(&oldest->header);
        }
    }
    oldest->next = newest;
    return oldest;
}

static uint64_t sum_ring(const struct node *first)
{
    uint64_t sum = 0;
    const struct node *node = first;
    do {
        sum = sum * 3 + (uint64_t)node->value;
        node = node->next;
    } while (node != first);
    return sum;
}

bool HAND(rings)(size_t count, int64_t nodes, uint64_t *sum)
{
    *sum = 0;
    for (size_t i = 0; i < count; i++) {
        struct node *oldest = make_ring((int64_t)i, nodes);
        if (!oldest)
            return false;
        *sum = *sum * 31 + sum_ring(oldest);
        struct node *newest = oldest->next;
        oldest->next = NULL;
        node_drop(newest);
        node_drop(oldest);
    }
    return true;
}
