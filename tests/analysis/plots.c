/* Every script of plots/ draws what it should, without a word: of a run with everything in it, of one with next to
 * nothing, and of one in which nothing worked. */
#define _GNU_SOURCE
#include "fixture.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

static char folder[256];
static FILE *samples;

static bool has_gnuplot(void)
{
    return system("gnuplot --version > /dev/null 2>&1") == 0;
}

static int setup(void **state)
{
    (void)state;
    fixture_open(folder, sizeof folder, &samples);
    fixture_write(folder, "machine.json", "{\"cpu\": \"it's a \\\"processor\\\", 3 GHz\"}");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    fixture_remove(folder);
    return 0;
}

static void copy(const char *name)
{
    char *content = fixture_read(HERE "/golden/run", name);
    assert_non_null(content);
    fixture_write(folder, name, content);
    free(content);
}

/* Draws all. Nothing may be said, and every file has to be whole. Returns how many were drawn. */
static size_t draw(void)
{
    if (!has_gnuplot()) {
        print_message("gnuplot is not installed: no plot is tested\n");
        skip();
    }
    char said[4096], pattern[512];
    assert_int_equal(fixture_call(analysis_plot, folder, NULL, said, sizeof said), 0);
    assert_string_equal(said, "");
    snprintf(pattern, sizeof pattern, "%s/plots/*.svg", folder);
    glob_t found;
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        char *svg = fixture_read("", found.gl_pathv[i] + 1);
        assert_non_null(svg);
        assert_non_null(strstr(svg, "</svg>"));
        free(svg);
        char *dot = strrchr(found.gl_pathv[i], '.');
        memcpy(dot, ".png", 4);
        FILE *png = fopen(found.gl_pathv[i], "rb");
        assert_non_null(png);
        unsigned char head[8] = {0};
        assert_int_equal(fread(head, 1, sizeof head, png), sizeof head);
        assert_memory_equal(head, "\x89PNG\r\n\x1a\n", sizeof head);
        fclose(png);
    }
    size_t count = found.gl_pathc;
    globfree(&found);
    return count;
}

static void assert_drawn(const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "plots/%s.svg", name);
    char *svg = fixture_read(folder, path);
    if (!svg)
        fail_msg("%s was not drawn", name);
    if (!strstr(svg, text))
        fail_msg("\"%s\" is not in %s", text, name);
    free(svg);
}

static void test_everything(void **state)
{
    (void)state;
    fclose(samples);
    copy("samples.csv");
    copy("pauses.csv");
    copy("latency.csv");
    copy("timeline.csv");
    assert_int_equal(draw(), 10);
    assert_drawn("ratio", "all workloads at a glance");
    assert_drawn("time", "rings size=10");
    assert_drawn("memory", "10 MB");
    assert_drawn("resident", "what the allocator wastes");
    assert_drawn("pauses", "99.9 %");
    assert_drawn("leaks", "none: malloc, marksweep");
    assert_drawn("mmu", "what pauses leave to the program");
    assert_drawn("latency", "server: metered over all");
    assert_drawn("fragmentation", "nodes done");
    assert_drawn("timeline-server", "nodes done");
}

/* One repetition of one cell: no interval, no other to compare with. */
static void test_one_row(void **state)
{
    (void)state;
    fixture_sample(samples, &(struct sample_row){.strategy = "mine", .footprint = 100});
    fclose(samples);
    assert_int_equal(draw(), 3);
    assert_drawn("time", "mine");
}

static void test_nothing_ok(void **state)
{
    (void)state;
    fixture_sample(samples, &(struct sample_row){.status = "crash"});
    fclose(samples);
    assert_int_equal(draw(), 3);
    assert_drawn("time", "nothing to show");
}

/* A sweep: marksweep at 1, 2 and 4 times 1 MB takes 4, 3 and 2.5 times malloc's time, of which 2, 1 and 0.5 are
 * collections: the bound is 2. Its cells, malloc's and nogc's are in heap.csv, with what follows from that. */
static void test_sweep(void **state)
{
    (void)state;
    static const struct {
        const char *strategy;
        long long limit, wall, gc, footprint;
    } cells[] = {{"malloc", 0, 1000, 0, 900000},
                 {"nogc", 0, 800, 0, 9000000},
                 {"marksweep", 1000000, 4000, 2000, 1000000},
                 {"marksweep", 2000000, 3000, 1000, 1900000},
                 {"marksweep", 4000000, 2500, 500, 3000000}};
    for (size_t i = 0; i < 5; i++)
        for (unsigned invocation = 0; invocation < 2; invocation++)
            fixture_sample(samples, &(struct sample_row){.strategy = cells[i].strategy,
                                                         .heap_limit = cells[i].limit,
                                                         .invocation = invocation,
                                                         .wall_ns = cells[i].wall,
                                                         .operations = 1,
                                                         .collections = cells[i].gc > 0,
                                                         .gc_ns = cells[i].gc,
                                                         .footprint = cells[i].footprint});
    fclose(samples);
    assert_int_equal(draw(), 3); /* what shows each limit as a contender of its own is left out */
    assert_drawn("heap-time", "Time against heap size");
    assert_drawn("heap-bound", "marksweep");
    assert_drawn("heap-malloc", "as fast as malloc");
    char *table = fixture_read(folder, "figures/heap.csv");
    static const char *const lines[] = {
        ",malloc,900000,0,,1000,1000,1000,0.5,1,1,1\n", ",nogc,9000000,0,,800,800,800,0.4,0.8,0.8,0.8\n",
        ",marksweep,1000000,1,1,4000,4000,4000,2,4,4,4\n", ",marksweep,2000000,1,2,3000,3000,3000,1.5,3,3,3\n",
        ",marksweep,4000000,1,4,2500,2500,2500,1.25,2.5,2.5,2.5\n"};
    for (size_t i = 0; i < 5; i++)
        if (!strstr(table, lines[i]))
            fail_msg("no %s in %s", lines[i], table);
    free(table);
}

/* More strategies than there are colours, long names, heap limits of a single byte, and times over nine decades. */
static void test_many(void **state)
{
    (void)state;
    char names[24][64], works[18][64];
    for (unsigned i = 0; i < 24; i++)
        snprintf(names[i], sizeof names[i], "strategy_with_a_long_name_%u", i);
    for (unsigned i = 0; i < 18; i++)
        snprintf(works[i], sizeof works[i], "size=%u shape=a_parameter_with_a_long_value", i);
    for (unsigned i = 0; i < 24 * 18; i++)
        fixture_sample(samples, &(struct sample_row){.strategy = names[i % 24],
                                                     .params = works[i / 24],
                                                     .wall_ns = 1 + (i % 10 ? (long long)i : 1000000000000),
                                                     .footprint = 1 + i * (long long)i,
                                                     .leaked = i % 3});
    fclose(samples);
    assert_int_equal(draw(), 4);
    assert_drawn("leaks", "Pale band");
}

/* What others load; and what is drawn from a folder of its own, by `reclaim claims`. */
static bool is_part(const char *name)
{
    static const char *const parts[] = {"common.gp", "strategies.gp", "heap.gp", "held.gp", "tails.gp", "claim.gp"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strcmp(name, parts[i]) == 0)
            return true;
    return false;
}

/* By hand, as the head of each script says; each is drawn above, too, or is a part that others load. */
static void test_by_hand(void **state)
{
    (void)state;
    fclose(samples);
    copy("samples.csv");
    copy("pauses.csv");
    copy("latency.csv");
    copy("timeline.csv");
    draw();
    glob_t found;
    assert_int_equal(glob(PLOTS "/*.gp", 0, NULL, &found), 0);
    assert_true(found.gl_pathc >= 8);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *name = strrchr(found.gl_pathv[i], '/') + 1;
        if (is_part(name))
            continue;
        char command[2048];
        snprintf(command, sizeof command, "cd '%s/..' && test -z \"$(gnuplot -e \"run='%s'\" plots/%s 2>&1)\"", PLOTS,
                 folder, name);
        if (system(command) != 0)
            fail_msg("%s", command);
        snprintf(command, sizeof command, "cd '%s/..' && gnuplot plots/%s 2>&1 | grep -q 'Say which run'", PLOTS, name);
        if (system(command) != 0)
            fail_msg("%s", command);
    }
    globfree(&found);
}

int main(void)
{
    setenv("RECLAIM_PLOTS", PLOTS, 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_everything, setup, teardown),
        cmocka_unit_test_setup_teardown(test_one_row, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nothing_ok, setup, teardown),
        cmocka_unit_test_setup_teardown(test_sweep, setup, teardown),
        cmocka_unit_test_setup_teardown(test_many, setup, teardown),
        cmocka_unit_test_setup_teardown(test_by_hand, setup, teardown),
    };
    return cmocka_run_group_tests_name("plots", tests, NULL, NULL);
}
