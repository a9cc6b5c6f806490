/* derived.h: writes what was computed as CSV, for people, for the plots and for the report. */
#ifndef ANALYSIS_DERIVED_H
#define ANALYSIS_DERIVED_H

#include "summary.h"
#include "writer.h"

/* summary.csv, strategies.csv, failures.csv, pauses_summary.csv, utilisation.csv, latency_summary.csv, leaks.csv. 0 or
 * a negative errno, after a message. */
int derived_write(const struct summary *summary, const char *run_dir);

/* latency_summary.csv alone. Likewise. */
int derived_latency(const struct summary *summary, const char *run_dir);

/* What says which cell a row is of: in tables that have these nine columns, in this order, from `first` on. */
void derived_key(struct writer *writer, int first, const struct dataset *data, const struct cell *cell);

/* figures/: what the plots read. `machine`: a line on the machine. Likewise. */
int figures_write(const struct summary *summary, const char *run_dir, const char *machine);

/* The allocator that figures for one allocator show: the first that has anything. */
size_t figures_allocator(const struct summary *summary);

/* A variant's label as part of a file's name: letters, digits, '_', '.' and '-'. */
void figures_slug(const char *label, char *slug, size_t bytes);

/* Whether a variant has a timeline to draw. */
bool figures_has_timeline(const struct summary *summary, size_t variant);

/* What is leaked after each repetition of a cell, mean over the invocations that got so far. `steps` has room for
 * `capacity`; returns how many there are. Repetitions from LEAK_STEPS_MAX on are not followed. */
struct leak_step {
    size_t invocations;
    double iterations, objects_allocated, leaked_objects, leaked_bytes;
};
enum { LEAK_STEPS_MAX = 1000 };
size_t leaks_of_cell(const struct cell *cell, struct leak_step *steps, size_t capacity);

#endif
