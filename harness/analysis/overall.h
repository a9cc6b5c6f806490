/* overall.h: one figure per contender over all variants: the geometric mean of its ratios to the baseline.
 *
 * Means over different work do not compare. So a variant counts only if every compared contender has a figure for it,
 * and a contender that has figures for less than half of the variants is not compared, lest it empty the comparison
 * of the others.
 *
 * Footprints are compared over fewer variants: those in which the baseline holds at least OVERALL_FOOTPRINT_LEAST
 * bytes, since next to a heap of a few bytes any other is a million times as large; and nobody leaks who is to reclaim,
 * since that is told as a leak, and its size is a matter of how long one waits. */
#ifndef ANALYSIS_OVERALL_H
#define ANALYSIS_OVERALL_H

#include "summary.h"

#define OVERALL_FOOTPRINT_LEAST 1e6

/* Fills summary->overall and summary->common from summary->cells. */
void overall_make(struct summary *summary);

#endif
