/* Parts of the command that need no process: sizes, suggestions, CSV, and the judgement of checksums. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "driver/csv_file.h"
#include "driver/samples.h"
#include "driver/text.h"

static void sizes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t bytes;
    } good[] = {{"0", 0},         {"12", 12},         {"3k", 3072},       {"3K", 3072},
                {"1M", 1u << 20}, {"2G", 2ull << 30}, {"1T", 1ull << 40}, {"18446744073709551615", UINT64_MAX}};
    static const char *const bad[] = {"",         "x", "3x", "-1", "+1", " 1", "1 ", "1kk", "18446744073709551616",
                                      "16777216T"};
    uint64_t bytes;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(parse_bytes(good[i].text, &bytes));
        assert_int_equal(bytes, good[i].bytes);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(parse_bytes(bad[i], &bytes));
}

static void integers(void **state)
{
    (void)state;
    int64_t value;
    assert_true(parse_integer("-3", -3, 3, &value));
    assert_int_equal(value, -3);
    static const char *const bad[] = {"", "4", "-4", "3 ", "3x", "x", "99999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(parse_integer(bad[i], -3, 3, &value));
}

static void written_integers(void **state)
{
    (void)state;
    static const int64_t values[] = {0, 7, -7, 1234567890123, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct text text = {0};
        int64_t read;
        text_add_integer(&text, values[i]);
        assert_true(parse_integer(text_string(&text), INT64_MIN, INT64_MAX, &read));
        assert_true(read == values[i]);
        text_free(&text);
    }
}

static void durations(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t ns;
    } good[] = {{"90", 90000000000},       {"0.5s", 500000000},     {"30min", 1800000000000},
                {"30 min", 1800000000000}, {"1.5h", 5400000000000}, {"2d", 172800000000000}};
    static const char *const bad[] = {"", "h", "0", "-1s", "1 week", "1e300d", " 1s", "nan"};
    uint64_t ns;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(parse_duration(good[i].text, &ns));
        assert_int_equal(ns, good[i].ns);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(parse_duration(bad[i], &ns));
}

static void shares(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "%", "0%", "-1%", "100%", "1", "1 percent", "nan%"};
    double share;
    assert_true(parse_share("2%", &share));
    assert_float_equal(share, 0.02, 1e-12);
    assert_true(parse_share("0.5 %", &share));
    assert_float_equal(share, 0.005, 1e-12);
    assert_true(parse_share("0.01", &share));
    assert_float_equal(share, 0.01, 1e-12);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(parse_share(bad[i], &share));
}

static void suggestions(void **state)
{
    (void)state;
    static const char *const names[] = {"refcount", "refcount_gc", "malloc", "marksweep"};
    assert_string_equal(nearest_of("refcuont", names, 4), "refcount");
    assert_string_equal(nearest_of("refcount_cg", names, 4), "refcount_gc");
    assert_string_equal(nearest_of("maloc", names, 4), "malloc");
    assert_null(nearest_of("zzzzzz", names, 4));
    assert_null(nearest_of("malloc", names, 0));
    char longest[200];
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = 0;
    assert_null(nearest_of(longest, names, 4));
}

/* ---- CSV */

struct seen {
    size_t rows;
    struct strings values;
};

static void see(char *const values[], size_t count, void *context)
{
    struct seen *seen = context;
    seen->rows++;
    for (size_t i = 0; i < count; i++)
        strings_add(&seen->values, values[i]);
}

static void quoting(void **state)
{
    (void)state;
    static const char *const values[] = {"plain", "a,b", "say \"no\"", "two\nlines", "", NULL, " spaced "};
    enum { COUNT = sizeof values / sizeof *values };
    struct text text = {0};
    csv_add_row(&text, values, COUNT);
    assert_string_equal(text.bytes, "plain,\"a,b\",\"say \"\"no\"\"\",\"two\nlines\",,,\" spaced \"\n");
    text_add(&text, "half a r");
    char path[] = "/tmp/reclaim-units.XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(file_replace(path, text.bytes, text.length), 0);
    struct seen seen = {0};
    assert_int_equal(csv_read(path, see, &seen), 0);
    assert_int_equal(seen.rows, 1);
    assert_int_equal(seen.values.count, COUNT);
    for (size_t i = 0; i < COUNT; i++)
        assert_string_equal(seen.values.items[i], values[i] ? values[i] : "");
    strings_free(&seen.values);
    text_free(&text);
    close(fd);
    unlink(path);
}

/* A write that does not fit whole leaves nothing of itself. */
static void whole_rows_only(void **state)
{
    (void)state;
    char folder[] = "/tmp/reclaim-units.XXXXXX";
    assert_non_null(mkdtemp(folder));
    static const struct table table = {.file = "rows.txt"};
    struct csv_file file;
    assert_int_equal(csv_open(&file, folder, &table), 0);
    struct text row = {0};
    text_add(&row, "0123456789\n");
    off_t before = file.size;
    assert_int_equal(csv_append(&file, &row), 0);
    /* The file may grow by half a row. */
    struct rlimit limit, old;
    getrlimit(RLIMIT_FSIZE, &old);
    limit = old;
    limit.rlim_cur = (rlim_t)(file.size + 5);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    assert_true(csv_append(&file, &row) < 0);
    setrlimit(RLIMIT_FSIZE, &old);
    assert_int_equal(file.size, before + 11);
    assert_int_equal(lseek(file.fd, 0, SEEK_END), file.size);
    assert_int_equal(csv_append(&file, &row), 0);
    assert_int_equal(lseek(file.fd, 0, SEEK_END), before + 22);
    unlink(file.path);
    csv_close(&file);
    rmdir(folder);
    text_free(&row);
}

/* ---- judgement */

static void add(struct samples *samples, const char *strategy, const char *params, const char *status,
                const char *checksum)
{
    const char *values[SAMPLES_COUNT] = {NULL};
    values[SAMPLES_strategy] = strategy;
    values[SAMPLES_workload] = "work";
    values[SAMPLES_workload_params] = params;
    values[SAMPLES_status] = status;
    values[SAMPLES_checksum] = checksum;
    samples_add(samples, values);
}

static void assert_status(const struct samples *samples, size_t row, const char *status)
{
    assert_string_equal(samples->rows[row].values[SAMPLES_status], status);
}

static void majority_of_strategies(void **state)
{
    (void)state;
    struct samples samples = {0};
    /* One strategy with many rows does not outvote two. */
    for (int i = 0; i < 5; i++)
        add(&samples, "a", "n=1", "ok", "1111");
    add(&samples, "b", "n=1", "ok", "2222");
    add(&samples, "c", "n=1", "ok", "2222");
    /* Others are asked other questions, or gave no answer. */
    add(&samples, "a", "n=2", "ok", "3333");
    add(&samples, "c", "n=1", "oom", NULL);
    add(&samples, "d", "n=1", "wrong", "4444");
    assert_int_equal(samples_judge(&samples), 5);
    for (size_t i = 0; i < 5; i++)
        assert_status(&samples, i, "wrong");
    assert_status(&samples, 5, "ok");
    assert_status(&samples, 6, "ok");
    assert_status(&samples, 7, "ok");
    assert_status(&samples, 8, "oom");
    assert_status(&samples, 9, "wrong");
    assert_non_null(strstr(samples.rows[0].values[SAMPLES_detail], "2222"));
    /* The judgement is taken back, what the process itself said stays. */
    samples_forget(&samples);
    assert_status(&samples, 0, "ok");
    assert_status(&samples, 9, "wrong");
    assert_int_equal(samples_judge(&samples), 5);
    samples_free(&samples);
}

static void no_majority(void **state)
{
    (void)state;
    struct samples samples = {0};
    add(&samples, "a", "", "ok", "1111");
    add(&samples, "b", "", "ok", "2222");
    assert_int_equal(samples_judge(&samples), 2);
    assert_status(&samples, 0, "wrong");
    assert_status(&samples, 1, "wrong");
    samples_free(&samples);
    /* One strategy alone: rows count. */
    add(&samples, "a", "", "ok", "1111");
    add(&samples, "a", "", "ok", "2222");
    add(&samples, "a", "", "ok", "2222");
    assert_int_equal(samples_judge(&samples), 1);
    assert_status(&samples, 0, "wrong");
    samples_free(&samples);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes),           cmocka_unit_test(integers),
        cmocka_unit_test(durations),       cmocka_unit_test(shares),
        cmocka_unit_test(suggestions),     cmocka_unit_test(quoting),
        cmocka_unit_test(whole_rows_only), cmocka_unit_test(majority_of_strategies),
        cmocka_unit_test(no_majority),     cmocka_unit_test(written_integers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
