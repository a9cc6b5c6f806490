/* rows.h: what a run measured, by name: the numbers of samples.csv and figures.csv as they stand there, and a few that
 * are made of pauses.csv and timeline.csv.
 *
 *   wall_ns, leaked_bytes, ...                 a column of samples.csv
 *   open_max, hits, ...                        a name of figures.csv, which a workload reports of its own
 *   pauses.p50_ns, .p90_ns, .p99_ns, .max_ns   over all pauses of a process
 *   timeline.live_bytes.max, .mean, .last      likewise of live_objects, footprint_bytes, rss_bytes; a timeline is
 * taken in one process: its repetitions stand for processes
 *
 * Only repetitions that are ok are in it. */
#ifndef CLAIM_ROWS_H
#define CLAIM_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/names.h"

struct rows_cell {
    uint32_t strategy, strategy_params, allocator, workload, workload_params; /* of names */
    uint64_t heap_limit_bytes, smallest_bytes; /* the smallest limit with which it runs; 0: not known */
    size_t ok, failed;                         /* rows of samples.csv */
    uint32_t failed_status, detail;            /* of the first that failed */
};

struct observation {
    uint32_t cell, quantity; /* place in cells; of names */
    uint32_t invocation, repetition;
    double value;
};

struct rows {
    struct names names;
    struct rows_cell *cells;
    size_t cell_count, cell_capacity;
    struct observation *observations; /* in the order of their first four members */
    size_t count, capacity;
};

/* 0, or a negative errno after a message; then *rows is empty. */
int rows_load(struct rows *rows, const char *run_dir);
void rows_free(struct rows *rows);

static inline const char *rows_text(const struct rows *rows, uint32_t id)
{
    return names_text(&rows->names, id);
}

/* The first observation of a quantity in a cell, and how many there are. */
const struct observation *rows_find(const struct rows *rows, uint32_t cell, uint32_t quantity, size_t *count);

/* What rows_load is made of. */
uint32_t rows_name(struct rows *rows, const char *text);
void rows_add(struct rows *rows, struct observation observation);
void rows_sort(struct rows *rows); /* when all are there */
struct row;
/* The place of the cell that the row is of; `columns`: where its table has strategy, strategy_params, allocator,
 * workload, workload_params and heap_limit_bytes. */
uint32_t rows_cell_of(struct rows *rows, struct row *row, const int columns[6]);

/* Adds what is made of pauses.csv and timeline.csv. 0 or a negative errno, after a message. */
int rows_add_pauses(struct rows *rows, const char *run_dir);
int rows_add_timeline(struct rows *rows, const char *run_dir);

#endif
