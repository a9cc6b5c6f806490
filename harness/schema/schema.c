#include "schema/schema.h"

#include <string.h>

#define TABLE(id, file, meaning)              static const struct column id##_columns[] = {
#define COLUMN(id, name, type, unit, meaning) {#name, type, unit, meaning},
#define END(id)                                                                                                        \
    }                                                                                                                  \
    ;
#include "schema/tables.def"
#undef TABLE
#undef COLUMN
#undef END

const struct table schema_tables[TABLE_COUNT] = {
#define TABLE(id, file, meaning) {file, meaning, id##_columns, id##_COUNT},
#define COLUMN(id, name, type, unit, meaning)
#define END(id)
#include "schema/tables.def"
#undef TABLE
#undef COLUMN
#undef END
};

const struct status schema_statuses[] = {
    {"ok", "measured; the checksum and the leaks are as expected"},
    {"oom", "an allocation failed: the heap limit or the memory limit was reached"},
    {"timeout", "ended after the time limit"},
    {"crash", "the process ended by a signal or without a result"},
    {"wrong", "another checksum than the other strategies', or a leak that the strategy's traits do not explain"},
    {"unsupported",
     "the strategy lacks something that the workload needs, or is not in this build; `detail` says what"},
    {"error", "the workload or the allocator could not be started; `detail` says why"},
    {NULL, NULL},
};

int schema_find(const struct table *table, const char *name)
{
    for (size_t i = 0; i < table->count; i++)
        if (strcmp(table->columns[i].name, name) == 0)
            return (int)i;
    return -1;
}

static const char *type_name(enum column_type type)
{
    static const char *const names[] = {[COLUMN_TEXT] = "text", [COLUMN_INTEGER] = "integer", [COLUMN_REAL] = "real"};
    return names[type];
}

static void print_table(FILE *out, const struct table *table)
{
    fprintf(out, "\n## %s\n\n%s\n", table->file, table->meaning);
    if (table->count)
        fputs("\n| column | type | unit | meaning |\n|---|---|---|---|\n", out);
    for (size_t i = 0; i < table->count; i++) {
        const struct column *column = &table->columns[i];
        fprintf(out, "| `%s` | %s | %s | %s |\n", column->name, type_name(column->type), column->unit, column->meaning);
    }
}

void schema_print_markdown(FILE *out)
{
    fputs("# The files of a run\n\nPrinted by `reclaim schema` from the table that the writer uses; do not edit.\n\n"
          "CSV as in RFC 4180: a header line, commas, quotes where a value needs them. A value that does not exist is "
          "empty.\n",
          out);
    for (size_t i = 0; i < TABLE_COUNT; i++)
        print_table(out, &schema_tables[i]);
    fputs("\n## status\n\n| status | meaning |\n|---|---|\n", out);
    for (const struct status *status = schema_statuses; status->name; status++)
        fprintf(out, "| `%s` | %s |\n", status->name, status->meaning);
}
