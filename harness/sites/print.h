/* print.h: sites as tables for people, and as CSV. */
#ifndef SITES_PRINT_H
#define SITES_PRINT_H

#include "driver/plan.h"
#include "sites/process/snapshots.h"
#include "sites/sites.h"

/* "setup", "25%", "end", "teardown". Static. */
const char *moment_name(int moment);

/* The moment of that name, or 0 if there is none. */
int moment_named(const char *name);

enum ranking { BY_BOTH, BY_LIVE, BY_ALLOCATIONS };

struct printing {
    size_t top; /* rows of a table */
    enum ranking by;
    int from, to; /* moments to compare; 0: none */
};

/* Prints what was found. False if it is not known which blocks are live, so that only those made could be shown. */
bool sites_print(const struct sites *sites, const struct recording *recording, const struct cell *cell,
                 const struct printing *printing);

/* Adds a row for each site and moment: sites.csv in results/SCHEMA.md. */
void sites_add_rows(struct text *csv, const struct sites *sites, const struct recording *recording,
                    const struct cell *cell);

#endif
