/* reader.h: reads a table of harness/schema from a CSV file, row by row, columns found by name.
 *
 * Nothing of a row outlives the call that delivers it. A last line without its end, which a kill leaves, is left out
 * with a warning, as is a line with another number of fields than the header.
 */
#ifndef ANALYSIS_READER_H
#define ANALYSIS_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "schema/schema.h"

#define READER_MISSING INT64_MIN /* the integer of an empty cell */

struct row;

/* Called for each row; a negative errno ends the reading with it. */
typedef int reader_row(struct row *row, void *context);

/* Reads `table` of the run. `columns` (indices of the table, -1 at the end) have to be in the header; the others are
 * read where they are. 0; -ENOENT without a message if there is no such file; or another negative errno, after a
 * message. */
int reader_read(const char *run_dir, enum table_id table, const int *columns, reader_row *each, void *context);

/* The text of a cell, empty if it is or if the file lacks the column; and its length. Valid until the next row. */
const char *row_text(const struct row *row, int column, size_t *length);

/* The integer of a cell, or READER_MISSING. What is no integer is told of at the end of the row, and ends the reading
 * with -EINVAL. */
int64_t row_integer(struct row *row, int column);

/* Refuses the row: prints where it stands and the message. Returns -EINVAL. */
int row_fail(struct row *row, const char *message);

/* Counts the row as left out; `why` of the first is told with the number at the end. Returns 0. */
int row_leave_out(struct row *row, const char *why);

#endif
