/* An experiment as a YAML file. */
#include <cyaml/cyaml.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "driver/experiment.h"
#include "driver/say.h"

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
};

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

static const cyaml_schema_field_t experiment_fields[] = {
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
    CYAML_FIELD_ENUM_PTR("counter", CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT, struct experiment, counter, counter_words,
                         sizeof counter_words / sizeof *counter_words),
    CYAML_FIELD_SEQUENCE("strategies", OPTIONAL_LIST, struct experiment, strategies, &strategy_value, 0,
                         CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE("allocators", OPTIONAL_LIST, struct experiment, allocators, &string_value, 0, CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE("workloads", OPTIONAL_LIST, struct experiment, workloads, &workload_value, 0, CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE("heap_limits", OPTIONAL_LIST, struct experiment, heap_limits, &string_value, 0,
                         CYAML_UNLIMITED),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t experiment_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct experiment, experiment_fields)};

/* ---- reading: first libyaml alone, for the places of all scalars and the exact place of an error of syntax; then
 * libcyaml, which knows the keys but only roughly where it is */

static int note_scalars(yaml_parser_t *parser, struct experiment_source *source)
{
    for (bool done = false; !done;) {
        yaml_event_t event;
        if (!yaml_parser_parse(parser, &event))
            return -EINVAL;
        done = event.type == YAML_STREAM_END_EVENT;
        if (event.type == YAML_SCALAR_EVENT) {
            strings_add(&source->scalars, (const char *)event.data.scalar.value);
            source->lines = must_resize(source->lines, source->scalars.count, sizeof *source->lines);
            source->lines[source->scalars.count - 1] = (unsigned)event.start_mark.line + 1;
        }
        yaml_event_delete(&event);
    }
    return 0;
}

static int check_syntax(FILE *file, struct experiment_source *source)
{
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser))
        return -ENOMEM;
    yaml_parser_set_input_file(&parser, file);
    int failure = note_scalars(&parser, source);
    if (failure && parser.error == YAML_READER_ERROR)
        say("%s: cannot be read as YAML: %s", source->path, parser.problem);
    else if (failure)
        say("%s:%zu: this is no YAML: %s%s%s", source->path, parser.problem_mark.line + 1,
            parser.context ? parser.context : "", parser.context ? ", " : "", parser.problem);
    else if (!source->scalars.count)
        say("%s:1: it is empty; expected keys such as `workloads:`", source->path);
    yaml_parser_delete(&parser);
    return failure ? failure : source->scalars.count ? 0 : -EINVAL;
}

/* libcyaml reports an error as several messages: what was wrong, then from where to where it had come. */
struct complaint {
    char problem[256]; /* the first */
    char field[64];    /* the innermost mapping field, if any */
    unsigned line;     /* of the innermost place */
};

static void note_complaint(cyaml_log_t level, void *context, const char *format, va_list arguments)
{
    struct complaint *complaint = context;
    char message[256], *place;
    (void)level;
    vsnprintf(message, sizeof message, format, arguments);
    message[strcspn(message, "\n")] = 0;
    char *text = strncmp(message, "Load: ", 6) == 0 ? message + 6 : message;
    if (!complaint->problem[0])
        snprintf(complaint->problem, sizeof complaint->problem, "%s", text);
    else if (!complaint->line && (place = strstr(text, "(line: ")))
        complaint->line = (unsigned)strtoul(place + 7, NULL, 10);
    if (!complaint->field[0])
        sscanf(text, " in mapping field '%63[^']'", complaint->field);
}

/* The line of the first scalar equal to `value` that is not before `line`: libcyaml names the place before it. */
static unsigned line_from(const struct experiment_source *source, const char *value, unsigned line)
{
    for (size_t i = 0; i < source->scalars.count; i++)
        if (source->lines[i] >= line && strcmp(source->scalars.items[i], value) == 0)
            return source->lines[i];
    return line;
}

static void add_keys(struct text *text, const cyaml_schema_field_t *fields, const char *key)
{
    const char *keys[32];
    size_t count = 0;
    for (; fields[count].key; count++)
        keys[count] = fields[count].key;
    const char *nearest = nearest_of(key, keys, count);
    if (nearest)
        text_add(text, "did you mean %s? ", nearest);
    text_add(text, "expected one of ");
    for (size_t i = 0; i < count; i++)
        text_add(text, "%s%s", i ? ", " : "", keys[i]);
}

/* libcyaml's words in the user's. */
static void explain(const struct complaint *complaint, struct text *text)
{
    const struct {
        const char *problem, *meaning;
    } words[] = {
        {"Expecting SEQUENCE", "expected a list: [a, b], or lines that begin with -"},
        {"Expecting MAPPING", "expected keys with values, as `name: rings`"},
        {"Expecting", "expected one value"},
        {"Invalid ENUM value",
         strcmp(complaint->field, "counter") == 0 ? "expected none or instructions" : "expected true or false"},
        {"Invalid", "expected a whole number"},
        {"STRING length", "expected a text"},
        {"Mapping field already seen", "is given twice"},
    };
    const char *problem = complaint->problem, *value = strrchr(problem, ':');
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strncmp(problem, words[i].problem, strlen(words[i].problem)) != 0)
            continue;
        text_add(text, "%s", words[i].meaning);
        if (strncmp(problem, "Invalid", 7) == 0 && value)
            text_add(text, ", not%s", value + 1);
        return;
    }
    text_add(text, "%s", problem);
}

static void say_complaint(const struct complaint *complaint, const struct experiment_source *source)
{
    static const char unexpected[] = "Unexpected key: ", missing[] = "Missing required mapping field: ";
    const char *problem = complaint->problem;
    struct text expected = {0};
    if (strncmp(problem, unexpected, sizeof unexpected - 1) == 0) {
        const char *key = problem + sizeof unexpected - 1;
        bool in_strategies = strcmp(complaint->field, "strategies") == 0;
        bool in_workloads = strcmp(complaint->field, "workloads") == 0;
        add_keys(&expected, in_strategies ? strategy_fields : in_workloads ? workload_fields : experiment_fields, key);
        say("%s:%u: there is no key %s; %s", source->path, line_from(source, key, complaint->line), key,
            expected.bytes);
    } else if (strncmp(problem, missing, sizeof missing - 1) == 0) {
        say("%s:%u: an entry of %s needs the key %s", source->path, complaint->line,
            complaint->field[0] ? complaint->field : "the file", problem + sizeof missing - 1);
    } else {
        explain(complaint, &expected);
        say("%s:%u: %s%s%s", source->path, complaint->line ? complaint->line : 1, complaint->field,
            complaint->field[0] ? ": " : "", expected.bytes);
    }
    text_free(&expected);
}

static cyaml_config_t config_for(struct complaint *complaint)
{
    return (cyaml_config_t){
        .log_fn = note_complaint, .log_ctx = complaint, .mem_fn = cyaml_mem, .log_level = CYAML_LOG_WARNING};
}

/* Every entry has a name or a path; paths are found from the file's folder. */
static int find_files(struct experiment *experiment, const struct experiment_source *source)
{
    const char *slash = strrchr(source->path, '/');
    char *folder = slash ? must_print("%.*s", (int)(slash - source->path), source->path) : must_copy(".");
    int failure = 0;
    for (unsigned i = 0; i < experiment->strategies_count && !failure; i++)
        failure = entry_find(&experiment->strategies[i], folder, source);
    for (unsigned i = 0; i < experiment->workloads_count && !failure; i++)
        failure = entry_find(&experiment->workloads[i], folder, source);
    for (unsigned i = 0; i < experiment->allocators_count && !failure; i++) {
        char **allocator = &experiment->allocators[i];
        if (!strchr(*allocator, '/') || **allocator == '/')
            continue;
        char *path = must_print("%s/%s", folder, *allocator);
        free(*allocator);
        *allocator = path;
    }
    free(folder);
    return failure;
}

struct experiment *experiment_read(const char *path, struct experiment_source *source)
{
    *source = (struct experiment_source){.path = path};
    FILE *file = fopen(path, "re");
    if (!file) {
        say("%s: %s; experiments/ has some to start from", path, strerror(errno));
        return NULL;
    }
    int failure = check_syntax(file, source);
    fclose(file);
    if (failure)
        return NULL;
    struct complaint complaint = {0};
    cyaml_config_t config = config_for(&complaint);
    cyaml_data_t *loaded = NULL;
    cyaml_err_t error = cyaml_load_file(path, &config, &experiment_value, &loaded, NULL);
    if (error != CYAML_OK || !loaded) {
        if (!complaint.problem[0])
            snprintf(complaint.problem, sizeof complaint.problem, "%s", cyaml_strerror(error));
        say_complaint(&complaint, source);
        return NULL;
    }
    struct experiment *experiment = loaded;
    if (find_files(experiment, source)) {
        experiment_free(experiment);
        return NULL;
    }
    return experiment;
}

/* ---- writing, memory */

int experiment_write(const struct experiment *experiment, const char *path)
{
    struct complaint complaint = {0};
    cyaml_config_t config = config_for(&complaint);
    errno = 0;
    if (cyaml_save_file(path, &config, &experiment_value, experiment, 0) == CYAML_OK)
        return 0;
    return errno ? -errno : -EIO;
}

void experiment_free(struct experiment *experiment)
{
    struct complaint complaint = {0};
    cyaml_config_t config = config_for(&complaint);
    if (experiment)
        cyaml_free(&config, &experiment_value, experiment, 0);
}

void experiment_source_free(struct experiment_source *source)
{
    strings_free(&source->scalars);
    free(source->lines);
    source->lines = NULL;
}
