/* numbers: many integers are summed that are kept boxed in a list or packed in an array.
 *
 *     numbers = [f(i) for i in range(count)]; sum(numbers)                       form=list
 *     numbers = array("i", (f(i) for i in range(count))); sum(numbers)           form=array
 *
 * An array is packed, but Python boxes each of its numbers when it is read: so sum() makes and drops an int for each,
 * where the list has them. The numbers are put there in setup: what is timed is the sum alone. */
#include "workload.h"

#include "common/dead.h"
#include "common/sizes.h"
#include "pyobj/array.h"
#include "pyobj/list.h"
#include "pyobj/shared.h"

enum { FORM, COUNT, PASSES };
enum { FORM_LIST, FORM_ARRAY };
static const char *const forms[] = {[FORM_LIST] = "list", [FORM_ARRAY] = "array", NULL};
static const struct workload_param params[] = {
    [FORM] = {.name = "form",
              .kind = WORKLOAD_TEXT,
              .text = "list",
              .small_text = "list",
              .choices = forms,
              .help = "list: boxed; array: packed"},
    [COUNT] = {.name = "count", .initial = 200000, .small = 80, .lowest = 0, .highest = 1 << 28, .help = "numbers"},
    [PASSES] =
        {.name = "passes", .initial = 3, .small = 2, .lowest = 0, .highest = 1 << 20, .help = "times they are summed"},
    {.name = NULL},
};

struct state {
    struct py_shared shared;
    struct mm_root numbers;
    uint64_t taken_bytes; /* for them */
};

static int64_t number_at(int64_t i)
{
    return (int64_t)((uint64_t)i * 7919 & PY_DIGIT_MASK);
}

/* ---- form=list */

static int append_boxed(const struct py_shared *shared, int64_t value, struct mm_root *list)
{
    MM_ROOT(number);
    if (!py_int_make(shared, value, &number))
        return -ENOMEM;
    if (py_list_append(list, &number)) {
        py_int_dead(mm_root_get(&number));
        return -ENOMEM;
    }
    return 0;
}

static uint64_t sum_list(const struct py_list *list)
{
    uint64_t sum = 0;
    MM_ROOT(number);
    for (size_t i = 0; i < py_list_length(list); i++) {
        mm_root_set(&number, py_list_get(list, i)); /* what the iterator hands out is a reference of its own */
        sum += (uint64_t)py_int_value(mm_root_get(&number));
    }
    return sum;
}

/* All but the first have one digit, and are not shared. */
static size_t traced_list(const struct py_list *list)
{
    size_t length = py_list_length(list), bytes = py_traced(list);
    return length > 1 ? bytes + (length - 1) * py_traced(py_list_get(list, length - 1)) : bytes;
}

static void list_dead(struct py_list *list)
{
    if (WORK_SAYS_DEAD)
        for (size_t i = 0; i < py_list_length(list); i++)
            py_int_dead(py_list_get(list, i));
    mm_dead(&py_list_type.mm, list);
}

/* ---- form=array */

/* The generator's number is boxed, too, before it is packed. */
static int append_packed(const struct py_shared *shared, int64_t value, struct mm_root *array)
{
    MM_ROOT(number);
    if (!py_int_make(shared, value, &number))
        return -ENOMEM;
    return py_array_append_int(array, py_int_consume(&number));
}

static int sum_array(const struct py_shared *shared, const struct mm_root *array, uint64_t *sum)
{
    size_t length = ((const struct py_array *)mm_root_get(array))->length;
    MM_ROOT(number);
    for (size_t i = 0; i < length; i++) {
        if (!py_int_make(shared, py_array_get_int(mm_root_get(array), i), &number))
            return -ENOMEM;
        *sum += (uint64_t)py_int_consume(&number);
    }
    return 0;
}

/* ---- both */

static int run_iteration(struct run *run)
{
    const struct state *state = run->state;
    bool packed = run->params[FORM].integer == FORM_ARRAY;
    int error = 0;
    for (int64_t i = 0; i < run->params[PASSES].integer && !error; i++) {
        uint64_t sum = 0;
        struct mm_region region;
        mm_region_begin(&region);
        if (packed)
            error = sum_array(&state->shared, &state->numbers, &sum);
        else
            sum = sum_list(mm_root_get(&state->numbers));
        mm_region_end(&region);
        run_check(run, sum);
        run_done(run, (uint64_t)run->params[COUNT].integer);
    }
    return error;
}

static int fill(struct state *state, bool packed, int64_t count)
{
    int error = 0;
    for (int64_t i = 0; i < count && !error; i++)
        error = packed ? append_packed(&state->shared, number_at(i), &state->numbers)
                       : append_boxed(&state->shared, number_at(i), &state->numbers);
    return error;
}

static int make_numbers(struct state *state, bool packed, int64_t count)
{
    uint64_t before_bytes = footprint_bytes();
    if (packed ? !py_array_new('i', 0, &state->numbers) : !py_list_new(&state->numbers))
        return -ENOMEM;
    int error = fill(state, packed, count);
    state->taken_bytes = footprint_bytes() - before_bytes;
    return error;
}

static void drop_all(struct run *run)
{
    struct state *state = run->state;
    void *numbers = mm_root_get(&state->numbers);
    if (numbers && run->params[FORM].integer == FORM_ARRAY)
        py_dead(numbers);
    else if (numbers)
        list_dead(numbers);
    mm_root_pop(&state->numbers);
    py_shared_close(&state->shared);
}

static int setup(struct run *run)
{
    struct state *state = run->state;
    int error = py_shared_open(&state->shared);
    if (error)
        return error;
    mm_root_push(&state->numbers);
    error = make_numbers(state, run->params[FORM].integer == FORM_ARRAY, run->params[COUNT].integer);
    if (error)
        drop_all(run);
    return error;
}

static void teardown(struct run *run)
{
    const struct state *state = run->state;
    void *numbers = mm_root_get(&state->numbers);
    run_figure(run, "taken_bytes", "bytes", (double)state->taken_bytes);
    run_figure(run, "traced_bytes", "bytes",
               (double)(run->params[FORM].integer == FORM_ARRAY ? py_traced(numbers) : traced_list(numbers)));
    drop_all(run);
}

WORKLOAD(numbers) = {
    .summary = "many integers are summed, boxed in a list or packed in an array",
    .unit = "numbers",
    .params = params,
    .state_bytes = sizeof(struct state),
    .setup = setup,
    .run = run_iteration,
    .teardown = teardown,
};
