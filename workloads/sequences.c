/* sequences: many tuples, or many lists, of the same length are made, read and dropped.
 *
 *     all = [(a, b, c), (a, b, c), ...]       form=tuple
 *     all = [[a, b, c], [a, b, c], ...]       form=list
 *
 * The items are shared ints, so that the sequences alone are what is made. There is one empty tuple in Python, and so
 * here. */
#include "workload.h"

#include "common/dead.h"
#include "common/sizes.h"
#include "pyobj/list.h"
#include "pyobj/sequence.h"
#include "pyobj/shared.h"
#include "pyobj/tuple.h"

enum { FORM, LENGTH, COUNT };
enum { FORM_TUPLE, FORM_LIST };
static const char *const forms[] = {[FORM_TUPLE] = "tuple", [FORM_LIST] = "list", NULL};
static const struct workload_param params[] = {
    [FORM] = {.name = "form",
              .kind = WORKLOAD_TEXT,
              .text = "tuple",
              .small_text = "tuple",
              .choices = forms,
              .help = "tuples or lists"},
    [LENGTH] =
        {.name = "length", .initial = 3, .small = 3, .lowest = 0, .highest = 1 << 20, .help = "items in a sequence"},
    [COUNT] = {.name = "count", .initial = 50000, .small = 60, .lowest = 1, .highest = 1 << 26, .help = "sequences"},
    {.name = NULL},
};

enum { BLOCK = 1024 };

struct state {
    struct py_shared shared;
    struct mm_root empty; /* () */
};

/* ---- one sequence */

/* Its items: ints that are there already. */
static void *item_of(const struct state *state, int64_t number, int64_t place)
{
    return py_tuple_get(py_shared_get(&state->shared, PY_SHARED_INTS), (size_t)(number + place) % PY_SHARED_INT_LAST);
}

static int make_tuple(const struct state *state, int64_t number, int64_t length, struct mm_root *out)
{
    if (length == 0) {
        mm_root_set(out, mm_root_get(&state->empty));
        return 0;
    }
    struct py_tuple *tuple = py_tuple_new((size_t)length, out);
    for (int64_t i = 0; tuple && i < length; i++)
        mm_set(tuple, py_tuple_slot(tuple, (size_t)i), item_of(state, number, i));
    return tuple ? 0 : -ENOMEM;
}

static int make_list(const struct state *state, int64_t number, int64_t length, struct mm_root *out)
{
    struct py_list *list = py_list_new_sized((size_t)length, out);
    for (int64_t i = 0; list && i < length; i++)
        mm_set(list, &list->items.slots[i], item_of(state, number, i));
    return list ? 0 : -ENOMEM;
}

static uint64_t read_sequence(const void *sequence)
{
    uint64_t sum = py_sequence_length(sequence);
    for (size_t i = 0; i < py_sequence_length(sequence); i++)
        sum = sum * 3 + (uint64_t)py_int_value(py_sequence_get(sequence, i));
    return sum;
}

/* ---- all of them */

static int make_all(struct run *run, struct mm_root *all)
{
    const struct state *state = run->state;
    int64_t count = run->params[COUNT].integer, length = run->params[LENGTH].integer;
    bool tuples = run->params[FORM].integer == FORM_TUPLE;
    MM_ROOT(sequence);
    for (int64_t i = 0; i < count; i++) {
        int error = tuples ? make_tuple(state, i, length, &sequence) : make_list(state, i, length, &sequence);
        if (error)
            return error;
        py_list_put(mm_root_get(all), (size_t)i, &sequence);
        if ((i + 1) % BLOCK == 0)
            run_done(run, BLOCK);
    }
    run_done(run, (uint64_t)count % BLOCK);
    return 0;
}

static void drop_all(const struct state *state, struct py_list *all)
{
    if (WORK_SAYS_DEAD)
        for (size_t i = 0; i < py_list_length(all) && py_list_get(all, i); i++)
            if (py_list_get(all, i) != mm_root_get(&state->empty))
                py_dead(py_list_get(all, i));
    mm_dead(&py_list_type.mm, all);
}

static size_t traced_at(const void *all, size_t index)
{
    return py_traced(py_list_get(all, index));
}

static int use_all(struct run *run)
{
    size_t count = (size_t)run->params[COUNT].integer;
    uint64_t sum = 0;
    MM_ROOT(all);
    if (!py_list_new_sized(count, &all))
        return -ENOMEM;
    uint64_t before_bytes = footprint_bytes();
    int error = make_all(run, &all);
    struct py_list *list = mm_root_get(&all);
    if (!error) {
        report_taken_each(run, before_bytes, footprint_bytes(), (double)count);
        report_traced_each(run, count, traced_at, list);
        for (size_t i = 0; i < count; i++)
            sum = sum * 31 + read_sequence(py_list_get(list, i));
        run_check(run, sum);
    }
    drop_all(run->state, list);
    return error;
}

static int run_iteration(struct run *run)
{
    struct mm_region region;
    mm_region_begin(&region);
    int error = use_all(run);
    mm_region_end(&region);
    return error;
}

static void teardown(struct run *run)
{
    struct state *state = run->state;
    if (mm_root_get(&state->empty))
        py_dead(mm_root_get(&state->empty));
    mm_root_pop(&state->empty);
    py_shared_close(&state->shared);
}

static int setup(struct run *run)
{
    struct state *state = run->state;
    int error = py_shared_open(&state->shared);
    if (error)
        return error;
    mm_root_push(&state->empty);
    if (py_tuple_new(0, &state->empty))
        return 0;
    teardown(run);
    return -ENOMEM;
}

WORKLOAD(sequences) = {
    .summary = "many tuples, or many lists, of the same length",
    .unit = "sequences",
    .params = params,
    .state_bytes = sizeof(struct state),
    .setup = setup,
    .run = run_iteration,
    .teardown = teardown,
};
