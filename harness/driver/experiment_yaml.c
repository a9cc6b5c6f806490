/* An experiment as a YAML file. */
#include <stdlib.h>
#include <string.h>

#include "driver/yaml_file.h"

/* ---- the keys of the file */

static const cyaml_strval_t switch_words[] = {
    {"true", SWITCH_ON},
    {"false", SWITCH_OFF},
    {"yes", SWITCH_ON},
    {"no", SWITCH_OFF},
};

static const cyaml_strval_t counter_words[] = {
    {"none", COUNTER_NONE},
    {"instructions", COUNTER_INSTRUCTIONS},
    {"syscalls", COUNTER_SYSCALLS},
};

bool experiment_find_counter(const char *name, enum experiment_counter *counter)
{
    for (size_t i = 0; i < sizeof counter_words / sizeof *counter_words; i++)
        if (strcmp(counter_words[i].str, name) == 0) {
            *counter = (enum experiment_counter)counter_words[i].val;
            return true;
        }
    return false;
}

static const cyaml_schema_value_t string_value = {CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, CYAML_UNLIMITED)};

enum { OPTIONAL_LIST = CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, OPTIONAL_TEXT = OPTIONAL_LIST };

static const cyaml_schema_field_t strategy_fields[] = {
    CYAML_FIELD_STRING_PTR("name", OPTIONAL_TEXT, struct experiment_entry, name, 1, CYAML_UNLIMITED),
    CYAML_FIELD_STRING_PTR("path", OPTIONAL_TEXT, struct experiment_entry, path, 1, CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE("params", OPTIONAL_LIST, struct experiment_entry, params, &string_value, 0, CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE("heap_limits", OPTIONAL_LIST, struct experiment_entry, heap_limits, &string_value, 0,
                         CYAML_UNLIMITED),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t strategy_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct experiment_entry, strategy_fields)};

static const cyaml_schema_field_t workload_fields[] = {
    CYAML_FIELD_STRING_PTR("name", OPTIONAL_TEXT, struct experiment_entry, name, 1, CYAML_UNLIMITED),
    CYAML_FIELD_STRING_PTR("path", OPTIONAL_TEXT, struct experiment_entry, path, 1, CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE("params", OPTIONAL_LIST, struct experiment_entry, params, &string_value, 0, CYAML_UNLIMITED),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t workload_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct experiment_entry, workload_fields)};

static const cyaml_schema_field_t pilot_fields[] = {
    CYAML_FIELD_UINT_PTR("invocations", CYAML_FLAG_OPTIONAL, struct experiment_pilot, invocations),
    CYAML_FIELD_UINT_PTR("repetitions", CYAML_FLAG_OPTIONAL, struct experiment_pilot, repetitions),
    CYAML_FIELD_STRING_PTR("precision", OPTIONAL_TEXT, struct experiment_pilot, precision, 1, CYAML_UNLIMITED),
    CYAML_FIELD_STRING_PTR("time", OPTIONAL_TEXT, struct experiment_pilot, time, 1, CYAML_UNLIMITED),
    CYAML_FIELD_UINT_PTR("most_invocations", CYAML_FLAG_OPTIONAL, struct experiment_pilot, most_invocations),
    CYAML_FIELD_UINT_PTR("most_repetitions", CYAML_FLAG_OPTIONAL, struct experiment_pilot, most_repetitions),
    CYAML_FIELD_END,
};

const cyaml_schema_field_t experiment_fields[] = {
    CYAML_FIELD_STRING_PTR("name", OPTIONAL_TEXT, struct experiment, name, 1, CYAML_UNLIMITED),
    CYAML_FIELD_STRING_PTR("description", OPTIONAL_TEXT, struct experiment, description, 0, CYAML_UNLIMITED),
    CYAML_FIELD_INT_PTR("seed", CYAML_FLAG_OPTIONAL, struct experiment, seed),
    CYAML_FIELD_UINT_PTR("invocations", CYAML_FLAG_OPTIONAL, struct experiment, invocations),
    CYAML_FIELD_UINT_PTR("repetitions", CYAML_FLAG_OPTIONAL, struct experiment, repetitions),
    CYAML_FIELD_UINT_PTR("warmup", CYAML_FLAG_OPTIONAL, struct experiment, warmup),
    CYAML_FIELD_UINT_PTR("iterations", CYAML_FLAG_OPTIONAL, struct experiment, iterations),
    CYAML_FIELD_STRING_PTR("timeout_s", OPTIONAL_TEXT, struct experiment, timeout_s, 1, CYAML_UNLIMITED),
    CYAML_FIELD_STRING_PTR("memory_limit", OPTIONAL_TEXT, struct experiment, memory_limit, 1, CYAML_UNLIMITED),
    CYAML_FIELD_ENUM_PTR("timeline", CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT, struct experiment, timeline, switch_words,
                         sizeof switch_words / sizeof *switch_words),
    CYAML_FIELD_ENUM_PTR("keep_awake", CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT, struct experiment, keep_awake,
                         switch_words, sizeof switch_words / sizeof *switch_words),
    CYAML_FIELD_ENUM_PTR("counter", CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT, struct experiment, counter, counter_words,
                         sizeof counter_words / sizeof *counter_words),
    CYAML_FIELD_MAPPING_PTR("pilot", CYAML_FLAG_OPTIONAL, struct experiment, pilot, pilot_fields),
    CYAML_FIELD_SEQUENCE("strategies", OPTIONAL_LIST, struct experiment, strategies, &strategy_value, 0,
                         CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE("allocators", OPTIONAL_LIST, struct experiment, allocators, &string_value, 0, CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE("workloads", OPTIONAL_LIST, struct experiment, workloads, &workload_value, 0, CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE("heap_limits", OPTIONAL_LIST, struct experiment, heap_limits, &string_value, 0,
                         CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE("heap_factors", OPTIONAL_LIST, struct experiment, heap_factors, &string_value, 0,
                         CYAML_UNLIMITED),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t experiment_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct experiment, experiment_fields)};

int experiment_find_files(struct experiment *experiment, const struct experiment_source *source)
{
    const char *slash = strrchr(source->path, '/');
    char *folder = slash ? must_print("%.*s", (int)(slash - source->path), source->path) : must_copy(".");
    int failure = 0;
    for (unsigned i = 0; i < experiment->strategies_count && !failure; i++)
        failure = entry_find(&experiment->strategies[i], folder, source);
    for (unsigned i = 0; i < experiment->workloads_count && !failure; i++)
        failure = entry_find(&experiment->workloads[i], folder, source);
    allocators_find(experiment, folder);
    free(folder);
    return failure;
}

struct experiment *experiment_read(const char *path, struct experiment_source *source)
{
    struct experiment *experiment =
        yaml_file_read(path, &experiment_value, "experiments/ has some to start from", source);
    if (experiment && experiment_find_files(experiment, source)) {
        experiment_free(experiment);
        return NULL;
    }
    return experiment;
}

int experiment_write(const struct experiment *experiment, const char *path)
{
    return yaml_file_write(path, &experiment_value, experiment);
}

void experiment_free(struct experiment *experiment)
{
    yaml_file_free(&experiment_value, experiment);
}

void experiment_source_free(struct experiment_source *source)
{
    strings_free(&source->scalars);
    free(source->lines);
    source->lines = NULL;
}
