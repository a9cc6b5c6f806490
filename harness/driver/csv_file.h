/* csv_file.h: a table on disk that only grows, whole rows at a time.
 *
 * Rows are appended by one write each or one for a group, so that a kill at any instant leaves whole rows (the kernel
 * finishes a write to a file that it has begun, up to a full disk: then the file is cut back to the last whole row). */
#ifndef CSV_FILE_H
#define CSV_FILE_H

#include <sys/types.h>

#include "driver/text.h"
#include "schema/schema.h"

struct csv_file {
    char *path;
    int fd;
    off_t size;
};

/* Opens or creates `folder`/<the table's file>; a new or empty file gets the header. 0 or a negative errno. */
int csv_open(struct csv_file *file, const char *folder, const struct table *table);

/* Appends rows, each with its line end. 0, or a negative errno with the file as it was. */
int csv_append(struct csv_file *file, const struct text *rows);

/* Cuts it back to an earlier size. 0 or a negative errno. */
int csv_cut(struct csv_file *file, off_t size);

void csv_close(struct csv_file *file);

/* Adds a row of `count` values (NULL: empty) in the manner of RFC 4180, with a plain newline at its end. */
void csv_add_row(struct text *text, const char *const values[], size_t count);
/* One value of a row, in quotes if it needs them. */
void csv_add_value(struct text *text, const char *value);
void csv_add_header(struct text *text, const struct table *table);

/* The place of a column in a header's values, or -1. */
int csv_column(char *const header[], size_t count, const char *name);

/* Calls `row` for every whole row of a file, the header first; a last line without its end is left out. 0, or a
 * negative errno. */
int csv_read(const char *path, void (*row)(char *const values[], size_t count, void *context), void *context);

/* Whether a file ends within a line: a row that was cut off, which csv_read leaves out. */
bool csv_is_torn(const char *path);

/* Writes a file as a whole: beside it first, then in its place. 0 or a negative errno. */
int file_replace(const char *path, const char *bytes, size_t length);

/* The whole of a file. 0 or a negative errno. */
int file_read(const char *path, struct text *text);

#endif
