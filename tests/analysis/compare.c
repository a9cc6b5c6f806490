/* Two runs against each other: verdicts, ratios by hand, who is compared with whom, and what makes a comparison fail.
 */
#define _GNU_SOURCE
#include "fixture.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/format.h"

static char base[256], new[256];
static FILE *base_samples, *new_samples;

static int setup(void **state)
{
    (void)state;
    fixture_open(base, sizeof base, &base_samples);
    fixture_open(new, sizeof new, &new_samples);
    fixture_write(base, "machine.json", "{\"cpu\": \"fast\", \"kernel\": \"6.1\"}");
    fixture_write(new, "machine.json", "{\"cpu\": \"fast\", \"kernel\": \"6.1\"}");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    fixture_remove(base);
    fixture_remove(new);
    return 0;
}

/* Invocations of a cell whose times are 1000, 1010, 1020 ... ns per operation, times a factor. */
static void put(FILE *samples, const char *strategy, const char *workload, unsigned invocations, long long factor)
{
    for (unsigned i = 0; i < invocations; i++)
        fixture_sample(samples, &(struct sample_row){.strategy = strategy,
                                                     .workload = workload,
                                                     .invocation = i,
                                                     .wall_ns = (1000 + 10 * i) * factor,
                                                     .operations = 1});
}

struct said {
    char out[65536], error[4096];
    int result;
    bool failed;
};

static struct compare_options options;
static bool failed;

static int compare_again(const char *unused, FILE *out)
{
    (void)unused;
    return analysis_compare(&options, out, &failed);
}

static const struct said *compare(const char *base_text, const char *new_text, enum compare_format format)
{
    static struct said said;
    if (base_samples)
        fclose(base_samples);
    if (new_samples)
        fclose(new_samples);
    base_samples = new_samples = NULL;
    options = (struct compare_options){.base = base_text, .new = new_text, .format = format, .slower_than = 0.05};
    FILE *out = fmemopen(said.out, sizeof said.out, "w");
    assert_non_null(out);
    said.result = fixture_call(compare_again, "", out, said.error, sizeof said.error);
    said.failed = failed;
    fclose(out);
    return &said;
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" is not in:\n%s", part, text);
}

/* Twice the time in one of two workloads: a ratio of 2, of every pair the new one is larger, and of 252 ways to deal
 * 5 and 5 out 2 are as far apart: p = 0.00794, and 2 p for two cells. The geometric mean is the root of 2. */
static void test_slower(void **state)
{
    (void)state;
    put(base_samples, "malloc", "same", 5, 1);
    put(base_samples, "malloc", "twice", 5, 1);
    put(new_samples, "malloc", "same", 5, 1);
    put(new_samples, "malloc", "twice", 5, 2);
    const struct said *said = compare(base, new, COMPARE_CSV);
    assert_int_equal(said->result, 0);
    assert_has(said->out, ",time,ns per operation,same,malloc,malloc,system,system,1,5,5,1020,1020,1,");
    assert_has(said->out, ",0,1,1,no difference shown\n");
    assert_has(said->out, ",twice,malloc,malloc,system,system,1,5,5,1020,2040,2,1.9");
    assert_has(said->out, ",1,0.00793650794,0.0158730159,slower\n");
    assert_has(said->out, ",time,ns per operation,,malloc,malloc,system,system,2,,,,,1.41421356,");
    assert_has(said->out,
               ",footprint,bytes,twice,malloc,malloc,system,system,1,5,5,1048576,1048576,1,1,1,0,1,1,no diff");
    assert_null(strstr(said->out, "pause_max")); /* nobody pauses */
    assert_true(said->failed);
    assert_has(said->error, "slower by more than 5 %: twice, malloc on system (2.000 times)\n");
}

static void test_faster(void **state)
{
    (void)state;
    put(base_samples, "malloc", "work", 6, 2);
    put(new_samples, "malloc", "work", 6, 1);
    const struct said *said = compare(base, new, COMPARE_TABLE);
    assert_int_equal(said->result, 0);
    assert_has(said->out, "Time per operation: 1 faster, 0 slower, 0 no difference shown, of 1 cells.");
    assert_has(said->out, "faster ");
    assert_has(said->out, " 0.500 ");
    assert_has(said->out, " -1.00 ");
    assert_false(said->failed);
    assert_string_equal(said->error, "");
}

/* However large the difference: 3 and 3 cannot show it, and that is said. */
static void test_too_few(void **state)
{
    (void)state;
    put(base_samples, "malloc", "work", 3, 1);
    put(new_samples, "malloc", "work", 3, 9);
    const struct said *said = compare(base, new, COMPARE_MARKDOWN);
    assert_int_equal(said->result, 0);
    assert_has(said->out, "**Careful:** 3 and 3 invocations can show no difference, however large");
    assert_has(said->out, "0 faster, 0 slower, 1 no difference shown, of 1 cells.");
    assert_false(said->failed);
}

/* Two strategies of one run; the second named without its run. */
static void test_strategies(void **state)
{
    (void)state;
    put(base_samples, "malloc", "work", 5, 1);
    put(base_samples, "refcount", "work", 5, 3);
    char of_base[300];
    snprintf(of_base, sizeof of_base, "%s:malloc", base);
    const struct said *said = compare(of_base, ":refcount", COMPARE_CSV);
    assert_int_equal(said->result, 0);
    assert_has(said->out, ",work,malloc,refcount,system,system,1,5,5,1020,3060,3,");
    assert_has(said->out, ",slower\n");
    said = compare(of_base, ":refcounting", COMPARE_CSV);
    assert_int_equal(said->result, -EINVAL);
    assert_has(said->error, "no strategy, allocator or parameter refcounting in it; it has malloc, refcount, system");
    said = compare(of_base, ":system", COMPARE_CSV);
    assert_int_equal(said->result, -EINVAL);
    assert_has(said->error, "one is a strategy, the other an allocator");
}

/* What cannot be compared is listed; a figure that is lost is a failure. */
static void test_gaps(void **state)
{
    (void)state;
    put(base_samples, "malloc", "work", 5, 1);
    put(base_samples, "malloc", "broken", 5, 1);
    put(base_samples, "malloc", "gone", 5, 1);
    put(new_samples, "malloc", "work", 5, 1);
    put(new_samples, "malloc", "fresh", 5, 1);
    fixture_sample(new_samples, &(struct sample_row){.workload = "broken", .status = "crash"});
    const struct said *said = compare(base, new, COMPARE_TABLE);
    assert_int_equal(said->result, 0);
    assert_has(said->out, "no figure in NEW  broken");
    assert_has(said->out, "only in BASE      gone");
    assert_has(said->out, "only in NEW       fresh");
    assert_true(said->failed);
    assert_has(said->error, "NEW has no figure for broken, malloc on system; gone, malloc on system\n");
}

static void test_machines(void **state)
{
    (void)state;
    put(base_samples, "malloc", "work", 5, 1);
    put(new_samples, "malloc", "work", 5, 1);
    fixture_write(new, "machine.json", "{\"cpu\": \"slow\", \"kernel\": \"6.1\"}");
    const struct said *said = compare(base, new, COMPARE_JSON);
    assert_int_equal(said->result, 0);
    assert_has(said->out, "\"cpu (\\\"fast\\\", \\\"slow\\\"): the runs differ in this");
    assert_has(said->out, "\"verdict\": \"no difference shown\"");
}

/* Of a run with itself nothing may be shown to differ, in any figure. */
static void test_itself(void **state)
{
    (void)state;
    static const char *const files[] = {"samples.csv", "pauses.csv"};
    fclose(base_samples);
    base_samples = NULL;
    for (size_t i = 0; i < 2; i++) {
        char *content = fixture_read(HERE "/golden/run", files[i]);
        fixture_write(base, files[i], content);
        free(content);
    }
    const struct said *said = compare(base, base, COMPARE_TABLE);
    assert_int_equal(said->result, 0);
    assert_has(said->out, "Time per operation: 0 ");
    assert_has(said->out, "Longest pause: 0 shorter, 0 longer");
    assert_null(strstr(said->out, "torture"));
    assert_false(said->failed);
    static char text[sizeof said->out];
    memcpy(text, said->out, sizeof text);
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
        if (display_width(line) > 120 && strncmp(line, "careful", 7) != 0)
            fail_msg("%zu columns: %s", display_width(line), line);
}

/* Counted: whatever differs, differs; there is nothing to test, and one process is enough. */
static void test_counted(void **state)
{
    (void)state;
    static const long long counts[][2] = {{1000, 1000}, {1000, 1001}, {1000, 900}};
    static const char *const workloads[] = {"same", "more", "fewer"};
    for (size_t i = 0; i < 3; i++) {
        fixture_sample(base_samples, &(struct sample_row){.workload = workloads[i], .instructions = counts[i][0]});
        fixture_sample(new_samples, &(struct sample_row){.workload = workloads[i], .instructions = counts[i][1]});
    }
    const struct said *said = compare(base, new, COMPARE_CSV);
    assert_int_equal(said->result, 0);
    assert_has(said->out,
               ",instructions,instructions per operation,same,malloc,malloc,system,system,1,1,1,10,10,1,1,1,0,"
               ",,exactly the same\n");
    assert_has(said->out, ",more,malloc,malloc,system,system,1,1,1,10,10.01,1.001,1.001,1.001,1,,,more\n");
    assert_has(said->out, ",fewer,malloc,malloc,system,system,1,1,1,10,9,0.9,0.9,0.9,-1,,,fewer\n");
    assert_null(strstr(said->out, ",time,"));
    assert_false(said->failed);
    said = compare(base, new, COMPARE_TABLE);
    assert_has(said->out, "Instructions per operation: 1 fewer, 1 more, 1 exactly the same, of 3 cells.");
}

/* Three times 0.1 over 3 is not five times 0.1 over 5 to the last bit; the counts are the same. */
static void test_counted_unequally_often(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 5; i++)
        fixture_sample(base_samples, &(struct sample_row){.invocation = i, .instructions = 10});
    for (unsigned i = 0; i < 3; i++)
        fixture_sample(new_samples, &(struct sample_row){.invocation = i, .instructions = 10});
    const struct said *said = compare(base, new, COMPARE_CSV);
    assert_has(said->out, ",5,3,0.1,0.1,1,1,1,0,,,exactly the same\n");
    assert_false(said->failed);
}

/* What is counted may not be longer than allowed either. */
static void test_counted_fails(void **state)
{
    (void)state;
    fixture_sample(base_samples, &(struct sample_row){.instructions = 1000});
    fixture_sample(new_samples, &(struct sample_row){.instructions = 1051});
    const struct said *said = compare(base, new, COMPARE_TABLE);
    assert_true(said->failed);
    assert_has(said->error, "(1.051 times)");
}

/* Counts that are not the same in every process are tested like times. */
static void test_counted_with_spread(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 5; i++) {
        fixture_sample(base_samples, &(struct sample_row){.invocation = i, .instructions = 1000 + i});
        fixture_sample(new_samples, &(struct sample_row){.invocation = i, .instructions = 1000 + i});
    }
    assert_has(compare(base, new, COMPARE_CSV)->out, ",0,1,1,no difference shown\n");
}

/* One side alone has enough invocations to be trimmed: neither is, so that means are compared with means. */
static void test_trimmed_on_both_sides_or_none(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 10; i++) {
        long long wall_ns = i == 0 ? 10000 : 1000;
        fixture_sample(base_samples,
                       &(struct sample_row){.workload = "few", .invocation = i, .wall_ns = wall_ns, .operations = 1});
        fixture_sample(base_samples,
                       &(struct sample_row){.workload = "many", .invocation = i, .wall_ns = 1000 + i, .operations = 1});
        fixture_sample(new_samples,
                       &(struct sample_row){
                           .workload = "many", .invocation = i, .wall_ns = i == 0 ? 10000 : 1000 + i, .operations = 1});
        if (i < 9)
            fixture_sample(new_samples,
                           &(struct sample_row){.workload = "few", .invocation = i, .wall_ns = 1000, .operations = 1});
    }
    const struct said *said = compare(base, new, COMPARE_CSV);
    assert_has(said->out, ",few,malloc,malloc,system,system,1,10,9,1900,1000,0.526315789,");
    assert_has(said->out, ",many,malloc,malloc,system,system,1,10,10,1004.5,1005.5,");
}

/* A parameter of strategies on both sides: the same strategy, with its other parameters the same. */
static void test_params(void **state)
{
    (void)state;
    static const char *const params[] = {"size=1 limit=7", "size=2 limit=7", "size=2 limit=8", "limit=9 size=2"};
    for (unsigned i = 0; i < 4 * 5; i++)
        fixture_sample(base_samples, &(struct sample_row){.strategy_params = params[i / 5],
                                                          .invocation = i % 5,
                                                          .wall_ns = (1000 + i % 5) * (1 + i / 5),
                                                          .operations = 1});
    put(base_samples, "other", "work", 5, 1);
    char side[300];
    snprintf(side, sizeof side, "%s:size=1", base);
    const struct said *said = compare(side, ":size=2", COMPARE_CSV);
    assert_int_equal(said->result, 0);
    assert_has(said->out, ",work,malloc size=1 limit=7,malloc size=2 limit=7,system,system,1,5,5,1002,2004,2,");
    assert_has(said->out, ",only in NEW\n");
    assert_null(strstr(said->out, "other"));
    snprintf(side, sizeof side, "%s:size=3", base);
    assert_int_equal(compare(side, ":size=2", COMPARE_CSV)->result, -EINVAL);
}

/* What the doctor prints of twins and of planted slowdowns: one twin differs, the others do not; 5 % is found of the
 * first alone. */
static int call_aa(const char *run_dir, FILE *out)
{
    return analysis_aa(run_dir, out, &failed);
}

static int call_power(const char *run_dir, FILE *out)
{
    static const unsigned percents[] = {5, 10};
    return analysis_power(run_dir, percents, 2, out, &failed);
}

static const char *call(int (*function)(const char *run_dir, FILE *out))
{
    static char text[16384], error[4096];
    if (base_samples)
        fclose(base_samples);
    base_samples = NULL;
    FILE *out = fmemopen(text, sizeof text, "w");
    assert_int_equal(fixture_call(function, base, out, error, sizeof error), 0);
    fclose(out);
    return text;
}

static void test_twins(void **state)
{
    (void)state;
    static char names[40][16];
    for (unsigned cell = 0; cell < 40; cell++) {
        snprintf(names[cell], sizeof names[cell], "work%u", cell);
        for (unsigned i = 0; i < 20; i++)
            fixture_sample(base_samples, &(struct sample_row){.workload = names[cell],
                                                              .strategy_params = i % 2 ? "twin=1" : "twin=0",
                                                              .invocation = i / 2,
                                                              .wall_ns = 1000 + i / 2 + (cell < 2 && i % 2 ? 100 : 0),
                                                              .operations = 1});
    }
    const char *said = call(call_aa);
    assert_has(said, "Time per operation              40  2 (5.0 %)     2 (5.0 %)                 2");
    assert_has(said, "NOT HELD: of 40 times, 2 (5.0 %) before correction and 2 after");
    assert_true(failed);
}

/* Nothing that came out is not held. */
static void test_nothing_measured(void **state)
{
    (void)state;
    static const char *const params[] = {"twin=0", "twin=1", "slowdown=0", "slowdown=5", "slowdown=10"};
    for (unsigned i = 0; i < 5 * 5; i++)
        fixture_sample(base_samples, &(struct sample_row){.strategy_params = params[i / 5],
                                                          .invocation = i % 5,
                                                          .status = "crashed",
                                                          .operations = 1});
    const char *said = call(call_aa);
    assert_has(said, "no figure came of ");
    assert_has(said, "NOT HELD: of 0 times, 0 (0.0 %)");
    assert_true(failed);
    said = call(call_power);
    assert_has(said, "NOT HELD: ");
    assert_true(failed);
}

static void test_power(void **state)
{
    (void)state;
    static const char *const params[] = {"slowdown=0", "slowdown=5", "slowdown=10"};
    static const char *const workloads[] = {"quiet", "noisy"};
    for (unsigned i = 0; i < 2 * 3 * 10; i++) {
        unsigned invocation = i % 10, level = i / 10 % 3, noisy = i / 30;
        fixture_sample(base_samples,
                       &(struct sample_row){.workload = workloads[noisy],
                                            .strategy_params = params[level],
                                            .invocation = invocation,
                                            .wall_ns = (1000 + invocation * (noisy ? 300 : 1)) * (100 + 5 * level),
                                            .operations = 1});
    }
    const char *said = call(call_power);
    assert_has(said, "  5 % is not shown of noisy, malloc on system: +5.0 %");
    assert_has(said, "    5 %          1 of 2       1 of 2       0   +5.0 % (");
    assert_has(said, "NOT HELD: a slowdown of 5 % has to be shown in 95 % of the cells.");
    assert_true(failed);
}

int main(void)
{
#define RUN_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {RUN_TEST(test_slower),
                                       RUN_TEST(test_faster),
                                       RUN_TEST(test_too_few),
                                       RUN_TEST(test_strategies),
                                       RUN_TEST(test_gaps),
                                       RUN_TEST(test_machines),
                                       RUN_TEST(test_itself),
                                       RUN_TEST(test_counted),
                                       RUN_TEST(test_counted_fails),
                                       RUN_TEST(test_counted_with_spread),
                                       RUN_TEST(test_params),
                                       RUN_TEST(test_twins),
                                       RUN_TEST(test_power),
                                       RUN_TEST(test_nothing_measured),
                                       RUN_TEST(test_counted_unequally_often),
                                       RUN_TEST(test_trimmed_on_both_sides_or_none)};
    return cmocka_run_group_tests_name("compare", tests, NULL, NULL);
}
