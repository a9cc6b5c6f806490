#include "world.h"

#include <stdarg.h>
#include <stdio.h>

#include "internal.h"

struct world world;

/* ---- the log */

static void log_event(const char *what, long number)
{
    if (world.is_quiet)
        return;
    if (world.events_length + 64 > world.events_capacity) {
        size_t capacity = world.events_capacity ? 2 * world.events_capacity : 4096;
        char *grown = realloc(world.events, capacity);
        if (!grown) {
            fprintf(stderr, "gc-replay: out of memory for the log\n");
            exit(1);
        }
        world.events = grown;
        world.events_capacity = capacity;
    }
    int written = snprintf(world.events + world.events_length, 64, "%s %ld;", what, number);
    world.events_length += (size_t)written;
}

void world_flush(void)
{
    printf("events %s\n", world.events_length ? world.events : "-");
    world.events_length = 0;
}

/* ---- nodes: finalizers by kind */

static void node_finalize(void *object)
{
    struct world_node *node = object;
    world.totals.finalized++;
    log_event("fin", node->id);
    if (node->kind == 'R')
        mm_root_set(&world.nodes[node->register_], node);
    if (node->kind == 'N')
        world_new(node->register_, 'P', 0);
    for (int i = 0; node->kind == 'B' && i < WORLD_SLOTS; i++)
        mm_set(node, &node->slots[i], NULL);
}

static void node_delete(void *object)
{
    world.totals.deleted++;
    log_event("del", ((struct world_node *)object)->id);
}

/* All nodes have a weaklist, so the strategy calls this for each. */
void refcount_gc_trace_destroy(void *object, unsigned depth)
{
    world.totals.destroyed++;
    if (depth > world.totals.depth)
        world.totals.depth = depth;
    log_event("dealloc", ((struct world_node *)object)->id);
}

#define SLOT(INDEX) (uint16_t)(offsetof(struct world_node, slots) + (INDEX) * sizeof(struct mm_ref))
static const uint16_t slots[WORLD_SLOTS] = {SLOT(0), SLOT(1), SLOT(2), SLOT(3)};

#define NODE_TYPE(FLAGS, FINALIZE)                                                                                     \
    {                                                                                                                  \
        .name = "node", .size = sizeof(struct world_node), .flags = FLAGS, .ref_count = WORLD_SLOTS, .refs = slots,    \
        .weaklist = offsetof(struct world_node, weak), .finalize = FINALIZE                                            \
    }
static const struct mm_type plain = NODE_TYPE(MM_TYPE_TAGGED, NULL);
static const struct mm_type finalized = NODE_TYPE(MM_TYPE_TAGGED, node_finalize);
static const struct mm_type legacy = NODE_TYPE(MM_TYPE_TAGGED | MM_TYPE_LEGACY, node_delete);
static const struct mm_type unclearable = NODE_TYPE(MM_TYPE_TAGGED | MM_TYPE_NO_CLEAR, NULL);

static const struct mm_type *type_of_kind(char kind)
{
    switch (kind) {
    case 'P': return &plain;
    case 'L': return &legacy;
    case 'C': return &unclearable;
    default: return &finalized;
    }
}

struct world_node *world_node(long number)
{
    return mm_root_get(&world.nodes[number]);
}

/* The register's old node is released when the new one is whole. */
struct world_node *world_new(long number, char kind, long register_)
{
    MM_ROOT(made);
    long id = world.totals.allocated++;
    struct world_node *node = mm_new(type_of_kind(kind), &made);
    if (!node)
        return NULL;
    node->id = id;
    node->kind = kind;
    node->register_ = register_;
    mm_root_move(&world.nodes[number], &made);
    return node;
}

long world_id(const void *object)
{
    return mm_type_of(object) == &refcount_gc_weak_type ? -1 : ((const struct world_node *)object)->id;
}

/* ---- weak references: a callback is named by the register it was made for */

static void weak_called(void *weak, void *context)
{
    (void)weak;
    world.totals.called++;
    log_event("cb", (long)(intptr_t)context);
}

bool world_weak_new(long weak_number, long number, bool has_callback)
{
    mm_weak_callback *callback = has_callback ? weak_called : NULL;
    return mm_weak_new(&world.nodes[number], callback, (void *)(intptr_t)weak_number, &world.weak[weak_number]);
}

/* ---- collections */

void world_look(void)
{
    mm_stats_get(&world.seen);
}

void world_print_collections(void)
{
    struct mm_stats now;
    mm_stats_get(&now);
    for (int g = world.log_from; g < MM_GENERATIONS; g++) {
        if (now.collections[g] == world.seen.collections[g])
            continue;
        printf("auto gen=%d at=%ld n=%lu collected=%lu uncollectable=%lu\n", g, world.totals.allocated,
               now.collections[g] - world.seen.collections[g], now.collected[g] - world.seen.collected[g],
               now.uncollectable[g] - world.seen.uncollectable[g]);
    }
    world.seen = now;
}

bool world_open(void)
{
    world.log_from = 9;
    return mm_heap_open(&(struct mm_config){0}) == 0;
}

bool world_reach(long number)
{
    if (number < 0 || number >= WORLD_REGISTERS)
        return false;
    for (; world.registers <= number; world.registers++) {
        mm_root_push(&world.nodes[world.registers]);
        mm_root_push(&world.weak[world.registers]);
    }
    return true;
}

void world_close(void)
{
    world.is_quiet = true;
    while (world.registers-- > 0) {
        mm_root_pop(&world.weak[world.registers]);
        mm_root_pop(&world.nodes[world.registers]);
    }
    mm_heap_close();
    free(world.events);
}
