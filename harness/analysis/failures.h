/* failures.h: what did not work, in the fewest lines that say all of it. */
#ifndef ANALYSIS_FAILURES_H
#define ANALYSIS_FAILURES_H

#include "summary.h"

/* Cells that failed alike: one contender, one variant, one status, one detail, on these allocators. */
struct failure {
    size_t contender, variant;
    uint32_t status, detail; /* of dataset.names; the first detail of the cell with this status */
    char *allocators;        /* separated by commas */
    size_t rows;
};

struct failures {
    struct failure *items; /* by variant and contender */
    size_t count, capacity;
    size_t rows;        /* of samples.csv, `unsupported` not counted */
    size_t unsupported; /* rows with that status: not a fault, but what the strategy cannot do */
};

/* 0 or -ENOMEM, after a message. */
int failures_collect(struct failures *failures, const struct dataset *data);
void failures_free(struct failures *failures);

#endif
