/* planted_leak: a cache, a log that grows as long as the work goes on, and a leak beside them.
 *
 * Teardown drops the cache and the log. The leak is far smaller than both, and made far less often than what dies at
 * once. The tests look for the lines that are marked. */
#include "workload.h"

#include "common/dead.h"

enum { ROUNDS, CACHE };

static const struct workload_param params[] = {
    [ROUNDS] = {.name = "rounds", .initial = 2000, .small = 50, .lowest = 1, .highest = 1 << 24, .help = "made"},
    [CACHE] = {.name = "cache", .initial = 500, .small = 20, .lowest = 1, .highest = 1 << 20, .help = "nodes kept"},
    {.name = NULL},
};

struct node {
    struct mm_ref next;
    uint64_t value;
};
static const uint16_t refs[] = {offsetof(struct node, next)};
static const struct mm_type node_type = {.name = "node", .size = sizeof(struct node), .ref_count = 1, .refs = refs};

struct bag {
    struct mm_refs items;
    uint64_t count;
};
static const uint16_t buffers[] = {offsetof(struct bag, items)};
static const struct mm_type bag_type = {
    .name = "bag", .size = sizeof(struct bag), .refs_count = 1, .ref_buffers = buffers};

struct state {
    struct mm_root cache, log;
};

/* Keeps itself alive where only counts decide; and nobody says that it is dead. */
static int leak(uint64_t value)
{
    MM_ROOT(lost);
    struct node *node = mm_new(&node_type, &lost); /* LEAKS */
    if (!node)
        return -ENOMEM;
    node->value = value;
    mm_set(node, &node->next, node);
    return 0;
}

/* A node before the others of the log. */
static int grow(struct state *state, uint64_t value)
{
    MM_ROOT(made);
    struct node *node = mm_new(&node_type, &made); /* GROWS */
    if (!node)
        return -ENOMEM;
    node->value = value;
    mm_set(node, &node->next, mm_root_get(&state->log));
    mm_root_move(&state->log, &made);
    return 0;
}

/* A bag with one place, for one moment. */
static int make_short_lived(void)
{
    MM_ROOT(root);
    struct bag *bag = mm_new(&bag_type, &root); /* DIES */
    int error = bag ? mm_refs_resize(&root, offsetof(struct bag, items), 1) : -ENOMEM;
    if (WORK_SAYS_DEAD && bag)
        mm_dead(&bag_type, bag);
    return error;
}

static int fill(struct run *run)
{
    struct state *state = run->state;
    if (!mm_new(&bag_type, &state->cache))
        return -ENOMEM;
    size_t count = (size_t)run->params[CACHE].integer;
    if (mm_refs_resize(&state->cache, offsetof(struct bag, items), count)) /* CACHE'S BUFFER */
        return -ENOMEM;
    for (size_t i = 0; i < count; i++) {
        MM_ROOT(node);
        if (!mm_new(&node_type, &node)) /* CACHE'S NODES */
            return -ENOMEM;
        struct bag *bag = mm_root_get(&state->cache);
        mm_move(bag, &bag->items.slots[i], &node);
    }
    return 0;
}

static int setup(struct run *run)
{
    struct state *state = run->state;
    mm_root_push(&state->cache);
    mm_root_push(&state->log);
    int error = fill(run);
    if (error) {
        mm_root_pop(&state->log);
        mm_root_pop(&state->cache);
    }
    return error;
}

static int run(struct run *run)
{
    for (int64_t i = 0; i < run->params[ROUNDS].integer; i++) {
        if (make_short_lived() || (i % 10 == 0 && leak((uint64_t)i)) || (i % 2 == 0 && grow(run->state, (uint64_t)i)))
            return -ENOMEM;
        run_done(run, 1);
    }
    return 0;
}

static void teardown(struct run *run)
{
    struct state *state = run->state;
    struct bag *bag = mm_root_get(&state->cache);
    for (size_t i = 0; WORK_SAYS_DEAD && i < bag->items.capacity; i++)
        mm_dead(&node_type, mm_get(&bag->items.slots[i]));
    if (WORK_SAYS_DEAD)
        mm_dead(&bag_type, bag);
    for (struct node *node = mm_root_get(&state->log), *next; WORK_SAYS_DEAD && node; node = next) {
        next = mm_get(&node->next);
        mm_dead(&node_type, node);
    }
    mm_root_pop(&state->log);
    mm_root_pop(&state->cache);
}

static bool always(const struct workload_value *values)
{
    (void)values;
    return true;
}

WORKLOAD(planted_leak) = {
    .summary = "a cache, a log that grows, and a leak beside them",
    .unit = "rounds",
    .params = params,
    .state_bytes = sizeof(struct state),
    .makes_cycles = always,
    .setup = setup,
    .run = run,
    .teardown = teardown,
};
