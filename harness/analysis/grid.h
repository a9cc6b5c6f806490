/* grid.h: a table of texts, printed for a terminal or as Markdown. The first columns are texts, the rest figures. */
#ifndef ANALYSIS_GRID_H
#define ANALYSIS_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { GRID_COLUMNS_MAX = 16 };

struct grid {
    size_t columns, texts; /* how many; and how many of them are texts */
    char **cells;
    size_t count, capacity;
    bool failed; /* memory was out: it prints nothing */
};

/* `headings`: of each column, up to GRID_COLUMNS_MAX, NULL at the end. */
void grid_open(struct grid *grid, const char *const *headings, size_t texts);
void grid_add(struct grid *grid, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints it, unless `out` is NULL, and frees it. In a terminal, texts longer than `widest` are cut. 0 or -ENOMEM. */
int grid_close(struct grid *grid, FILE *out, bool markdown, size_t widest);

#endif
