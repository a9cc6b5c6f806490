/* linked_list: a linked list is built, walked, reversed in place, walked again, and dropped at once.
 *
 * Dropping the head of a long list is the chain of frees that counting pays for in one piece. With double=1 each node
 * refers back to the one before it, so that the list is one large cycle. */
#include "workload.h"

#include "common/dead.h"

enum { LENGTH, DOUBLE };
static const struct workload_param params[] = {
    [LENGTH] = {.name = "length", .initial = 600000, .small = 1000, .lowest = 0, .highest = 1 << 28, .help = "nodes"},
    [DOUBLE] = {.name = "double",
                .initial = 0,
                .small = 0,
                .lowest = 0,
                .highest = 1,
                .help = "1: nodes refer to the one before them, too"},
    {.name = NULL},
};

struct node {
    struct mm_ref next;
    int64_t value;
};

/* What all nodes are in doubly linked lists. */
struct double_node {
    struct node node;
    struct mm_ref previous;
};

static const uint16_t node_refs[] = {offsetof(struct node, next), offsetof(struct double_node, previous)};
static const struct mm_type node_type = {
    .name = "node",
    .size = sizeof(struct node),
    .ref_count = 1,
    .refs = node_refs,
};
static const struct mm_type double_type = {
    .name = "double_node",
    .size = sizeof(struct double_node),
    .ref_count = 2,
    .refs = node_refs,
};

enum { BLOCK = 1024 };

/* Pushes the numbers first to end - 1 in front of `head`. Inlined into both, so that neither asks at each node. */
MM_INLINE int push(struct mm_root *head, int64_t first, int64_t end, bool twice)
{
    MM_ROOT(fresh);
    for (int64_t i = first; i < end; i++) {
        struct node *node = mm_new(twice ? &double_type : &node_type, &fresh);
        if (!node)
            return -ENOMEM;
        node->value = i;
        struct double_node *next = mm_root_get(head);
        if (twice && next)
            mm_set(next, &next->previous, node);
        mm_move(node, &node->next, head);
        mm_root_move(head, &fresh);
    }
    return 0;
}

static int build(struct run *run, struct mm_root *head, bool twice)
{
    int64_t length = run->params[LENGTH].integer;
    int error = 0;
    for (int64_t first = 0; first < length && !error; first += BLOCK) {
        int64_t end = length - first < BLOCK ? length : first + BLOCK;
        error = twice ? push(head, first, end, true) : push(head, first, end, false);
        run_done(run, (uint64_t)(end - first));
    }
    return error;
}

static uint64_t walk(const struct node *node)
{
    uint64_t sum = 0;
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

/* Each node's two references change places, and what was the last node is the head. */
static void reverse_double(struct mm_root *head)
{
    MM_ROOT(next);
    MM_ROOT(previous);
    struct double_node *node = mm_root_get(head), *last = NULL;
    while (node) {
        last = node;
        mm_take(&next, node, &node->node.next);
        mm_take(&previous, node, &node->previous);
        node = mm_root_get(&next);
        mm_move(last, &last->node.next, &previous);
        mm_move(last, &last->previous, &next);
    }
    mm_root_set(head, last);
}

/* How many nodes the nodes after them refer back to. */
static uint64_t walk_back(const struct double_node *node)
{
    uint64_t right_ones = 0;
    for (const struct double_node *next; node && (next = mm_get(&node->node.next)); node = next)
        right_ones += mm_get(&next->previous) == node;
    return right_ones;
}

static void drop(struct mm_root *head, bool twice)
{
    if (WORK_SAYS_DEAD) {
        struct node *next;
        for (struct node *node = mm_root_get(head); node; node = next) {
            next = mm_get(&node->next);
            mm_dead(twice ? &double_type : &node_type, node);
        }
    }
    mm_root_set(head, NULL);
}

static void check(struct run *run, const void *head, bool twice)
{
    run_check(run, walk(head));
    if (twice)
        run_check(run, walk_back(head));
}

static int use_list(struct run *run)
{
    bool twice = run->params[DOUBLE].integer != 0;
    MM_ROOT(head);
    int error = build(run, &head, twice);
    if (!error) {
        check(run, mm_root_get(&head), twice);
        if (twice)
            reverse_double(&head);
        else
            reverse(&head);
        check(run, mm_root_get(&head), twice);
    }
    drop(&head, twice);
    return error;
}

static int run_iteration(struct run *run)
{
    struct mm_region region;
    mm_region_begin(&region);
    int error = use_list(run);
    mm_region_end(&region);
    return error;
}

static bool makes_cycles(const struct workload_value *values)
{
    return values[DOUBLE].integer != 0 && values[LENGTH].integer > 1;
}

WORKLOAD(linked_list) = {
    .summary = "a linked list is built, walked, reversed in place, and dropped at once",
    .unit = "nodes",
    .params = params,
    .makes_cycles = makes_cycles,
    .run = run_iteration,
};
