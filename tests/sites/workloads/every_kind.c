/* every_kind: all that can be allocated, and all ways to die, so that what the recorder counts is put to the test.
 *
 * Tails of both kinds, buffers that grow and shrink, weak references that are shared and that are not, finalizers that
 * make objects and one that brings its own back, regions in regions, chains and cycles. */
#include "workload.h"

#include "common/dead.h"

enum { ROUNDS };
static const struct workload_param params[] = {
    [ROUNDS] = {.name = "rounds", .initial = 3000, .small = 100, .lowest = 1, .highest = 1 << 20, .help = "made"},
    {.name = NULL},
};

struct node {
    struct mm_ref first, second;
};
static const uint16_t node_refs[] = {offsetof(struct node, first), offsetof(struct node, second)};
static const struct mm_type node_type = {
    .name = "node", .size = sizeof(struct node), .ref_count = 2, .refs = node_refs};

struct row {
    size_t length;
};
static const struct mm_type row_type = {.name = "row", .size = sizeof(struct row), .tail = MM_TAIL_REFS};
static const struct mm_type text_type = {.name = "text", .size = sizeof(struct row), .tail = MM_TAIL_BYTES};

struct bag {
    struct mm_refs items;
    struct mm_bytes bytes;
};
static const uint16_t bag_refs[] = {offsetof(struct bag, items)}, bag_bytes[] = {offsetof(struct bag, bytes)};
static const struct mm_type bag_type = {.name = "bag",
                                        .size = sizeof(struct bag),
                                        .refs_count = 1,
                                        .ref_buffers = bag_refs,
                                        .bytes_count = 1,
                                        .byte_buffers = bag_bytes};

struct state {
    struct mm_root kept, revived;
};
static struct state *the_state; /* for finalizers, until teardown */

struct mortal {
    struct mm_ref next;
    struct mm_weaklist weaks;
    uint64_t comes_back;
};
static const uint16_t mortal_refs[] = {offsetof(struct mortal, next)};
static void finalize(void *object);
static const struct mm_type mortal_type = {.name = "mortal",
                                           .size = sizeof(struct mortal),
                                           .ref_count = 1,
                                           .refs = mortal_refs,
                                           .weaklist = offsetof(struct mortal, weaks),
                                           .finalize = finalize};

static void finalize(void *object)
{
    if (((struct mortal *)object)->comes_back && the_state)
        mm_root_set(&the_state->revived, object);
    MM_ROOT(made);
    mm_new(&node_type, &made); /* if there is memory */
}

/* ---- what is made */

static int make_cycle(void)
{
    MM_ROOT(a);
    MM_ROOT(b);
    if (!mm_new(&node_type, &a) || !mm_new(&node_type, &b))
        return -ENOMEM;
    struct node *first = mm_root_get(&a), *second = mm_root_get(&b);
    mm_set(first, &first->first, second);
    mm_set(second, &second->second, first);
    return 0;
}

static int make_tails(size_t length)
{
    MM_ROOT(row);
    MM_ROOT(text);
    if (!mm_new_tail(&row_type, length, &row) || !mm_new_tail(&text_type, 3 * length, &text))
        return -ENOMEM;
    void *made = mm_root_get(&row);
    if (length)
        mm_move(made, mm_tail_refs(&row_type, made), &text);
    else if (WORK_SAYS_DEAD)
        mm_dead(&text_type, mm_root_get(&text));
    if (WORK_SAYS_DEAD && length)
        mm_dead(&text_type, mm_get(mm_tail_refs(&row_type, made)));
    if (WORK_SAYS_DEAD)
        mm_dead(&row_type, made);
    return 0;
}

static int make_buffers(size_t length)
{
    static const size_t steps[] = {1, 4, 9, 5, 0, 2};
    MM_ROOT(bag);
    if (!mm_new(&bag_type, &bag))
        return -ENOMEM;
    int error = 0;
    for (size_t i = 0; i < sizeof steps / sizeof *steps && !error; i++) {
        error = mm_refs_resize(&bag, offsetof(struct bag, items), steps[i] * length);
        if (!error)
            error = mm_bytes_resize(&bag, offsetof(struct bag, bytes), 7 * steps[i]);
    }
    if (!error) /* a buffer may not outlive the region that it grew in */
        error = mm_refs_resize(&bag, offsetof(struct bag, items), length % 2 ? 0 : length);
    if (WORK_SAYS_DEAD)
        mm_dead(&bag_type, mm_root_get(&bag));
    return error;
}

#if MM_TRAITS & MM_TRAIT_WEAK
static void called(void *weak, void *context)
{
    (void)weak;
    (void)context;
}

static int make_weak(const struct mm_root *target)
{
    MM_ROOT(one);
    MM_ROOT(same);
    MM_ROOT(other);
    bool made = mm_weak_new(target, NULL, NULL, &one) && mm_weak_new(target, NULL, NULL, &same) &&
                mm_weak_new(target, called, NULL, &other);
    return made ? 0 : -ENOMEM;
}
#else
static int make_weak(const struct mm_root *target)
{
    (void)target;
    return 0;
}
#endif

/* In a cycle with itself every third time. */
static int make_mortal(uint64_t round)
{
    MM_ROOT(root);
    struct mortal *mortal = mm_new(&mortal_type, &root);
    if (!mortal)
        return -ENOMEM;
    mortal->comes_back = (MM_TRAITS & MM_TRAIT_FINALIZERS) && round % 5 == 0;
    if (round % 3 == 0)
        mm_set(mortal, &mortal->next, mortal);
    int error = make_weak(&root);
    if (WORK_SAYS_DEAD)
        mm_dead(&mortal_type, mm_root_get(&root));
    return error;
}

/* A chain that grows, and is dropped as a whole every hundred rounds. Not in a region that ends before. */
static void drop_chain(struct state *state)
{
    for (struct node *node = mm_root_get(&state->kept), *next; WORK_SAYS_DEAD && node; node = next) {
        next = mm_get(&node->first);
        mm_dead(&node_type, node);
    }
    mm_root_set(&state->kept, NULL);
}

static int lengthen_chain(struct state *state, uint64_t round)
{
    MM_ROOT(root);
    struct node *node = mm_new(&node_type, &root);
    if (!node)
        return -ENOMEM;
    mm_set(node, &node->first, mm_root_get(&state->kept));
    mm_root_move(&state->kept, &root);
    if (round % 100 == 99)
        drop_chain(state);
    return 0;
}

/* ---- the work */

static int make_all(uint64_t round)
{
    struct mm_region outer, inner;
    mm_region_begin(&outer);
    int error = make_buffers(round % 7);
    mm_region_begin(&inner);
    if (!error)
        error = make_tails(round % 4);
    mm_region_end(&inner);
    if (!error)
        error = make_cycle();
    mm_region_end(&outer);
    return error;
}

static int setup(struct run *run)
{
    the_state = run->state;
    mm_root_push(&the_state->kept);
    mm_root_push(&the_state->revived);
    return 0;
}

static int run(struct run *run)
{
    int error = 0;
    for (uint64_t i = 0; i < (uint64_t)run->params[ROUNDS].integer && !error; i++) {
        error = make_all(i);
        if (!error)
            error = make_mortal(i);
        if (!error)
            error = lengthen_chain(run->state, i);
        if (i % 250 == 0)
            mm_collect((int)(i / 250 % MM_GENERATIONS));
        run_done(run, 1);
    }
    return error;
}

static void teardown(struct run *run)
{
    struct state *state = run->state;
    the_state = NULL;
    drop_chain(state);
    mm_root_pop(&state->revived);
    mm_root_pop(&state->kept);
}

static bool always(const struct workload_value *values)
{
    (void)values;
    return true;
}

WORKLOAD(every_kind) = {
    .summary = "every way to be made and to die",
    .unit = "rounds",
    .params = params,
    .state_bytes = sizeof(struct state),
    .makes_cycles = always,
    .setup = setup,
    .run = run,
    .teardown = teardown,
};
