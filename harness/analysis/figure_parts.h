/* figure_parts.h: what the writers of figures/ share. */
#ifndef ANALYSIS_FIGURE_PARTS_H
#define ANALYSIS_FIGURE_PARTS_H

#include "summary.h"
#include "writer.h"

/* Rows written, so that a script knows what is empty without trying: gnuplot warns of every empty file. */
struct figure_rows {
    size_t cells, ratios, footprints, residents, means, pauses, leaks, utilisations, heaps, overheads, latencies;
};

/* A label as gnuplot reads it: it knows neither a comma nor a quote within quotes. */
void figure_label(struct writer *writer, int column, const char *label);

/* The rows of the figures: contenders in their order, without the judge. From 1; 0: not in figures. */
size_t figure_row(const struct dataset *data, size_t contender);

/* The cell whose timeline is shown of a variant and a contender, or NULL. */
const struct cell *figure_timeline(const struct summary *summary, size_t variant, size_t contender);

/* Point `i` of a curve of the tail of `count` values: 1 / (1 - quantile), from the median to the largest value, as many
 * a decade as the eye can use. */
double figure_tail(int i, double count);

/* figures/utilisation.csv, latency.csv, heap.csv, overhead.csv. 0 or a negative errno, after a message. */
int figure_utilisation(const struct summary *summary, const char *run_dir, struct figure_rows *rows);
int figure_latency(const struct summary *summary, const char *run_dir, struct figure_rows *rows);
int figure_heap(const struct summary *summary, const char *run_dir, struct figure_rows *rows);
int figure_overhead(const struct summary *summary, const char *run_dir, struct figure_rows *rows);

#endif
