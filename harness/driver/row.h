/* row.h: from what a measuring process says, a JSON object, to a row of a table.
 *
 * What the command knows (the run, the cell, the invocation) is in every row; the rest the process says, by the names
 * of the columns. */
#ifndef ROW_H
#define ROW_H

#include <jansson.h>

#include "driver/plan.h"
#include "driver/results.h"

/* Of the rows of one process. Zeroed, then with the facts set; free with row_maker_free. */
struct row_maker {
    const char *run_id;
    const struct cell *cell;
    uint32_t invocation;
    char *allocator_loaded; /* owned; NULL while it is not known */
    /* Of tables with many rows: the columns that are the same in all, with a comma after each. */
    struct text beginnings[RESULTS_TABLES];
    size_t begun[RESULTS_TABLES]; /* how many columns that is */
};

void row_maker_free(struct row_maker *maker);

/* Adds a row to `rows`; or several: where the process says a list, each row has its value, and columns that it says
 * once are the same in all. Returns how many. */
size_t row_add(struct row_maker *maker, enum results_table table, const json_t *said, struct text *rows);

/* The values of a row of samples.csv, to be given to row_values_free. */
void row_values(const struct row_maker *maker, const json_t *said, char *values[SAMPLES_COUNT]);
void row_values_free(char *values[SAMPLES_COUNT]);

#endif
