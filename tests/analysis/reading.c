/* What analysis reads: CSV as it is and as a kill or an editor leaves it, and what it says of each. */
#define _GNU_SOURCE
#include "fixture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analysis/reader.h"
#include "analysis/writer.h"

struct run_folder {
    char path[256];
    FILE *samples;
    char said[4096];
};

static int setup(void **state)
{
    struct run_folder *run = calloc(1, sizeof *run);
    fixture_open(run->path, sizeof run->path, &run->samples);
    fixture_write(run->path, "machine.json", "{}");
    *state = run;
    return 0;
}

static int teardown(void **state)
{
    struct run_folder *run = *state;
    if (run->samples)
        fclose(run->samples);
    fixture_remove(run->path);
    free(run);
    return 0;
}

static int summarise(struct run_folder *run)
{
    if (run->samples)
        fclose(run->samples);
    run->samples = NULL;
    return fixture_call(analysis_summarise, run->path, NULL, run->said, sizeof run->said);
}

static void put_rows(FILE *samples, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        fixture_sample(samples, &(struct sample_row){.invocation = i / 2, .repetition = i % 2});
}

static void assert_says(const struct run_folder *run, const char *part)
{
    if (!strstr(run->said, part))
        fail_msg("\"%s\" does not say \"%s\"", run->said, part);
    const char *end = strchr(run->said, '\n');
    assert_non_null(end);
    assert_int_equal(end[1], '\0'); /* one line */
}

/* ---- quoting: what the writer writes, the reader reads ---- */

static const char *const awkward[] = {"plain", "a, b",    "say \"so\"",  "two\nlines",        "", "\"", ",",
                                      "µ × é", "n=1 m=2", "trailing,\"", "carriage\r\nreturn"};

static int check_awkward(struct row *row, void *context)
{
    size_t *count = context, length;
    const char *text = row_text(row, FIGURE_CONTENDERS_contender, &length);
    assert_string_equal(text, awkward[*count]);
    assert_int_equal(length, strlen(awkward[*count]));
    assert_int_equal(row_integer(row, FIGURE_CONTENDERS_row), (int64_t)*count);
    assert_int_equal(*row_text(row, FIGURE_CONTENDERS_strategy, NULL), '\0');
    ++*count;
    return 0;
}

static void test_quoting(void **state)
{
    const struct run_folder *run = *state;
    enum { AWKWARD = sizeof awkward / sizeof *awkward };
    struct writer writer;
    writer_open(&writer, run->path, TABLE_FIGURE_CONTENDERS, "contenders.csv");
    for (size_t i = 0; i < AWKWARD; i++) {
        writer_text(&writer, FIGURE_CONTENDERS_contender, awkward[i]);
        writer_integer(&writer, FIGURE_CONTENDERS_row, i);
        writer_row_end(&writer);
    }
    assert_int_equal(writer_close(&writer), 0);
    char from[512], to[512];
    snprintf(from, sizeof from, "%s/contenders.csv", run->path);
    snprintf(to, sizeof to, "%s/figures", run->path);
    char command[2048];
    snprintf(command, sizeof command, "mkdir '%s' && mv '%s' '%s/'", to, from, to);
    assert_int_equal(system(command), 0);
    static const int columns[] = {FIGURE_CONTENDERS_row, FIGURE_CONTENDERS_contender, -1};
    size_t count = 0;
    assert_int_equal(reader_read(run->path, TABLE_FIGURE_CONTENDERS, columns, check_awkward, &count), 0);
    assert_int_equal(count, AWKWARD);
}

/* ---- lines with quotes go another way than those without: both give the same ---- */

enum { MIXED_ROWS = 3000, MIXED_TEXT_MAX = 600000 };

/* Texts of many lengths, so that lines end everywhere in a chunk of the reader; two are longer than a chunk. */
static size_t mixed_length(size_t row)
{
    return row == 1000 || row == 2000 ? MIXED_TEXT_MAX - row : row * 7919 % 611;
}

static bool mixed_is_quoted(size_t row)
{
    return row % 7 == 0;
}

static char mixed_character(size_t row, size_t place)
{
    static const char plain[] = "abc def", quoted[] = "a,b\n\"c\r ";
    bool inside = place > 0 && place + 1 < mixed_length(row); /* blanks at the ends would be left out */
    return !inside ? '.' : mixed_is_quoted(row) ? quoted[(row + place) % 8] : plain[(row + place) % 7];
}

static void put_mixed_row(FILE *file, size_t row)
{
    fputs(row % 5 ? "" : " \t\n\n", file); /* no rows */
    fputs(mixed_is_quoted(row) ? "\"" : row % 3 ? "" : "\t ", file);
    for (size_t i = 0; i < mixed_length(row); i++)
        fputs((char[]){mixed_character(row, i), mixed_character(row, i) == '"' ? '"' : '\0', '\0'}, file);
    fprintf(file, "%s,%zu%s", mixed_is_quoted(row) ? "\"" : row % 3 ? "" : " \t", row, row % 11 ? "\n" : "\r\n");
}

static int check_mixed(struct row *row, void *context)
{
    size_t *count = context, length;
    const char *text = row_text(row, FIGURE_CONTENDERS_contender, &length);
    assert_int_equal(length, mixed_length(*count));
    for (size_t i = 0; i < length; i++)
        assert_true(text[i] == mixed_character(*count, i));
    assert_int_equal(text[length], '\0');
    assert_int_equal(row_integer(row, FIGURE_CONTENDERS_row), (int64_t)*count);
    ++*count;
    return 0;
}

static void test_mixed(void **state)
{
    const struct run_folder *run = *state;
    char path[512];
    snprintf(path, sizeof path, "%s/figures", run->path);
    assert_int_equal(mkdir(path, 0777), 0);
    snprintf(path, sizeof path, "%s/%s", run->path, schema_tables[TABLE_FIGURE_CONTENDERS].file);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs("contender,row\n", file);
    for (size_t i = 0; i < MIXED_ROWS; i++)
        put_mixed_row(file, i);
    assert_int_equal(fclose(file), 0);
    static const int columns[] = {FIGURE_CONTENDERS_contender, FIGURE_CONTENDERS_row, -1};
    size_t count = 0;
    assert_int_equal(reader_read(run->path, TABLE_FIGURE_CONTENDERS, columns, check_mixed, &count), 0);
    assert_int_equal(count, MIXED_ROWS);
}

/* ---- what a kill leaves ---- */

static size_t count_lines(const char *text)
{
    size_t lines = 0;
    for (; *text; text++)
        lines += *text == '\n';
    return lines;
}

/* Cut at every length within the last row: the rows before it always count, the row itself once it is whole. */
static void test_truncated(void **state)
{
    struct run_folder *run = *state;
    put_rows(run->samples, 4);
    fclose(run->samples);
    run->samples = NULL;
    char *whole = fixture_read(run->path, "samples.csv");
    size_t length = strlen(whole), last = length - 1;
    while (whole[last - 1] != '\n')
        last--;
    for (size_t cut = last; cut < length; cut += 7) {
        char *part = strndup(whole, cut);
        fixture_write(run->path, "samples.csv", part);
        free(part);
        assert_int_equal(summarise(run), 0);
        if (cut == last)
            assert_string_equal(run->said, "");
        else
            assert_says(run, "samples.csv: the last line is incomplete and is left out");
        char *summary = fixture_read(run->path, "summary.csv");
        assert_int_equal(count_lines(summary), 2);
        assert_non_null(strstr(summary, ",nodes,2,3,0,10,")); /* 2 invocations, 3 repetitions, 0 failed, 10 ns */
        free(summary);
    }
    fixture_write(run->path, "samples.csv", whole);
    assert_int_equal(summarise(run), 0);
    assert_string_equal(run->said, "");
    free(whole);
}

static void test_ragged(void **state)
{
    struct run_folder *run = *state;
    put_rows(run->samples, 2);
    fputs("fixture,malloc,,system\n", run->samples);
    put_rows(run->samples, 2);
    assert_int_equal(summarise(run), 0);
    assert_says(run, "1 row left out, the first in line 4: another number of fields than the header");
}

/* ---- what is wrong with a file ---- */

static void test_no_folder(void **state)
{
    struct run_folder *run = *state;
    assert_int_equal(fixture_call(analysis_summarise, "/nonexistent/run", NULL, run->said, sizeof run->said), -ENOENT);
    assert_says(run, "/nonexistent/run: No such file or directory; give the folder of a run");
}

static void test_no_samples(void **state)
{
    struct run_folder *run = *state;
    char path[512];
    snprintf(path, sizeof path, "%s/samples.csv", run->path);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(summarise(run), -ENOENT);
    assert_says(run, "no samples.csv in it");
}

static void test_no_rows(void **state)
{
    struct run_folder *run = *state;
    assert_int_equal(summarise(run), -ENODATA);
    assert_says(run, "samples.csv: no rows; `reclaim resume");
}

static void test_empty_file(void **state)
{
    struct run_folder *run = *state;
    fclose(run->samples);
    run->samples = NULL;
    fixture_write(run->path, "samples.csv", "");
    assert_int_equal(summarise(run), -EINVAL);
    assert_says(run, "empty, without even a header line");
}

static void test_missing_column(void **state)
{
    struct run_folder *run = *state;
    put_rows(run->samples, 1);
    fclose(run->samples);
    run->samples = NULL;
    char *whole = fixture_read(run->path, "samples.csv");
    char *column = strstr(whole, "wall_ns");
    memcpy(column, "wall_ms", 7);
    fixture_write(run->path, "samples.csv", whole);
    free(whole);
    assert_int_equal(summarise(run), -EINVAL);
    assert_says(run, "samples.csv: column `wall_ns` is missing");
}

/* Columns are found by name: in another order, and with one that nobody knows, it is the same table. */
static void test_other_order(void **state)
{
    struct run_folder *run = *state;
    fclose(run->samples);
    run->samples = NULL;
    struct phrase {
        char text[4096];
        size_t length;
    } table = {0};
    static const struct {
        const char *name, *value;
    } cells[] = {{"operations", "10"}, {"mystery", "\"x,y\""}, {"wall_ns", "50"},       {"cpu_ns", "50"},
                 {"status", "ok"},     {"strategy", "malloc"}, {"allocator", "system"}, {"workload", "work"}};
    for (int line = 0; line < 2; line++) {
        for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
            table.length +=
                (size_t)sprintf(table.text + table.length, "%s%s", i ? "," : "", line ? cells[i].value : cells[i].name);
        for (size_t i = 0; i < SAMPLES_COUNT; i++) {
            const char *name = schema_tables[TABLE_SAMPLES].columns[i].name;
            size_t j = 0;
            while (j < sizeof cells / sizeof *cells && strcmp(cells[j].name, name) != 0)
                j++;
            if (j == sizeof cells / sizeof *cells)
                table.length += (size_t)sprintf(table.text + table.length, ",%s", line ? "" : name);
        }
        table.length += (size_t)sprintf(table.text + table.length, "\n");
    }
    fixture_write(run->path, "samples.csv", table.text);
    assert_int_equal(summarise(run), 0);
    char *summary = fixture_read(run->path, "summary.csv");
    assert_non_null(
        strstr(summary, ",1,1,0,5,,,malloc,1,1,1,,,,,,,,,,,,,5,10,")); /* 5 ns, no interval from one repetition */
    free(summary);
}

/* A counted run: no times; the interval is the number itself, and what follows is of instructions. */
static void test_counted(void **state)
{
    struct run_folder *run = *state;
    for (unsigned i = 0; i < 2; i++)
        fixture_sample(run->samples, &(struct sample_row){.strategy = i ? "refcount" : "malloc",
                                                          .operations = 10,
                                                          .instructions = i ? 3000 : 1000});
    char *table = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&table, &length);
    fclose(run->samples);
    run->samples = NULL;
    assert_int_equal(fixture_call(analysis_summarise, run->path, out, run->said, sizeof run->said), 0);
    fclose(out);
    assert_non_null(strstr(table, "Instructions per operation, allocator system"));
    assert_null(strstr(table, "Time per operation"));
    free(table);
    char *summary = fixture_read(run->path, "summary.csv");
    assert_non_null(strstr(summary, ",1,1,0,,,,malloc,,,,instructions,100,100,100,1,1,1,100,"));
    assert_non_null(strstr(summary, ",1,1,0,,,,malloc,,,,instructions,300,300,300,3,3,3,300,"));
    free(summary);
}

/* Half of a run cannot be timed and the other half counted. */
static void test_timed_and_counted(void **state)
{
    struct run_folder *run = *state;
    put_rows(run->samples, 2);
    fixture_sample(run->samples, &(struct sample_row){.invocation = 5, .instructions = 7});
    assert_int_equal(summarise(run), -EINVAL);
    assert_says(run, "samples.csv: some rows that are ok have times, others only a count");
}

static void test_not_a_number(void **state)
{
    struct run_folder *run = *state;
    put_rows(run->samples, 2);
    fclose(run->samples);
    run->samples = NULL;
    char *whole = fixture_read(run->path, "samples.csv");
    char *second = strchr(strchr(whole, '\n') + 1, '\n') + 1;
    char *wall = strstr(second, ",1000,");
    memcpy(wall, ",1e03,", 6);
    fixture_write(run->path, "samples.csv", whole);
    free(whole);
    assert_int_equal(summarise(run), -EINVAL);
    assert_says(run, "samples.csv:3: `wall_ns` is not an integer");
}

static void test_ok_without_time(void **state)
{
    struct run_folder *run = *state;
    fixture_sample(run->samples, &(struct sample_row){.wall_ns = -5});
    assert_int_equal(summarise(run), -EINVAL);
    assert_says(run,
                "samples.csv:2: status is ok, but operations are not above 0, or there is neither a time nor a count");
}

static void test_bad_machine(void **state)
{
    struct run_folder *run = *state;
    put_rows(run->samples, 1);
    fixture_write(run->path, "machine.json", "{\"cpu\": ");
    assert_int_equal(summarise(run), 0);
    assert_says(run, "reclaim: warning: machine.json: ");
}

/* A pause of a repetition that is not there, or that is not ok, enters nothing. */
static void test_pauses_of_nothing(void **state)
{
    struct run_folder *run = *state;
    put_rows(run->samples, 2);
    fixture_sample(run->samples, &(struct sample_row){.invocation = 7, .status = "crash"});
    fixture_write(run->path, "pauses.csv",
                  "run_id,strategy,strategy_params,allocator,workload,workload_params,heap_limit_bytes,invocation,"
                  "repetition,start_ns,length_ns,cause,generation,freed\n"
                  "fixture,malloc,,system,work,,0,0,1,5,100,cascade,,2000\n"
                  "fixture,malloc,,system,work,,0,0,9,5,999,cascade,,2000\n"
                  "fixture,malloc,,system,other,,0,0,1,5,999,cascade,,2000\n");
    assert_int_equal(summarise(run), 0);
    assert_says(run, "pauses.csv: 2 rows left out, the first in line 3: its repetition is not in samples.csv");
    char *pauses = fixture_read(run->path, "pauses_summary.csv");
    assert_non_null(strstr(pauses, ",cascade,1,100,"));
    assert_null(strstr(pauses, ",999"));
    free(pauses);
}

/* Latencies that are none, or of a repetition that is not there: left out, and said. */
static void test_latencies_of_nothing(void **state)
{
    struct run_folder *run = *state;
    put_rows(run->samples, 2);
    fixture_write(run->path, "latency.csv",
                  "run_id,strategy,strategy_params,allocator,workload,workload_params,heap_limit_bytes,invocation,"
                  "repetition,metering,requests,max_ns,histogram\n"
                  "fixture,malloc,,system,work,,0,0,1,simple,3,77,70:2 80:1\n"
                  "fixture,malloc,,system,work,,0,0,0,simple,3,999,70:2 80\n"
                  "fixture,malloc,,system,work,,0,0,0,simple,3,999,70:2 -80:1\n"
                  "fixture,malloc,,system,work,,0,0,0,simple,3,999,70:2 99999999999999999999:1\n"
                  "fixture,malloc,,system,work,,0,0,0,simple,3,,70:3\n"
                  "fixture,malloc,,system,work,,0,9,0,simple,3,999,999:3\n");
    assert_int_equal(summarise(run), 0);
    assert_says(run, "latency.csv: 5 rows left out, the first in line 3: max_ns or histogram");
    char *latencies = fixture_read(run->path, "latency_summary.csv");
    assert_non_null(strstr(latencies, ",work,simple,3,70,,,,,,,,,,,,,,,77\n"));
    free(latencies);
}

static void test_unwritable(void **state)
{
    struct run_folder *run = *state;
    put_rows(run->samples, 1);
    char path[512];
    snprintf(path, sizeof path, "%s/summary.csv.partial", run->path);
    assert_int_equal(symlink("/nonexistent/folder/file", path), 0);
    assert_int_equal(summarise(run), -ENOENT);
    assert_says(run, "summary.csv: cannot be written (No such file or directory); make the folder writable");
}

static void test_full(void **state)
{
    struct run_folder *run = *state;
    put_rows(run->samples, 1);
    char path[512];
    snprintf(path, sizeof path, "%s/summary.csv.partial", run->path);
    if (access("/dev/full", W_OK) != 0)
        skip();
    assert_int_equal(symlink("/dev/full", path), 0);
    assert_true(summarise(run) < 0);
    assert_says(run, "summary.csv: cannot be written");
    assert_says(run, "make room");
}

int main(void)
{
#define RUN_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        RUN_TEST(test_quoting),
        RUN_TEST(test_mixed),
        RUN_TEST(test_truncated),
        RUN_TEST(test_ragged),
        RUN_TEST(test_no_folder),
        RUN_TEST(test_no_samples),
        RUN_TEST(test_no_rows),
        RUN_TEST(test_empty_file),
        RUN_TEST(test_missing_column),
        RUN_TEST(test_other_order),
        RUN_TEST(test_not_a_number),
        RUN_TEST(test_ok_without_time),
        RUN_TEST(test_bad_machine),
        RUN_TEST(test_counted),
        RUN_TEST(test_timed_and_counted),
        RUN_TEST(test_pauses_of_nothing),
        RUN_TEST(test_latencies_of_nothing),
        RUN_TEST(test_unwritable),
        RUN_TEST(test_full),
    };
    return cmocka_run_group_tests_name("reading", tests, NULL, NULL);
}
