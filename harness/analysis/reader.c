#include "reader.h"

#include <csv.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grow.h"
#include "message.h"

enum { COLUMNS_MAX = 64, HEADER_MAX = 256, CHUNK_BYTES = 1 << 18 };

struct piece {
    size_t offset, length; /* from `base`, NUL after it */
};

struct row {
    const struct table *table;
    const int *columns; /* that have to be there */
    reader_row *each;
    void *context;
    char path[PATH_MAX];

    int column_of_field[HEADER_MAX]; /* -1: a column that is not ours */
    size_t header_fields;            /* 0 until the header is read */

    /* the row being read */
    struct piece pieces[COLUMNS_MAX];
    const char *base;
    char *text; /* of a row with quotes */
    size_t text_bytes, text_capacity;
    size_t field;
    uint64_t line; /* of the table: the header is 1 */

    int error;
    const char *bad_column; /* whose value in this row is not a number */
    uint64_t left_out;
    uint64_t first_left_out;
    const char *why_left_out;
};

/* A value that is no number reads as missing, and is what is really wrong with the row. */
int row_fail(struct row *row, const char *message)
{
    unsigned long long line = row->line;
    if (row->bad_column)
        return analysis_fail(-EINVAL, "%s:%llu: `%s` is not an integer; correct the line or remove it", row->path, line,
                             row->bad_column);
    return analysis_fail(-EINVAL, "%s:%llu: %s", row->path, line, message);
}

int row_leave_out(struct row *row, const char *why)
{
    if (row->left_out++ == 0) {
        row->first_left_out = row->line;
        row->why_left_out = why;
    }
    return 0;
}

const char *row_text(const struct row *row, int column, size_t *length)
{
    const struct piece *piece = &row->pieces[column];
    if (length)
        *length = piece->length;
    return piece->length ? row->base + piece->offset : "";
}

/* A decimal integer that is all of the text and fits. */
static bool parse_integer(const char *text, size_t length, int64_t *value)
{
    bool negative = length > 0 && text[0] == '-';
    size_t i = negative ? 1 : 0;
    if (i == length || length - i > 18)
        return false;
    int64_t sum = 0;
    for (; i < length; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        sum = sum * 10 + (text[i] - '0');
    }
    *value = negative ? -sum : sum;
    return true;
}

int64_t row_integer(struct row *row, int column)
{
    const struct piece *piece = &row->pieces[column];
    int64_t value = READER_MISSING;
    if (piece->length && !parse_integer(row->base + piece->offset, piece->length, &value))
        row->bad_column = row->table->columns[column].name;
    return value;
}

static void take_header_field(struct row *row, const char *bytes, size_t length)
{
    if (row->field >= HEADER_MAX)
        return;
    int *column = &row->column_of_field[row->field];
    *column = -1;
    for (size_t i = 0; i < row->table->count; i++)
        if (strlen(row->table->columns[i].name) == length && memcmp(row->table->columns[i].name, bytes, length) == 0)
            *column = (int)i;
}

static void take_field(void *bytes, size_t length, void *context)
{
    struct row *row = context;
    if (row->error)
        return;
    if (row->header_fields == 0) {
        take_header_field(row, bytes, length);
    } else if (row->field < row->header_fields && row->column_of_field[row->field] >= 0) {
        if (grow(&row->text, &row->text_capacity, row->text_bytes + length + 1, 1)) {
            row->error = analysis_no_memory();
            return;
        }
        row->pieces[row->column_of_field[row->field]] = (struct piece){row->text_bytes, length};
        if (length)
            memcpy(row->text + row->text_bytes, bytes, length);
        row->text[row->text_bytes + length] = '\0';
        row->text_bytes += length + 1;
    }
    row->field++;
}

static bool header_has(const struct row *row, int column)
{
    for (size_t i = 0; i < row->header_fields; i++)
        if (row->column_of_field[i] == column)
            return true;
    return false;
}

static int end_header(struct row *row)
{
    if (row->field > HEADER_MAX)
        return analysis_fail(-EINVAL, "%s: more than %d columns; is it a table of reclaim?", row->path, HEADER_MAX);
    row->header_fields = row->field;
    for (const int *column = row->columns; *column >= 0; column++)
        if (!header_has(row, *column))
            return analysis_fail(-EINVAL,
                                 "%s: column `%s` is missing; was it written by another version? Columns are in "
                                 "results/SCHEMA.md: run the experiment again, or add the column",
                                 row->path, row->table->columns[*column].name);
    return 0;
}

static int end_data_row(struct row *row)
{
    if (row->field != row->header_fields)
        return row_leave_out(row, "another number of fields than the header");
    row->bad_column = NULL; /* every piece is of this row: it has a field for each of the header's columns */
    int error = row->each(row, row->context);
    return error || !row->bad_column ? error : row_fail(row, "");
}

static void take_row_end(int character, void *context)
{
    (void)character;
    struct row *row = context;
    if (row->error)
        return;
    row->line++;
    row->base = row->text;
    row->error = row->header_fields == 0 ? end_header(row) : end_data_row(row);
    row->field = 0;
    row->text_bytes = 0;
}

/* ---- lines: most have no quotes, and are split where they lie; the others are libcsv's, whose rules are kept */

static bool is_blank(char character)
{
    return character == ' ' || character == '\t';
}

static void put_piece(struct row *row, char *line, char *start, char *end)
{
    int column = row->field < row->header_fields ? row->column_of_field[row->field] : -1;
    row->field++;
    if (column < 0)
        return;
    while (start < end && is_blank(*start))
        start++;
    while (start < end && is_blank(end[-1]))
        end--;
    *end = '\0';
    row->pieces[column] = (struct piece){(size_t)(start - line), (size_t)(end - start)};
}

/* A line up to its end, which is at `end`. One with nothing in it is no row. */
static void take_plain_line(struct row *row, char *line, char *end)
{
    char *start = line;
    while (start < end && is_blank(*start))
        start++;
    if (start == end)
        return;
    for (char *at = line;; at++) {
        if (*at != ',' && *at != '\n')
            continue;
        put_piece(row, line, start, at);
        if (at == end)
            break;
        start = at + 1;
    }
    row->line++;
    row->base = line;
    row->error = end_data_row(row);
    row->field = 0;
}

static bool is_plain(const struct row *row, const struct csv_parser *parser, const char *line, size_t length)
{
    bool between_rows = row->field == 0 && parser->entry_pos == 0;
    return between_rows && row->header_fields > 0 && !memchr(line, CSV_QUOTE, length) && !memchr(line, CSV_CR, length);
}

static void take_quoted(struct row *row, struct csv_parser *parser, const char *bytes, size_t count)
{
    if (csv_parse(parser, bytes, count, take_field, take_row_end, row) != count && !row->error)
        row->error = analysis_fail(-EINVAL, "%s:%llu: %s", row->path, (unsigned long long)row->line + 1,
                                   csv_strerror(csv_error(parser)));
}

/* Takes the lines of a chunk. Returns how many bytes they are: the rest has to come again, with more behind it. */
static size_t take_lines(struct row *row, struct csv_parser *parser, char *chunk, size_t bytes)
{
    size_t taken = 0;
    for (char *end; !row->error && (end = memchr(chunk + taken, '\n', bytes - taken));
         taken = (size_t)(end - chunk) + 1) {
        char *line = chunk + taken;
        if (is_plain(row, parser, line, (size_t)(end - line)))
            take_plain_line(row, line, end);
        else
            take_quoted(row, parser, line, (size_t)(end - line) + 1);
    }
    if (taken > 0 || row->error)
        return taken;
    take_quoted(row, parser, chunk, bytes); /* a line that is longer than a chunk */
    return bytes;
}

/* Reads to the end. Sets *complete to whether the file ends with the end of a line. */
static int parse(struct row *row, FILE *file, bool *complete)
{
    struct csv_parser parser;
    if (csv_init(&parser, 0) != 0)
        return analysis_no_memory();
    char *chunk = malloc(CHUNK_BYTES);
    if (!chunk)
        row->error = analysis_no_memory();
    size_t held = 0, bytes; /* held: the begin of a line */
    while (!row->error && (bytes = fread(chunk + held, 1, CHUNK_BYTES - held, file)) > 0) {
        held += bytes;
        size_t taken = take_lines(row, &parser, chunk, held);
        held -= taken;
        memmove(chunk, chunk + taken, held);
    }
    if (!row->error && ferror(file))
        row->error = analysis_fail(-EIO, "%s: cannot be read to its end", row->path);
    *complete = held == 0 && row->field == 0 && parser.entry_pos == 0;
    free(chunk);
    csv_free(&parser);
    return row->error;
}

static int read_open_file(struct row *row, FILE *file)
{
    bool complete = true;
    int error = parse(row, file, &complete);
    if (error)
        return error;
    if (row->header_fields == 0)
        return analysis_fail(-EINVAL, "%s: empty, without even a header line; run the experiment again", row->path);
    if (!complete)
        analysis_warn("%s: the last line is incomplete and is left out; `reclaim resume` measures what is missing",
                      row->path);
    if (row->left_out)
        analysis_warn("%s: %llu row%s left out, the first in line %llu: %s", row->path,
                      (unsigned long long)row->left_out, row->left_out == 1 ? "" : "s",
                      (unsigned long long)row->first_left_out, row->why_left_out);
    return 0;
}

int reader_read(const char *run_dir, enum table_id table, const int *columns, reader_row *each, void *context)
{
    struct row *row = calloc(1, sizeof *row);
    if (!row)
        return analysis_no_memory();
    *row = (struct row){.table = &schema_tables[table], .columns = columns, .each = each, .context = context};
    _Static_assert((int)SAMPLES_COUNT <= (int)COLUMNS_MAX, "a table has more columns than a row has pieces");
    int error;
    if ((size_t)snprintf(row->path, sizeof row->path, "%s/%s", run_dir, row->table->file) >= sizeof row->path) {
        error = analysis_fail(-ENAMETOOLONG, "%.60s...: the path is too long; move the run's folder", run_dir);
    } else {
        FILE *file = fopen(row->path, "rb");
        error = file ? read_open_file(row, file) : -errno;
        if (!file && error != -ENOENT)
            analysis_fail(error, "%s: %s; make it readable", row->path, strerror(-error));
        if (file)
            fclose(file);
    }
    free(row->text);
    free(row);
    return error;
}
