/* sweep.h: a workload that ran with several heap limits: who is the same but for the limit, and how far limits reach.
 */
#ifndef ANALYSIS_SWEEP_H
#define ANALYSIS_SWEEP_H

#include <limits.h>

#include "summary.h"

/* Who has the same strategy and parameters, whatever the heap limit: the first of them stands for all. */
size_t sweep_family(const struct dataset *data, size_t contender);

/* The smallest limit of a family on a variant; 0: it had none. Sets *limits to how many. Of what `failed` too, or only
 * where it ran. */
uint64_t sweep_smallest(const struct dataset *data, size_t variant, size_t family, size_t allocator, bool failed,
                        size_t *limits);

/* Whether any family ran a variant with several limits. */
bool sweep_is(const struct dataset *data, size_t variant, size_t allocator);

/* Whether any variant is such a one; and whether a contender has a cell of one that is not. */
bool sweep_any(const struct dataset *data, size_t allocator);
bool sweep_is_beside(const struct dataset *data, size_t contender, size_t allocator);

/* ---- as a table: a row per variant and family, a column per limit, as a multiple of the row's smallest */

enum { SWEEP_FACTORS_MOST = 64, SWEEP_NO_LIMIT = INT_MAX };

/* In hundredths, ascending; SWEEP_NO_LIMIT is the last. Zeroed is empty. */
struct sweep_columns {
    int factors[SWEEP_FACTORS_MOST];
    size_t count;
};

/* Adds the columns that a variant needs; further ones than there is room for are left out. */
void sweep_add_columns(struct sweep_columns *columns, const struct dataset *data, size_t variant, size_t allocator);

/* "1.25", or "none". */
void sweep_heading(int factor, char text[16]);

/* Whether the variant has a row of the family, which is the number of its first contender; and one of its cells, or
 * NULL. */
bool sweep_has_row(const struct dataset *data, size_t variant, size_t family, size_t allocator);
const struct cell *sweep_cell(const struct dataset *data, size_t variant, size_t family, size_t allocator, int factor);

/* The limit that is 1 in a row, whether it ran or not; without any limit, what was held. */
double sweep_heap(const struct summary *summary, size_t variant, size_t family, size_t allocator);

/* The strategy and its parameters, for the caller to free; NULL when memory is out. */
char *sweep_label(const struct dataset *data, size_t family);

#endif
