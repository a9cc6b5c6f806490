#include "driver/row.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void row_maker_free(struct row_maker *maker)
{
    for (size_t i = 0; i < RESULTS_TABLES; i++)
        text_free(&maker->beginnings[i]);
    free(maker->allocator_loaded);
}

/* What the command knows of a column, unless the process says it itself; NULL: nothing. */
static const char *known_value(const struct row_maker *maker, const char *column, char number[32])
{
    const struct cell *cell = maker->cell;
    const struct {
        const char *column, *value;
    } known[] = {
        {"run_id", maker->run_id},
        {"strategy", cell->strategy->name},
        {"strategy_params", cell->strategy_params},
        {"allocator", cell->allocator->name},
        {"allocator_loaded", maker->allocator_loaded},
        {"workload", cell->workload->name},
        {"workload_params", cell->workload_params},
        {"unit", cell->workload->unit},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i].column, column) == 0)
            return known[i].value ? known[i].value : "";
    if (strcmp(column, "heap_limit_bytes") == 0)
        snprintf(number, 32, "%" PRIu64, cell->heap_limit_bytes);
    else if (strcmp(column, "invocation") == 0)
        snprintf(number, 32, "%" PRIu32, maker->invocation);
    else
        return NULL;
    return number;
}

/* As text; of a number in `number`. NULL: it is none that a table has. */
static const char *said_value(const json_t *said, char number[32])
{
    if (json_is_string(said))
        return json_string_value(said);
    if (json_is_integer(said))
        snprintf(number, 32, "%" JSON_INTEGER_FORMAT, json_integer_value(said));
    else if (json_is_real(said))
        snprintf(number, 32, "%.17g", json_real_value(said));
    else
        return NULL;
    return number;
}

static const char *value_of(const struct row_maker *maker, const char *column, const json_t *said, char number[32])
{
    const json_t *own = json_object_get(said, column);
    return own ? said_value(own, number) : known_value(maker, column, number);
}

/* Columns that no process ever says: they come first in every table. */
static void begin_table(struct row_maker *maker, enum results_table table)
{
    const struct table *schema = results_schema(table);
    size_t place = 0;
    for (; place < schema->count; place++) {
        char number[32];
        const char *known = known_value(maker, schema->columns[place].name, number);
        if (!known || strcmp(schema->columns[place].name, "unit") == 0)
            break;
        csv_add_value(&maker->beginnings[table], known);
        text_add_bytes(&maker->beginnings[table], ",", 1);
    }
    maker->begun[table] = place;
}

/* Where the values of a column are: in a list of what the process says, one for each row, or the same for all. */
struct source {
    const json_t *list; /* NULL: it is `same` */
    const char *same;   /* NULL: empty */
    char number[32];
};

static void source_find(struct source *source, const struct row_maker *maker, const char *column, const json_t *said)
{
    const json_t *own = json_object_get(said, column);
    source->list = json_is_array(own) ? own : NULL;
    source->same = source->list ? NULL : value_of(maker, column, said, source->number);
}

static void add_value(struct text *rows, struct source *source, size_t row)
{
    const json_t *own = source->list ? json_array_get(source->list, row) : NULL;
    if (json_is_integer(own)) {
        text_add_integer(rows, json_integer_value(own)); /* what most rows are made of */
        return;
    }
    const char *value = source->list ? said_value(own, source->number) : source->same;
    if (value)
        csv_add_value(rows, value);
}

size_t row_add(struct row_maker *maker, enum results_table table, const json_t *said, struct text *rows)
{
    const struct table *schema = results_schema(table);
    if (!maker->begun[table])
        begin_table(maker, table);
    struct source sources[schema->count];
    size_t begun = maker->begun[table], count = 1;
    for (size_t place = begun; place < schema->count; place++) {
        source_find(&sources[place], maker, schema->columns[place].name, said);
        if (sources[place].list)
            count = json_array_size(sources[place].list);
    }
    for (size_t row = 0; row < count; row++) {
        text_add_bytes(rows, maker->beginnings[table].bytes, maker->beginnings[table].length);
        for (size_t place = begun; place < schema->count; place++) {
            add_value(rows, &sources[place], row);
            text_add_bytes(rows, place + 1 < schema->count ? "," : "\n", 1);
        }
    }
    return count;
}

void row_values(const struct row_maker *maker, const json_t *said, char *values[SAMPLES_COUNT])
{
    for (size_t i = 0; i < SAMPLES_COUNT; i++) {
        char number[32];
        const char *value = value_of(maker, schema_tables[TABLE_SAMPLES].columns[i].name, said, number);
        values[i] = value ? must_copy(value) : NULL;
    }
}

void row_values_free(char *values[SAMPLES_COUNT])
{
    for (size_t i = 0; i < SAMPLES_COUNT; i++)
        free(values[i]);
}
