/* overall.h: one figure per contender over all variants: the geometric mean of its ratios to the baseline.
 *
 * Means over different work do not compare. So a variant counts only if every compared contender has a figure for it,
 * and a contender that has figures for less than half of the variants is not compared, lest it empty the comparison
 * of the others. */
#ifndef ANALYSIS_OVERALL_H
#define ANALYSIS_OVERALL_H

#include "summary.h"

/* Fills summary->overall and summary->common from summary->cells. */
void overall_make(struct summary *summary);

#endif
