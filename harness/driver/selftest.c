#include "driver/selftest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "analysis/analysis.h"
#include "driver/child.h"
#include "driver/experiment.h"
#include "driver/progress.h"
#include "driver/run.h"
#include "driver/say.h"

enum { PERCENTS = 4 };
static const unsigned percents[PERCENTS] = {1, 2, 5, 10};

/* What tells the copies of a strategy apart. */
static const char *const twins[] = {"twin=0", "twin=1", NULL};
static const char *const slowdowns[] = {"slowdown=0", "slowdown=1", "slowdown=2", "slowdown=5", "slowdown=10", NULL};

static const struct {
    const char *name, *file;
    const char *const *values;
} kinds[] = {
    [SELFTEST_AA] = {"doctor-aa", "aa.yaml", twins},
    [SELFTEST_POWER] = {"doctor-power", "power.yaml", slowdowns},
};

/* ---- the experiment */

static void copy_list(char ***items, unsigned *count, char *const *from, unsigned from_count)
{
    for (unsigned i = 0; i < from_count; i++)
        list_add(items, count, from[i]);
}

static struct experiment_entry entry_with(const struct experiment_entry *entry, const char *value)
{
    struct experiment_entry copy = {.name = must_copy(entry->name),
                                    .path = entry->path ? must_copy(entry->path) : NULL};
    copy_list(&copy.params, &copy.params_count, entry->params, entry->params_count);
    copy_list(&copy.heap_limits, &copy.heap_limits_count, entry->heap_limits, entry->heap_limits_count);
    list_set_param(&copy.params, &copy.params_count, value);
    return copy;
}

/* Each strategy once for every value, in place of itself. */
static void multiply(struct experiment *experiment, const char *const *values)
{
    unsigned count = experiment->strategies_count, copies = 0;
    while (values[copies])
        copies++;
    experiment->strategies =
        must_resize(experiment->strategies, (size_t)count * copies, sizeof *experiment->strategies);
    for (unsigned copy = 1; copy < copies; copy++)
        for (unsigned i = 0; i < count; i++)
            experiment->strategies[copy * count + i] = entry_with(&experiment->strategies[i], values[copy]);
    for (unsigned i = 0; i < count; i++)
        list_set_param(&experiment->strategies[i].params, &experiment->strategies[i].params_count, values[0]);
    experiment->strategies_count = count * copies;
}

/* Of the experiment's folder or of the tree that this was built from. Owned by the caller. */
static char *default_file(enum selftest test)
{
    char *near = must_print("experiments/%s", kinds[test].file);
    if (access(near, R_OK) == 0)
        return near;
    free(near);
    return must_print("%s/experiments/%s", RECLAIM_SOURCE_DIR, kinds[test].file);
}

/* NULL after a message. */
static struct experiment *read_experiment(const char *file, struct experiment_source *source)
{
    struct experiment *experiment = experiment_read(file, source);
    if (experiment && experiment->strategies_count && experiment->workloads_count)
        return experiment;
    if (experiment) {
        say("%s: name its strategies and workloads: each cell is measured several times over", file);
        experiment_free(experiment);
        experiment_source_free(source);
    }
    return NULL;
}

/* ---- how long it takes */

/* Runs each cell once, and says how long all of it takes. An exit code. */
static int run_pilot(enum selftest test, const char *file, const char *pilot)
{
    struct experiment_source source = {0};
    struct experiment *experiment = read_experiment(file, &source);
    if (!experiment)
        return EXIT_USAGE;
    experiment_complete(experiment);
    uint64_t copies = 0, invocations = *experiment->invocations, begun_ns = clock_ns();
    bool whole = access(pilot, F_OK) != 0; /* not what an earlier one left to do */
    while (kinds[test].values[copies])
        copies++;
    *experiment->invocations = 1;
    say("a pilot first: each cell once");
    int code = run_into(pilot, experiment, &source);
    uint64_t took_ns = clock_ns() - begun_ns;
    if (code != EXIT_ALL_OK || !whole)
        return code;
    uint64_t times = copies * invocations;
    char *took = must_copy(progress_duration(took_ns));
    say("the pilot took %s; the whole, %u times as many processes, will take about %s", took, (unsigned)times,
        progress_duration(took_ns * times));
    free(took);
    return code;
}

/* ---- the command */

static int run_all(enum selftest test, const char *file, const char *folder)
{
    struct experiment_source source = {0};
    struct experiment *experiment = read_experiment(file, &source);
    if (!experiment)
        return EXIT_USAGE;
    multiply(experiment, kinds[test].values);
    return run_into(folder, experiment, &source);
}

static int judge(enum selftest test, const char *folder)
{
    bool failed = false;
    int error = test == SELFTEST_AA ? analysis_aa(folder, stdout, &failed)
                                    : analysis_power(folder, percents, PERCENTS, stdout, &failed);
    if (error)
        return EXIT_SOME_FAILED;
    printf("\nIts rows: %s; one more look at them: reclaim compare %s:%s :%s\n", folder, folder, kinds[test].values[0],
           kinds[test].values[test == SELFTEST_AA ? 1 : 3]);
    return failed ? EXIT_SOME_FAILED : EXIT_ALL_OK;
}

static char *new_folder(enum selftest test)
{
    char text[64];
    time_t now = time(NULL);
    strftime(text, sizeof text, "%Y%m%d-%H%M%S", gmtime(&now));
    return must_print("results/%s-%s", kinds[test].name, text);
}

int selftest_command(enum selftest test, const char *file, const char *out)
{
    char *chosen = file ? must_copy(file) : default_file(test), *folder = out ? must_copy(out) : new_folder(test);
    char *begun = must_print("%s/experiment.yaml", folder), *pilot = must_print("%s-pilot", folder);
    int code = access(begun, F_OK) == 0 ? EXIT_ALL_OK : run_pilot(test, chosen, pilot);
    if (code == EXIT_ALL_OK)
        code = run_all(test, chosen, folder);
    if (code == EXIT_ALL_OK)
        code = judge(test, folder);
    else if (code == EXIT_INTERRUPTED)
        say("stopped; go on with `reclaim doctor %s %s --out %s`", test == SELFTEST_AA ? "--aa" : "--power", chosen,
            folder);
    free(begun);
    free(pilot);
    free(chosen);
    free(folder);
    return code;
}
