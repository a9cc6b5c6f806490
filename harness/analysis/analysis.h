/* analysis.h: from the rows of a run to statistics, pictures and a report.
 *
 * Each function takes a run's folder (results/<run>), reads the tables that the command wrote there (samples.csv,
 * pauses.csv, timeline.csv: columns found by name) and machine.json, and writes what follows from them beside them.
 * They may be called again at any time, also on a run that was cut off: a row that a kill left half-written is
 * dropped, with a warning. Rows whose status is not ok enter no figure; they are listed.
 *
 * All return 0, or a negative errno after a line on stderr that says what was wrong and what to do:
 * -ENOENT (no such run, or no samples.csv in it), -EINVAL (a table lacks a column, or a value is not a number),
 * -ENODATA (no row at all), or what the system said of a file that could not be read or written.
 */
#ifndef ANALYSIS_H
#define ANALYSIS_H

#include <stdbool.h>
#include <stdio.h>

/* Computes the derived tables (summary.csv and the others of harness/schema/tables.def) into the run's folder, and
 * prints the comparison that a reader wants first to `table_out`, at most 120 columns wide. `table_out` may be NULL. */
int analysis_summarise(const char *run_dir, FILE *table_out);

/* Derives the tables, then draws every figure of plots/ into <run>/plots as SVG and PNG. Prints the paths of what it
 * drew to `out`, one a line. Without gnuplot: -ENOENT, with a line that says how to install it. */
int analysis_plot(const char *run_dir, FILE *out);

/* Derives the tables and draws the figures if gnuplot is there, then writes <run>/report.md and report.html, which
 * has the figures in it. Prints their paths to `out`. */
int analysis_report(const char *run_dir, FILE *out);

/* How `reclaim compare` prints. */
enum compare_format { COMPARE_TABLE, COMPARE_CSV, COMPARE_JSON, COMPARE_MARKDOWN };

struct compare_options {
    const char *base; /* a run's folder; RUN:NAME for a strategy, a contender or an allocator of it */
    const char *new;  /* the same; :NAME is of BASE's run */
    enum compare_format format;
    bool all;           /* also cells without a difference, in a table and in Markdown */
    double slower_than; /* 0.05: fail if a cell's time is shown to be more than 5 % longer; NaN: never */
};

/* Compares NEW with BASE, and prints it to `out`. *failed: a cell is slower than allowed, or NEW lacks a figure that
 * BASE has (only if slower_than is given); told in a line on stderr. Also -EINVAL if what is named is not there. */
int analysis_compare(const struct compare_options *options, FILE *out, bool *failed);

/* Of a run that holds every contender twice, with twin=0 and with twin=1: how often a difference is shown, though there
 * is none. *failed: of times, in more than 5 % of the cells before correction, or in more than one after. */
int analysis_aa(const char *run_dir, FILE *out, bool *failed);

/* Of a run that holds every contender with slowdown=0 and with each of `percents`: in how many cells the slowdown is
 * shown. *failed: of 5 %, in fewer than 95 % of the cells. */
int analysis_power(const char *run_dir, const unsigned *percents, size_t count, FILE *out, bool *failed);

#endif
