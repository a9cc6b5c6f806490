/* prepare.h: from an experiment's plan to the one that is run: heap limits by the smallest heap, counts by a pilot, the
 * counts of another run, one shard of several. What of this has to be measured is measured first, into the run's
 * folder.
 *
 * All but the two that are said otherwise return an exit code. */
#ifndef PREPARE_H
#define PREPARE_H

#include "driver/options.h"
#include "driver/plan.h"
#include "driver/results.h"

/* Whether the options agree with one another. 0, or -1 after a message. */
int prepare_check(const struct experiment *experiment, const struct run_options *options);

/* Whether something has to be measured before the plan is known. */
bool prepare_measures(const struct experiment *experiment, const struct run_options *options);

/* Without measuring: another run's counts, a shard. */
int prepare_given(struct plan *plan, const struct run_options *options);

/* For a folder that has no plan yet; it is open. */
int prepare_new(struct plan *plan, const struct results *results, const struct run_options *options);

/* For one that has: as it was planned then. */
int prepare_again(struct plan *plan, const struct results *results);

#endif
