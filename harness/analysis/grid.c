#define _GNU_SOURCE
#include "grid.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "grow.h"

static void take(struct grid *grid, char *owned)
{
    if (!owned || grow(&grid->cells, &grid->capacity, grid->count + 1, sizeof *grid->cells)) {
        free(owned);
        grid->failed = true;
        return;
    }
    grid->cells[grid->count++] = owned;
}

void grid_open(struct grid *grid, const char *const *headings, size_t texts)
{
    *grid = (struct grid){.texts = texts};
    for (; headings[grid->columns]; grid->columns++)
        take(grid, strdup(headings[grid->columns]));
}

void grid_add(struct grid *grid, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = NULL;
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    take(grid, length < 0 ? NULL : text);
}

static void print_markdown(const struct grid *grid, FILE *out)
{
    for (size_t i = 0; i < grid->count; i++) {
        fputs(i % grid->columns ? " " : "| ", out);
        for (const char *at = grid->cells[i]; *at; at++)
            fprintf(out, strchr("\\`*_<>|[]", *at) ? "\\%c" : "%c", *at);
        fputs(i % grid->columns == grid->columns - 1 ? " |\n" : " |", out);
        for (size_t j = 0; i == grid->columns - 1 && j < grid->columns; j++)
            fprintf(out, "%s%s", j < grid->texts ? "|---" : "|---:", j + 1 < grid->columns ? "" : "|\n");
    }
}

static size_t width_of(const struct grid *grid, size_t column, size_t widest)
{
    size_t width = 0;
    for (size_t i = column; i < grid->count; i += grid->columns) {
        size_t own = display_width(grid->cells[i]);
        width = own > width ? own : width;
    }
    return column < grid->texts && width > widest ? widest : width;
}

static void print_padded(FILE *out, const char *text, size_t width, bool left)
{
    size_t used = display_width(text);
    if (used > width)
        fprintf(out, "%.*s~", (int)width - 1, text);
    else if (left)
        fprintf(out, "%s%*s", text, (int)(width - used), "");
    else
        fprintf(out, "%*s%s", (int)(width - used), "", text);
}

static void print_text(const struct grid *grid, FILE *out, size_t widest)
{
    size_t widths[GRID_COLUMNS_MAX];
    for (size_t column = 0; column < grid->columns; column++)
        widths[column] = width_of(grid, column, widest);
    for (size_t i = 0; i < grid->count; i++) {
        size_t column = i % grid->columns;
        print_padded(out, grid->cells[i], widths[column], column < grid->texts);
        fputs(column == grid->columns - 1 ? "\n" : "  ", out);
    }
}

int grid_close(struct grid *grid, FILE *out, bool markdown, size_t widest)
{
    if (out && !grid->failed && markdown)
        print_markdown(grid, out);
    else if (out && !grid->failed)
        print_text(grid, out, widest);
    int error = grid->failed ? -ENOMEM : 0;
    for (size_t i = 0; i < grid->count; i++)
        free(grid->cells[i]);
    free(grid->cells);
    *grid = (struct grid){0};
    return error;
}
