#include "driver/yaml_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "driver/say.h"

/* ---- by libyaml */

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

/* The mapping of this value, or of its list's entries; NULL if it is neither. */
static const cyaml_schema_field_t *mapping_of(const cyaml_schema_value_t *value)
{
    while (value->type == CYAML_SEQUENCE || value->type == CYAML_SEQUENCE_FIXED)
        value = value->sequence.entry;
    return value->type == CYAML_MAPPING ? value->mapping.fields : NULL;
}

/* The field of that name, of these or of a mapping inside; NULL if there is none. */
static const cyaml_schema_field_t *field_named(const cyaml_schema_field_t *fields, const char *name)
{
    const cyaml_schema_field_t *found = NULL;
    for (const cyaml_schema_field_t *field = fields; field->key && !found; field++)
        if (strcmp(field->key, name) == 0)
            found = field;
    for (const cyaml_schema_field_t *field = fields; field->key && !found; field++)
        if (mapping_of(&field->value))
            found = field_named(mapping_of(&field->value), name);
    return found;
}

static void add_keys(struct text *text, const cyaml_schema_field_t *fields, const char *key)
{
    const char *keys[32];
    size_t count = 0;
    for (; fields[count].key && count < sizeof keys / sizeof *keys; count++)
        keys[count] = fields[count].key;
    const char *nearest = nearest_of(key, keys, count);
    if (nearest)
        text_add(text, "did you mean %s? ", nearest);
    text_add(text, "expected one of ");
    for (size_t i = 0; i < count; i++)
        text_add(text, "%s%s", i ? ", " : "", keys[i]);
}

/* "none, instructions": what the field may be. */
static void add_words(struct text *text, const cyaml_schema_field_t *field)
{
    const cyaml_strval_t *words = field->value.enumeration.strings;
    for (uint32_t i = 0; i < field->value.enumeration.count; i++)
        text_add(text, "%s%s", i ? ", " : "", words[i].str);
}

/* libcyaml's words in the user's. */
static void explain(const struct complaint *complaint, const cyaml_schema_field_t *fields, struct text *text)
{
    static const struct {
        const char *problem, *meaning;
    } words[] = {
        {"Expecting SEQUENCE", "expected a list: [a, b], or lines that begin with -"},
        {"Expecting MAPPING", "expected keys with values, as `name: rings`"},
        {"Expecting", "expected one value"},
        {"Invalid ENUM value", "expected one of "},
        {"Invalid FLOAT", "expected a number"},
        {"Invalid", "expected a whole number"},
        {"STRING length", "expected a text"},
        {"Mapping field already seen", "is given twice"},
    };
    const char *problem = complaint->problem, *value = strrchr(problem, ':');
    const cyaml_schema_field_t *field = field_named(fields, complaint->field);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strncmp(problem, words[i].problem, strlen(words[i].problem)) != 0)
            continue;
        text_add(text, "%s", words[i].meaning);
        if (field && field->value.type == CYAML_ENUM && strncmp(problem, "Invalid ENUM", 12) == 0)
            add_words(text, field);
        if (strncmp(problem, "Invalid", 7) == 0 && value)
            text_add(text, ", not%s", value + 1);
        return;
    }
    text_add(text, "%s", problem);
}

static void say_complaint(const struct complaint *complaint, const cyaml_schema_field_t *fields,
                          const struct experiment_source *source)
{
    static const char unexpected[] = "Unexpected key: ", missing[] = "Missing required mapping field: ";
    const char *problem = complaint->problem;
    struct text expected = {0};
    if (strncmp(problem, unexpected, sizeof unexpected - 1) == 0) {
        const char *key = problem + sizeof unexpected - 1;
        const cyaml_schema_field_t *field = field_named(fields, complaint->field);
        const cyaml_schema_field_t *inner = field ? mapping_of(&field->value) : NULL;
        add_keys(&expected, inner ? inner : fields, key);
        say("%s:%u: there is no key %s; %s", source->path, line_from(source, key, complaint->line), key,
            expected.bytes);
    } else if (strncmp(problem, missing, sizeof missing - 1) == 0) {
        say("%s:%u: %s%s needs the key %s", source->path, complaint->line, complaint->field[0] ? "an entry of " : "",
            complaint->field[0] ? complaint->field : "the file", problem + sizeof missing - 1);
    } else {
        explain(complaint, fields, &expected);
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

/* ---- the whole */

static int check_file(const char *hint, struct experiment_source *source)
{
    FILE *file = fopen(source->path, "re");
    if (!file) {
        say("%s: %s; %s", source->path, strerror(errno), hint);
        return -1;
    }
    int failure = check_syntax(file, source);
    fclose(file);
    return failure;
}

void *yaml_file_read(const char *path, const cyaml_schema_value_t *schema, const char *hint,
                     struct experiment_source *source)
{
    *source = (struct experiment_source){.path = path};
    if (check_file(hint, source))
        return NULL;
    struct complaint complaint = {0};
    cyaml_config_t config = config_for(&complaint);
    cyaml_data_t *loaded = NULL;
    cyaml_err_t error = cyaml_load_file(path, &config, schema, &loaded, NULL);
    if (error == CYAML_OK && loaded)
        return loaded;
    if (!complaint.problem[0])
        snprintf(complaint.problem, sizeof complaint.problem, "%s", cyaml_strerror(error));
    say_complaint(&complaint, schema->mapping.fields, source);
    return NULL;
}

int yaml_file_write(const char *path, const cyaml_schema_value_t *schema, const void *data)
{
    struct complaint complaint = {0};
    cyaml_config_t config = config_for(&complaint);
    errno = 0;
    if (cyaml_save_file(path, &config, schema, data, 0) == CYAML_OK)
        return 0;
    return errno ? -errno : -EIO;
}

void yaml_file_free(const cyaml_schema_value_t *schema, void *data)
{
    struct complaint complaint = {0};
    cyaml_config_t config = config_for(&complaint);
    if (data)
        cyaml_free(&config, schema, data, 0);
}
