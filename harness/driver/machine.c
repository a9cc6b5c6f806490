#include "driver/machine.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "driver/child.h"
#include "driver/fitness.h"
#include "driver/left_out.h"
#include "driver/procfs.h"
#include "driver/text.h"

static void set_text(json_t *object, const char *key, char *value)
{
    if (value)
        json_object_set_new(object, key, json_string(value));
    free(value);
}

/* ---- parts of machine.json */

static void add_warning(json_t *machine, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add_warning(json_t *machine, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    json_array_append_new(json_object_get(machine, "warnings"), json_vsprintf(format, arguments));
    va_end(arguments);
}

static void add_fitness(json_t *machine)
{
    struct fitness fitness[FITNESS_CHECKS];
    fitness_look(fitness, false);
    for (size_t i = 0; i < FITNESS_CHECKS; i++)
        if (fitness[i].verdict == FITNESS_UNFIT)
            add_warning(machine, "%s: %s", fitness[i].seen, fitness[i].why);
    fitness_free(fitness);
}

static void add_processor(json_t *machine)
{
    char *model = procfs_value("/proc/cpuinfo", "model name", ':');
    set_text(machine, "cpu", model ? model : procfs_value("/proc/cpuinfo", "CPU part", ':'));
    cpu_set_t allowed;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    json_object_set_new(machine, "cores", json_integer(cores));
    if (sched_getaffinity(0, sizeof allowed, &allowed) == 0)
        json_object_set_new(machine, "cores_allowed", json_integer(CPU_COUNT(&allowed)));
    json_object_set_new(machine, "virtualised", json_boolean(procfs_virtual() == PROCFS_YES));
    set_text(machine, "governor", procfs_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"));
    char *no_turbo = procfs_line("/sys/devices/system/cpu/intel_pstate/no_turbo");
    char *boost = procfs_line("/sys/devices/system/cpu/cpufreq/boost");
    if (no_turbo || boost)
        json_object_set_new(machine, "turbo", json_boolean(no_turbo ? *no_turbo == '0' : *boost == '1'));
    free(no_turbo);
    free(boost);
}

static void add_memory(json_t *machine)
{
    json_object_set_new(machine, "memory_bytes", json_integer(procfs_memory_bytes("MemTotal")));
    json_object_set_new(machine, "memory_available_bytes", json_integer(procfs_memory_bytes("MemAvailable")));
    json_object_set_new(machine, "swap_bytes", json_integer(procfs_memory_bytes("SwapTotal")));
    set_text(machine, "transparent_huge_pages", procfs_chosen("/sys/kernel/mm/transparent_hugepage/enabled"));
    char *aslr = procfs_line("/proc/sys/kernel/randomize_va_space");
    json_object_set_new(machine, "aslr", json_boolean(!aslr || *aslr != '0'));
    free(aslr);
}

static void add_system(json_t *machine)
{
    struct utsname system;
    if (uname(&system) == 0) {
        json_object_set_new(machine, "kernel", json_sprintf("%s %s", system.sysname, system.release));
        json_object_set_new(machine, "architecture", json_string(system.machine));
    }
    set_text(machine, "distribution", procfs_value("/etc/os-release", "PRETTY_NAME", '='));
    json_object_set_new(machine, "page_bytes", json_integer(sysconf(_SC_PAGESIZE)));
}

static void add_load(json_t *machine)
{
    double load[3];
    if (getloadavg(load, 3) == 3)
        json_object_set_new(machine, "load_begin", json_real(load[0]));
    struct procfs_jiffies jiffies = procfs_jiffies();
    json_object_set_new(machine, "jiffies_begin", json_integer(jiffies.all));
    json_object_set_new(machine, "jiffies_stolen_begin", json_integer(jiffies.stolen));
}

static void add_time(json_t *machine, const char *key)
{
    time_t now = time(NULL);
    struct tm utc;
    char stamp[32];
    gmtime_r(&now, &utc);
    strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%SZ", &utc);
    json_object_set_new(machine, key, json_string(stamp));
}

/* ---- how it was built */

static void keep_line(char *line, size_t length, void *context)
{
    struct text *text = context;
    text_add_bytes(text, line, length);
    text_add_bytes(text, "\n", 1);
}

/* What `git` prints in the folder, or NULL. Owned by the caller. */
static char *git(const char *folder, const char *const words[])
{
    struct text said = {0};
    struct strings arguments = {0};
    strings_add(&arguments, "git");
    strings_add(&arguments, "-C");
    strings_add(&arguments, folder);
    for (; *words; words++)
        strings_add(&arguments, *words);
    struct child child = {
        .path = "git", .arguments = arguments.items, .timeout_ns = 5000000000u, .line = keep_line, .context = &said};
    struct child_end end;
    bool failed = child_run(&child, &end) || !child_succeeded(&end);
    strings_free(&arguments);
    char *copy = failed ? NULL : must_copy(text_string(&said));
    text_free(&said);
    return copy;
}

static void add_commit(json_t *machine, const char *tree)
{
    char *commit = git(tree, (const char *const[]){"rev-parse", "HEAD", NULL});
    if (commit)
        commit[strcspn(commit, "\n")] = 0;
    set_text(machine, "commit", commit);
    char *changes = git(tree, (const char *const[]){"status", "--porcelain", "--untracked-files=no", NULL});
    if (changes)
        json_object_set_new(machine, "commit_changed", json_boolean(*changes != 0));
    free(changes);
}

static void add_build(json_t *machine, const struct plan *plan)
{
    static const char *const keys[] = {"compiler", "build_type", "flags", "version"};
    const struct strategy_info *strategy = NULL;
    for (size_t i = 0; i < plan->cell_count && (!strategy || strategy->left_out); i++)
        strategy = plan->cells[i].strategy;
    if (!strategy || strategy->left_out)
        return;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        json_t *value = json_object_get(strategy->said, keys[i]);
        if (value)
            json_object_set(machine, keys[i], value);
    }
    const char *build_type = json_string_value(json_object_get(machine, "build_type"));
    if (build_type && strcmp(build_type, "Release") != 0)
        add_warning(machine, "the build is %s, not Release: its times are not worth comparing", build_type);
}

/* Strategies that the plan names, and this build does not have; each once, their cells being side by side. */
static void add_left_out(json_t *machine, const struct plan *plan)
{
    const struct strategy_info *last = NULL;
    for (size_t i = 0; i < plan->cell_count; i++) {
        const struct strategy_info *strategy = plan->cells[i].strategy;
        if (!strategy->left_out || strategy == last)
            continue;
        char *why = left_out_why(strategy);
        add_warning(machine, "%s", why);
        free(why);
        last = strategy;
    }
}

static void add_allocators(json_t *machine, const struct plan *plan)
{
    json_t *found = json_object();
    for (size_t i = 0; i < plan->allocator_count; i++) {
        const struct allocator *allocator = &plan->allocators[i];
        char *file = allocator->preload ? realpath(allocator->preload, NULL) : NULL;
        json_object_set_new(found, allocator->name, file ? json_string(file) : json_null());
        free(file);
    }
    json_object_set_new(machine, "allocators", found);
}

/* Settings that change how an allocator behaves. */
static void add_settings(json_t *machine)
{
    static const char *const prefixes[] = {"MALLOC_", "MIMALLOC_",   "GLIBC_TUNABLES=", "TCMALLOC_",
                                           "_RJEM_",  "LD_PRELOAD=", "LD_LIBRARY_PATH="};
    json_t *settings = json_array();
    for (char **item = environ; *item; item++)
        for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
            if (strncmp(*item, prefixes[i], strlen(prefixes[i])) == 0)
                json_array_append_new(settings, json_string(*item));
    json_object_set_new(machine, "environment", settings);
    for (size_t i = 0; i < json_array_size(settings); i++)
        add_warning(machine, "the environment has %s", json_string_value(json_array_get(settings, i)));
}

json_t *machine_describe(const char *run_id, const struct plan *plan, const char *tree)
{
    json_t *machine = json_object();
    json_object_set_new(machine, "run_id", json_string(run_id));
    json_object_set_new(machine, "warnings", json_array());
    add_time(machine, "begun");
    add_processor(machine);
    add_memory(machine);
    add_system(machine);
    add_load(machine);
    add_build(machine, plan);
    add_left_out(machine, plan);
    add_commit(machine, tree);
    add_allocators(machine, plan);
    add_settings(machine);
    add_fitness(machine);
    return machine;
}

void machine_finish(json_t *begun)
{
    double load[3];
    add_time(begun, "finished");
    if (getloadavg(load, 3) == 3)
        json_object_set_new(begun, "load_end", json_real(load[0]));
    struct procfs_jiffies jiffies = procfs_jiffies();
    jiffies.all -= json_integer_value(json_object_get(begun, "jiffies_begin"));
    jiffies.stolen -= json_integer_value(json_object_get(begun, "jiffies_stolen_begin"));
    double steal = jiffies.all > 0 ? (double)jiffies.stolen / (double)jiffies.all : 0;
    json_object_set_new(begun, "steal", json_real(steal));
    if (steal > 0.01)
        add_warning(begun, "%.1f %% of the time was taken by the hypervisor (steal)", 100 * steal);
}

static bool has_warning(const json_t *machine, const char *warning)
{
    const json_t *warnings = json_object_get(machine, "warnings");
    for (size_t i = 0; i < json_array_size(warnings); i++)
        if (strcmp(json_string_value(json_array_get(warnings, i)), warning) == 0)
            return true;
    return false;
}

/* What an earlier session was warned of is true of its rows still. */
static void keep_warnings(json_t *machine, const json_t *before)
{
    static const char head[] = "earlier: ";
    const json_t *warnings = json_object_get(before, "warnings");
    for (size_t i = 0; i < json_array_size(warnings); i++) {
        const char *text = json_string_value(json_array_get(warnings, i));
        if (!text)
            continue;
        text += strncmp(text, head, sizeof head - 1) == 0 ? sizeof head - 1 : 0;
        char *warning = must_print("%s%s", head, text);
        if (!has_warning(machine, warning) && !has_warning(machine, text))
            add_warning(machine, "%s", warning);
        free(warning);
    }
}

/* A figure of a run is of one machine and one build. */
static void warn_of_change(json_t *machine, const json_t *before)
{
    static const char *const keys[] = {"cpu",      "cores",      "memory_bytes", "kernel",
                                       "compiler", "build_type", "flags",        "commit"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        json_t *then = json_object_get(before, keys[i]), *now = json_object_get(machine, keys[i]);
        char *then_text = json_dumps(then, JSON_ENCODE_ANY), *now_text = json_dumps(now, JSON_ENCODE_ANY);
        if (then && now && !json_equal(then, now))
            add_warning(machine, "the run was begun with %s %s, and went on with %s", keys[i],
                        then_text ? then_text : "", now_text ? now_text : "");
        free(then_text);
        free(now_text);
    }
}

void machine_go_on(json_t *machine, const char *folder)
{
    char *path = must_print("%s/machine.json", folder);
    json_t *before = json_load_file(path, 0, NULL);
    free(path);
    if (!before)
        return;
    json_t *earlier = json_object_get(before, "earlier");
    earlier = earlier ? json_incref(earlier) : json_array();
    json_object_del(before, "earlier");
    warn_of_change(machine, before);
    keep_warnings(machine, before);
    json_array_append_new(earlier, before);
    json_object_set_new(machine, "earlier", earlier);
}
