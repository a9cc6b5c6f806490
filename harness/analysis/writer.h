/* writer.h: writes a table of harness/schema as CSV: the columns, their order and their number are the schema's.
 *
 * Values are given by column, in any order; what is not given is an empty cell. Quotes stand where a value needs them.
 * The file appears under its name when writer_close succeeds: a reader never sees half of it.
 */
#ifndef ANALYSIS_WRITER_H
#define ANALYSIS_WRITER_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "schema/schema.h"

enum { WRITER_COLUMNS_MAX = 64 };

struct writer {
    const struct table *table;
    FILE *file;
    char path[PATH_MAX], partial[PATH_MAX];
    char *cells[WRITER_COLUMNS_MAX];
    bool attached; /* to a file that stays open */
    int error;     /* the first; told by writer_close */
};

/* Starts `table` of the run; `name` is the file's, or NULL for the schema's. After a failure, which is told, the other
 * functions do nothing and writer_close returns the error. */
void writer_open(struct writer *writer, const char *run_dir, enum table_id table, const char *name);

/* Starts a table in a file that is the caller's. */
void writer_attach(struct writer *writer, FILE *file, enum table_id table);

void writer_text(struct writer *writer, int column, const char *text);
void writer_integer(struct writer *writer, int column, uint64_t value);
void writer_real(struct writer *writer, int column, double value); /* NaN: empty */
void writer_row_end(struct writer *writer);

/* 0 or a negative errno, after a message. */
int writer_close(struct writer *writer);

#endif
