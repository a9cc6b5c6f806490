/* schema.h: every table that reclaim writes or reads, column by column.
 *
 * One list (tables.def) that all read: the measuring process names its values by it, the command writes and reads CSV
 * by it, and results/SCHEMA.md is printed from it. Columns are found by name, never by position in a file.
 */
#ifndef SCHEMA_H
#define SCHEMA_H

#include <stddef.h>
#include <stdio.h>

enum column_type {
    COLUMN_TEXT,
    COLUMN_INTEGER, /* 64 bits; unsigned unless the meaning says otherwise */
    COLUMN_REAL,
};

struct column {
    const char *name;
    enum column_type type;
    const char *unit; /* "ns", "bytes", "objects", ... or "" */
    const char *meaning;
};

struct table {
    const char *file; /* in a run's folder */
    const char *meaning;
    const struct column *columns;
    size_t count;
};

/* Indices of columns: SAMPLES_wall_ns, PAUSES_length_ns, ... */
#define TABLE(id, file, meaning)                                                                                       \
    enum id##_column                                                                                                   \
    {
#define COLUMN(id, name, type, unit, meaning) id##_##name,
#define END(id)                                                                                                        \
    id##_COUNT                                                                                                         \
    }                                                                                                                  \
    ;
#include "schema/tables.def"
#undef TABLE
#undef COLUMN
#undef END

enum table_id {
#define TABLE(id, file, meaning) TABLE_##id,
#define COLUMN(id, name, type, unit, meaning)
#define END(id)
#include "schema/tables.def"
#undef TABLE
#undef COLUMN
#undef END
    TABLE_COUNT
};

extern const struct table schema_tables[TABLE_COUNT];

/* The column's index by name, or -1. */
int schema_find(const struct table *table, const char *name);

/* Statuses of a sample: what is in `status`, and what it means. */
struct status {
    const char *name;
    const char *meaning;
};
extern const struct status schema_statuses[]; /* ends with name == NULL */

/* Prints results/SCHEMA.md. */
void schema_print_markdown(FILE *out);

#endif
