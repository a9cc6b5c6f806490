#include "claims/rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/reader.h"
#include "driver/say.h"
#include "driver/text.h"

/* ---- names, cells, observations */

uint32_t rows_name(struct rows *rows, const char *text)
{
    uint32_t id = names_id(&rows->names, text, strlen(text));
    if (id == NAMES_NONE) {
        say("out of memory");
        exit(EXIT_SOME_FAILED);
    }
    return id;
}

void rows_add(struct rows *rows, struct observation observation)
{
    if (rows->count == rows->capacity) {
        rows->capacity = rows->capacity ? 2 * rows->capacity : 1024;
        rows->observations = must_resize(rows->observations, rows->capacity, sizeof *rows->observations);
    }
    rows->observations[rows->count++] = observation;
}

static bool is_same_cell(const struct rows_cell *a, const struct rows_cell *b)
{
    return a->strategy == b->strategy && a->strategy_params == b->strategy_params && a->allocator == b->allocator &&
           a->workload == b->workload && a->workload_params == b->workload_params &&
           a->heap_limit_bytes == b->heap_limit_bytes;
}

uint32_t rows_cell_of(struct rows *rows, struct row *row, const int columns[6])
{
    int64_t limit = row_integer(row, columns[5]);
    struct rows_cell cell = {.strategy = rows_name(rows, row_text(row, columns[0], NULL)),
                             .strategy_params = rows_name(rows, row_text(row, columns[1], NULL)),
                             .allocator = rows_name(rows, row_text(row, columns[2], NULL)),
                             .workload = rows_name(rows, row_text(row, columns[3], NULL)),
                             .workload_params = rows_name(rows, row_text(row, columns[4], NULL)),
                             .heap_limit_bytes = limit == READER_MISSING ? 0 : (uint64_t)limit};
    for (size_t i = rows->cell_count; i > 0; i--) /* a process's rows stand together */
        if (is_same_cell(&rows->cells[i - 1], &cell))
            return (uint32_t)(i - 1);
    if (rows->cell_count == rows->cell_capacity) {
        rows->cell_capacity = rows->cell_capacity ? 2 * rows->cell_capacity : 64;
        rows->cells = must_resize(rows->cells, rows->cell_capacity, sizeof *rows->cells);
    }
    rows->cells[rows->cell_count] = cell;
    return (uint32_t)rows->cell_count++;
}

static int by_key(const void *left, const void *right)
{
    const struct observation *a = left, *b = right;
    if (a->cell != b->cell)
        return a->cell < b->cell ? -1 : 1;
    if (a->quantity != b->quantity)
        return a->quantity < b->quantity ? -1 : 1;
    if (a->invocation != b->invocation)
        return a->invocation < b->invocation ? -1 : 1;
    return (a->repetition > b->repetition) - (a->repetition < b->repetition);
}

void rows_sort(struct rows *rows)
{
    if (rows->count)
        qsort(rows->observations, rows->count, sizeof *rows->observations, by_key);
}

const struct observation *rows_find(const struct rows *rows, uint32_t cell, uint32_t quantity, size_t *count)
{
    size_t low = 0, high = rows->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct observation *at = &rows->observations[middle];
        if (at->cell < cell || (at->cell == cell && at->quantity < quantity))
            low = middle + 1;
        else
            high = middle;
    }
    size_t first = low;
    while (low < rows->count && rows->observations[low].cell == cell && rows->observations[low].quantity == quantity)
        low++;
    *count = low - first;
    return rows->observations + first;
}

/* ---- samples.csv */

static const int sample_key[] = {SAMPLES_strategy, SAMPLES_strategy_params, SAMPLES_allocator,
                                 SAMPLES_workload, SAMPLES_workload_params, SAMPLES_heap_limit_bytes};

static int take_sample(struct row *row, void *context)
{
    struct rows *rows = context;
    uint32_t place = rows_cell_of(rows, row, sample_key);
    struct rows_cell *cell = &rows->cells[place];
    const char *status = row_text(row, SAMPLES_status, NULL);
    if (strcmp(status, "ok") != 0) {
        if (!cell->failed++) {
            cell->failed_status = rows_name(rows, status);
            cell->detail = rows_name(rows, row_text(row, SAMPLES_detail, NULL));
        }
        return 0;
    }
    cell->ok++;
    struct observation observation = {.cell = place,
                                      .invocation = (uint32_t)row_integer(row, SAMPLES_invocation),
                                      .repetition = (uint32_t)row_integer(row, SAMPLES_repetition)};
    for (int i = SAMPLES_repetition + 1; i < SAMPLES_COUNT; i++) {
        const struct column *column = &schema_tables[TABLE_SAMPLES].columns[i];
        int64_t value = column->type == COLUMN_INTEGER ? row_integer(row, i) : READER_MISSING;
        if (value == READER_MISSING)
            continue;
        observation.quantity = rows_name(rows, column->name);
        observation.value = (double)value;
        rows_add(rows, observation);
    }
    return 0;
}

/* ---- figures.csv */

static const int figure_key[] = {FIGURES_strategy, FIGURES_strategy_params, FIGURES_allocator,
                                 FIGURES_workload, FIGURES_workload_params, FIGURES_heap_limit_bytes};

static int take_figure(struct row *row, void *context)
{
    struct rows *rows = context;
    const char *value = row_text(row, FIGURES_value, NULL);
    char *end;
    struct observation observation = {.cell = rows_cell_of(rows, row, figure_key),
                                      .quantity = rows_name(rows, row_text(row, FIGURES_name, NULL)),
                                      .invocation = (uint32_t)row_integer(row, FIGURES_invocation),
                                      .repetition = (uint32_t)row_integer(row, FIGURES_repetition),
                                      .value = strtod(value, &end)};
    if (end == value || *end)
        return row_fail(row, "`value` is not a number; correct the line or remove it");
    rows_add(rows, observation);
    return 0;
}

/* ---- minheap.csv */

static int take_smallest(struct row *row, void *context)
{
    struct rows *rows = context;
    int64_t smallest = row_integer(row, MINHEAP_smallest_bytes);
    const uint32_t key[] = {rows_name(rows, row_text(row, MINHEAP_strategy, NULL)),
                            rows_name(rows, row_text(row, MINHEAP_strategy_params, NULL)),
                            rows_name(rows, row_text(row, MINHEAP_allocator, NULL)),
                            rows_name(rows, row_text(row, MINHEAP_workload, NULL)),
                            rows_name(rows, row_text(row, MINHEAP_workload_params, NULL))};
    for (size_t i = 0; i < rows->cell_count && smallest != READER_MISSING; i++) {
        struct rows_cell *cell = &rows->cells[i];
        if (cell->strategy == key[0] && cell->strategy_params == key[1] && cell->allocator == key[2] &&
            cell->workload == key[3] && cell->workload_params == key[4])
            cell->smallest_bytes = (uint64_t)smallest;
    }
    return 0;
}

/* ---- the whole */

/* A table that need not be there. */
static int read_optional(const char *run_dir, enum table_id table, const int *columns, reader_row *each,
                         struct rows *rows)
{
    int error = reader_read(run_dir, table, columns, each, rows);
    return error == -ENOENT ? 0 : error;
}

static int load(struct rows *rows, const char *run_dir)
{
    static const int sample_columns[] = {SAMPLES_strategy,        SAMPLES_strategy_params,
                                         SAMPLES_allocator,       SAMPLES_workload,
                                         SAMPLES_workload_params, SAMPLES_heap_limit_bytes,
                                         SAMPLES_invocation,      SAMPLES_repetition,
                                         SAMPLES_status,          -1};
    static const int figure_columns[] = {FIGURES_name, FIGURES_value, -1};
    static const int minheap_columns[] = {MINHEAP_smallest_bytes, -1};
    int error = reader_read(run_dir, TABLE_SAMPLES, sample_columns, take_sample, rows);
    if (error == -ENOENT)
        say("%s/%s: there is no such file; is it the folder of a run?", run_dir, schema_tables[TABLE_SAMPLES].file);
    if (!error)
        error = read_optional(run_dir, TABLE_FIGURES, figure_columns, take_figure, rows);
    if (!error)
        error = read_optional(run_dir, TABLE_MINHEAP, minheap_columns, take_smallest, rows);
    if (!error)
        error = rows_add_pauses(rows, run_dir);
    return error ? error : rows_add_timeline(rows, run_dir);
}

int rows_load(struct rows *rows, const char *run_dir)
{
    *rows = (struct rows){0};
    int error = load(rows, run_dir);
    if (error)
        rows_free(rows);
    else
        rows_sort(rows);
    return error;
}

void rows_free(struct rows *rows)
{
    names_free(&rows->names);
    free(rows->cells);
    free(rows->observations);
    *rows = (struct rows){0};
}
