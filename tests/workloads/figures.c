/* figures.c: what workloads report themselves, where it is known beforehand.
 *
 *     workload-figures BENCH_FOLDER
 *
 * A figure of CPython's own is that of tests/pyfacts/data. Each line of the table is a run of one strategy; those that
 * are not in this build are passed over. */
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "spawn.h"

enum { ARGUMENTS = 32, TEXT = 256 };

static const struct expected {
    const char *strategy, *workload, *params, *figure;
    double lowest, highest;
} expectations[] = {
    /* Objects that nothing refers to: at once, after a while, at the end. */
    {"refcount", "churn", "cyclic=0 look_every=64", "dead_objects_max", 0, 0},
    {"refcount_gc", "churn", "cyclic=0", "collections", 0, 0},
    {"refcount_gc", "churn", "cyclic=0 look_every=64", "dead_objects_max", 0, 0},
    {"refcount_gc", "churn", "cyclic=50 look_every=64", "dead_objects_max", 1000, 299999},
    {"refcount_gc", "churn", "cyclic=50", "collections_0", 100, 300},
    {"refcount_gc", "churn", "cyclic=50 gc=off", "dead_objects_end", 149000, 151000},
    {"refcount_gc", "churn", "cyclic=50 gc=off collect_every=1000", "collections_2", 100, 100},
    {"refcount_gc", "churn", "cyclic=50 gc=off collect_every=1000 look_every=64", "dead_objects_max", 1400, 1700},
    {"marksweep", "churn", "cyclic=0 look_every=64", "dead_objects_max", 1000, 299999},
    {"arena", "churn", "cyclic=0", "dead_objects_end", 300000, 300000},
    {"malloc", "churn", "cyclic=50 look_every=64", "dead_objects_max", 0, 0},

    /* collect() counts what can hold references; so does CPython. */
    {"refcount_gc", "collect_count", "size=3 rings=100 payload=2", "returned", 600, 600},
    {"refcount_gc", "collect_count", "size=3 rings=100 payload=2", "reclaimed_objects", 1200, 1200},
    {"cpython", "collect_count", "size=3 rings=100 payload=2", "returned", 600, 600},
    {"marksweep", "collect_count", "size=1 rings=100", "reclaimed_objects", 100, 100},

    /* Bytes, as tracemalloc counted them. */
    {"refcount_gc", "persons", "form=slots", "traced_object_bytes", 48, 48},
    {"refcount_gc", "persons", "form=slots", "taken_object_bytes", 48, 48},
    {"refcount_gc", "persons", "form=dict", "traced_object_bytes", 88, 88.1},
    {"refcount_gc", "persons", "form=dict", "taken_object_bytes", 88, 88.1},
    {"refcount_gc", "sequences", "form=tuple length=2", "traced_object_bytes", 56, 56},
    {"refcount_gc", "sequences", "form=list length=2", "traced_object_bytes", 72, 72},
    {"malloc", "generator", "form=frame count=100000", "traced_peak_bytes", 464, 464},
    {"malloc", "generator", "form=list count=100000", "traced_peak_bytes", 3.99e6, 4.01e6},
    {"malloc", "text_build", "form=join parts=10000 texts=1", "traced_peak_bytes", 185225, 185225},
    {"malloc", "text_build", "form=copy parts=2000 texts=1", "traced_peak_bytes", 40000, 40180},
    {"malloc", "numbers", "form=array count=100000", "traced_bytes", 408000, 408576},
    {"malloc", "membership", "form=set size=1000", "traced_bytes", 32984, 32984},

    /* Weak references let go: at once, or when a collector runs. */
    {"refcount", "value_cache", "form=weak holders=50", "live_values_max", 40, 51},
    {"refcount", "value_cache", "form=strong", "live_values_max", 5000, 20000},
    {"refcount", "observers", "form=strong", "kept_observers_max", 290, 290},
    {"refcount", "observers", "form=strong", "left_objects", 30200, 30200},
    {"refcount_gc", "observers", "form=strong", "left_after_collect_objects", 0, 0},
    {"refcount", "observers", "form=weak_subject", "kept_observers_max", 290, 290},
    {"refcount", "observers", "form=weak_subject", "left_objects", 0, 0},
    {"refcount", "observers", "form=weak_observers", "kept_observers_max", 0, 0},
    {"malloc", "observers", "form=cleanup", "kept_observers_max", 0, 0},

    /* Resources. */
    {"malloc", "resources", "form=scope", "open_max", 1, 1},
    {"refcount", "resources", "form=drop", "delay_allocations_max", 0, 0},
    {"refcount", "resources", "form=cycle", "unfinalized", 20000, 20000},
    {"refcount_gc", "resources", "form=cycle", "delay_allocations_p50", 1000, 4200},
    {"refcount_gc", "resources", "form=cycle", "open_max", 340, 360},
    {"marksweep", "resources", "form=drop", "open_max", 100, 19999},

    /* A cache that is bounded; data that is dropped early. */
    {"malloc", "lru_cache", "", "hits", 46945, 46945},
    {"malloc", "large_data", "form=early", "live_released_bytes", 0, 1000},
    {"malloc", "large_data", "form=early", "live_loaded_bytes", 6e6, 6.5e6},
    {"malloc", "large_data", "form=early kind=text wait_ms=50", "waited_ms", 0, 10000},

    /* Blocks that all survive their only phase: of the smallest band of sizes, or of all. */
    {"malloc", "survivors", "phases=1 keep=100 bands=4", "live_end_bytes", 1.35e6, 1.6e6},
    {"malloc", "survivors", "phases=1 keep=100 bands=1", "live_end_bytes", 5.2e6, 5.4e6},
};

struct reported {
    bool found, ok;
    double value;
};

/* Looks for a figure, and for a status that is ok, in the rows of a run. */
static struct reported read_rows(char *output, const char *figure)
{
    struct reported reported = {0};
    char *rest = output;
    for (char *line; (line = strtok_r(rest, "\n", &rest));) {
        json_t *row = json_loads(line, 0, NULL);
        const char *kind = json_string_value(json_object_get(row, "row"));
        const char *name = json_string_value(json_object_get(row, "name"));
        const char *status = json_string_value(json_object_get(row, "status"));
        if (kind && strcmp(kind, "figure") == 0 && name && strcmp(name, figure) == 0) {
            reported.found = true;
            reported.value = json_number_value(json_object_get(row, "value"));
        }
        reported.ok |= status && strcmp(status, "ok") == 0;
        json_decref(row);
    }
    return reported;
}

static struct reported run(char *bench, const struct expected *expected)
{
    char *arguments[ARGUMENTS] = {bench, "--workload", (char *)expected->workload, "--repetitions", "1"};
    char params[TEXT], *rest = params;
    size_t count = 5;
    struct spawned spawned;
    struct reported reported = {0};
    snprintf(params, sizeof params, "%s", expected->params);
    for (char *param; count + 2 < ARGUMENTS && (param = strtok_r(rest, " ", &rest));) {
        arguments[count++] = "--param";
        arguments[count++] = param;
    }
    if (spawn(arguments, 0, &spawned) == 0) {
        reported = read_rows(spawned.output, expected->figure);
        free(spawned.output);
    }
    return reported;
}

/* Whether it is as expected. */
static bool check(const char *folder, const struct expected *expected, size_t *checked)
{
    char bench[4096];
    snprintf(bench, sizeof bench, "%s/bench-%s", folder, expected->strategy);
    if (access(bench, X_OK) != 0)
        return true;
    struct reported reported = run(bench, expected);
    bool right =
        reported.ok && reported.found && reported.value >= expected->lowest && reported.value <= expected->highest;
    if (!right)
        printf("%s, %s %s: %s is %g%s, not %g to %g\n", expected->strategy, expected->workload, expected->params,
               expected->figure, reported.value, reported.found ? "" : " (missing)", expected->lowest,
               expected->highest);
    (*checked)++;
    return right;
}

int main(int count, char *arguments[])
{
    size_t checked = 0, wrong = 0;
    if (count != 2) {
        fprintf(stderr, "usage: workload-figures BENCH_FOLDER\n");
        return 2;
    }
    for (size_t i = 0; i < sizeof expectations / sizeof *expectations; i++)
        wrong += !check(arguments[1], &expectations[i], &checked);
    printf("%zu figures, %zu of them not as expected\n", checked, wrong);
    return wrong > 0 || checked == 0;
}
