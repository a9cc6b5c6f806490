/* pairs.h: which cell of BASE is compared with which of NEW. */
#ifndef ANALYSIS_PAIRS_H
#define ANALYSIS_PAIRS_H

#include "compare.h"

/* RUN or RUN:NAME into a side without data; a folder that has such a name as it stands is a run. `other` gives the run
 * of :NAME. 0 or -ENOMEM, or -EINVAL after a message. */
int side_parse(struct side *side, const char *text, const struct side *other);

struct pair {
    const struct cell *base, *new; /* one may be NULL */
};

struct pairs {
    struct pair *items;
    size_t count, capacity;
};

/* All cells that are chosen, in pairs: those of the same strategy, allocator, heap limit and workload; a strategy or an
 * allocator that both sides name may differ. Judges are left out. 0 or a negative errno, after a message. */
int pairs_make(struct pairs *pairs, const struct side *base, const struct side *new);
void pairs_free(struct pairs *pairs);

#endif
