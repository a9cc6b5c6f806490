/* doubling: a list of doubled numbers, by a comprehension and by a loop with a temporary variable.
 *
 *     results = [item * 2 for item in items]                     form=comprehension
 *     for item in items:                                         form=loop
 *         temp = item * 2
 *         results.append(temp)
 *
 * Both make the same ints. What the loop has more, as far as memory goes: temp is a second reference to each, and
 * append is called with it, which is a third. */
#include "workload.h"

#include "common/dead.h"
#include "common/int_list.h"
#include "pyobj/list.h"
#include "pyobj/shared.h"

enum { FORM, COUNT };
enum { FORM_COMPREHENSION, FORM_LOOP };
static const char *const forms[] = {[FORM_COMPREHENSION] = "comprehension", [FORM_LOOP] = "loop", NULL};
static const struct workload_param params[] = {
    [FORM] = {.name = "form",
              .kind = WORKLOAD_TEXT,
              .text = "comprehension",
              .small_text = "comprehension",
              .choices = forms,
              .help = "a comprehension, or a loop with a temporary and append"},
    [COUNT] = {.name = "count", .initial = 200000, .small = 80, .lowest = 0, .highest = 1 << 26, .help = "numbers"},
    {.name = NULL},
};

enum { BLOCK = 1024 };

/* item * 2 */
static bool doubled(const struct int_list *input, size_t index, struct mm_root *item, struct mm_root *out)
{
    mm_root_set(item, py_list_get(mm_root_get(&input->items), index));
    return py_int_make(&input->shared, 2 * py_int_value(mm_root_get(item)), out);
}

static int comprehend(struct run *run, struct mm_root *results)
{
    MM_ROOT(item);
    MM_ROOT(result);
    for (int64_t i = 0; i < run->params[COUNT].integer; i++) {
        if (!doubled(run->state, (size_t)i, &item, &result))
            return -ENOMEM;
        if (py_list_append(results, &result)) {
            py_int_dead(mm_root_get(&result));
            return -ENOMEM;
        }
        if ((i + 1) % BLOCK == 0)
            run_done(run, BLOCK);
    }
    return 0;
}

/* list.append: the list takes a reference of its own, the caller keeps the argument's. */
static __attribute__((noinline)) int append(struct mm_root *list, const struct mm_root *argument)
{
    MM_ROOT(item);
    mm_root_set(&item, mm_root_get(argument));
    return py_list_append(list, &item);
}

static int loop(struct run *run, struct mm_root *results)
{
    MM_ROOT(item);
    MM_ROOT(temp);
    for (int64_t i = 0; i < run->params[COUNT].integer; i++) {
        if (!doubled(run->state, (size_t)i, &item, &temp))
            return -ENOMEM;
        if (append(results, &temp)) {
            py_int_dead(mm_root_get(&temp));
            return -ENOMEM;
        }
        if ((i + 1) % BLOCK == 0)
            run_done(run, BLOCK);
    }
    return 0;
}

static int double_all(struct run *run)
{
    uint64_t sum = 0;
    MM_ROOT(results);
    if (!py_list_new(&results))
        return -ENOMEM;
    int error = run->params[FORM].integer == FORM_LOOP ? loop(run, &results) : comprehend(run, &results);
    run_done(run, (uint64_t)run->params[COUNT].integer % BLOCK);
    const struct py_list *list = mm_root_get(&results);
    for (size_t i = 0; i < py_list_length(list); i++)
        sum = sum * 3 + (uint64_t)py_int_value(py_list_get(list, i));
    run_check(run, sum);
    if (WORK_SAYS_DEAD)
        py_dead_tree(mm_root_get(&results), false);
    return error;
}

static int run_iteration(struct run *run)
{
    struct mm_region region;
    mm_region_begin(&region);
    int error = double_all(run);
    mm_region_end(&region);
    return error;
}

static int64_t number(int64_t index)
{
    return index * 31 % 100003;
}

static int setup(struct run *run)
{
    return int_list_open(run->state, run->params[COUNT].integer, number);
}

static void teardown(struct run *run)
{
    int_list_close(run->state);
}

WORKLOAD(doubling) = {
    .summary = "a list of doubled numbers, by a comprehension or by a loop with a temporary variable",
    .unit = "numbers",
    .params = params,
    .state_bytes = sizeof(struct int_list),
    .setup = setup,
    .run = run_iteration,
    .teardown = teardown,
};
