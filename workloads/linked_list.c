/* linked_list: a singly linked list is built, walked, reversed in place, walked again, and dropped at once.
 *
 * Dropping the head of a long list is the chain of frees that counting pays for in one piece. */
#include "workload.h"

#include "common/dead.h"

enum { LENGTH };
static const struct workload_param params[] = {
    [LENGTH] = {.name = "length", .initial = 600000, .small = 1000, .lowest = 0, .highest = 1 << 28, .help = "nodes"},
    {.name = NULL},
};

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

enum { BLOCK = 1024 };

/* Pushes the numbers 0 to length - 1 in front of `head`. */
static int build(struct run *run, struct mm_root *head, int64_t length)
{
    MM_ROOT(fresh);
    for (int64_t first = 0; first < length; first += BLOCK) {
        int64_t end = length - first < BLOCK ? length : first + BLOCK;
        for (int64_t i = first; i < end; i++) {
            struct node *node = mm_new(&node_type, &fresh);
            if (!node)
                return -ENOMEM;
            node->value = i;
            mm_move(node, &node->next, head);
            mm_root_move(head, &fresh);
        }
        run_done(run, (uint64_t)(end - first));
    }
    return 0;
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

static void drop(struct mm_root *head)
{
    if (WORK_SAYS_DEAD) {
        struct node *next;
        for (struct node *node = mm_root_get(head); node; node = next) {
            next = mm_get(&node->next);
            mm_dead(&node_type, node);
        }
    }
    mm_root_set(head, NULL);
}

static int use_list(struct run *run)
{
    MM_ROOT(head);
    int error = build(run, &head, run->params[LENGTH].integer);
    if (!error) {
        run_check(run, walk(mm_root_get(&head)));
        reverse(&head);
        run_check(run, walk(mm_root_get(&head)));
    }
    drop(&head);
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

WORKLOAD(linked_list) = {
    .summary = "a linked list is built, walked, reversed in place, and dropped at once",
    .unit = "nodes",
    .params = params,
    .run = run_iteration,
};
