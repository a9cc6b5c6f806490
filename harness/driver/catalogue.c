#include "driver/catalogue.h"

#include <errno.h>
#include <glob.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver/child.h"
#include "driver/left_out.h"
#include "driver/say.h"

char *catalogue_home(void)
{
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    if (length < 0)
        return must_copy(".");
    path[length] = 0;
    char *slash = strrchr(path, '/');
    *slash = 0;
    return must_copy(path);
}

/* ---- from a description to structs */

static const char *json_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

/* A value as the user would type it. */
static char *json_typed(const json_t *value)
{
    if (json_is_integer(value))
        return must_print("%" JSON_INTEGER_FORMAT, json_integer_value(value));
    return must_copy(json_is_string(value) ? json_string_value(value) : "");
}

static int64_t json_bound(const json_t *object, const char *key, int64_t otherwise)
{
    const json_t *value = json_object_get(object, key);
    return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

static void read_choices(struct param *param, const json_t *choices)
{
    param->choice_count = json_array_size(choices);
    if (!param->choice_count)
        return;
    param->choices = must_resize(NULL, param->choice_count, sizeof *param->choices);
    for (size_t i = 0; i < param->choice_count; i++) {
        const char *choice = json_string_value(json_array_get(choices, i));
        param->choices[i] = choice ? choice : "";
    }
}

static struct params read_params(const json_t *array)
{
    struct params params = {.count = json_array_size(array)};
    params.items = must_resize(NULL, params.count, sizeof *params.items);
    for (size_t i = 0; i < params.count; i++) {
        const json_t *said = json_array_get(array, i);
        struct param *param = &params.items[i];
        *param = (struct param){
            .name = json_text(said, "name"),
            .help = json_text(said, "help"),
            .is_text = strcmp(json_text(said, "kind"), "text") == 0,
            .initial = json_typed(json_object_get(said, "initial")),
            .small = json_typed(json_object_get(said, "small")),
            .lowest = json_bound(said, "lowest", INT64_MIN),
            .highest = json_bound(said, "highest", INT64_MAX),
        };
        read_choices(param, json_object_get(said, "choices"));
    }
    return params;
}

static void read_workloads(struct strategy_info *strategy)
{
    const json_t *array = json_object_get(strategy->said, "workloads");
    strategy->workload_count = json_array_size(array);
    strategy->workloads = must_resize(NULL, strategy->workload_count, sizeof *strategy->workloads);
    for (size_t i = 0; i < strategy->workload_count; i++) {
        const json_t *said = json_array_get(array, i);
        strategy->workloads[i] = (struct workload_info){
            .name = json_text(said, "name"),
            .summary = json_text(said, "summary"),
            .unit = json_text(said, "unit"),
            .needs = json_object_get(said, "needs"),
            .params = read_params(json_object_get(said, "params")),
        };
    }
}

static void params_free(struct params *params)
{
    for (size_t i = 0; i < params->count; i++) {
        free(params->items[i].initial);
        free(params->items[i].small);
        free(params->items[i].choices);
    }
    free(params->items);
}

static void strategy_free(struct strategy_info *strategy)
{
    for (size_t i = 0; i < strategy->workload_count; i++)
        params_free(&strategy->workloads[i].params);
    free(strategy->workloads);
    params_free(&strategy->params);
    free(strategy->bench);
    json_decref(strategy->said);
}

/* ---- asking an executable */

static void add_line(char *line, size_t length, void *context)
{
    struct text *text = context;
    text_add_bytes(text, line, length);
    text_add_bytes(text, "\n", 1);
}

/* If the loader says that a library is not there: leaves the strategy out. */
static bool lacks_library(struct catalogue *catalogue, const char *name, const struct child_end *end)
{
    static const char said[] = "error while loading shared libraries: ";
    const char *library = strstr(end->last_line, said);
    if (!library)
        return false;
    library += sizeof said - 1;
    char *reason = must_print("needs %.*s, which this machine does not have", (int)strcspn(library, ":"), library);
    left_out_add(catalogue, name, reason);
    free(reason);
    return true;
}

/* What the executable says of itself. NULL: it is left out; or *failure is set, after a message. */
static json_t *describe(struct catalogue *catalogue, const char *bench, const char *name, int *failure)
{
    struct text said = {0};
    char *arguments[] = {(char *)(uintptr_t)bench, (char *)(uintptr_t) "--describe", NULL};
    struct child child = {
        .path = bench, .arguments = arguments, .timeout_ns = 20000000000u, .line = add_line, .context = &said};
    struct child_end end;
    int error = child_run(&child, &end);
    json_t *description = NULL;
    bool is_left_out = !error && !child_succeeded(&end) && lacks_library(catalogue, name, &end);
    if (is_left_out)
        ;
    else if (error)
        say("%s: cannot be started: %s", bench, strerror(-error));
    else if (!child_succeeded(&end))
        say("%s: --describe fails: %s", bench, end.last_line[0] ? end.last_line : "no message");
    else if (!(description = json_loads(text_string(&said), 0, NULL)) || !*json_text(description, "strategy"))
        say("%s: --describe does not print a description; build it again", bench);
    text_free(&said);
    if (description && !*json_text(description, "strategy")) {
        json_decref(description);
        description = NULL;
    }
    *failure = description || is_left_out ? 0 : -1;
    return description;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct strategy_info *)a)->name, ((const struct strategy_info *)b)->name);
}

static void put(struct catalogue *catalogue, const char *bench, json_t *said)
{
    struct strategy_info strategy = {
        .name = json_text(said, "strategy"),
        .summary = json_text(said, "summary"),
        .bench = must_copy(bench),
        .said = said,
        .traits = json_object_get(said, "traits"),
        .params = read_params(json_object_get(said, "params")),
    };
    read_workloads(&strategy);
    struct strategy_info *place = (struct strategy_info *)(uintptr_t)catalogue_strategy(catalogue, strategy.name);
    if (place) {
        strategy_free(place);
        *place = strategy;
        return;
    }
    catalogue->strategies = must_resize(catalogue->strategies, catalogue->count + 1, sizeof *catalogue->strategies);
    catalogue->strategies[catalogue->count++] = strategy;
    qsort(catalogue->strategies, catalogue->count, sizeof *catalogue->strategies, by_name);
}

int catalogue_add(struct catalogue *catalogue, const char *folder, const struct strings *only)
{
    char *pattern = must_print("%s/bench-*", folder);
    glob_t found = {0};
    int failure = 0;
    left_out_read(catalogue, folder);
    glob(pattern, 0, NULL, &found);
    for (size_t i = 0; i < found.gl_pathc && !failure; i++) {
        const char *name = strrchr(found.gl_pathv[i], '/') + sizeof "/bench-" - 1;
        if ((only && !strings_has(only, name)) || access(found.gl_pathv[i], X_OK) != 0)
            continue;
        bool is_stale = !only && left_out_find(catalogue, name);
        json_t *said = is_stale ? NULL : describe(catalogue, found.gl_pathv[i], name, &failure);
        if (said)
            put(catalogue, found.gl_pathv[i], said);
    }
    globfree(&found);
    free(pattern);
    if (!failure && !catalogue->count) {
        say("there is no bench-* in %s; run `make build`", folder);
        failure = -1;
    }
    return failure;
}

void catalogue_free(struct catalogue *catalogue)
{
    for (size_t i = 0; i < catalogue->count; i++)
        strategy_free(&catalogue->strategies[i]);
    free(catalogue->strategies);
    left_out_free(catalogue);
    *catalogue = (struct catalogue){0};
}

/* ---- looking up */

const struct strategy_info *catalogue_strategy(const struct catalogue *catalogue, const char *name)
{
    for (size_t i = 0; i < catalogue->count; i++)
        if (strcmp(catalogue->strategies[i].name, name) == 0)
            return &catalogue->strategies[i];
    return NULL;
}

const struct strategy_info *catalogue_named(const struct catalogue *catalogue, const char *name)
{
    const struct strategy_info *strategy = catalogue_strategy(catalogue, name);
    return strategy ? strategy : left_out_find(catalogue, name);
}

const struct workload_info *strategy_workload(const struct strategy_info *strategy, const char *name)
{
    for (size_t i = 0; i < strategy->workload_count; i++)
        if (strcmp(strategy->workloads[i].name, name) == 0)
            return &strategy->workloads[i];
    return NULL;
}

const struct workload_info *catalogue_workload(const struct catalogue *catalogue, const char *name)
{
    const struct workload_info *workload = NULL;
    for (size_t i = 0; i < catalogue->count && !workload; i++)
        workload = strategy_workload(&catalogue->strategies[i], name);
    return workload;
}

const struct param *params_find(const struct params *params, const char *name)
{
    for (size_t i = 0; i < params->count; i++)
        if (strcmp(params->items[i].name, name) == 0)
            return &params->items[i];
    return NULL;
}

bool strategy_has_trait(const struct strategy_info *strategy, const char *trait)
{
    for (size_t i = 0; i < json_array_size(strategy->traits); i++) {
        const char *name = json_string_value(json_array_get(strategy->traits, i));
        if (name && strcmp(name, trait) == 0)
            return true;
    }
    return false;
}

void catalogue_strategy_names(const struct catalogue *catalogue, struct strings *names)
{
    for (size_t i = 0; i < catalogue->count; i++)
        strings_add(names, catalogue->strategies[i].name);
    for (size_t i = 0; i < catalogue->left_out_count; i++)
        strings_add(names, catalogue->left_out[i].name);
}

void catalogue_workload_names(const struct catalogue *catalogue, struct strings *names)
{
    for (size_t i = 0; i < catalogue->count; i++)
        for (size_t j = 0; j < catalogue->strategies[i].workload_count; j++)
            if (!strings_has(names, catalogue->strategies[i].workloads[j].name))
                strings_add(names, catalogue->strategies[i].workloads[j].name);
}

static char *integer_value(const struct param *param, const char *value, struct text *why)
{
    int64_t number;
    uint64_t bytes;
    if (parse_integer(value, param->lowest, param->highest, &number))
        return must_print("%" PRId64, number);
    if (parse_bytes(value, &bytes) && bytes <= INT64_MAX && (int64_t)bytes >= param->lowest &&
        (int64_t)bytes <= param->highest)
        return must_print("%" PRIu64, bytes);
    text_add(why, "an integer from %" PRId64 " to %" PRId64, param->lowest, param->highest);
    return NULL;
}

char *param_value(const struct param *param, const char *value, struct text *why)
{
    if (!param->is_text)
        return integer_value(param, value, why);
    for (size_t i = 0; i < param->choice_count; i++)
        if (strcmp(param->choices[i], value) == 0)
            return must_copy(value);
    if (!param->choice_count)
        return must_copy(value);
    for (size_t i = 0; i < param->choice_count; i++)
        text_add(why, "%s%s", i == 0 ? "" : i + 1 < param->choice_count ? ", " : " or ", param->choices[i]);
    return NULL;
}
