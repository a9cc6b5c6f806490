/* list_append: a Python list that grows by append, is read by index, shrinks by pop to a half, and is dropped.
 *
 *     numbers = []
 *     for i in range(length): numbers.append(i)
 *
 * Boxed ints, each made for its item; the list's buffer is resized by CPython's rule. */
#include "workload.h"

#include "common/dead.h"
#include "pyobj/int.h"
#include "pyobj/list.h"

enum { LENGTH };
static const struct workload_param params[] = {
    [LENGTH] = {.name = "length", .initial = 400000, .small = 1000, .lowest = 0, .highest = 1 << 28, .help = "items"},
    {.name = NULL},
};

enum { BLOCK = 1024 };

static int append_numbers(struct run *run, struct mm_root *list, int64_t length)
{
    MM_ROOT(item);
    for (int64_t first = 0; first < length; first += BLOCK) {
        int64_t end = length - first < BLOCK ? length : first + BLOCK;
        for (int64_t i = first; i < end; i++) {
            if (!py_int_new(i, &item))
                return -ENOMEM;
            if (py_list_append(list, &item)) {
                mm_dead(&py_int_type.mm, mm_root_get(&item));
                return -ENOMEM;
            }
        }
        run_done(run, (uint64_t)(end - first));
    }
    return 0;
}

static uint64_t sum_by_index(const struct py_list *list)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < py_list_length(list); i++)
        sum += (uint64_t)py_int_value(py_list_get(list, i)) * (i + 1);
    return sum;
}

static uint64_t pop_to(struct mm_root *list, size_t length)
{
    uint64_t sum = 0;
    MM_ROOT(item);
    while (py_list_length(mm_root_get(list)) > length) {
        py_list_pop(list, &item);
        struct py_int *number = mm_root_get(&item);
        sum = sum * 31 + (uint64_t)py_int_value(number);
        mm_dead(&py_int_type.mm, number);
        mm_root_set(&item, NULL);
    }
    return sum;
}

static void drop(struct mm_root *root)
{
    struct py_list *list = mm_root_get(root);
    if (WORK_SAYS_DEAD)
        for (size_t i = 0; i < py_list_length(list); i++)
            mm_dead(&py_int_type.mm, py_list_get(list, i));
    mm_dead(&py_list_type.mm, list);
    mm_root_set(root, NULL);
}

static int use_list(struct run *run)
{
    MM_ROOT(list);
    if (!py_list_new(&list))
        return -ENOMEM;
    int error = append_numbers(run, &list, run->params[LENGTH].integer);
    if (!error) {
        run_check(run, sum_by_index(mm_root_get(&list)));
        run_check(run, pop_to(&list, py_list_length(mm_root_get(&list)) / 2));
    }
    drop(&list);
    return error;
}

static int run_iteration(struct run *run)
{
    struct mm_region region;
    mm_region_begin(&region);
    int error = use_list(run);
    mm_region_end(&region);
    return error;
}

WORKLOAD(list_append) = {
    .summary = "a Python list grows by append, is read, shrinks by pop, and is dropped",
    .unit = "appends",
    .params = params,
    .run = run_iteration,
};
