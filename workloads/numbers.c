/* numbers: many integers are kept and summed, boxed in a list or packed in an array.
 *
 *     numbers = [f(i) for i in range(count)]; sum(numbers)                       form=list
 *     numbers = array("i", (f(i) for i in range(count))); sum(numbers)           form=array
 *
 * An array is packed, but Python boxes each of its numbers when it is read: so sum() makes and drops an int for each,
 * where the list has them. */
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

enum { BLOCK = 1024 };

struct state {
    struct py_shared shared;
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

static int fill(struct run *run, bool packed, struct mm_root *numbers)
{
    const struct state *state = run->state;
    int64_t count = run->params[COUNT].integer;
    for (int64_t i = 0; i < count; i++) {
        int error = packed ? append_packed(&state->shared, number_at(i), numbers)
                           : append_boxed(&state->shared, number_at(i), numbers);
        if (error)
            return error;
        if ((i + 1) % BLOCK == 0)
            run_done(run, BLOCK);
    }
    run_done(run, (uint64_t)count % BLOCK);
    return 0;
}

static int sum_all(struct run *run, bool packed, const struct mm_root *numbers)
{
    const struct state *state = run->state;
    int error = 0;
    for (int64_t i = 0; i < run->params[PASSES].integer && !error; i++) {
        uint64_t sum = 0;
        if (packed)
            error = sum_array(&state->shared, numbers, &sum);
        else
            sum = sum_list(mm_root_get(numbers));
        run_check(run, sum);
        run_done(run, (uint64_t)run->params[COUNT].integer);
    }
    return error;
}

static int use_numbers(struct run *run)
{
    bool packed = run->params[FORM].integer == FORM_ARRAY;
    MM_ROOT(numbers);
    uint64_t before_bytes = footprint_bytes();
    if (packed ? !py_array_new('i', 0, &numbers) : !py_list_new(&numbers))
        return -ENOMEM;
    int error = fill(run, packed, &numbers);
    uint64_t taken_bytes = footprint_bytes() - before_bytes;
    if (!error)
        error = sum_all(run, packed, &numbers);
    void *all = mm_root_get(&numbers);
    if (!error) {
        run_figure(run, "taken_bytes", "bytes", (double)taken_bytes);
        run_figure(run, "traced_bytes", "bytes", (double)(packed ? py_traced(all) : traced_list(all)));
    }
    if (packed)
        py_dead(all);
    else
        list_dead(all);
    return error;
}

static int run_iteration(struct run *run)
{
    struct mm_region region;
    mm_region_begin(&region);
    int error = use_numbers(run);
    mm_region_end(&region);
    return error;
}

static int setup(struct run *run)
{
    struct state *state = run->state;
    return py_shared_open(&state->shared);
}

static void teardown(struct run *run)
{
    struct state *state = run->state;
    py_shared_close(&state->shared);
}

WORKLOAD(numbers) = {
    .summary = "many integers are kept and summed, boxed in a list or packed in an array",
    .unit = "numbers",
    .params = params,
    .state_bytes = sizeof(struct state),
    .setup = setup,
    .run = run_iteration,
    .teardown = teardown,
};
