/* report.h: report.md and report.html: a run as prose, figures and tables. Every number comes from the summary. */
#ifndef ANALYSIS_REPORT_H
#define ANALYSIS_REPORT_H

#include <jansson.h>
#include <stdio.h>

#include "summary.h"

/* Draws the figures if it can, writes both files, and prints their paths to `out` (or NULL). 0 or a negative errno,
 * after a message. */
int report_write(const struct summary *summary, const json_t *machine, const char *run_dir, FILE *out);

#endif
