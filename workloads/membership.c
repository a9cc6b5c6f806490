/* membership: is this number among those? Asked of a list, of a set and of a dict.
 *
 *     number in numbers
 *
 * The container is built in setup, from other ints than those that are asked for: a list is searched from its start to
 * an equal item, a set or dict by its hash. Numbers that are not there are asked for too. */
#include "workload.h"

#include "common/dead.h"
#include "common/draw.h"
#include "common/outside.h"
#include "pyobj/dict.h"
#include "pyobj/hash.h"
#include "pyobj/int.h"
#include "pyobj/list.h"
#include "pyobj/set.h"
#include "pyobj/sizeof.h"
#include "pyobj/walk.h"

enum { FORM, SIZE, LOOKUPS, HITS };
enum { FORM_LIST, FORM_SET, FORM_DICT };
static const char *const forms[] = {[FORM_LIST] = "list", [FORM_SET] = "set", [FORM_DICT] = "dict", NULL};
static const struct workload_param params[] = {
    [FORM] = {.name = "form",
              .kind = WORKLOAD_TEXT,
              .text = "set",
              .small_text = "set",
              .choices = forms,
              .help = "what is searched"},
    [SIZE] = {.name = "size", .initial = 1000, .small = 40, .lowest = 1, .highest = 1 << 26, .help = "numbers in it"},
    [LOOKUPS] =
        {.name = "lookups", .initial = 100000, .small = 300, .lowest = 1, .highest = 1 << 28, .help = "questions"},
    [HITS] =
        {.name = "hits", .initial = 50, .small = 50, .lowest = 0, .highest = 100, .help = "that are there, per cent"},
    {.name = NULL},
};

enum { NEEDLES = 256, BLOCK = 64 };

struct state {
    struct mm_root container, needles; /* a list of ints */
    uint16_t *order;                   /* of the needles, for each question */
};

/* ---- the question */

static bool list_contains(const struct py_list *list, const void *needle)
{
    for (size_t i = 0; i < py_list_length(list); i++)
        if (py_same(py_list_get(list, i), needle))
            return true;
    return false;
}

static bool contains(int64_t form, const void *container, void *needle)
{
    switch (form) {
    case FORM_LIST: return list_contains(container, needle);
    case FORM_SET: return py_set_contains(container, needle);
    default: return py_dict_get(container, needle) != NULL;
    }
}

static int run_iteration(struct run *run)
{
    const struct state *state = run->state;
    int64_t form = run->params[FORM].integer, lookups = run->params[LOOKUPS].integer;
    const void *container = mm_root_get(&state->container);
    const struct py_list *needles = mm_root_get(&state->needles);
    uint64_t answers = 0;
    for (int64_t i = 0; i < lookups; i++) {
        answers = answers * 3 + contains(form, container, py_list_get(needles, state->order[i]));
        if ((i + 1) % BLOCK == 0)
            run_done(run, BLOCK);
    }
    run_done(run, (uint64_t)lookups % BLOCK);
    run_check(run, answers);
    return 0;
}

/* ---- the container and the questions */

static void teardown(struct run *run)
{
    struct state *state = run->state;
    if (mm_root_get(&state->container))
        run_figure(run, "traced_bytes", "bytes", (double)py_traced(mm_root_get(&state->container)));
    if (WORK_SAYS_DEAD) {
        py_dead_tree(mm_root_get(&state->needles), false);
        py_dead_tree(mm_root_get(&state->container), false); /* a dict's keys are its values */
    }
    mm_root_pop(&state->needles);
    mm_root_pop(&state->container);
    outside_free(state->order, (size_t)run->params[LOOKUPS].integer, sizeof *state->order);
}

/* Hands the number on. In a dict each is its own key and value. */
static int add(int64_t form, struct mm_root *container, struct mm_root *number)
{
    MM_ROOT(value);
    if (form == FORM_LIST)
        return py_list_append(container, number);
    if (form == FORM_SET)
        return py_set_add(container, number);
    mm_root_set(&value, mm_root_get(number));
    return py_dict_put(container, number, &value);
}

/* The even numbers. */
static int fill(int64_t form, int64_t size, struct mm_root *container)
{
    MM_ROOT(number);
    for (int64_t i = 0; i < size; i++) {
        if (!py_int_new(2 * i, &number))
            return -ENOMEM;
        if (add(form, container, &number)) {
            mm_dead(&py_int_type.mm, mm_root_get(&number));
            return -ENOMEM;
        }
    }
    return 0;
}

/* A number that is there, or an odd one. */
static int make_needles(const struct run *run, struct draw *draw, struct mm_root *needles)
{
    MM_ROOT(number);
    for (size_t i = 0; i < NEEDLES; i++) {
        int64_t value = 2 * (int64_t)draw_below(draw, (uint64_t)run->params[SIZE].integer);
        value += draw_below(draw, 100) >= (uint64_t)run->params[HITS].integer;
        if (!py_int_new(value, &number))
            return -ENOMEM;
        py_list_put(mm_root_get(needles), i, &number);
    }
    return 0;
}

static bool make_empty(int64_t form, struct mm_root *out)
{
    switch (form) {
    case FORM_LIST: return py_list_new(out);
    case FORM_SET: return py_set_new(out);
    default: return py_dict_new(out);
    }
}

static int setup(struct run *run)
{
    struct state *state = run->state;
    int64_t form = run->params[FORM].integer, lookups = run->params[LOOKUPS].integer;
    struct draw draw = draw_seeded(run->seed);
    mm_root_push(&state->container);
    mm_root_push(&state->needles);
    state->order = outside_new((size_t)lookups, sizeof *state->order);
    int error = -ENOMEM;
    if (state->order && make_empty(form, &state->container) && py_list_new_sized(NEEDLES, &state->needles))
        error = fill(form, run->params[SIZE].integer, &state->container);
    if (!error)
        error = make_needles(run, &draw, &state->needles);
    if (error) {
        teardown(run);
        return error;
    }
    for (int64_t i = 0; i < lookups; i++)
        state->order[i] = (uint16_t)draw_below(&draw, NEEDLES);
    return 0;
}

WORKLOAD(membership) = {
    .summary = "numbers are looked up in a list, a set or a dict",
    .unit = "lookups",
    .params = params,
    .state_bytes = sizeof(struct state),
    .setup = setup,
    .run = run_iteration,
    .teardown = teardown,
};
