/* collections.c: a random mutator that prints each collection, finalizer and callback. Compiled against refcount_gc and
 * against CPython itself, it has to print the same.
 *
 * Two things of CPython's own would show, and are kept out of the way. What the interpreter made for itself is frozen
 * (the parameter freeze). And a full collection empties CPython's free lists, so that the dict it then tells
 * gc.callbacks with is one container more than the mutator made: count[0] is 1 too high after it. Here full collections
 * are asked for, and followed by one of generation 0; in the last part, where they start by themselves, it is not
 * looked at when a collection started, only what it found. */
#include <inttypes.h>
#include <stdio.h>

#include "mm.h"

enum { ROOTS = 48, WEAKS = 8, STEPS = 400000, FULL_EVERY = 40000 };

struct node {
    struct mm_ref first, second;
    uint64_t serial;
};

struct box {
    struct mm_ref first, second;
    uint64_t serial;
    struct mm_weaklist weak;
};

struct list {
    struct mm_refs items;
};

struct tuple {
    size_t length;
};

static uint64_t serial;
static bool says_when;

static void say(const char *what, uint64_t which)
{
    printf("%" PRIu64 " %s %" PRIu64 "\n", says_when ? serial : 0, what, which);
}

static void finalize(void *object)
{
    say("finalizer", ((struct box *)object)->serial);
}

static void called(void *weak, void *context)
{
    (void)weak;
    say("callback", (uint64_t)(uintptr_t)context);
}

static void listen(const struct mm_event *event, void *context)
{
    (void)context;
    if (event->kind != MM_EVENT_PAUSE_END || event->cause != MM_PAUSE_COLLECTION)
        return;
    say("generation", (uint64_t)event->generation);
    say("freed", event->freed);
    say("uncollectable", event->uncollectable);
}

static const uint16_t refs[] = {offsetof(struct node, first), offsetof(struct node, second)};
static const uint16_t buffers[] = {offsetof(struct list, items)};
static const struct mm_type node_type = {
    .name = "node", .size = sizeof(struct node), .flags = MM_TYPE_TAGGED, .ref_count = 2, .refs = refs};
static const struct mm_type list_type = {
    .name = "list", .size = sizeof(struct list), .flags = MM_TYPE_TAGGED, .refs_count = 1, .ref_buffers = buffers};
static const struct mm_type tuple_type = {
    .name = "tuple", .size = sizeof(struct tuple), .flags = MM_TYPE_TAGGED, .tail = MM_TAIL_REFS};
static const struct mm_type box_type = {
    .name = "box",
    .size = sizeof(struct box),
    .flags = MM_TYPE_TAGGED,
    .ref_count = 2,
    .refs = refs,
    .weaklist = offsetof(struct box, weak),
    .finalize = finalize,
};
static const struct mm_type legacy_type = {
    .name = "legacy",
    .size = sizeof(struct box),
    .flags = MM_TYPE_TAGGED | MM_TYPE_LEGACY,
    .ref_count = 2,
    .refs = refs,
    .weaklist = offsetof(struct box, weak),
    .finalize = finalize,
};

static struct mm_root roots[ROOTS]; /* the last WEAKS of them: weak references */

/* xorshift64 (Marsaglia 2003). */
static uint64_t draw(uint64_t below)
{
    static uint64_t state = 88172645463325252u;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state % below;
}

static void *any(void)
{
    return mm_root_get(&roots[draw(ROOTS)]);
}

static struct mm_root *any_object_root(void)
{
    return &roots[draw(ROOTS - WEAKS)];
}

/* ---- what is made; each refers to two others */

static void make_node(struct mm_root *out)
{
    struct node *node = mm_new(&node_type, out);
    node->serial = serial;
    mm_set(node, &node->first, any());
    mm_set(node, &node->second, any());
}

static void make_box(const struct mm_type *type, struct mm_root *out)
{
    struct box *box = mm_new(type, out);
    box->serial = serial;
    mm_set(box, &box->first, any());
    mm_set(box, &box->second, any());
}

static void make_list(struct mm_root *out)
{
    mm_new(&list_type, out);
    mm_refs_resize(out, offsetof(struct list, items), 2);
    struct list *list = mm_root_get(out);
    for (size_t i = 0; i < 2; i++)
        mm_set(list, &list->items.slots[i], any());
}

static void make_tuple(struct mm_root *out)
{
    struct tuple *tuple = mm_new_tail(&tuple_type, 2, out);
    for (size_t i = 0; i < 2; i++)
        mm_set(tuple, &mm_tail_refs(&tuple_type, tuple)[i], any());
}

/* A box, and a weak reference to it, which refers to nothing and may die before it. */
static void make_watched(struct mm_root *out)
{
    MM_ROOT(weak);
    make_box(&box_type, out);
    mm_weak_new(out, draw(4) ? called : NULL, (void *)(uintptr_t)serial, &weak);
    mm_root_move(&roots[ROOTS - WEAKS + draw(WEAKS)], &weak);
}

static void make(void)
{
    MM_ROOT(made);
    serial++;
    switch (draw(16)) {
    case 0: make_box(&box_type, &made); break;
    case 1: make_watched(&made); break;
    case 2: make_list(&made); break;
    case 3: make_tuple(&made); break;
    case 4: make_box(draw(200) ? &box_type : &legacy_type, &made); break;
    default: make_node(&made); break;
    }
    mm_root_move(any_object_root(), &made);
}

/* An older object comes to refer to any: this is what makes cycles. */
static void refer(void)
{
    struct node *node = mm_root_get(any_object_root());
    if (node && (mm_type_of(node) == &node_type || mm_type_of(node)->finalize))
        mm_set(node, &node->second, any());
}

static void drop_all(void)
{
    for (size_t i = 0; i < ROOTS; i++)
        mm_root_set(&roots[i], NULL);
}

/* ---- parts */

static void collect_all(void)
{
    mm_collect(MM_GENERATIONS - 1);
    mm_collect(0);
    say("garbage", mm_gc_garbage(NULL, 0));
}

static void mutate(bool asks)
{
    for (uint64_t step = 1; step <= STEPS; step++) {
        make();
        if (draw(4) == 0)
            refer();
        if (draw(3) == 0)
            mm_root_set(&roots[draw(ROOTS)], NULL);
        if (draw(FULL_EVERY / 4) == 0)
            drop_all();
        if (asks && step % FULL_EVERY == 0)
            collect_all();
    }
}

static void open_heap(const char *const params[])
{
    mm_heap_open(&(struct mm_config){.params = params});
    for (size_t i = 0; i < ROOTS; i++)
        mm_root_push(&roots[i]);
}

static void close_heap(void)
{
    for (size_t i = ROOTS; i-- > 0;)
        mm_root_pop(&roots[i]);
    mm_heap_close();
}

/* CPython's types are made of containers, when they are first used: that is over before anything is looked at. */
static void use_types(void)
{
    open_heap(NULL);
    make_node(&roots[0]);
    make_box(&box_type, &roots[0]);
    make_box(&legacy_type, &roots[0]);
    make_list(&roots[0]);
    make_tuple(&roots[0]);
    close_heap();
}

static void run(const char *const params[], bool asks)
{
    open_heap(params);
    mm_listen(listen, NULL);
    serial = 0;
    mutate(asks);
    mm_listen(NULL, NULL);
    close_heap();
}

#ifdef CPYTHON_HEAP_H
#define OWN "freeze=1"
#else
#define OWN "enabled=1"
#endif

int main(void)
{
    use_types();
    says_when = true;
    run((const char *const[]){"threshold2=1000000", OWN, NULL}, true);
    run((const char *const[]){"threshold0=50", "threshold1=3", "threshold2=1000000", OWN, NULL}, true);
    says_when = false;
    run((const char *const[]){OWN, NULL}, false);
    return 0;
}
