/* A million rows: meant to take at most 3 seconds each, and 500 MB. */
#define _GNU_SOURCE
#include "fixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { STRATEGIES = 9, ALLOCATORS = 3, WORKLOADS = 14, INVOCATIONS = 20, ROWS = 1000000 };

#if defined __SANITIZE_ADDRESS__ || !defined NDEBUG
enum { LIMITED = 0 }; /* sanitizers and debug builds are slow on purpose */
#else
enum { LIMITED = 1 };
#endif

static const char *const strategies[STRATEGIES] = {
    "malloc", "nogc", "arena", "refcount", "bdwgc", "cpython", "refcount_atomic", "refcount_gc", "marksweep"};
static const char *const allocators[ALLOCATORS] = {"system", "mimalloc", "jemalloc"};

static char folder[256];

/* Processes in an order in which cells are interleaved: a stride that is prime to how many there are. */
static void write_samples(FILE *samples)
{
    const unsigned cells = STRATEGIES * ALLOCATORS * WORKLOADS, processes = cells * INVOCATIONS;
    const unsigned repetitions = ROWS / processes + 1;
    unsigned written = 0;
    for (unsigned i = 0; i < processes; i++) {
        unsigned process = (unsigned)((uint64_t)i * 7919 % processes), cell = process % cells;
        char params[64];
        snprintf(params, sizeof params, "size=%u shape=round seed=12345", cell / (STRATEGIES * ALLOCATORS));
        for (unsigned repetition = 0; repetition < repetitions && written < ROWS; repetition++, written++)
            fixture_sample(samples, &(struct sample_row){.strategy = strategies[cell % STRATEGIES],
                                                         .allocator = allocators[cell / STRATEGIES % ALLOCATORS],
                                                         .params = params,
                                                         .invocation = process / cells,
                                                         .repetition = repetition,
                                                         .wall_ns = 1000000 + (written * 2654435761u >> 16)});
    }
}

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static long peak_megabytes(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

/* Prints how long it took, and fails on memory alone: time is the machine's. */
static void measure(const char *what, int (*function)(const char *run_dir, FILE *out))
{
    char said[4096];
    double begin = cpu_seconds();
    assert_int_equal(fixture_call(function, folder, NULL, said, sizeof said), 0);
    double seconds = cpu_seconds() - begin;
    assert_string_equal(said, "");
    print_message("%s: %.2f s, peak %ld MB\n", what, seconds, peak_megabytes());
    if (LIMITED)
        assert_true(peak_megabytes() <= 500);
}

/* A run with itself: both sides are read. */
static int compare(const char *run_dir, FILE *out)
{
    (void)out;
    char *text = NULL;
    size_t length;
    FILE *memory = open_memstream(&text, &length);
    assert_non_null(memory);
    struct compare_options options = {.base = run_dir, .new = run_dir, .format = COMPARE_CSV, .slower_than = NAN};
    bool failed;
    int result = analysis_compare(&options, memory, &failed);
    fclose(memory);
    assert_null(strstr(text, "slower"));
    free(text);
    return result;
}

static void test_samples(void **state)
{
    (void)state;
    FILE *samples;
    fixture_open(folder, sizeof folder, &samples);
    write_samples(samples);
    fclose(samples);
    fixture_write(folder, "machine.json", "{}");
    measure("summary of 1,000,000 rows of samples.csv", analysis_summarise);
    measure("comparison of 1,000,000 rows with as many", compare);
    measure("report of them, figures included", analysis_report);
    fixture_remove(folder);
}

static void test_pauses(void **state)
{
    (void)state;
    FILE *file;
    fixture_open(folder, sizeof folder, &file);
    for (unsigned i = 0; i < 20; i++)
        fixture_sample(file, &(struct sample_row){
                                 .workload = i % 2 ? "rings" : "server", .invocation = i / 4, .repetition = i / 2 % 2});
    fclose(file);
    fixture_write(folder, "machine.json", "{}");
    char path[512];
    snprintf(path, sizeof path, "%s/pauses.csv", folder);
    file = fopen(path, "wb");
    assert_non_null(file);
    for (size_t i = 0; i < PAUSES_COUNT; i++)
        fprintf(file, "%s%s", i ? "," : "", schema_tables[TABLE_PAUSES].columns[i].name);
    for (unsigned i = 0; i < ROWS; i++)
        fprintf(file, "\nfixture,malloc,,system,%s,,0,%u,%u,%u,%u,collection,0,12", i / 50 % 2 ? "rings" : "server",
                i / 100 % 5, i % 2, i, i * 2654435761u >> 12);
    fputc('\n', file);
    fclose(file);
    measure("summary of 1,000,000 rows of pauses.csv", analysis_summarise);
    measure("comparison of 1,000,000 pauses with as many", compare);
    char *table = fixture_read(folder, "pauses_summary.csv");
    assert_non_null(strstr(table, ",all,500000,"));
    free(table);
    fixture_remove(folder);
}

int main(void)
{
    setenv("RECLAIM_PLOTS", PLOTS, 1);
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_samples), cmocka_unit_test(test_pauses)};
    return cmocka_run_group_tests_name("million", tests, NULL, NULL);
}
