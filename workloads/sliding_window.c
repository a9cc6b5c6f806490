/* sliding_window: the sums of all windows of a list, by slices of it and by indices into it.
 *
 *     for i in range(len(a) - w + 1): best = max(best, sum(a[i:i + w]))                        form=slice
 *     for i in range(len(a) - w + 1):                                                          form=index
 *         total = 0
 *         for k in range(i, i + w): total += a[k]
 *         best = max(best, total)
 *
 *     for i in range(len(a) - w + 1):                                                          form=slice_loop
 *         part = a[i:i + w]
 *         total = 0
 *         for k in range(w): total += part[k]
 *         best = max(best, total)
 *
 * sum() adds small ints without boxing, as CPython's does; the loop boxes each index and each total. So `slice` and
 * `index` differ in how they add, too. `slice_loop` adds as `index` does: they differ in the copy, and in that indices
 * into a short slice are the small ints that Python keeps ready. */
#include "workload.h"

#include "common/dead.h"
#include "common/int_list.h"
#include "pyobj/list.h"
#include "pyobj/range.h"
#include "pyobj/shared.h"

enum { FORM, WINDOW, COUNT };
enum { FORM_SLICE, FORM_INDEX, FORM_SLICE_LOOP };
static const char *const forms[] = {
    [FORM_SLICE] = "slice", [FORM_INDEX] = "index", [FORM_SLICE_LOOP] = "slice_loop", NULL};
static const struct workload_param params[] = {
    [FORM] = {.name = "form",
              .kind = WORKLOAD_TEXT,
              .text = "slice",
              .small_text = "slice",
              .choices = forms,
              .help =
                  "slice: a copy of each window, for sum(); index: none; slice_loop: a copy, and the loop of index"},
    [WINDOW] = {.name = "window", .initial = 100, .small = 7, .lowest = 1, .highest = 1 << 20, .help = "items in one"},
    [COUNT] = {.name = "count", .initial = 5000, .small = 60, .lowest = 1, .highest = 1 << 26, .help = "items"},
    {.name = NULL},
};

static int sum_slice(const struct int_list *input, int64_t start, int64_t window, int64_t *sum)
{
    MM_ROOT(slice);
    const struct py_list *list = py_list_slice(&input->items, (size_t)start, (size_t)(start + window), &slice);
    if (!list)
        return -ENOMEM;
    *sum = 0;
    for (size_t i = 0; i < py_list_length(list); i++)
        *sum += py_int_value(py_list_get(list, i));
    mm_dead(&py_list_type.mm, mm_root_get(&slice));
    return 0;
}

/* total += items[index] */
static int add_item(const struct py_shared *shared, const struct mm_root *list, const struct mm_root *index,
                    struct mm_root *total)
{
    MM_ROOT(item);
    MM_ROOT(sum);
    const struct py_list *items = mm_root_get(list);
    mm_root_set(&item, py_list_get(items, (size_t)py_int_value(mm_root_get(index))));
    int64_t value = py_int_value(mm_root_get(total)) + py_int_value(mm_root_get(&item));
    if (!py_int_make(shared, value, &sum))
        return -ENOMEM;
    py_int_dead(mm_root_get(total));
    mm_root_move(total, &sum);
    return 0;
}

static int sum_indices(const struct py_shared *shared, const struct mm_root *list, int64_t start, int64_t window,
                       int64_t *sum)
{
    int error = 0;
    int64_t k;
    MM_ROOT(range);
    MM_ROOT(index);
    MM_ROOT(total);
    if (!py_range_new(start, 1, window, &range))
        return -ENOMEM;
    py_int_make(shared, 0, &total);
    while (!error && py_range_next(mm_root_get(&range), &k)) {
        if (!py_int_make(shared, k, &index)) {
            error = -ENOMEM;
            break;
        }
        error = add_item(shared, list, &index, &total);
        py_int_consume(&index);
    }
    *sum = py_int_consume(&total);
    mm_dead(&py_range_type.mm, mm_root_get(&range));
    return error;
}

static int sum_slice_by_loop(const struct int_list *input, int64_t start, int64_t window, int64_t *sum)
{
    MM_ROOT(slice);
    if (!py_list_slice(&input->items, (size_t)start, (size_t)(start + window), &slice))
        return -ENOMEM;
    int error = sum_indices(&input->shared, &slice, 0, window, sum);
    mm_dead(&py_list_type.mm, mm_root_get(&slice));
    return error;
}

static int sum_window(const struct int_list *input, int64_t form, int64_t start, int64_t window, int64_t *sum)
{
    switch (form) {
    case FORM_SLICE: return sum_slice(input, start, window, sum);
    case FORM_INDEX: return sum_indices(&input->shared, &input->items, start, window, sum);
    default: return sum_slice_by_loop(input, start, window, sum);
    }
}

static int run_iteration(struct run *run)
{
    const struct int_list *input = run->state;
    int64_t window = run->params[WINDOW].integer, count = run->params[COUNT].integer, best = 0;
    int error = 0;
    for (int64_t i = 0; i + window <= count && !error; i++) {
        int64_t sum = 0;
        struct mm_region region;
        mm_region_begin(&region);
        error = sum_window(input, run->params[FORM].integer, i, window, &sum);
        mm_region_end(&region);
        best = sum > best ? sum : best;
        run_check(run, (uint64_t)sum);
        run_done(run, 1);
    }
    run_check(run, (uint64_t)best);
    return error;
}

static int64_t number(int64_t index)
{
    return index * 7919 % 1000003;
}

static int setup(struct run *run)
{
    return int_list_open(run->state, run->params[COUNT].integer, number);
}

static void teardown(struct run *run)
{
    int_list_close(run->state);
}

WORKLOAD(sliding_window) = {
    .summary = "the sums of all windows of a list, by slices or by indices",
    .unit = "windows",
    .params = params,
    .state_bytes = sizeof(struct int_list),
    .setup = setup,
    .run = run_iteration,
    .teardown = teardown,
};
