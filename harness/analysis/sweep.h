/* sweep.h: a workload that ran with several heap limits: who is the same but for the limit, and how far limits reach.
 */
#ifndef ANALYSIS_SWEEP_H
#define ANALYSIS_SWEEP_H

#include "dataset.h"

/* Who has the same strategy and parameters, whatever the heap limit: the first of them stands for all. */
size_t sweep_family(const struct dataset *data, size_t contender);

/* The smallest limit of a family on a variant; 0: it had none. Sets *limits to how many. Of what `failed` too, or only
 * where it ran. */
uint64_t sweep_smallest(const struct dataset *data, size_t variant, size_t family, size_t allocator, bool failed,
                        size_t *limits);

/* Whether any family ran a variant with several limits. */
bool sweep_is(const struct dataset *data, size_t variant, size_t allocator);

#endif
