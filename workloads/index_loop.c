/* index_loop: the sum of a list's numbers, by its items and by their indices.
 *
 *     for number in numbers:                         form=items
 *         total += number
 *     for index in range(len(numbers)):              form=range
 *         total += numbers[index]
 *
 * Numbers, indices and totals are boxed, as Python has them, and shared up to 256. */
#include "workload.h"

#include "common/dead.h"
#include "common/int_list.h"
#include "pyobj/list.h"
#include "pyobj/range.h"
#include "pyobj/shared.h"

enum { FORM, COUNT, PASSES };
enum { FORM_ITEMS, FORM_RANGE };
static const char *const forms[] = {[FORM_ITEMS] = "items", [FORM_RANGE] = "range", NULL};
static const struct workload_param params[] = {
    [FORM] = {.name = "form",
              .kind = WORKLOAD_TEXT,
              .text = "items",
              .small_text = "items",
              .choices = forms,
              .help = "items: for x in a; range: for i in range(len(a))"},
    [COUNT] = {.name = "count", .initial = 100000, .small = 80, .lowest = 0, .highest = 1 << 26, .help = "numbers"},
    [PASSES] =
        {.name = "passes", .initial = 3, .small = 2, .lowest = 0, .highest = 1 << 20, .help = "times they are summed"},
    {.name = NULL},
};

enum { BLOCK = 1024 };

/* What iter(list) makes. */
struct list_iterator {
    struct mm_ref list;
    int64_t index;
};

static const uint16_t iterator_refs[] = {offsetof(struct list_iterator, list)};
static const struct mm_type iterator_type = {
    .name = "list_iterator",
    .size = sizeof(struct list_iterator),
    .ref_count = 1,
    .refs = iterator_refs,
};

/* total += number: a new int takes the total's place. */
static int add(const struct py_shared *shared, struct mm_root *total, const struct mm_root *number)
{
    MM_ROOT(sum);
    int64_t value = py_int_value(mm_root_get(total)) + py_int_value(mm_root_get(number));
    if (!py_int_make(shared, value, &sum))
        return -ENOMEM;
    py_int_dead(mm_root_get(total));
    mm_root_move(total, &sum);
    return 0;
}

static void count_done(struct run *run, int64_t i)
{
    if ((i + 1) % BLOCK == 0)
        run_done(run, BLOCK);
}

/* The next item, borrowed by the iterator and taken by the variable; false at the end. */
static bool next_item(const struct mm_root *iterator, struct mm_root *number)
{
    struct list_iterator *at = mm_root_get(iterator);
    const struct py_list *list = mm_get(&at->list);
    if ((size_t)at->index == py_list_length(list))
        return false;
    mm_root_set(number, py_list_get(list, (size_t)at->index++));
    return true;
}

static int sum_items(struct run *run, struct mm_root *total)
{
    const struct int_list *input = run->state;
    int error = 0;
    MM_ROOT(iterator);
    MM_ROOT(number);
    struct list_iterator *made = mm_new(&iterator_type, &iterator);
    if (!made)
        return -ENOMEM;
    mm_set(made, &made->list, mm_root_get(&input->items));
    for (int64_t i = 0; !error && next_item(&iterator, &number); i++) {
        error = add(&input->shared, total, &number);
        count_done(run, i);
    }
    mm_dead(&iterator_type, mm_root_get(&iterator));
    return error;
}

static int sum_by_index(struct run *run, struct mm_root *total)
{
    const struct int_list *input = run->state;
    size_t length = py_list_length(mm_root_get(&input->items));
    int error = 0;
    int64_t i;
    MM_ROOT(range);
    MM_ROOT(index);
    MM_ROOT(number);
    if (!py_range_new(0, 1, (int64_t)length, &range))
        return -ENOMEM;
    while (!error && py_range_next(mm_root_get(&range), &i)) {
        if (!py_int_make(&input->shared, i, &index)) {
            error = -ENOMEM;
            break;
        }
        const struct py_list *list = mm_root_get(&input->items);
        mm_root_set(&number, py_list_get(list, (size_t)py_int_value(mm_root_get(&index))));
        error = add(&input->shared, total, &number);
        py_int_consume(&index); /* the next one takes its place */
        count_done(run, i);
    }
    mm_dead(&py_range_type.mm, mm_root_get(&range));
    return error;
}

static int sum_once(struct run *run)
{
    const struct int_list *input = run->state;
    MM_ROOT(total);
    py_int_make(&input->shared, 0, &total);
    int error = run->params[FORM].integer == FORM_ITEMS ? sum_items(run, &total) : sum_by_index(run, &total);
    run_done(run, (uint64_t)run->params[COUNT].integer % BLOCK);
    run_check(run, (uint64_t)py_int_consume(&total));
    return error;
}

static int run_iteration(struct run *run)
{
    int error = 0;
    for (int64_t i = 0; i < run->params[PASSES].integer && !error; i++) {
        struct mm_region region;
        mm_region_begin(&region);
        error = sum_once(run);
        mm_region_end(&region);
    }
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

WORKLOAD(index_loop) = {
    .summary = "a list's numbers are summed, by its items or by their indices",
    .unit = "numbers",
    .params = params,
    .state_bytes = sizeof(struct int_list),
    .setup = setup,
    .run = run_iteration,
    .teardown = teardown,
};
