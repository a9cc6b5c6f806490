/* generator: the sum of the squares of 0 to count - 1, by a list and by a generator.
 *
 *     sum([i ** 2 for i in range(count)])        form=list
 *     sum(i ** 2 for i in range(count))          form=frame
 *
 * Both box each i and each square, as Python does; sum adds small ints without boxing, as CPython's does. What differs:
 * the list holds all squares at once, the generator one, in exchange for resuming its frame for each.
 *
 * take=n: only the first n squares are wanted, as by `for x in squares: ...; break`. The list has made them all by
 * then. passes=n: they are wanted n times. The list has them, the generator makes them anew. */
#include "workload.h"

#include "common/dead.h"
#include "pyobj/function.h"
#include "pyobj/generator.h"
#include "pyobj/int.h"
#include "pyobj/list.h"
#include "pyobj/range.h"
#include "pyobj/sizeof.h"

enum { FORM, COUNT, TAKE, PASSES };
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
    [TAKE] = {.name = "take",
              .initial = 0,
              .small = 0,
              .lowest = 0,
              .highest = 1 << 28,
              .help = "squares that are wanted, from the first on; 0: all"},
    [PASSES] = {.name = "passes",
                .initial = 1,
                .small = 1,
                .lowest = 1,
                .highest = 1 << 20,
                .help = "times that they are wanted"},
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

/* How many of them each pass reads. */
static int64_t squares_wanted(const struct run *run)
{
    int64_t count = run->params[COUNT].integer, take = run->params[TAKE].integer;
    return take > 0 && take < count ? take : count;
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

/* All squares have at most two digits up to 2^30 of them, and then take the same in CPython. */
static void report_list(struct run *run, const struct py_list *squares)
{
    size_t length = py_list_length(squares), each = length ? py_traced(py_list_get(squares, length - 1)) : 0;
    run_figure(run, "traced_peak_bytes", "bytes", (double)(py_traced(squares) + length * each));
}

static void list_dead(struct py_list *list)
{
    if (WORK_SAYS_DEAD)
        for (size_t i = 0; i < py_list_length(list); i++)
            mm_dead(&py_int_type.mm, py_list_get(list, i));
    mm_dead(&py_list_type.mm, list);
}

static int sum_list(struct run *run, int64_t count, uint64_t *sum)
{
    int64_t wanted = squares_wanted(run);
    MM_ROOT(squares);
    if (!py_list_new(&squares))
        return -ENOMEM;
    int error = append_squares(run, &squares, count);
    struct py_list *list = mm_root_get(&squares);
    for (int64_t pass = 0; pass < run->params[PASSES].integer && !error; pass++)
        for (int64_t i = 0; i < wanted; i++)
            *sum += (uint64_t)py_int_value(py_list_get(list, (size_t)i));
    report_list(run, list);
    list_dead(list);
    return error;
}

/* ---- form=frame */

/* The places of an expression's frame: two locals, and a stack of two. The function that the expression is made by,
 * which CPython's frame refers to in a field of its own, has one of them. */
enum { LOCAL_NUMBERS, LOCAL_I, LOCAL_FUNCTION, PLACES = 4 };

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
    MM_ROOT(function);
    struct py_generator *generator = NULL;
    if (py_range_new(0, 1, count, &numbers) && py_function_new(NULL, &function))
        generator = py_generator_new(squares_resume, PLACES, out);
    if (!generator) {
        if (mm_root_get(&function))
            mm_dead(&py_function_type.mm, mm_root_get(&function));
        if (mm_root_get(&numbers))
            mm_dead(&py_range_type.mm, mm_root_get(&numbers));
        return -ENOMEM;
    }
    mm_move(generator, py_generator_local(generator, LOCAL_NUMBERS), &numbers);
    mm_move(generator, py_generator_local(generator, LOCAL_FUNCTION), &function);
    return 0;
}

/* The generator, its function and range, and the last number and square. */
static void report_generator(struct run *run, struct py_generator *generator, size_t int_bytes)
{
    size_t bytes = py_traced(generator) + py_traced(mm_get(py_generator_local(generator, LOCAL_NUMBERS))) +
                   py_traced(mm_get(py_generator_local(generator, LOCAL_FUNCTION)));
    run_figure(run, "traced_peak_bytes", "bytes", (double)(bytes + 2 * int_bytes));
}

/* A generator that is left early still has its number. */
static void generator_dead(struct py_generator *generator)
{
    void *number = mm_get(py_generator_local(generator, LOCAL_I));
    if (number)
        mm_dead(&py_int_type.mm, number);
    mm_dead(&py_range_type.mm, mm_get(py_generator_local(generator, LOCAL_NUMBERS)));
    mm_dead(&py_function_type.mm, mm_get(py_generator_local(generator, LOCAL_FUNCTION)));
    mm_dead(&py_generator_type.mm, generator);
}

static int sum_generator(struct run *run, int64_t count, uint64_t *sum)
{
    int64_t wanted = squares_wanted(run);
    size_t int_bytes = 0;
    int result = 1;
    MM_ROOT(squares);
    MM_ROOT(item);
    if (make_generator(count, &squares))
        return -ENOMEM;
    for (int64_t i = 1; i <= wanted && (result = py_generator_next(&squares, &item)) > 0; i++) {
        if (i == wanted)
            int_bytes = py_traced(mm_root_get(&item));
        *sum += (uint64_t)int_consume(&item);
        if (i % BLOCK == 0)
            run_done(run, BLOCK);
    }
    if (wanted == count && result > 0)
        result = py_generator_next(&squares, &item); /* sum() asks until there are no more */
    if (result >= 0)
        run_done(run, (uint64_t)wanted % BLOCK);
    report_generator(run, mm_root_get(&squares), int_bytes);
    generator_dead(mm_root_get(&squares));
    return result < 0 ? result : 0;
}

static int sum_generators(struct run *run, int64_t count, uint64_t *sum)
{
    int error = 0;
    for (int64_t i = 0; i < run->params[PASSES].integer && !error; i++) {
        struct mm_region region;
        mm_region_begin(&region);
        error = sum_generator(run, count, sum);
        mm_region_end(&region);
    }
    return error;
}

static int run_iteration(struct run *run)
{
    int64_t count = run->params[COUNT].integer;
    uint64_t sum = 0;
    struct mm_region region;
    mm_region_begin(&region);
    int error = run->params[FORM].integer == FORM_LIST ? sum_list(run, count, &sum) : sum_generators(run, count, &sum);
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
