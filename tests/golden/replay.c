/* replay.c: gc-replay TRACE does to refcount_gc what a trace did to CPython, and prints what CPython printed. */
#include <stdio.h>

#include "internal.h"
#include "trace.h"
#include "world.h"

struct replay {
    const struct trace *trace;
    long index[TRACE_NESTING], count[TRACE_NESTING]; /* of the loops, the outermost first */
    int depth;
};

/* ---- show */

static void show_stats(void)
{
    struct mm_stats stats;
    mm_stats_get(&stats);
    for (int g = 0; g < MM_GENERATIONS; g++)
        printf("stats gen%d collections=%lu collected=%lu uncollectable=%lu\n", g, stats.collections[g],
               stats.collected[g], stats.uncollectable[g]);
}

static void show_count(void)
{
    uint32_t count[MM_GENERATIONS];
    mm_gc_get_count(count);
    printf("count %u %u %u\n", count[0], count[1], count[2]);
}

static void show_lens(void)
{
    printf("lens gen0=%zu gen1=%zu gen2=%zu\n", mm_gc_get_objects(0, NULL, 0), mm_gc_get_objects(1, NULL, 0),
           mm_gc_get_objects(2, NULL, 0));
}

static void show_longlived(void)
{
    printf("longlived pending=%zu total=%zu\n", refcount_gc_heap.long_lived_pending, refcount_gc_heap.long_lived_total);
}

static void show_totals(void)
{
    const struct world_totals *totals = &world.totals;
    printf("totals allocated=%ld live=%ld dealloc=%ld fin=%ld del=%ld cb=%ld\n", totals->allocated,
           totals->allocated - totals->destroyed, totals->destroyed, totals->finalized, totals->deleted,
           totals->called);
}

static void show_maxdepth(void)
{
    printf("maxdepth %u\n", world.totals.depth);
}

static void show_frozen(void)
{
    size_t nodes = 0;
    struct refcount_gc_link *list = &refcount_gc_heap.lists[REFCOUNT_GC_PERMANENT];
    for (struct refcount_gc_link *link = list->next; link != list; link = link->next)
        nodes += !refcount_gc_is_weak(refcount_gc_header_of(link));
    printf("frozen %zu\n", nodes);
}

static void show_id(const void *object)
{
    long id = world_id(object);
    if (id < 0)
        printf(" w");
    else
        printf(" %ld", id);
}

static void show_order(int generation)
{
    printf("order gen%d:", generation);
    struct refcount_gc_link *list = &refcount_gc_heap.lists[generation];
    for (struct refcount_gc_link *link = list->next; link != list; link = link->next)
        show_id(refcount_gc_payload(refcount_gc_header_of(link)));
    printf("\n");
}

static void show_garbage(void)
{
    printf("garbage:");
    for (size_t i = 0; i < refcount_gc_heap.garbage_length; i++)
        show_id(refcount_gc_payload(refcount_gc_heap.garbage[i]));
    printf("\n");
}

/* `refcnt:R` and `finalized:R`. */
static bool show_node(const struct replay *replay, const char *what, const char *text)
{
    struct trace_number number;
    long value;
    if (!trace_parse_number(text, &number) || !trace_value(&number, replay->index, replay->depth, &value) ||
        value < 0 || value >= WORLD_REGISTERS)
        return false;
    const struct world_node *node = world_node(value);
    if (!node)
        printf("%s none\n", what);
    else if (strcmp(what, "refcnt") == 0)
        printf("refcnt %ld = %zu\n", node->id, mm_refcount(node));
    else
        printf("finalized %ld = %d\n", node->id, (refcount_gc_of(node)->word & REFCOUNT_GC_FINALIZED) != 0);
    return true;
}

static bool show(const struct replay *replay, const char *what)
{
    static const struct {
        const char *name;
        void (*show)(void);
    } table[] = {{"stats", show_stats},         {"count", show_count},    {"lens", show_lens},
                 {"longlived", show_longlived}, {"totals", show_totals},  {"maxdepth", show_maxdepth},
                 {"freeze", show_frozen},       {"garbage", show_garbage}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (strcmp(what, table[i].name) == 0) {
            table[i].show();
            return true;
        }
    }
    if (strncmp(what, "order", 5) == 0 && what[5] >= '0' && what[5] <= '2' && !what[6]) {
        show_order(what[5] - '0');
        return true;
    }
    if (strncmp(what, "refcnt:", 7) == 0)
        return show_node(replay, "refcnt", what + 7);
    if (strncmp(what, "finalized:", 10) == 0)
        return show_node(replay, "finalized", what + 10);
    return false;
}

static bool show_all(const struct replay *replay, const char *text)
{
    char what[64];
    int used;
    for (; sscanf(text, "%63s%n", what, &used) == 1; text += used)
        if (!show(replay, what))
            return false;
    return true;
}

/* ---- operations. `a`: their arguments' values */

static bool slot_is(long slot)
{
    return slot >= 0 && slot < WORLD_SLOTS;
}

static bool do_link(const long a[], struct mm_root *targets)
{
    struct world_node *node = world_node(a[0]);
    void *target = mm_root_get(&targets[a[2]]);
    if (!slot_is(a[1]))
        return false;
    if (node && target)
        mm_set(node, &node->slots[a[1]], target);
    return true;
}

static bool do_clear(const long a[])
{
    struct world_node *node = world_node(a[0]);
    if (!slot_is(a[1]))
        return false;
    if (node)
        mm_set(node, &node->slots[a[1]], NULL);
    return true;
}

static void do_wget(long number)
{
    MM_ROOT(target);
    const void *weak = mm_root_get(&world.weak[number]);
    const struct world_node *node = weak ? mm_weak_get(weak, &target) : NULL;
    if (node)
        printf("wget %ld alive %ld\n", number, node->id);
    else
        printf("wget %ld dead\n", number);
}

static bool do_new(const struct trace_op *op, const long a[])
{
    if (!world_new(a[0], op->kind, op->arguments > 1 ? a[1] : 0))
        return false;
    world_print_collections();
    return true;
}

static bool do_weak(const long a[], bool has_callback)
{
    if (world_node(a[1]) && !world_weak_new(a[0], a[1], has_callback))
        return false;
    world_print_collections();
    return true;
}

static void do_collect(long generation)
{
    printf("collect %ld -> %zu\n", generation, mm_collect((int)generation));
    world_look();
}

static bool do_graph(const struct trace_op *op, const long a[])
{
    switch (op->code) {
    case TRACE_NEW: return do_new(op, a);
    case TRACE_LINK: return do_link(a, world.nodes);
    case TRACE_WLINK: return do_link(a, world.weak);
    case TRACE_CLEAR: return do_clear(a);
    case TRACE_DROP: mm_root_set(&world.nodes[a[0]], NULL); return true;
    case TRACE_DUP: mm_root_set(&world.nodes[a[0]], world_node(a[1])); return true;
    case TRACE_MOVE: mm_root_move(&world.nodes[a[0]], &world.nodes[a[1]]); return true;
    case TRACE_WREF: return do_weak(a, false);
    case TRACE_WREFCB: return do_weak(a, true);
    case TRACE_WDROP: mm_root_set(&world.weak[a[0]], NULL); return true;
    default: do_wget(a[0]); return true;
    }
}

static bool do_control(const struct replay *replay, const struct trace_op *op, const long a[])
{
    switch (op->code) {
    case TRACE_COLLECT: do_collect(a[0]); break;
    case TRACE_THRESHOLD: mm_gc_set_threshold((uint32_t[]){(uint32_t)a[0], (uint32_t)a[1], (uint32_t)a[2]}); break;
    case TRACE_ENABLE: mm_gc_enable(); break;
    case TRACE_DISABLE: mm_gc_disable(); break;
    case TRACE_FREEZE: mm_gc_freeze(); break;
    case TRACE_UNFREEZE: mm_gc_unfreeze(); break;
    case TRACE_DEBUG: mm_gc_set_save_all(a[0] & 32); break; /* gc.DEBUG_SAVEALL */
    case TRACE_GARBAGECLEAR: mm_gc_garbage_clear(); break;
    case TRACE_QUIET: world.is_quiet = true; break;
    case TRACE_VERBOSE: world.is_quiet = false; break;
    case TRACE_FLUSH: world_flush(); break;
    case TRACE_AUTOLOG: world.log_from = a[0] < 0 ? 0 : (int)a[0]; break;
    default: return show_all(replay, op->shown);
    }
    return true;
}

/* ---- the loop */

/* Returns the index of the operation that follows. */
static size_t do_loop(struct replay *replay, size_t at, long count)
{
    const struct trace_op *op = &replay->trace->ops[at];
    int innermost = replay->depth - 1;
    if (op->code == TRACE_REPEAT) {
        if (count <= 0)
            return op->partner + 1;
        replay->index[replay->depth] = 0;
        replay->count[replay->depth++] = count;
        return at + 1;
    }
    if (++replay->index[innermost] < replay->count[innermost])
        return op->partner + 1;
    replay->depth--;
    return at + 1;
}

/* All numbers of an operation on the graph name registers, or are smaller than those. */
static bool values_of(const struct replay *replay, const struct trace_op *op, long a[])
{
    for (int i = 0; i < op->arguments; i++) {
        if (!trace_value(&op->argument[i], replay->index, replay->depth, &a[i]))
            return false;
        if (op->code <= TRACE_WGET && !world_reach(a[i]))
            return false;
    }
    return true;
}

static int replay_run(struct replay *replay, const char *path)
{
    for (size_t at = 0; at < replay->trace->length;) {
        const struct trace_op *op = &replay->trace->ops[at];
        long a[TRACE_ARGUMENTS] = {0};
        bool good = values_of(replay, op, a);
        if (good && (op->code == TRACE_REPEAT || op->code == TRACE_END)) {
            at = do_loop(replay, at, a[0]);
            continue;
        }
        good = good && (op->code <= TRACE_WGET ? do_graph(op, a) : do_control(replay, op, a));
        if (!good) {
            fprintf(stderr, "gc-replay: %s:%d: this cannot be done: an argument is out of range, or memory is\n", path,
                    op->line);
            return 1;
        }
        at++;
    }
    return 0;
}

int main(int argc, char *argv[])
{
    struct trace trace;
    if (argc != 2) {
        fprintf(stderr, "usage: gc-replay TRACE\n");
        return 2;
    }
    if (!trace_read(&trace, argv[1]))
        return 2;
    if (!world_open()) {
        fprintf(stderr, "gc-replay: the heap cannot be opened\n");
        return 1;
    }
    int status = replay_run(&(struct replay){.trace = &trace}, argv[1]);
    const char *wrong = mm_heap_check();
    if (wrong) {
        fprintf(stderr, "gc-replay: %s: %s\n", argv[1], wrong);
        status = 1;
    }
    world_close();
    trace_free(&trace);
    return status;
}
