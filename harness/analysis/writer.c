#include "writer.h"

#include <csv.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "message.h"

_Static_assert((int)SUMMARY_COUNT <= (int)WRITER_COLUMNS_MAX, "a table has more columns than a writer has cells");

static void put_cell(FILE *file, const char *text)
{
    if (text && strpbrk(text, ",\"\r\n"))
        csv_fwrite(file, text, strlen(text));
    else if (text)
        fputs(text, file);
}

static int open_files(struct writer *writer, const char *run_dir, const char *name)
{
    int length = snprintf(writer->path, sizeof writer->path, "%s/%s", run_dir, name);
    if ((size_t)length + sizeof ".partial" > sizeof writer->path)
        return analysis_fail(-ENAMETOOLONG, "%.60s...: the path is too long; move the run's folder", run_dir);
    memcpy(writer->partial, writer->path, (size_t)length);
    memcpy(writer->partial + length, ".partial", sizeof ".partial");
    writer->file = fopen(writer->partial, "wb");
    if (!writer->file) {
        int error = -errno;
        return analysis_fail(error, "%s: cannot be written (%s); make the folder writable, or copy the run elsewhere",
                             writer->path, strerror(-error));
    }
    return 0;
}

static void put_header(struct writer *writer)
{
    for (size_t i = 0; i < writer->table->count; i++) {
        fputs(i ? "," : "", writer->file);
        put_cell(writer->file, writer->table->columns[i].name);
    }
    fputc('\n', writer->file);
}

void writer_open(struct writer *writer, const char *run_dir, enum table_id table, const char *name)
{
    *writer = (struct writer){.table = &schema_tables[table]};
    writer->error = open_files(writer, run_dir, name ? name : writer->table->file);
    if (!writer->error)
        put_header(writer);
}

void writer_attach(struct writer *writer, FILE *file, enum table_id table)
{
    *writer = (struct writer){.table = &schema_tables[table], .file = file, .attached = true};
    put_header(writer);
}

static void set_cell(struct writer *writer, int column, char *owned)
{
    if (!owned && !writer->error)
        writer->error = analysis_no_memory();
    free(writer->cells[column]);
    writer->cells[column] = owned;
}

void writer_text(struct writer *writer, int column, const char *text)
{
    if (!writer->error)
        set_cell(writer, column, strdup(text));
}

void writer_integer(struct writer *writer, int column, uint64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%llu", (unsigned long long)value);
    writer_text(writer, column, text);
}

void writer_real(struct writer *writer, int column, double value)
{
    char text[40];
    snprintf(text, sizeof text, "%.9g", value);
    if (!isnan(value))
        writer_text(writer, column, text);
}

void writer_row_end(struct writer *writer)
{
    for (size_t i = 0; i < writer->table->count; i++) {
        if (!writer->error) {
            fputs(i ? "," : "", writer->file);
            put_cell(writer->file, writer->cells[i]);
        }
        free(writer->cells[i]);
        writer->cells[i] = NULL;
    }
    if (!writer->error)
        fputc('\n', writer->file);
}

int writer_close(struct writer *writer)
{
    for (size_t i = 0; i < writer->table->count; i++)
        free(writer->cells[i]);
    if (!writer->file || writer->attached)
        return writer->error;
    int failed = ferror(writer->file) ? EIO : 0;
    if (fclose(writer->file) != 0 && !failed)
        failed = errno;
    if (!failed && !writer->error && rename(writer->partial, writer->path) != 0)
        failed = errno;
    if (failed && !writer->error)
        writer->error = analysis_fail(-failed, "%s: cannot be written (%s); make room, then run the command again",
                                      writer->path, strerror(failed));
    if (writer->error)
        unlink(writer->partial);
    return writer->error;
}
