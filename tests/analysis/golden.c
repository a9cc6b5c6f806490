/* A small run, from its rows to every table and to the report. */
#define _GNU_SOURCE
#include "fixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/format.h"
#include "utf8.h"

static char folder[256];

static void copy(const char *name)
{
    char *content = fixture_read(HERE "/golden/run", name);
    assert_non_null(content);
    fixture_write(folder, name, content);
    free(content);
}

static int setup(void **state)
{
    (void)state;
    FILE *samples;
    fixture_open(folder, sizeof folder, &samples);
    fclose(samples);
    copy("samples.csv");
    copy("pauses.csv");
    copy("latency.csv");
    copy("timeline.csv");
    copy("machine.json");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    fixture_remove(folder);
    return 0;
}

/* Numbers may differ in their last digits between compilers and libraries; text may not. */
static void assert_same_table(const char *name, const char *got, const char *expected)
{
    size_t line = 1;
    const char *a = got, *b = expected;
    while (*a && *b) {
        char *a_end, *b_end;
        double x = strtod(a, &a_end), y = strtod(b, &b_end);
        bool numbers = a_end > a && b_end > b;
        if (numbers && fabs(x - y) > 1e-6 * fabs(y))
            fail_msg("%s:%zu: %.*s instead of %.*s", name, line, (int)(a_end - a), a, (int)(b_end - b), b);
        if (!numbers && *a != *b)
            fail_msg("%s:%zu: '%.20s' instead of '%.20s'", name, line, a, b);
        line += *a == '\n';
        a = numbers ? a_end : a + 1;
        b = numbers ? b_end : b + 1;
    }
    assert_int_equal(*a, *b);
}

static void test_tables(void **state)
{
    (void)state;
    static const char *const names[] = {"summary.csv",     "strategies.csv",      "failures.csv", "pauses_summary.csv",
                                        "utilisation.csv", "latency_summary.csv", "leaks.csv"};
    char said[4096];
    assert_int_equal(fixture_call(analysis_summarise, folder, NULL, said, sizeof said), 0);
    assert_string_equal(said, "");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *got = fixture_read(folder, names[i]), *expected = fixture_read(HERE "/golden/expected", names[i]);
        assert_non_null(got);
        assert_non_null(expected);
        assert_same_table(names[i], got, expected);
        free(got);
        free(expected);
    }
}

/* The same rows in another order of processes are the same run. */
static void test_order(void **state)
{
    (void)state;
    char command[1024];
    snprintf(command, sizeof command,
             "cd '%s' && head -n 1 samples.csv > sorted && tail -n +2 samples.csv | LC_ALL=C sort -r >> sorted && "
             "mv sorted samples.csv",
             folder);
    assert_int_equal(system(command), 0);
    test_tables(state);
}

static char *print_table(void)
{
    char *table = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&table, &length);
    char said[4096];
    assert_int_equal(fixture_call(analysis_summarise, folder, out, said, sizeof said), 0);
    fclose(out);
    return table;
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" is not in:\n%.2000s", part, text);
}

static void test_terminal(void **state)
{
    (void)state;
    char *table = print_table();
    assert_has(table, "Time per operation, allocator system (glibc 2.36)");
    assert_has(table, "Time per operation, allocator mimalloc (mimalloc 2.0.9)");
    assert_has(table, "rings size=1 ");
    assert_has(table, " oom ");
    assert_has(table, " n/a ");
    assert_has(table, "8 rows are not ok");
    assert_has(table, "wrong: weak, malloc on system: another checksum");
    assert_has(table, "3.00 MBL");
    assert_null(strstr(table, "torture"));
    for (char *line = strtok(table, "\n"); line; line = strtok(NULL, "\n"))
        if (display_width(line) > 120)
            fail_msg("%zu columns: %s", display_width(line), line);
    free(table);
}

/* With several heap limits: a row per strategy, a column per multiple of its own smallest limit. */
static void test_terminal_sweep(void **state)
{
    (void)state;
    static const struct {
        const char *strategy;
        long long limit, wall_ns;
        const char *status;
    } cells[] = {{"malloc", 0, 7000, NULL},        {"marksweep", 1000, 9000, "oom"}, {"marksweep", 1500, 6000, NULL},
                 {"marksweep", 2000, 5000, NULL},  {"refcount_gc", 400, 9000, NULL}, {"refcount_gc", 600, 8000, NULL},
                 {"refcount_gc", 1000, 8000, NULL}};
    fixture_remove(folder);
    FILE *samples;
    fixture_open(folder, sizeof folder, &samples);
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        for (unsigned invocation = 0; invocation < 3; invocation++)
            fixture_sample(samples, &(struct sample_row){.strategy = cells[i].strategy,
                                                         .heap_limit = cells[i].limit,
                                                         .wall_ns = cells[i].wall_ns + (i == 4 ? 3000 * invocation : 0),
                                                         .operations = 1000,
                                                         .footprint = 640,
                                                         .status = cells[i].status,
                                                         .invocation = invocation});
    fclose(samples);
    fixture_write(folder, "machine.json", "{}");
    char *table = print_table();
    assert_has(table, "\n"
                      "               heap    1   1.5     2   2.5  none \n"
                      "work, ns\n"
                      "malloc        640 B                         7.00 \n"
                      "marksweep   1.00 kB    -  6.00  5.00*            \n"
                      "refcount_gc   400 B 12.0? 8.00        8.00       \n");
    assert_null(strstr(table, "Memory"));
    free(table);
    char said[4096];
    assert_int_equal(fixture_call(analysis_report, folder, NULL, said, sizeof said), 0);
    char *report = fixture_read(folder, "report.md");
    assert_has(report, "| workload | contender | heap | 1 | 1.5 | 2 | 2.5 | none |\n");
    assert_has(report, "| work | marksweep | 1.00 kB | oom | 6.00 ns ± 0.0 % | 5.00 ns ± 0.0 % |  |  |\n");
    assert_null(strstr(report, "Largest footprint, allocator"));
    free(report);
}

/* What is live under a collector is not what the work needs. */
static void test_without_malloc(void **state)
{
    (void)state;
    static const char *const strategies[] = {"marksweep", "refcount"};
    fixture_remove(folder);
    FILE *samples;
    fixture_open(folder, sizeof folder, &samples);
    for (size_t i = 0; i < 2; i++)
        fixture_sample(samples, &(struct sample_row){.strategy = strategies[i]});
    fclose(samples);
    fixture_write(folder, "timeline.csv",
                  "strategy,strategy_params,allocator,workload,workload_params,heap_limit_bytes,repetition,operations,"
                  "live_bytes,footprint_bytes\n"
                  "marksweep,,system,work,,0,0,0,100,300\nmarksweep,,system,work,,0,0,10,100,300\n"
                  "refcount,,system,work,,0,0,0,100,200\nrefcount,,system,work,,0,0,10,100,200\n");
    free(print_table());
    char *summary = fixture_read(folder, "summary.csv"), *timeline = fixture_read(folder, "figures/timeline-work.csv");
    assert_non_null(timeline);
    assert_has(timeline, "work,nodes,1,10,100,300");
    assert_null(strstr(timeline, "work,nodes,0,"));
    assert_has(summary, ",3,3,,,"); /* overhead_of_need, and what needs rss_base_bytes */
    assert_has(summary, ",2,2,,,");
    free(summary);
    free(timeline);
}

/* The first contender ran too little to be in the means; they are of the others. */
static void test_first_not_compared(void **state)
{
    (void)state;
    static const struct sample_row rows[] = {
        {.strategy = "malloc", .params = "n=1"},
        {.strategy = "malloc", .params = "n=1", .heap_limit = 1000, .wall_ns = 1000},
        {.strategy = "malloc", .params = "n=2", .heap_limit = 1000, .wall_ns = 1000},
        {.strategy = "malloc", .params = "n=3", .heap_limit = 1000, .wall_ns = 1000},
        {.strategy = "refcount", .params = "n=1", .heap_limit = 1000, .wall_ns = 2000},
        {.strategy = "refcount", .params = "n=2", .heap_limit = 1000, .wall_ns = 2000},
        {.strategy = "refcount", .params = "n=3", .heap_limit = 1000, .wall_ns = 2000},
    };
    fixture_remove(folder);
    FILE *samples;
    fixture_open(folder, sizeof folder, &samples);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        fixture_sample(samples, &rows[i]);
    fclose(samples);
    fixture_write(folder, "machine.json", "{}");
    char said[4096];
    assert_int_equal(fixture_call(analysis_report, folder, NULL, said, sizeof said), 0);
    char *report = fixture_read(folder, "report.md");
    assert_has(report, "- Cost over `malloc limit=1.00 kB` on `system`, geometric means: time over the 3 variants");
    assert_has(report, "**refcount limit=1.00 kB**: 2.00 times the time");
    assert_null(strstr(report, "**malloc limit=1.00 kB**: 1.00 times"));
    free(report);
}

/* The number in a column of the first row; the table has no quotes. */
static double column_of(const char *table, const char *name)
{
    const char *header = table, *row = strchr(table, '\n') + 1;
    size_t length = strlen(name);
    while (strncmp(header, name, length) != 0 || !strchr(",\n", header[length])) {
        header = strpbrk(header, ",\n");
        row = strpbrk(row, ",\n");
        if (!header || !row || *header++ == '\n' || *row++ == '\n')
            fail_msg("there is no column %s", name);
    }
    return strtod(row, NULL);
}

/* The largest of each process, whatever its other repetitions held: Student's interval of three, of the logarithm. */
static void test_largest_footprint(void **state)
{
    (void)state;
    fixture_remove(folder);
    FILE *samples;
    fixture_open(folder, sizeof folder, &samples);
    for (unsigned i = 0; i < 6; i++)
        fixture_sample(samples, &(struct sample_row){.invocation = i / 2,
                                                     .repetition = i % 2,
                                                     .footprint = i % 2 ? 1000000 + 100000 * (i / 2) : 1000});
    fclose(samples);
    free(print_table());
    char *summary = fixture_read(folder, "summary.csv");
    assert_non_null(summary);
    assert_true(column_of(summary, "peak_footprint_bytes") == 1.2e6);
    assert_true(column_of(summary, "peak_footprint_mean_bytes") == 1.1e6);
    assert_in_range((uintmax_t)column_of(summary, "peak_footprint_mean_bytes_low"), 860000, 890000);
    assert_in_range((uintmax_t)column_of(summary, "peak_footprint_mean_bytes_high"), 1370000, 1550000);
    free(summary);
}

/* Variants that differ at their end do not look alike; what the table lacks is not explained. */
static void test_long_labels(void **state)
{
    (void)state;
    static const char *const params[] = {"form=generator-frame count=4", "form=generator-frame count=100000",
                                         "form=list count=4"};
    fixture_remove(folder);
    FILE *samples;
    fixture_open(folder, sizeof folder, &samples);
    for (size_t i = 0; i < sizeof params / sizeof *params; i++)
        fixture_sample(samples, &(struct sample_row){.workload = "squares", .params = params[i]});
    fclose(samples);
    char *table = print_table();
    assert_has(table, "squares form=generator-frame count=4 ");
    assert_has(table, "squares form=generator-frame count=100000 ");
    assert_has(table, "* least of its row\n");
    assert_null(strstr(table, "±"));
    free(table);
}

/* Over a baseline that made no system call there is no ratio. */
static void test_none_counted(void **state)
{
    (void)state;
    static const char *const strategies[] = {"malloc", "refcount"};
    fixture_remove(folder);
    FILE *samples;
    fixture_open(folder, sizeof folder, &samples);
    for (int i = 0; i < 2; i++)
        fixture_sample(samples,
                       &(struct sample_row){.strategy = strategies[i], .counts_calls = true, .system_calls = 200 * i});
    fclose(samples);
    char *table = print_table();
    char *summary = fixture_read(folder, "summary.csv"), *overall = fixture_read(folder, "strategies.csv");
    assert_has(summary, ",system calls,0,0,0,,,,");
    assert_has(summary, ",system calls,2,2,2,,,,");
    assert_null(strstr(summary, "inf"));
    assert_null(strstr(overall, "inf"));
    assert_null(strstr(table, "inf"));
    free(table);
    free(summary);
    free(overall);
}

/* A line that is cut ends with a whole character. */
static void test_cut_detail(void **state)
{
    (void)state;
    for (size_t shift = 0; shift < 2; shift++) {
        char detail[200] = "";
        for (size_t i = 0; i < 90; i++)
            strcat(detail, i == 0 && shift ? "x" : "é");
        fixture_remove(folder);
        FILE *samples;
        fixture_open(folder, sizeof folder, &samples);
        fixture_sample(samples, &(struct sample_row){.status = "crash", .detail = detail});
        fclose(samples);
        char *table = print_table(), *mended = strdup(table);
        assert_non_null(mended);
        assert_has(table, "  crash: work, malloc on system: ");
        utf8_mend(mended);
        assert_string_equal(mended, table);
        free(mended);
        free(table);
    }
}

/* What came from outside may be no markup in the page; the page needs no other file. */
static void test_report(void **state)
{
    (void)state;
    char said[4096];
    int error = fixture_call(analysis_report, folder, NULL, said, sizeof said);
    assert_int_equal(error, 0);
    char *page = fixture_read(folder, "report.html"), *text = fixture_read(folder, "report.md");
    assert_non_null(page);
    assert_non_null(text);
    assert_has(page, "<!doctype html>");
    assert_has(page, "</html>");
    assert_null(strstr(strstr(page, "<title>") + 1, "<title>")); /* those of drawings are gnuplot's commands */
    assert_has(page, "signal 11, &quot;Segmentation fault&quot;");
    assert_null(strstr(page, "<b>high</b>"));
    assert_null(strstr(page, "src="));
    assert_has(text, "**refcount**: 2.01 times the time (2.00 to 2.02), 1.50 times the footprint");
    assert_has(text, "rings size=1, 1,000 objects (16.0 kB) of 1,000 allocated per repetition");
    assert_has(text, "**marksweep threshold=7 limit=64.0 MB**: 300 ns, in rings size=1");
    assert_has(text, "| oom | server | marksweep threshold=7 limit=64.0 MB | mimalloc | 1 |");
    assert_has(text, "### The processor's counters");
    assert_has(text, "| server | malloc | system |  | 5.00 | 0.250 | 0.010 |");
    assert_has(text, "With fewer than 5 processes");
    assert_has(text, "One request in a hundred of server");
    assert_has(text, "**malloc**: 2.02 µs; 3.00 µs");
    assert_has(text, "| server | malloc | simple | 200 | 1.50 µs | 2.02 µs | 2.02 µs |  |  | 8.99 µs |");
    if (strstr(said, "gnuplot is not installed"))
        assert_has(text, "None: gnuplot was not there");
    else
        assert_has(page, "<svg");
    free(page);
    free(text);
}

int main(void)
{
    setenv("RECLAIM_PLOTS", PLOTS, 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_tables, setup, teardown),
        cmocka_unit_test_setup_teardown(test_order, setup, teardown),
        cmocka_unit_test_setup_teardown(test_terminal, setup, teardown),
        cmocka_unit_test_setup_teardown(test_terminal_sweep, setup, teardown),
        cmocka_unit_test_setup_teardown(test_without_malloc, setup, teardown),
        cmocka_unit_test_setup_teardown(test_first_not_compared, setup, teardown),
        cmocka_unit_test_setup_teardown(test_largest_footprint, setup, teardown),
        cmocka_unit_test_setup_teardown(test_long_labels, setup, teardown),
        cmocka_unit_test_setup_teardown(test_none_counted, setup, teardown),
        cmocka_unit_test_setup_teardown(test_cut_detail, setup, teardown),
        cmocka_unit_test_setup_teardown(test_report, setup, teardown),
    };
    return cmocka_run_group_tests_name("golden", tests, NULL, NULL);
}
