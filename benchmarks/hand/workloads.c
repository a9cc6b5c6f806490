/* workloads/binary_trees.c and rings.c by hand: the same names, parameters, order of work and checksums, so that they
 * are compared like any other cell of a run. Defaults and small sizes are theirs. */
#include "workload.h"

#include "hand.h"

#ifdef HAND_TYPED
static hand_function *const do_tree = typed_tree, *const do_rings = typed_rings;
#else
static hand_function *const do_tree = hand_tree, *const do_rings = hand_rings;
#endif

/* ---- binary_trees */

enum { DEPTH, TREES };
static const struct workload_param tree_params[] = {
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
    {.name = "parents", .help = "0: by hand there are no trees with parents"},
    {.name = NULL},
};

static int run_trees(struct run *run)
{
    int64_t depth = run->params[DEPTH].integer;
    for (int64_t i = 0; i < run->params[TREES].integer; i++) {
        uint64_t sum;
        if (!do_tree((size_t)depth, i + 1, &sum))
            return -ENOMEM;
        run_check(run, sum);
        run_done(run, ((uint64_t)2 << depth) - 1);
    }
    return 0;
}

WORKLOAD(binary_trees) = {
    .summary = "binary trees are built from the leaves up, walked and dropped",
    .unit = "nodes",
    .params = tree_params,
    .run = run_trees,
};

/* ---- rings */

enum { SIZE, COUNT };
static const struct workload_param ring_params[] = {
    [SIZE] = {.name = "size",
              .initial = 4,
              .small = 3,
              .lowest = 1,
              .highest = 1 << 24,
              .help = "objects in a ring; 1 refers to itself"},
    [COUNT] = {.name = "count",
               .initial = 120000,
               .small = 100,
               .lowest = 1,
               .highest = 1 << 28,
               .help = "rings made, one after the other"},
    {.name = NULL},
};

static int run_rings(struct run *run)
{
    int64_t size = run->params[SIZE].integer, count = run->params[COUNT].integer;
    uint64_t sum;
    if (!do_rings((size_t)count, size, &sum))
        return -ENOMEM;
    run_check(run, sum);
    run_done(run, (uint64_t)(size * count));
    return 0;
}

WORKLOAD(rings) = {
    .summary = "cycles of n objects are made and dropped; n = 1 refers to itself",
    .unit = "objects",
    .params = ring_params,
    .run = run_rings,
};
