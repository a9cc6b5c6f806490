/* A million rows: at most 3 seconds of CPU time and 500 MB. */
#define _GNU_SOURCE
#include "fixture.h"

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

static void measure(const char *what)
{
    char said[4096];
    double begin = cpu_seconds();
    assert_int_equal(fixture_call(analysis_summarise, folder, NULL, said, sizeof said), 0);
    double seconds = cpu_seconds() - begin;
    assert_string_equal(said, "");
    print_message("%s: %.2f s, peak %ld MB\n", what, seconds, peak_megabytes());
    if (LIMITED) {
        assert_true(seconds <= 3);
        assert_true(peak_megabytes() <= 500);
    }
}

static void test_samples(void **state)
{
    (void)state;
    FILE *samples;
    fixture_open(folder, sizeof folder, &samples);
    write_samples(samples);
    fclose(samples);
    fixture_write(folder, "machine.json", "{}");
    measure("1,000,000 rows of samples.csv");
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
    measure("1,000,000 rows of pauses.csv");
    char *table = fixture_read(folder, "pauses_summary.csv");
    assert_non_null(strstr(table, ",all,500000,"));
    free(table);
    fixture_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_samples), cmocka_unit_test(test_pauses)};
    return cmocka_run_group_tests_name("million", tests, NULL, NULL);
}
