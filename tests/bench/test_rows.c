/* What a measuring process writes: the rows of runs that go well, and of runs that do not. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "schema/schema.h"
#include "spawn.h"

/* Runs; every line is JSON, and the first and last rows are as they must be. */
static struct spawned run(const char *strategy, const char *arguments, int status)
{
    struct spawned spawned = spawn(strategy, arguments, NULL);
    if (spawned.status != status)
        print_error("%s %s: exit %d, %s%s", strategy, arguments, spawned.status, spawned.out, spawned.err);
    assert_int_equal(spawned.status, status);
    assert_true(spawned.all_json);
    size_t count = json_array_size(spawned.rows);
    assert_string_equal(row_text(json_array_get(spawned.rows, 0), "row"), "process");
    assert_string_equal(row_text(json_array_get(spawned.rows, count - 1), "row"), "end");
    return spawned;
}

/* One row, of that status, without times, whose detail holds `detail`. */
static struct spawned run_failing(const char *strategy, const char *arguments, const char *status, const char *detail)
{
    struct spawned spawned = run(strategy, arguments, 1);
    size_t count = spawned_count(&spawned, "sample");
    assert_true(count >= 1);
    const json_t *sample = spawned_row(&spawned, "sample", count - 1);
    if (!strstr(row_text(sample, "detail"), detail))
        print_error("%s: %s\n", arguments, row_text(sample, "detail"));
    assert_string_equal(row_text(sample, "status"), status);
    assert_non_null(strstr(row_text(sample, "detail"), detail));
    assert_null(json_object_get(sample, "wall_ns"));
    assert_null(json_object_get(sample, "cpu_ns"));
    assert_non_null(strstr(spawned.err, detail));
    return spawned;
}

static void is_failing(const char *strategy, const char *arguments, const char *status, const char *detail)
{
    struct spawned spawned = run_failing(strategy, arguments, status, detail);
    assert_int_equal(spawned_count(&spawned, "sample"), 1);
    assert_int_equal(spawned_count(&spawned, "pause") + spawned_count(&spawned, "timeline"), 0);
    spawned_free(&spawned);
}

static void every_column_is_there(void **state)
{
    (void)state;
    static const int columns[] = {
        SAMPLES_repetition,      SAMPLES_status,
        SAMPLES_detail,          SAMPLES_iterations,
        SAMPLES_wall_ns,         SAMPLES_cpu_ns,
        SAMPLES_operations,      SAMPLES_objects_allocated,
        SAMPLES_bytes_allocated, SAMPLES_peak_footprint_bytes,
        SAMPLES_peak_rss_bytes,  SAMPLES_live_bytes_end,
        SAMPLES_leaked_objects,  SAMPLES_leaked_bytes,
        SAMPLES_collections,     SAMPLES_gc_ns,
        SAMPLES_pause_count,     SAMPLES_pause_max_ns,
        SAMPLES_checksum,        SAMPLES_page_faults,
    };
    /* There where the processor's counters can be read. */
    static const int counters[] = {SAMPLES_instructions, SAMPLES_cycles, SAMPLES_cache_misses, SAMPLES_tlb_misses};
    struct spawned spawned = run("malloc", "--workload grows --repetitions 3 --warmup 2 --param length=1000", 0);
    assert_int_equal(spawned_count(&spawned, "sample"), 3);
    assert_string_equal(spawned.err, "");
    for (size_t i = 0; i < 3; i++) {
        const json_t *sample = spawned_row(&spawned, "sample", i);
        for (size_t j = 0; j < sizeof columns / sizeof *columns; j++) {
            const struct column *column = &schema_tables[TABLE_SAMPLES].columns[columns[j]];
            const json_t *value = json_object_get(sample, column->name);
            assert_true(column->type == COLUMN_TEXT ? json_is_string(value) : json_is_integer(value));
        }
        size_t known = 0;
        for (size_t j = 0; j < sizeof counters / sizeof *counters; j++)
            known += json_object_get(sample, schema_tables[TABLE_SAMPLES].columns[counters[j]].name) != NULL;
        assert_int_equal(json_object_size(sample), sizeof columns / sizeof *columns + 1 + known);
        assert_int_equal(row_number(sample, "repetition"), i);
        assert_int_equal(row_number(sample, "operations"), 1000);
        assert_int_equal(row_number(sample, "objects_allocated"), 1000);
        assert_int_equal(row_number(sample, "bytes_allocated"), 16000);
        assert_int_equal(row_number(sample, "peak_footprint_bytes"), 16000);
        assert_int_equal(row_number(sample, "leaked_objects"), 0);
        assert_true(row_number(sample, "peak_rss_bytes") > 100000);
        assert_int_equal(strlen(row_text(sample, "checksum")), 16);
    }
    spawned_free(&spawned);
}

static void the_process_row_names_what_was_run(void **state)
{
    (void)state;
    struct spawned spawned = run("malloc", "--workload values --small --param length=2k --param file=a\"b\\c", 0);
    const json_t *process = spawned_row(&spawned, "process", 0);
    assert_string_equal(row_text(process, "workload_params"), "length=2048 colour=red file=a\"b\\c");
    assert_string_equal(row_text(process, "unit"), "items");
    assert_true(row_number(process, "pid") > 0);
    spawned_free(&spawned);
    spawned = run("malloc", "--workload values --param length=1 --param length=7", 0);
    assert_string_equal(row_text(spawned_row(&spawned, "process", 0), "workload_params"),
                        "length=7 colour=green file=none");
    spawned_free(&spawned);
}

static void seed_and_parameters_reach_the_workload(void **state)
{
    (void)state;
    static const char *const arguments[] = {"--workload values", "--workload values --seed 1",
                                            "--workload values --seed 2", "--workload values --param length=5"};
    char checksums[4][17];
    for (size_t i = 0; i < 4; i++) {
        struct spawned spawned = run("malloc", arguments[i], 0);
        snprintf(checksums[i], sizeof checksums[i], "%s", row_text(spawned_row(&spawned, "sample", 0), "checksum"));
        spawned_free(&spawned);
    }
    assert_string_equal(checksums[0], checksums[1]);
    assert_string_not_equal(checksums[0], checksums[2]);
    assert_string_not_equal(checksums[0], checksums[3]);
}

static long long now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void times_are_those_of_the_work(void **state)
{
    (void)state;
    long long before_ns = now_ns(), sum_ns = 0;
    struct spawned spawned = run("malloc", "--workload spin --param ns=2M --repetitions 4 --iterations 5", 0);
    long long whole_ns = now_ns() - before_ns;
    for (size_t i = 0; i < 4; i++) {
        const json_t *sample = spawned_row(&spawned, "sample", i);
        assert_true(row_number(sample, "wall_ns") >= 5 * (2 << 20));
        assert_true(row_number(sample, "cpu_ns") > 0);
        sum_ns += row_number(sample, "wall_ns");
    }
    assert_true(sum_ns < whole_ns);
    spawned_free(&spawned);
}

static void requests_have_latencies(void **state)
{
    (void)state;
    struct spawned spawned = run("malloc", "--workload spin --param ns=100000 --repetitions 2 --iterations 5", 0);
    assert_int_equal(spawned_count(&spawned, "latency"), 2 * 5);
    for (size_t i = 0; i < 10; i++) {
        const json_t *row = spawned_row(&spawned, "latency", i);
        assert_int_equal(row_number(row, "repetition"), i / 5);
        assert_int_equal(row_number(row, "requests"), 5);
        assert_true(row_number(row, "max_ns") >= 100000);
        long long requests = 0;
        for (const char *at = row_text(row, "histogram"); at; at = strchr(at, ' ')) {
            long long step_ns, count;
            at += *at == ' ';
            assert_int_equal(sscanf(at, "%lld:%lld", &step_ns, &count), 2);
            assert_true(step_ns >= 100000);
            requests += count;
        }
        assert_int_equal(requests, 5);
    }
    assert_string_equal(row_text(spawned_row(&spawned, "latency", 5), "metering"), "simple");
    assert_string_equal(row_text(spawned_row(&spawned, "latency", 9), "metering"), "full");
    spawned_free(&spawned);
    static const char *const without[] = {"--workload spin --mode timeline", "--workload values"};
    for (size_t i = 0; i < 2; i++) {
        spawned = run("malloc", without[i], 0);
        assert_int_equal(spawned_count(&spawned, "latency"), 0);
        spawned_free(&spawned);
    }
}

static void figures_are_rows(void **state)
{
    (void)state;
    struct spawned spawned = run("malloc", "--workload values --param length=7 --repetitions 2", 0);
    assert_int_equal(spawned_count(&spawned, "figure"), 2 * 2);
    for (size_t i = 0; i < 4; i++) {
        const json_t *row = spawned_row(&spawned, "figure", i);
        assert_int_equal(row_number(row, "repetition"), i / 2);
        assert_string_equal(row_text(row, "name"), i % 2 ? "share" : "length");
        assert_string_equal(row_text(row, "unit"), i % 2 ? "" : "items");
        assert_true(json_number_value(json_object_get(row, "value")) == (i % 2 ? 0.1 : 7));
    }
    spawned_free(&spawned);
    spawned = run("malloc", "--workload values --mode timeline", 0);
    assert_int_equal(spawned_count(&spawned, "figure"), 0);
    spawned_free(&spawned);
    spawned = run("malloc", "--workload babbles", 1);
    assert_int_equal(spawned_count(&spawned, "figure"), 0);
    assert_string_equal(row_text(spawned_row(&spawned, "sample", 0), "status"), "error");
    spawned_free(&spawned);
}

static void a_slowdown_is_as_long_as_asked_for(void **state)
{
    (void)state;
    struct spawned spawned = run(
        "malloc",
        "--workload spin --param ns=1000000 --iterations 4 --strategy-param slowdown=50 --strategy-param twin=1", 0);
    assert_true(row_number(spawned_row(&spawned, "sample", 0), "wall_ns") >= 4 * 1500000);
    assert_int_equal(row_number(spawned_row(&spawned, "sample", 0), "operations"), 4);
    spawned_free(&spawned);
}

static void failures_are_rows(void **state)
{
    (void)state;
    is_failing("malloc", "--workload fails --repetitions 3", "error", "broken after 0");
    is_failing("malloc", "--workload fails --param explain=0", "error", "the timed part failed: Input/output error");
    is_failing("malloc", "--workload fails --param where=setup --param explain=0", "error", "setup failed: ");
    is_failing("malloc", "--workload fails --param errno=12 --param explain=0 --repetitions 3", "oom",
               "an allocation failed in the timed part; there is no heap limit");
    is_failing("malloc", "--workload fails --param errno=12 --param where=setup", "oom", "broken after 0");
    is_failing("malloc", "--workload grows --heap-limit 64K --repetitions 3", "oom", "the heap limit is 65536 bytes");
    is_failing("malloc", "--workload grows --heap-limit 64K --mode timeline", "oom",
               "in warm-up: an allocation failed");
    is_failing("malloc", "--workload fails --warmup 1", "error", "in warm-up: broken after 0");
    is_failing("malloc", "--workload needs", "unsupported", "needs never_frees, weak, which malloc does not have");
    is_failing("malloc", "--workload wishes --param wishes=1", "unsupported",
               "needs finalizers, which malloc does not");
}

static bool begins_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* After a failed setup nothing else is called; after a failed iteration teardown is, and no other iteration. */
static void failures_are_cleaned_up(void **state)
{
    (void)state;
    struct spawned spawned = run("malloc", "--workload fails --param where=setup", 1);
    assert_true(begins_with(spawned.err, "setup\nbench"));
    spawned_free(&spawned);
    spawned = run("malloc", "--workload fails --param after=2 --iterations 5", 1);
    assert_true(begins_with(spawned.err, "setup\nrun\nrun\nrun\nteardown\nbench"));
    spawned_free(&spawned);
}

static void leaks_are_judged_by_traits(void **state)
{
    (void)state;
    struct spawned spawned = run_failing("malloc", "--workload leaks --iterations 3", "wrong",
                                         "leaked 3 objects, 48 bytes, which the traits of malloc do not explain");
    const json_t *sample = spawned_row(&spawned, "sample", 0);
    assert_int_equal(row_number(sample, "leaked_objects"), 3);
    assert_int_equal(row_number(sample, "leaked_bytes"), 48);
    assert_int_equal(row_number(sample, "live_bytes_end"), 48);
    spawned_free(&spawned);
    spawned = run("malloc", "--workload cycles", 0);
    spawned_free(&spawned);
    is_failing("malloc", "--workload cycles --param dead=0", "wrong", "leaked 1 objects");
}

static void strategies_leak_as_they_say(void **state)
{
    (void)state;
    static const struct {
        const char *strategy, *arguments;
        int status;
        long long leaked;
    } cases[] = {
        {"refcount", "--workload leaks --iterations 3", 0, 0}, {"refcount", "--workload cycles --iterations 3", 0, 3},
        {"refcount", "--workload secret_cycles", 1, 1},        {"arena", "--workload leaks --iterations 3", 0, 0},
        {"arena", "--workload secret_cycles", 0, 0},           {"marksweep", "--workload leaks --iterations 3", 0, 0},
        {"marksweep", "--workload secret_cycles", 0, 0},       {"nogc", "--workload leaks --iterations 3", 0, 3},
        {"nogc", "--workload leaks --repetitions 3", 0, 1},
    };
    size_t run_count = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (!spawn_has(cases[i].strategy))
            continue;
        struct spawned spawned = run(cases[i].strategy, cases[i].arguments, cases[i].status);
        size_t last = spawned_count(&spawned, "sample") - 1;
        assert_int_equal(row_number(spawned_row(&spawned, "sample", last), "leaked_objects"), cases[i].leaked);
        spawned_free(&spawned);
        run_count++;
    }
    if (run_count == 0)
        skip();
}

static void an_answer_that_changes_is_wrong(void **state)
{
    (void)state;
    struct spawned spawned = run_failing("malloc", "--workload drifts --repetitions 3", "wrong",
                                         "the first repetition of this process had the checksum ");
    assert_int_equal(spawned_count(&spawned, "sample"), 2);
    spawned_free(&spawned);
}

/* What was known before a crash is out; the end is missing. */
static void a_crash_loses_nothing(void **state)
{
    (void)state;
    struct spawned spawned = spawn("malloc", "--workload crashes --param repetitions=2 --repetitions 5", NULL);
    assert_int_equal(spawned.status, 128 + 9);
    assert_true(spawned.all_json);
    assert_int_equal(spawned_count(&spawned, "sample"), 2);
    assert_int_equal(spawned_count(&spawned, "end"), 0);
    spawned_free(&spawned);
}

static void pauses_are_those_on_the_clock(void **state)
{
    (void)state;
    struct spawned spawned = run("malloc", "--workload pauses --iterations 2 --repetitions 2 --warmup 1", 0);
    assert_int_equal(spawned_count(&spawned, "pause"), 16);
    for (size_t repetition = 0; repetition < 2; repetition++) {
        const json_t *sample = spawned_row(&spawned, "sample", repetition);
        long long longest_ns = 0, end_ns = 0;
        for (size_t i = 0; i < 8; i++) {
            const json_t *pause = spawned_row(&spawned, "pause", repetition * 8 + i);
            bool cascade = i % 4 == 3;
            assert_int_equal(row_number(pause, "repetition"), repetition);
            assert_string_equal(row_text(pause, "cause"), cascade ? "cascade" : "collection");
            assert_int_equal(row_number(pause, "generation"), cascade ? 0 : i % 4);
            assert_int_equal(row_number(pause, "freed"), cascade ? 7000 : 10 * (i % 4));
            assert_true(row_number(pause, "start_ns") >= end_ns);
            end_ns = row_number(pause, "start_ns") + row_number(pause, "length_ns");
            if (row_number(pause, "length_ns") > longest_ns)
                longest_ns = row_number(pause, "length_ns");
        }
        assert_true(end_ns <= row_number(sample, "wall_ns"));
        assert_int_equal(row_number(sample, "pause_count"), 8);
        assert_int_equal(row_number(sample, "pause_max_ns"), longest_ns);
    }
    spawned_free(&spawned);
}

/* Up to 256 pauses are one line: what they have in common is said once, the rest in lists of one length. */
static void many_pauses_are_few_lines(void **state)
{
    (void)state;
    struct spawned spawned = run("malloc", "--workload pauses --iterations 100", 0);
    assert_int_equal(spawned_count(&spawned, "pause"), 400);
    long long end_ns = 0;
    for (size_t i = 0; i < 400; i++) {
        const json_t *pause = spawned_row(&spawned, "pause", i);
        assert_int_equal(row_number(pause, "repetition"), 0);
        assert_int_equal(row_number(pause, "freed"), i % 4 == 3 ? 7000 : 10 * (i % 4));
        assert_true(row_number(pause, "start_ns") >= end_ns);
        end_ns = row_number(pause, "start_ns") + row_number(pause, "length_ns");
    }
    static const size_t expected[] = {256, 144};
    size_t lines = 0;
    for (const char *at = spawned.out; (at = strstr(at, "{\"row\":\"pause\"")); lines++) {
        json_t *line = json_loads(at, JSON_DISABLE_EOF_CHECK, NULL);
        assert_true(lines < 2);
        static const char *const lists[] = {"start_ns", "length_ns", "cause", "generation", "freed"};
        for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
            assert_int_equal(json_array_size(json_object_get(line, lists[i])), expected[lines]);
        assert_true(json_is_integer(json_object_get(line, "repetition")));
        json_decref(line);
        at++;
    }
    assert_int_equal(lines, 2);
    spawned_free(&spawned);
}

static void a_timeline_has_its_points(void **state)
{
    (void)state;
    struct spawned spawned = run("malloc", "--workload grows --mode timeline --samples 50 --repetitions 2", 0);
    const json_t *sample = spawned_row(&spawned, "sample", 0);
    assert_string_equal(row_text(sample, "status"), "ok");
    assert_null(json_object_get(sample, "wall_ns"));
    assert_int_equal(row_number(sample, "leaked_objects"), 0);
    assert_int_equal(spawned_count(&spawned, "timeline"), 2 * 51);
    for (size_t i = 0; i < 51; i++) {
        const json_t *point = spawned_row(&spawned, "timeline", i);
        assert_string_equal(row_text(point, "event"), "sample");
        assert_int_equal(row_number(point, "repetition"), 0);
        assert_int_equal(row_number(point, "operations"), 200 * i);
        assert_int_equal(row_number(point, "live_objects"), 200 * i);
        assert_int_equal(row_number(point, "live_bytes"), 200 * 16 * i);
        assert_true(row_number(point, "footprint_bytes") >= row_number(point, "live_bytes"));
        assert_true(row_number(point, "rss_bytes") > 0);
        if (i)
            assert_true(row_number(point, "time_ns") > row_number(spawned_row(&spawned, "timeline", i - 1), "time_ns"));
    }
    spawned_free(&spawned);
}

static void collections_are_in_the_timeline(void **state)
{
    (void)state;
    struct spawned spawned = run("malloc", "--workload pauses --mode timeline --iterations 100 --samples 20", 0);
    size_t collections = 0, samples = 0, count = spawned_count(&spawned, "timeline");
    long long last_ns = 0, last_operations = 0;
    for (size_t i = 0; i < count; i++) {
        const json_t *point = spawned_row(&spawned, "timeline", i);
        bool is_collection = strcmp(row_text(point, "event"), "collection") == 0;
        collections += is_collection;
        samples += !is_collection;
        assert_true(row_number(point, "time_ns") >= last_ns);
        assert_true(row_number(point, "operations") >= last_operations);
        last_ns = row_number(point, "time_ns");
        last_operations = row_number(point, "operations");
    }
    assert_true(samples >= 20 && samples <= 22);
    assert_true(collections >= 10 && collections <= 22);
    assert_int_equal(last_operations, 300);
    assert_non_null(strstr(spawned.err, "300 collections, of which every "));
    assert_int_equal(spawned_count(&spawned, "pause"), 0);
    spawned_free(&spawned);
}

static void no_thread_is_started(void **state)
{
    (void)state;
    struct spawned spawned = run("malloc", "--workload threads --repetitions 3", 0);
    assert_string_equal(spawned.err, "");
    spawned_free(&spawned);
    spawned = run("malloc", "--workload threads --param start=1", 0);
    assert_non_null(strstr(spawned.err, "a thread was started in this process"));
    spawned_free(&spawned);
}

/* The workload's thread is busy while the main thread waits for it. Others may take most of the processor. */
static void cpu_time_is_that_of_all_threads(void **state)
{
    (void)state;
    struct spawned spawned = run("malloc", "--workload threads --param start=1 --iterations 10", 0);
    const json_t *sample = spawned_row(&spawned, "sample", 0);
    assert_true(row_number(sample, "wall_ns") >= 200000000);
    assert_true(row_number(sample, "cpu_ns") > 20000000);
    spawned_free(&spawned);
}

static void a_strategy_that_never_frees_starts_afresh(void **state)
{
    (void)state;
    if (!spawn_has("nogc"))
        skip();
    struct spawned spawned = run("nogc", "--workload grows --param length=1M --repetitions 10", 0);
    long long first = row_number(spawned_row(&spawned, "sample", 0), "peak_rss_bytes");
    long long last = row_number(spawned_row(&spawned, "sample", 9), "peak_rss_bytes");
    assert_true(first > (16 << 20) && last < 2 * first);
    spawned_free(&spawned);
}

static void a_locale_changes_nothing(void **state)
{
    (void)state;
    struct spawned spawned = spawn("malloc", "--workload grows --param length=12345", "LC_ALL=de_DE.UTF-8");
    assert_int_equal(spawned.status, 0);
    assert_int_equal(row_number(spawned_row(&spawned, "sample", 0), "operations"), 12345);
    spawned_free(&spawned);
}

static void a_closed_or_full_output_is_an_error(void **state)
{
    (void)state;
    int status = system(BENCH_FOLDER "/bench-test-malloc --workload empty >/dev/full 2>/dev/null");
    assert_int_equal(WEXITSTATUS(status), 1);
    status = system(BENCH_FOLDER "/bench-test-malloc --describe >/dev/full 2>/dev/null");
    assert_int_equal(WEXITSTATUS(status), 1);
    status = system(BENCH_FOLDER "/bench-test-malloc --workload empty >&- 2>/dev/null");
    assert_int_equal(WEXITSTATUS(status), 1);
}

static void describes_itself(void **state)
{
    (void)state;
    struct spawned spawned = spawn("malloc", "--describe", NULL);
    assert_int_equal(spawned.status, 0);
    assert_int_equal(json_array_size(spawned.rows), 1);
    const json_t *said = json_array_get(spawned.rows, 0);
    static const char *const texts[] = {"strategy", "summary", "compiler", "build_type", "version"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_true(*row_text(said, texts[i]) != '\0');
    assert_true(json_is_string(json_object_get(said, "flags")));
    assert_string_equal(json_string_value(json_array_get(json_object_get(said, "traits"), 0)), "explicit_free");
    const json_t *workloads = json_object_get(said, "workloads"), *workload;
    const char *last = "";
    size_t i;
    bool found = false;
    json_array_foreach(workloads, i, workload)
    {
        assert_true(strcmp(last, row_text(workload, "name")) < 0);
        last = row_text(workload, "name");
        if (strcmp(last, "needs") == 0)
            assert_int_equal(json_array_size(json_object_get(workload, "needs")), 3);
        if (strcmp(last, "values") != 0)
            continue;
        found = true;
        const json_t *params = json_object_get(workload, "params");
        assert_int_equal(json_array_size(params), 3);
        assert_int_equal(row_number(json_array_get(params, 0), "highest"), 1 << 20);
        assert_int_equal(row_number(json_array_get(params, 0), "small"), 10);
        assert_string_equal(row_text(json_array_get(params, 1), "kind"), "text");
        assert_string_equal(row_text(json_array_get(params, 1), "small"), "red");
        assert_int_equal(json_array_size(json_object_get(json_array_get(params, 1), "choices")), 3);
        assert_string_equal(row_text(json_array_get(params, 2), "small"), "none");
    }
    assert_true(found);
    spawned_free(&spawned);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_column_is_there),
        cmocka_unit_test(the_process_row_names_what_was_run),
        cmocka_unit_test(seed_and_parameters_reach_the_workload),
        cmocka_unit_test(times_are_those_of_the_work),
        cmocka_unit_test(requests_have_latencies),
        cmocka_unit_test(figures_are_rows),
        cmocka_unit_test(a_slowdown_is_as_long_as_asked_for),
        cmocka_unit_test(failures_are_rows),
        cmocka_unit_test(failures_are_cleaned_up),
        cmocka_unit_test(leaks_are_judged_by_traits),
        cmocka_unit_test(strategies_leak_as_they_say),
        cmocka_unit_test(an_answer_that_changes_is_wrong),
        cmocka_unit_test(a_crash_loses_nothing),
        cmocka_unit_test(pauses_are_those_on_the_clock),
        cmocka_unit_test(many_pauses_are_few_lines),
        cmocka_unit_test(a_timeline_has_its_points),
        cmocka_unit_test(collections_are_in_the_timeline),
        cmocka_unit_test(no_thread_is_started),
        cmocka_unit_test(cpu_time_is_that_of_all_threads),
        cmocka_unit_test(a_strategy_that_never_frees_starts_afresh),
        cmocka_unit_test(a_locale_changes_nothing),
        cmocka_unit_test(a_closed_or_full_output_is_an_error),
        cmocka_unit_test(describes_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
