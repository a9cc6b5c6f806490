/* ledger.h: what the plan of a run, its journal and its tables say of each process, found in its folder alone.
 *
 * A process is whole if the journal says that it is done, and the tables have as many rows of it as the journal says.
 * Nothing else is taken for granted: after a power cut, journal and tables may have got to the disk in any order. */
#ifndef LEDGER_H
#define LEDGER_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driver/results.h"
#include "driver/text.h"

/* In the order of plan.json. */
struct ledger_job {
    uint32_t cell, invocation;
    bool timeline;
    bool elsewhere;                                      /* another shard's */
    bool journalled;                                     /* the journal says that it is done */
    uint64_t said[RESULTS_TABLES], seen[RESULTS_TABLES]; /* rows: by the journal, in the tables */
};

struct ledger {
    char *folder;
    json_t *plan; /* plan.json */
    struct ledger_job *jobs;
    size_t job_count;
    struct ledger_cell *cells; /* by what their rows have in common */
    uint64_t strangers;        /* rows that are torn, or of no process of the plan */
};

enum { LEDGER_KEY_COLUMNS = 7, LEDGER_NOBODY = -1 };

/* Where a table has the columns that tell whose row it is. */
struct ledger_columns {
    int places[LEDGER_KEY_COLUMNS]; /* -1: it has none */
    size_t count;                   /* of all columns */
};

/* Reads plan and journal, and counts the rows. 0, or -1 after a message. To be freed in both cases. */
int ledger_read(struct ledger *ledger, const char *folder);
void ledger_free(struct ledger *ledger);

bool ledger_is_whole(const struct ledger_job *job);

/* "refcount rings system", for people. Owned by the caller. */
char *ledger_label(const struct ledger *ledger, const struct ledger_job *job);

/* A table's header, and then which job a row of it is from, or LEDGER_NOBODY. */
struct ledger_columns ledger_header(char *const values[], size_t count);
long ledger_job_of(const struct ledger *ledger, const struct ledger_columns *columns, char *const values[],
                   size_t count);

/* A line of the journal. */
void ledger_add_line(struct text *journal, size_t job, const uint64_t rows[RESULTS_TABLES]);

#endif
