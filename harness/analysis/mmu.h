/* mmu.h: minimum mutator utilisation: of all windows of a length, in the worst, which share was the program's own.
 *
 * Cheng and Blelloch 2001, "A parallel, real-time garbage collector". Exact: pauses that overlap are one, and the worst
 * window begins with a pause or ends with one, so these are all that are looked at. A window lies within a repetition's
 * timed part, and windows get no longer than the shortest repetition. What a strategy does between pauses (counting,
 * sweeping as it allocates) is the program's own time here.
 */
#ifndef ANALYSIS_MMU_H
#define ANALYSIS_MMU_H

#include "dataset.h"

enum { MMU_POINTS_MAX = 128 };

struct mmu_point {
    double window_ns, utilisation;
};

/* A stretch of time in which the program is stopped. */
struct stop {
    double start, end;
};

/* Joins stops that overlap, and cuts what is beyond `length`; they are in the order of their starts. Returns how many
 * are left. */
size_t stops_join(struct stop *stops, size_t count, double length);

/* The utilisation of the worst window of `window` (at most `length`) in a repetition of `length`, by its stops, joined.
 * `before` has room for count + 1. */
double mmu_of_stops(const struct stop *stops, size_t count, double length, double window, double *before);

/* The curve of a cell, worst of its repetitions, from 10 µs to the shortest repetition: up to MMU_POINTS_MAX points;
 * *count is 0 where it has no pauses, or a pause has no start. 0 or -ENOMEM. */
int mmu_of_cell(const struct dataset *data, const struct cell *cell, struct mmu_point *points, size_t *count);

#endif
