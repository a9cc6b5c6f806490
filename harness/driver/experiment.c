#include "driver/experiment.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/say.h"

struct experiment *experiment_new(void)
{
    struct experiment *experiment = must_resize(NULL, 1, sizeof *experiment);
    *experiment = (struct experiment){0};
    return experiment;
}

static uint32_t *or_number(uint32_t *given, uint32_t otherwise)
{
    if (!given) {
        given = must_resize(NULL, 1, sizeof *given);
        *given = otherwise;
    }
    return given;
}

static void complete_pilot(struct experiment_pilot *pilot)
{
    pilot->invocations = or_number(pilot->invocations, 5);
    pilot->repetitions = or_number(pilot->repetitions, 5);
    pilot->most_invocations = or_number(pilot->most_invocations, 100);
    pilot->most_repetitions = or_number(pilot->most_repetitions, 20);
    if (!pilot->precision && !pilot->time)
        pilot->precision = must_copy("1%");
}

void experiment_complete(struct experiment *experiment)
{
    if (!experiment->name)
        experiment->name = must_copy("run");
    if (!experiment->seed) {
        experiment->seed = must_resize(NULL, 1, sizeof *experiment->seed);
        *experiment->seed = 1;
    }
    experiment->invocations = or_number(experiment->invocations, 5);
    experiment->repetitions = or_number(experiment->repetitions, 3);
    if (experiment->pilot)
        complete_pilot(experiment->pilot);
    experiment->warmup = or_number(experiment->warmup, 1);
    experiment->iterations = or_number(experiment->iterations, 1);
    if (!experiment->timeout_s)
        experiment->timeout_s = must_copy("60");
    if (!experiment->memory_limit)
        experiment->memory_limit = must_copy("4G");
    if (!experiment->timeline) {
        experiment->timeline = must_resize(NULL, 1, sizeof *experiment->timeline);
        *experiment->timeline = SWITCH_ON;
    }
    if (!experiment->allocators_count)
        list_add(&experiment->allocators, &experiment->allocators_count, "system");
    if (!experiment->heap_limits_count)
        list_add(&experiment->heap_limits, &experiment->heap_limits_count, "0");
}

const char *experiment_where(const struct experiment_source *source, const char *value)
{
    static char where[512];
    where[0] = 0;
    for (size_t i = 0; source->path && i < source->scalars.count; i++)
        if (strcmp(source->scalars.items[i], value) == 0) {
            snprintf(where, sizeof where, "%s:%u: ", source->path, source->lines[i]);
            break;
        }
    return where;
}

/* ---- lists */

void list_add(char ***items, unsigned *count, const char *item)
{
    *items = must_resize(*items, *count + 1, sizeof **items);
    (*items)[(*count)++] = must_copy(item);
}

void list_clear(char ***items, unsigned *count)
{
    for (unsigned i = 0; i < *count; i++)
        free((*items)[i]);
    free(*items);
    *items = NULL;
    *count = 0;
}

void list_set_param(char ***params, unsigned *count, const char *pair)
{
    size_t name_length = strcspn(pair, "=") + 1;
    for (unsigned i = 0; i < *count; i++)
        if (strncmp((*params)[i], pair, name_length) == 0) {
            free((*params)[i]);
            (*params)[i] = must_copy(pair);
            return;
        }
    list_add(params, count, pair);
}

/* ---- entries by name or by path */

static bool is_path(const char *given)
{
    size_t length = strlen(given);
    return strchr(given, '/') || (length > 2 && strcmp(given + length - 2, ".c") == 0);
}

/* my_workload of /x/my_workload.c, my_strategy of /x/my_strategy. */
static char *name_of_path(const char *path)
{
    const char *name = strrchr(path, '/') + 1;
    size_t length = strlen(name);
    if (length > 2 && strcmp(name + length - 2, ".c") == 0)
        length -= 2;
    return must_print("%.*s", (int)length, name);
}

int entry_find(struct experiment_entry *entry, const char *folder, const struct experiment_source *source)
{
    const char *given = entry->path ? entry->path : entry->name;
    if (!given) {
        const char *near = entry->params_count ? entry->params[0] : "workloads";
        say("%san entry of strategies or workloads needs the key name, or path", experiment_where(source, near));
        return -1;
    }
    if (!entry->path && !is_path(given))
        return 0;
    char *wanted = *given == '/' ? must_copy(given) : must_print("%s/%s", folder, given);
    char *found = realpath(wanted, NULL);
    free(wanted);
    if (!found) {
        say("%s%s: %s", experiment_where(source, given), given, strerror(errno));
        return -1;
    }
    free(entry->name);
    free(entry->path);
    entry->path = found;
    entry->name = name_of_path(found);
    return 0;
}

void allocators_find(struct experiment *experiment, const char *folder)
{
    char *from = realpath(folder, NULL);
    for (unsigned i = 0; i < experiment->allocators_count && from; i++) {
        char **allocator = &experiment->allocators[i];
        if (!is_path(*allocator) || **allocator == '/')
            continue;
        char *path = must_print("%s/%s", from, *allocator);
        free(*allocator);
        *allocator = path;
    }
    free(from);
}

static void entry_free(struct experiment_entry *entry)
{
    free(entry->name);
    free(entry->path);
    list_clear(&entry->params, &entry->params_count);
    list_clear(&entry->heap_limits, &entry->heap_limits_count);
}

/* Which of `names` calls for the entry, or names->count. */
static size_t called_for(const struct strings *names, const struct experiment_entry *entry)
{
    for (size_t i = 0; i < names->count; i++) {
        char *path = is_path(names->items[i]) ? realpath(names->items[i], NULL) : NULL;
        bool same = path ? entry->path && strcmp(path, entry->path) == 0 : strcmp(names->items[i], entry->name) == 0;
        free(path);
        if (same)
            return i;
    }
    return names->count;
}

int entries_select(struct experiment_entry **entries, unsigned *count, const struct strings *names)
{
    bool *found = must_resize(NULL, names->count + 1, sizeof *found);
    memset(found, 0, names->count + 1);
    unsigned kept = 0;
    for (unsigned i = 0; i < *count; i++) {
        struct experiment_entry entry = (*entries)[i];
        size_t name = called_for(names, &entry);
        found[name] = true;
        if (name < names->count)
            (*entries)[kept++] = entry;
        else
            entry_free(&entry);
    }
    static const struct experiment_source command_line = {0};
    int failure = 0;
    *entries = must_resize(*entries, kept + names->count, sizeof **entries);
    for (size_t i = 0; i < names->count && !failure; i++) {
        if (found[i])
            continue;
        struct experiment_entry *entry = &(*entries)[kept++];
        *entry = (struct experiment_entry){.name = must_copy(names->items[i])};
        failure = entry_find(entry, ".", &command_line);
    }
    *count = kept;
    free(found);
    return failure;
}

enum experiment_counter experiment_counter(const struct experiment *experiment)
{
    return experiment->counter ? *experiment->counter : COUNTER_NONE;
}

bool experiment_counts(const struct experiment *experiment)
{
    return experiment_counter(experiment) != COUNTER_NONE;
}
