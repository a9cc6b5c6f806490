/* plot.h: draws the figures: runs gnuplot on the scripts of plots/. */
#ifndef ANALYSIS_PLOT_H
#define ANALYSIS_PLOT_H

#include <stdio.h>

#include "summary.h"

/* A figure that a run has: plots/<script>.gp gives plots/<name>.svg and .png. */
struct plot {
    const char *script;
    char *name;
    char *title;
    const struct variant *variant; /* of a timeline, else NULL */
};

struct plots {
    struct plot *items;
    size_t count, capacity;
};

/* The figures that this run has something for, in the order of the report. 0 or -ENOMEM, after a message. */
int plots_list(struct plots *plots, const struct summary *summary);
void plots_free(struct plots *plots);

/* The command that draws a figure, run from the root of the tree; for the caller to free, or NULL. */
char *plot_command(const struct plot *plot, const char *run_dir);

/* Draws one figure of a run by plots/<script>.gp; `more` are further settings in gnuplot's language, or "". 0; -ENOENT
 * without gnuplot or its scripts, -EIO if gnuplot failed, after a message. */
int plot_draw(const char *script, const char *run_dir, const char *more);

/* Draws all that can be drawn, and prints their paths to `out` (or NULL), one a line. 0; -ENOENT without gnuplot or its
 * scripts, -EIO if gnuplot failed, after a message. */
int plot_all(const struct summary *summary, const char *run_dir, FILE *out);

#endif
