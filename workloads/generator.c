/* generator: the sum of the squares of 0 to count - 1, by a list and by a generator.
 *
 *     sum([i ** 2 for i in range(count)])        form=list
 *     sum(i ** 2 for i in range(count))          form=frame
 *
 * Both box each i and each square, as Python does; sum adds small ints without boxing, as CPython's does. What differs:
 * the list holds all squares at once, the generator one, in exchange for resuming its frame for each. */
#include "workload.h"

#include "common/dead.h"
#include "pyobj/generator.h"
#include "pyobj/int.h"
#include "pyobj/list.h"
#include "pyobj/range.h"

enum { FORM, COUNT };
enum { FORM_LIST, FORM_FRAME };
static const char *const forms[] = {[FORM_LIST] = "list", [FORM_FRAME] = "frame", NULL};
static const struct workload_param params[] = {
    [FORM] = {.name = "form",
              .kind = WORKLOAD_TEXT,
              .text = "frame",
              .small_text = "frame",
              .choices = forms,
              .help = "list: all squares, then their sum; frame: one by one from a generator"},
    [COUNT] = {.name = "count", .initial = 400000, .small = 300, .lowest = 0, .highest = 1 << 28, .help = "numbers"},
    {.name = NULL},
};

enum { BLOCK = 1024 };

/* Reads an int and says that it dies with its root, which is dropped. */
static int64_t int_consume(struct mm_root *root)
{
    struct py_int *number = mm_root_get(root);
    int64_t value = py_int_value(number);
    mm_dead(&py_int_type.mm, number);
    mm_root_set(root, NULL);
    return value;
}

/* i ** 2 of a boxed int, boxed. */
static int square(struct mm_root *number, struct mm_root *out)
{
    int64_t value = py_int_value(mm_root_get(number));
    return py_int_new((int64_t)((uint64_t)value * (uint64_t)value), out) ? 0 : -ENOMEM;
}

/* ---- form=list */

static int append_squares(struct run *run, struct mm_root *squares, int64_t count)
{
    MM_ROOT(number);
    MM_ROOT(item);
    for (int64_t i = 0; i < count; i++) {
        if (!py_int_new(i, &number))
            return -ENOMEM;
        int error = square(&number, &item);
        int_consume(&number);
        if (error)
            return error;
        if (py_list_append(squares, &item)) {
            mm_dead(&py_int_type.mm, mm_root_get(&item));
            return -ENOMEM;
        }
        if ((i + 1) % BLOCK == 0)
            run_done(run, BLOCK);
    }
    run_done(run, (uint64_t)count % BLOCK);
    return 0;
}

static int sum_list(struct run *run, int64_t count, uint64_t *sum)
{
    MM_ROOT(squares);
    if (!py_list_new(&squares))
        return -ENOMEM;
    int error = append_squares(run, &squares, count);
    struct py_list *list = mm_root_get(&squares);
    for (size_t i = 0; i < py_list_length(list); i++)
        *sum += (uint64_t)py_int_value(py_list_get(list, i));
    if (WORK_SAYS_DEAD)
        for (size_t i = 0; i < py_list_length(list); i++)
            mm_dead(&py_int_type.mm, py_list_get(list, i));
    mm_dead(&py_list_type.mm, list);
    return error;
}

/* ---- form=frame */

enum { LOCAL_NUMBERS, LOCAL_I, LOCALS };

/* The generator's code: `for i in numbers: yield i ** 2`. The frame keeps i until the next one, as Python's does. */
static int squares_resume(struct mm_root *frame, struct mm_root *yielded)
{
    MM_ROOT(number);
    struct py_generator *generator = mm_root_get(frame);
    mm_take(&number, generator, py_generator_local(generator, LOCAL_I));
    if (mm_root_get(&number))
        int_consume(&number);
    int64_t i;
    if (!py_range_next(mm_get(py_generator_local(generator, LOCAL_NUMBERS)), &i))
        return 0;
    if (!py_int_new(i, &number))
        return -ENOMEM;
    int error = square(&number, yielded);
    if (error) {
        int_consume(&number);
        return error;
    }
    generator = mm_root_get(frame);
    mm_move(generator, py_generator_local(generator, LOCAL_I), &number);
    return 1;
}

static int make_generator(int64_t count, struct mm_root *out)
{
    MM_ROOT(numbers);
    if (!py_range_new(0, 1, count, &numbers))
        return -ENOMEM;
    struct py_generator *generator = py_generator_new(squares_resume, LOCALS, out);
    if (!generator) {
        mm_dead(&py_range_type.mm, mm_root_get(&numbers));
        return -ENOMEM;
    }
    mm_move(generator, py_generator_local(generator, LOCAL_NUMBERS), &numbers);
    return 0;
}

static int sum_generator(struct run *run, int64_t count, uint64_t *sum)
{
    MM_ROOT(squares);
    MM_ROOT(item);
    if (make_generator(count, &squares))
        return -ENOMEM;
    int result;
    for (uint64_t i = 1; (result = py_generator_next(&squares, &item)) > 0; i++) {
        *sum += (uint64_t)int_consume(&item);
        if (i % BLOCK == 0)
            run_done(run, BLOCK);
    }
    if (!result)
        run_done(run, (uint64_t)count % BLOCK);
    struct py_generator *generator = mm_root_get(&squares);
    mm_dead(&py_range_type.mm, mm_get(py_generator_local(generator, LOCAL_NUMBERS)));
    mm_dead(&py_generator_type.mm, generator);
    return result;
}

static int run_iteration(struct run *run)
{
    int64_t count = run->params[COUNT].integer;
    uint64_t sum = 0;
    struct mm_region region;
    mm_region_begin(&region);
    int error = run->params[FORM].integer == FORM_LIST ? sum_list(run, count, &sum) : sum_generator(run, count, &sum);
    mm_region_end(&region);
    run_check(run, sum);
    return error;
}

WORKLOAD(generator) = {
    .summary = "the sum of squares, by a list of them all or by a generator frame that is resumed",
    .unit = "numbers",
    .params = params,
    .run = run_iteration,
};
