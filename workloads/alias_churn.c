/* alias_churn: what copying and dropping references costs while no object dies: the four cases in which a count
 * changes.
 *
 *     y = x                assignment
 *     func(x)              argument: bound to the parameter of each call, `depth` deep
 *     pair[:] = x, y       container: stored, in the place of what was there
 *     del x; del y         deletion: names of a frame are bound and unbound
 *
 * `all` does one after the other, as a function does that calls, stores and returns. The objects are short lists, which
 * live from setup to teardown, as do the pair and the frame: a new container for each pair would cost its allocation,
 * and that is many times what its counts cost. */
#include "workload.h"

#include "common/dead.h"
#include "common/draw.h"
#include "common/outside.h"
#include "pyobj/int.h"
#include "pyobj/list.h"
#include "pyobj/walk.h"

enum { CASE, OPERATIONS, OBJECTS, DEPTH };
enum { CASE_ALL, CASE_ASSIGNMENT, CASE_ARGUMENT, CASE_CONTAINER, CASE_DELETION };
static const char *const cases[] = {
    [CASE_ALL] = "all",           [CASE_ASSIGNMENT] = "assignment",
    [CASE_ARGUMENT] = "argument", [CASE_CONTAINER] = "container",
    [CASE_DELETION] = "deletion", NULL,
};
static const struct workload_param params[] = {
    [CASE] = {.name = "case",
              .kind = WORKLOAD_TEXT,
              .text = "all",
              .small_text = "all",
              .choices = cases,
              .help = "which way of copying a reference"},
    [OPERATIONS] = {.name = "operations",
                    .initial = 400000,
                    .small = 300,
                    .lowest = 1,
                    .highest = 1 << 28,
                    .help = "how many times"},
    [OBJECTS] = {.name = "objects",
                 .initial = 1000,
                 .small = 20,
                 .lowest = 1,
                 .highest = 1 << 24,
                 .help = "objects that are referred to"},
    [DEPTH] = {.name = "depth",
               .initial = 3,
               .small = 2,
               .lowest = 1,
               .highest = 1000,
               .help = "calls in a case of argument"},
    {.name = NULL},
};

enum { NAMES = 8, BLOCK = 256 };

struct state {
    struct mm_root objects; /* a list of lists */
    struct mm_root frame;   /* a list as long as there are names: NULL or a reference each */
    struct mm_root pair;    /* a list of two */
    uint32_t *draws;        /* for each operation: an object */
};

/* ---- reading through a reference */

static uint64_t value_of(const struct py_list *object)
{
    return (uint64_t)py_int_value(py_list_get(object, 0));
}

static void *object_at(const struct state *state, int64_t operation)
{
    return py_list_get(mm_root_get(&state->objects), state->draws[operation]);
}

/* ---- the four cases; each returns what it read */

/* x and y are bound anew, and what they were bound to is dropped. */
static inline uint64_t assign(const struct state *state, int64_t operation, struct mm_root *x, struct mm_root *y)
{
    mm_root_set(x, object_at(state, operation));
    mm_root_set(y, mm_root_get(x));
    return value_of(mm_root_get(y));
}

static __attribute__((noinline)) uint64_t call(const struct mm_root *argument, int64_t depth)
{
    MM_ROOT(parameter);
    mm_root_set(&parameter, mm_root_get(argument));
    uint64_t deeper = depth > 1 ? call(&parameter, depth - 1) : 0;
    return deeper + value_of(mm_root_get(&parameter));
}

/* Both places of the pair are bound anew, and what they were bound to is dropped. */
static inline uint64_t store(const struct state *state, int64_t operation, const struct mm_root *y)
{
    struct py_list *pair = mm_root_get(&state->pair);
    mm_set(pair, &pair->items.slots[0], object_at(state, operation));
    mm_set(pair, &pair->items.slots[1], mm_root_get(y));
    return value_of(py_list_get(pair, 0)) * 3 + value_of(py_list_get(pair, 1));
}

/* One name of the frame is bound, and another unbound. */
static inline uint64_t bind_and_delete(const struct state *state, int64_t operation)
{
    struct py_list *frame = mm_root_get(&state->frame);
    struct mm_ref *bound = &frame->items.slots[operation % NAMES];
    struct mm_ref *deleted = &frame->items.slots[(operation + NAMES / 2) % NAMES];
    mm_set(frame, bound, object_at(state, operation));
    mm_set(frame, deleted, NULL);
    return value_of(mm_get(bound));
}

/* ---- a block of operations of one case */

static void block_of_all(const struct state *state, int64_t first, int64_t end, int64_t depth, uint64_t *sum)
{
    for (int64_t i = first; i < end; i++) {
        MM_ROOT(x);
        MM_ROOT(y);
        *sum = *sum * 31 + assign(state, i, &x, &y);
        *sum += call(&x, depth);
        *sum += store(state, i, &y);
        *sum += bind_and_delete(state, i);
    }
}

static void block_of_one(const struct state *state, int64_t which, int64_t first, int64_t end, int64_t depth,
                         uint64_t *sum)
{
    MM_ROOT(x);
    MM_ROOT(y);
    assign(state, first, &x, &y);
    switch (which) {
    case CASE_ASSIGNMENT:
        for (int64_t i = first; i < end; i++)
            *sum = *sum * 31 + assign(state, i, &x, &y);
        break;
    case CASE_ARGUMENT:
        for (int64_t i = first; i < end; i++)
            *sum = *sum * 31 + call(&x, depth);
        break;
    case CASE_CONTAINER:
        for (int64_t i = first; i < end; i++)
            *sum = *sum * 31 + store(state, i, &y);
        break;
    default:
        for (int64_t i = first; i < end; i++)
            *sum = *sum * 31 + bind_and_delete(state, i);
    }
}

static int run_iteration(struct run *run)
{
    const struct state *state = run->state;
    int64_t which = run->params[CASE].integer, depth = run->params[DEPTH].integer;
    int64_t operations = run->params[OPERATIONS].integer;
    uint64_t sum = 0;
    for (int64_t first = 0; first < operations; first += BLOCK) {
        int64_t end = operations - first < BLOCK ? operations : first + BLOCK;
        struct mm_region region;
        mm_region_begin(&region);
        if (which == CASE_ALL)
            block_of_all(state, first, end, depth, &sum);
        else
            block_of_one(state, which, first, end, depth, &sum);
        mm_region_end(&region);
        run_done(run, (uint64_t)(end - first));
    }
    run_check(run, sum);
    return 0;
}

/* ---- objects and draws */

static void teardown(struct run *run)
{
    struct state *state = run->state;
    outside_free(state->draws, (size_t)run->params[OPERATIONS].integer, sizeof *state->draws);
    if (WORK_SAYS_DEAD) {
        py_dead_tree(mm_root_get(&state->objects), false);
        if (mm_root_get(&state->frame))
            py_dead(mm_root_get(&state->frame));
        if (mm_root_get(&state->pair))
            py_dead(mm_root_get(&state->pair));
    }
    mm_root_pop(&state->pair);
    mm_root_pop(&state->frame);
    mm_root_pop(&state->objects);
}

/* [number, number + 1, number + 2] */
static int make_object(int64_t number, struct mm_root *out)
{
    MM_ROOT(item);
    if (!py_list_new_sized(3, out))
        return -ENOMEM;
    for (size_t i = 0; i < 3; i++) {
        if (!py_int_new(number + (int64_t)i, &item)) {
            py_dead_tree(mm_root_get(out), false);
            mm_root_set(out, NULL);
            return -ENOMEM;
        }
        py_list_put(mm_root_get(out), i, &item);
    }
    return 0;
}

static int make_objects(struct state *state, int64_t count)
{
    MM_ROOT(object);
    if (!py_list_new_sized((size_t)count, &state->objects) || !py_list_new_sized(NAMES, &state->frame) ||
        !py_list_new_sized(2, &state->pair))
        return -ENOMEM;
    for (int64_t i = 0; i < count; i++) {
        int error = make_object(i * 1000, &object);
        if (error)
            return error;
        py_list_put(mm_root_get(&state->objects), (size_t)i, &object);
    }
    return 0;
}

static int setup(struct run *run)
{
    struct state *state = run->state;
    int64_t operations = run->params[OPERATIONS].integer, objects = run->params[OBJECTS].integer;
    mm_root_push(&state->objects);
    mm_root_push(&state->frame);
    mm_root_push(&state->pair);
    state->draws = outside_new((size_t)operations, sizeof *state->draws);
    int error = state->draws ? make_objects(state, objects) : -ENOMEM;
    if (error) {
        teardown(run);
        return error;
    }
    struct draw draw = draw_seeded(run->seed);
    for (int64_t i = 0; i < operations; i++)
        state->draws[i] = (uint32_t)draw_below(&draw, (uint64_t)objects);
    return 0;
}

WORKLOAD(alias_churn) = {
    .summary = "references are copied and dropped by assignment, argument, container and deletion",
    .unit = "operations",
    .params = params,
    .state_bytes = sizeof(struct state),
    .setup = setup,
    .run = run_iteration,
    .teardown = teardown,
};
