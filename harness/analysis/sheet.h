/* sheet.h: one text, written twice: as Markdown for people and GitHub, and as HTML that needs no other file.
 *
 * Prose is Markdown and goes to both, by cmark to the second. CommonMark has no tables and no figures drawn in place,
 * so these are written to each in its own way.
 */
#ifndef ANALYSIS_SHEET_H
#define ANALYSIS_SHEET_H

#include <stdbool.h>
#include <stdio.h>

#include "format.h"

struct sheet {
    FILE *markdown, *html;
    struct phrase pending; /* Markdown that is not in `html` yet */
    const char *run_dir;
    size_t column; /* of the table's row */
    size_t names;  /* how many of the table's columns, from the first, are names */
    bool failed;   /* memory was out */
};

void sheet_open(struct sheet *sheet, FILE *markdown, FILE *html, const char *run_dir, const char *title);
void sheet_close(struct sheet *sheet); /* the files stay open */

/* Markdown. What came from outside goes in through sheet_escape. */
void sheet_add(struct sheet *sheet, const char *format, ...) __attribute__((format(printf, 2, 3)));
void sheet_escape(struct sheet *sheet, const char *text);

/* A heading that the HTML can be entered by. */
void sheet_section(struct sheet *sheet, const char *id, const char *title);

/* The page's script filters tables by their headings: `workload` and `contender` stand over columns of these; in a
 * matrix every heading but the first is a contender. */
enum sheet_table {
    SHEET_FIGURES, /* columns of names are texts, the others are figures */
    SHEET_MATRIX,  /* the same: workloads by contenders */
    SHEET_TEXTS,   /* all are texts */
};

/* A table: headings, NULL at the end; then cells, row by row. */
void sheet_table(struct sheet *sheet, const char *const *headings, enum sheet_table kind);
void sheet_cell(struct sheet *sheet, const char *text);
void sheet_prose_cell(struct sheet *sheet, const char *markdown);            /* of ours, in one paragraph */
void sheet_figure_cell(struct sheet *sheet, double value, const char *text); /* sorted by `value`; NAN: by the text */
void sheet_row_end(struct sheet *sheet);
void sheet_table_end(struct sheet *sheet);

/* plots/<name>.svg of the run, drawn in place in HTML. */
void sheet_figure(struct sheet *sheet, const char *name, const char *title);

/* What follows is folded away under `title` until sheet_unfold. */
void sheet_fold(struct sheet *sheet, const char *title);
void sheet_unfold(struct sheet *sheet);

#endif
