/* collect_count: rings of a known size are dropped, and collect() is asked how many objects it found.
 *
 *     print(gc.collect())
 *
 * Each node has a list of `payload` ints, unless that is 0. CPython's collector knows only what can hold references:
 * nodes and lists. Ints go with them, uncounted. Automatic collections are switched off meanwhile. */
#include "workload.h"

#include "common/collector.h"
#include "common/dead.h"
#include "pyobj/int.h"
#include "pyobj/list.h"
#include "pyobj/walk.h"

enum { SIZE, PAYLOAD, RINGS };
static const struct workload_param params[] = {
    [SIZE] = {.name = "size", .initial = 2, .small = 2, .lowest = 1, .highest = 1 << 20, .help = "nodes of a ring"},
    [PAYLOAD] =
        {.name = "payload", .initial = 0, .small = 3, .lowest = 0, .highest = 1 << 16, .help = "ints of each node"},
    [RINGS] = {.name = "rings", .initial = 10000, .small = 20, .lowest = 1, .highest = 1 << 26, .help = "made"},
    {.name = NULL},
};

struct node {
    struct mm_ref next, items;
    int64_t number;
};

static const uint16_t node_refs[] = {offsetof(struct node, next), offsetof(struct node, items)};
static const struct mm_type node_type = {
    .name = "ring_node",
    .size = sizeof(struct node),
    .ref_count = 2,
    .refs = node_refs,
};

struct state {
    struct collector collector;
};

/* [number, number + 1, ...], into the node that `root` holds. */
static int give_items(struct mm_root *root, int64_t count, int64_t number)
{
    MM_ROOT(items);
    MM_ROOT(item);
    if (!py_list_new_sized((size_t)count, &items))
        return -ENOMEM;
    for (int64_t i = 0; i < count; i++) {
        if (!py_int_new(number + i, &item)) {
            if (WORK_SAYS_DEAD)
                py_dead_tree(mm_root_get(&items), false);
            return -ENOMEM;
        }
        py_list_put(mm_root_get(&items), (size_t)i, &item);
    }
    struct node *node = mm_root_get(root);
    mm_move(node, &node->items, &items);
    return 0;
}

static int make_node(const struct run *run, int64_t number, struct mm_root *out)
{
    struct node *node = mm_new(&node_type, out);
    if (!node)
        return -ENOMEM;
    node->number = number;
    int64_t payload = run->params[PAYLOAD].integer;
    int error = payload ? give_items(out, payload, number) : 0;
    if (error) {
        mm_dead(&node_type, mm_root_get(out));
        mm_root_set(out, NULL);
    }
    return error;
}

/* From `first` on, up to where the ring closes or ends. */
static void nodes_dead(struct node *first)
{
    struct node *node = first;
    while (node) {
        struct node *next = mm_get(&node->next);
        py_dead_tree(mm_get(&node->items), false);
        mm_dead(&node_type, node);
        node = next == first ? NULL : next;
    }
}

/* Once around, over every int. */
static uint64_t read_ring(const struct node *first)
{
    uint64_t sum = 0;
    const struct node *node = first;
    do {
        const struct py_list *items = mm_get(&node->items);
        sum = sum * 31 + (uint64_t)node->number;
        for (size_t i = 0; items && i < py_list_length(items); i++)
            sum = sum * 3 + (uint64_t)py_int_value(py_list_get(items, i));
        node = mm_get(&node->next);
    } while (node != first);
    return sum;
}

static int make_and_drop_ring(struct run *run, int64_t number)
{
    int error = 0;
    MM_ROOT(first);
    MM_ROOT(last);
    MM_ROOT(fresh);
    for (int64_t i = 0; i < run->params[SIZE].integer && !error; i++) {
        error = make_node(run, (number + i) & 0xffffff, &fresh);
        if (error)
            break;
        struct node *node = mm_root_get(&fresh), *before = mm_root_get(&last);
        if (before)
            mm_set(before, &before->next, node);
        else
            mm_root_set(&first, node);
        mm_root_move(&last, &fresh);
    }
    struct node *end = mm_root_get(&last);
    if (!error) {
        mm_set(end, &end->next, mm_root_get(&first));
        run_check(run, read_ring(mm_root_get(&first)));
    }
    if (WORK_SAYS_DEAD)
        nodes_dead(mm_root_get(&first));
    run_done(run, (uint64_t)run->params[SIZE].integer);
    return error;
}

static int run_iteration(struct run *run)
{
    int64_t rings = run->params[RINGS].integer, nodes = rings * run->params[SIZE].integer;
    struct mm_stats before, after;
    for (int64_t i = 0; i < rings; i++) {
        int error = make_and_drop_ring(run, i * 16);
        if (error)
            return error;
    }
    mm_stats_get(&before);
    size_t returned = mm_collect(MM_GENERATIONS - 1);
    mm_stats_get(&after);
    run_figure(run, "returned", "objects", (double)returned);
    run_figure(run, "containers", "objects", (double)(run->params[PAYLOAD].integer ? 2 * nodes : nodes));
    run_figure(run, "reclaimed_objects", "objects", (double)(after.objects_freed - before.objects_freed));
    return 0;
}

static int setup(struct run *run)
{
    struct state *state = run->state;
    mm_collect(MM_GENERATIONS - 1); /* so that nothing of others is counted */
    collector_open(&state->collector, COLLECTOR_OFF, 0, MM_GENERATIONS - 1);
    return 0;
}

static void teardown(struct run *run)
{
    const struct state *state = run->state;
    collector_close(&state->collector);
}

static bool makes_cycles(const struct workload_value *values)
{
    (void)values;
    return true;
}

WORKLOAD(collect_count) = {
    .summary = "rings of a known size are dropped, and collect() is asked how many objects it found",
    .unit = "nodes",
    .params = params,
    .state_bytes = sizeof(struct state),
    .needs = MM_TRAIT_COLLECTOR,
    .makes_cycles = makes_cycles,
    .setup = setup,
    .run = run_iteration,
    .teardown = teardown,
};
