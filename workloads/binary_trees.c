/* binary_trees: complete binary trees are built from the leaves up, walked and dropped, one after the other.
 *
 * With parents each child refers back, so that a dropped tree is one large cycle. The shape goes back to J. Ellis's and
 * P. Kovac's GCBench, in H. Boehm's C version. */
#include "workload.h"

#include "common/dead.h"

enum { DEPTH, TREES, PARENTS };
static const struct workload_param params[] = {
    [DEPTH] = {.name = "depth",
               .initial = 14,
               .small = 5,
               .lowest = 0,
               .highest = 27,
               .help = "levels below the root: a tree has 2^(depth+1) - 1 nodes"},
    [TREES] = {.name = "trees",
               .initial = 20,
               .small = 3,
               .lowest = 1,
               .highest = 1 << 24,
               .help = "trees, one after the other"},
    [PARENTS] = {.name = "parents",
                 .initial = 0,
                 .small = 0,
                 .lowest = 0,
                 .highest = 1,
                 .help = "1: children refer to parents"},
    {.name = NULL},
};

struct node {
    struct mm_ref left, right;
    int64_t number;
};

/* What all nodes are in trees with parents. */
struct child {
    struct node node;
    struct mm_ref parent;
};

static const uint16_t node_refs[] = {
    offsetof(struct node, left),
    offsetof(struct node, right),
    offsetof(struct child, parent),
};
static const struct mm_type plain_type = {
    .name = "tree_node",
    .size = sizeof(struct node),
    .ref_count = 2,
    .refs = node_refs,
};
static const struct mm_type parent_type = {
    .name = "tree_node_with_parent",
    .size = sizeof(struct child),
    .ref_count = 3,
    .refs = node_refs,
};

static void tree_dead(struct node *node, bool parents)
{
    if (!node)
        return;
    tree_dead(mm_get(&node->left), parents);
    tree_dead(mm_get(&node->right), parents);
    if (parents)
        mm_dead(&parent_type, node);
    else
        mm_dead(&plain_type, node);
}

static int build_plain(int64_t depth, int64_t number, struct mm_root *out);
static int build_with_parents(int64_t depth, int64_t number, struct mm_root *out);

/* Inlined into both, so that neither asks at each node which it is. */
MM_INLINE struct node *make_node(bool parents, int64_t number, struct mm_root *out)
{
    struct node *node = mm_new(parents ? &parent_type : &plain_type, out);
    if (node)
        node->number = number;
    return node;
}

MM_INLINE int build_node(int64_t depth, bool parents, int64_t number, struct mm_root *out)
{
    if (depth == 0)
        return make_node(parents, number, out) ? 0 : -ENOMEM;
    int (*build_child)(int64_t, int64_t, struct mm_root *) = parents ? build_with_parents : build_plain;
    MM_ROOT(left);
    MM_ROOT(right);
    struct node *node = NULL;
    if (build_child(depth - 1, 2 * number, &left) == 0 && build_child(depth - 1, 2 * number + 1, &right) == 0)
        node = make_node(parents, number, out);
    if (!node) {
        if (WORK_SAYS_DEAD) {
            tree_dead(mm_root_get(&left), parents);
            tree_dead(mm_root_get(&right), parents);
        }
        return -ENOMEM;
    }
    if (parents) {
        struct child *l = mm_root_get(&left), *r = mm_root_get(&right);
        mm_set(l, &l->parent, node);
        mm_set(r, &r->parent, node);
    }
    mm_move(node, &node->left, &left);
    mm_move(node, &node->right, &right);
    return 0;
}

static int build_plain(int64_t depth, int64_t number, struct mm_root *out)
{
    return build_node(depth, false, number, out);
}

static int build_with_parents(int64_t depth, int64_t number, struct mm_root *out)
{
    return build_node(depth, true, number, out);
}

/* Depends on which node is where. */
static uint64_t walk(const struct node *node)
{
    const struct node *left = mm_get(&node->left), *right = mm_get(&node->right);
    uint64_t sum = (uint64_t)node->number;
    if (left)
        sum += 3 * walk(left) + 5 * walk(right);
    return sum;
}

/* How many children's parents are who they should be. */
static uint64_t walk_parents(const struct node *node)
{
    const struct node *left = mm_get(&node->left), *right = mm_get(&node->right);
    if (!left)
        return 0;
    uint64_t right_ones = mm_get(&((const struct child *)left)->parent) == node;
    right_ones += mm_get(&((const struct child *)right)->parent) == node;
    return right_ones + walk_parents(left) + walk_parents(right);
}

static int build_and_drop(struct run *run, int64_t number)
{
    int64_t depth = run->params[DEPTH].integer;
    bool parents = run->params[PARENTS].integer != 0;
    MM_ROOT(tree);
    int error = parents ? build_with_parents(depth, number, &tree) : build_plain(depth, number, &tree);
    if (error)
        return error;
    run_check(run, walk(mm_root_get(&tree)));
    if (parents)
        run_check(run, walk_parents(mm_root_get(&tree)));
    if (WORK_SAYS_DEAD)
        tree_dead(mm_root_get(&tree), parents);
    mm_root_set(&tree, NULL);
    run_done(run, ((uint64_t)2 << depth) - 1);
    return 0;
}

static int run_iteration(struct run *run)
{
    int error = 0;
    for (int64_t i = 0; i < run->params[TREES].integer && !error; i++) {
        struct mm_region region;
        mm_region_begin(&region);
        error = build_and_drop(run, i + 1);
        mm_region_end(&region);
    }
    return error;
}

static bool makes_cycles(const struct workload_value *values)
{
    return values[PARENTS].integer != 0 && values[DEPTH].integer > 0;
}

WORKLOAD(binary_trees) = {
    .summary = "binary trees are built from the leaves up, walked and dropped, with or without parent links",
    .unit = "nodes",
    .params = params,
    .makes_cycles = makes_cycles,
    .run = run_iteration,
};
