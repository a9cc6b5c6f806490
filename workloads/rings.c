/* rings: cycles of n objects, each made, walked once and dropped. What counting alone never reclaims.
 *
 *     node1.next = node2; node2.next = node1; del node1, node2        (size 2)
 *     x.next = x; del x                                               (size 1) */
#include "workload.h"

#include "common/dead.h"

enum { SIZE, COUNT };
static const struct workload_param params[] = {
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

struct node {
    struct mm_ref next;
    int64_t value;
};

static const uint16_t node_refs[] = {offsetof(struct node, next)};
static const struct mm_type node_type = {
    .name = "ring_node",
    .size = sizeof(struct node),
    .ref_count = 1,
    .refs = node_refs,
};

/* Says that all of a chain die; it ends at NULL or where it comes back to `first`. */
static void chain_dead(struct node *first)
{
    struct node *next;
    for (struct node *node = first; node; node = next == first ? NULL : next) {
        next = mm_get(&node->next);
        mm_dead(&node_type, node);
    }
}

/* A chain from the newest node to the oldest, then the oldest gets the reference that held the newest. Delivers the
 * oldest into `out`. */
static int make_ring(int64_t size, int64_t number, struct mm_root *out)
{
    MM_ROOT(newest);
    MM_ROOT(fresh);
    for (int64_t i = 0; i < size; i++) {
        struct node *node = mm_new(&node_type, &fresh);
        if (!node) {
            if (WORK_SAYS_DEAD)
                chain_dead(mm_root_get(&newest));
            mm_root_set(out, NULL);
            return -ENOMEM;
        }
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

static uint64_t walk(const struct node *first)
{
    uint64_t sum = 0;
    const struct node *node = first;
    do {
        sum = sum * 3 + (uint64_t)node->value;
        node = mm_get(&node->next);
    } while (node != first);
    return sum;
}

static int make_and_drop(struct run *run)
{
    int64_t size = run->params[SIZE].integer, count = run->params[COUNT].integer;
    uint64_t sum = 0;
    MM_ROOT(ring);
    for (int64_t i = 0; i < count; i++) {
        int error = make_ring(size, i, &ring);
        if (error)
            return error;
        sum = sum * 31 + walk(mm_root_get(&ring));
        if (WORK_SAYS_DEAD)
            chain_dead(mm_root_get(&ring));
        mm_root_set(&ring, NULL);
        run_done(run, (uint64_t)size);
    }
    run_check(run, sum);
    return 0;
}

static int run_iteration(struct run *run)
{
    struct mm_region region;
    mm_region_begin(&region);
    int error = make_and_drop(run);
    mm_region_end(&region);
    return error;
}

static bool makes_cycles(const struct workload_value *values)
{
    (void)values;
    return true;
}

WORKLOAD(rings) = {
    .summary = "cycles of n objects are made and dropped; n = 1 refers to itself",
    .unit = "objects",
    .params = params,
    .makes_cycles = makes_cycles,
    .run = run_iteration,
};
