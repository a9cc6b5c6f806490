/* Google Benchmark behind its C interface: what is called, how often, and whether its clock is right. */
#include "check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/clock.h"
#include "bench/gbench.h"
#include "bench/process.h"

struct trace {
    char calls[256];
    uint64_t spin_ns;
    int before_error, iteration_error;
    size_t fail_at; /* iteration */
    size_t iterations;
    uint64_t before_ns, after_ns;
};

static void spin(uint64_t ns)
{
    uint64_t end = clock_now_ns() + ns;
    while (clock_now_ns() < end)
        ;
}

static void note(struct trace *trace, char what)
{
    size_t length = strlen(trace->calls);
    if (length + 1 < sizeof trace->calls)
        trace->calls[length] = what;
}

static int before(void *context)
{
    struct trace *trace = context;
    note(trace, 'b');
    spin(2000000);
    trace->before_ns = clock_now_ns();
    return trace->before_error;
}

static int iteration(void *context)
{
    struct trace *trace = context;
    note(trace, 'i');
    spin(trace->spin_ns);
    return trace->iterations++ == trace->fail_at ? trace->iteration_error : 0;
}

static void after(void *context)
{
    struct trace *trace = context;
    note(trace, 'a');
    trace->after_ns = clock_now_ns();
    spin(2000000);
}

static int run(struct trace *trace, uint64_t iterations, struct gbench_times *times)
{
    struct gbench_work work = {before, iteration, after, trace, iterations};
    return gbench_run(&work, times);
}

static void each_is_called_as_often_as_said(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        struct trace trace = {0};
        struct gbench_times times;
        assert_int_equal(run(&trace, 3, &times), 0);
        assert_string_equal(trace.calls, "biiia");
    }
    struct trace one = {0};
    struct gbench_times times;
    assert_int_equal(run(&one, 1, &times), 0);
    assert_string_equal(one.calls, "bia");
}

static void errors_are_carried_out(void **state)
{
    (void)state;
    struct gbench_times times = {7, 7};
    struct trace no_setup = {.before_error = -ENOENT};
    assert_int_equal(run(&no_setup, 3, &times), -ENOENT);
    assert_string_equal(no_setup.calls, "b");
    struct trace second = {.iteration_error = -ENOMEM, .fail_at = 1};
    assert_int_equal(run(&second, 5, &times), -ENOMEM);
    assert_string_equal(second.calls, "biia");
    assert_true(times.wall_ns == 7 && times.cpu_ns == 7);
    struct trace good = {0}; /* one that failed does not spoil the next */
    assert_int_equal(run(&good, 2, &times), 0);
    assert_string_equal(good.calls, "biia");
}

/* Its time is at least what is spun, and at most what this clock shows from before to after: setup and teardown, of 2
 * ms each, are not in it. */
static void the_clock_is_right(void **state)
{
    (void)state;
    for (uint64_t spin_ns = 1000; spin_ns <= 10000000; spin_ns *= 10) {
        struct trace trace = {.spin_ns = spin_ns};
        struct gbench_times times;
        assert_int_equal(run(&trace, 3, &times), 0);
        uint64_t around_ns = trace.after_ns - trace.before_ns;
        assert_true(times.wall_ns >= 3 * spin_ns);
        assert_true(times.wall_ns <= around_ns);
        assert_true(times.cpu_ns <= around_ns + 1000000);
    }
}

/* CPU time is the process's: it stands still while the process sleeps. */
static int sleep_once(void *context)
{
    (void)context;
    nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    return 0;
}

static void sleeping_is_no_cpu_time(void **state)
{
    (void)state;
    struct trace trace = {0};
    struct gbench_work work = {before, sleep_once, after, &trace, 2};
    struct gbench_times times;
    assert_int_equal(gbench_run(&work, &times), 0);
    assert_true(times.wall_ns >= 40000000);
    assert_true(times.cpu_ns < 10000000);
}

static int ascending(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return left < right ? -1 : left > right;
}

/* What it costs that is not the workload's: the median of many is far below what is ever measured. */
static void an_empty_repetition_costs_little(void **state)
{
    (void)state;
    uint64_t walls[51];
    for (size_t i = 0; i < 51; i++) {
        struct trace trace = {0};
        struct gbench_times times;
        assert_int_equal(run(&trace, 1, &times), 0);
        walls[i] = times.wall_ns;
    }
    qsort(walls, 51, sizeof *walls, ascending);
    print_message("an empty repetition: median %llu ns, longest %llu ns\n", (unsigned long long)walls[25],
                  (unsigned long long)walls[50]);
    assert_true(walls[25] < 20000);
}

static void no_thread_was_started(void **state)
{
    (void)state;
    assert_true(process_is_single_threaded());
}

/* Set before main, since the library reads them then: the process runs itself again with them. */
static void distract(char **argv)
{
    static char *const variables[] = {"BENCHMARK_REPETITIONS=5",         "BENCHMARK_LIST_TESTS=1",
                                      "BENCHMARK_FILTER=nothing",        "BENCHMARK_MIN_WARMUP_TIME=0.2",
                                      "BENCHMARK_OUT=/nonexistent/file", "BENCHMARK_ENABLE_RANDOM_INTERLEAVING=1",
                                      "BENCHMARK_PERF_COUNTERS=CYCLES"};
    if (getenv("BENCHMARK_REPETITIONS"))
        return;
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        putenv(variables[i]);
    execv("/proc/self/exe", argv);
}

int main(int argc, char **argv)
{
    (void)argc;
    distract(argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_called_as_often_as_said),
        cmocka_unit_test(errors_are_carried_out),
        cmocka_unit_test(the_clock_is_right),
        cmocka_unit_test(sleeping_is_no_cpu_time),
        cmocka_unit_test(an_empty_repetition_costs_little),
        cmocka_unit_test(no_thread_was_started),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
