/* results.h: the folder of a run.
 *
 *   samples.csv pauses.csv latency.csv figures.csv timeline.csv
 *                                         rows, as they come
 *   experiment.yaml                       the experiment as it was run, options included
 *   plan.json                             every cell and process, in order
 *   machine.json                          what it ran on
 *   journal.txt                           the processes whose rows are all there, by their place in the plan, and how
 *                                         many rows those are: what `resume` goes by (ledger.h)
 *   lock                                  while a command writes there (lock.h)
 *   SHA256SUMS                            when all is done (seal.h)
 *
 * The rows of a process are noted in the journal when all are written; those of one that is not come to its end are
 * taken back, and if the command is killed before it can, `resume` leaves them out. */
#ifndef RESULTS_H
#define RESULTS_H

#include <jansson.h>

#include "driver/csv_file.h"
#include "driver/plan.h"
#include "driver/samples.h"

enum results_table {
    RESULTS_SAMPLES,
    RESULTS_PAUSES,
    RESULTS_LATENCY,
    RESULTS_FIGURES,
    RESULTS_TIMELINE,
    RESULTS_TABLES,
};

struct results {
    char *folder, *run_id;
    struct csv_file tables[RESULTS_TABLES];
    struct csv_file journal;
    struct samples samples;   /* the rows of samples.csv, again */
    const char *samples_only; /* the file that has samples; rows of other tables are dropped. NULL: all are kept */
    bool *done;               /* by job */
    size_t done_count;
    uint64_t rows[RESULTS_TABLES]; /* of the job that runs */
    uint64_t synced_ns;            /* when what was written was last brought to the disk, and how much that was */
    off_t synced_sizes[RESULTS_TABLES];
    bool is_locked;
    int lock;
};

/* How far the tables are. */
struct results_mark {
    off_t sizes[RESULTS_TABLES];
    uint64_t rows[RESULTS_TABLES];
    size_t samples;
};

/* The schema's table. */
const struct table *results_schema(enum results_table table);

/* Makes the folder, which must be new or empty (NULL: results/<run id>), and writes the experiment into it: what is
 * measured before the plan is known goes there too. 0, or -1 after a message. */
int results_create(struct results *results, const char *folder, const struct experiment *experiment);

/* Writes the plan, and opens the tables of a folder that has none yet. 0, or -1 after a message. */
int results_start(struct results *results, const struct plan *plan);

/* Takes up a folder that results_create made in an earlier session: locks it. Then comes results_start if it has no
 * plan yet, else results_reopen: drops the rows of processes that are not whole (ledger.h), reads the others. 0, or -1
 * after a message. */
int results_take_up(struct results *results, const char *folder);
int results_reopen(struct results *results, const struct plan *plan);

/* When all is done. 0, or -1 after a message. */
int results_seal(struct results *results);

/* The id of a run that begins now: <experiment>-<date>-<time>, and a number if results/ has that. Owned by the caller.
 */
char *results_new_id(const char *experiment);

/* Parts of these two. `results_take_folder` makes results->folder, which must be new or empty; it is locked then. */
int results_take_folder(struct results *results);
void results_begin(struct results *results, const struct plan *plan);
/* 0, or -1 after a message: who has it. */
int results_lock(struct results *results);
int results_open_tables(struct results *results);

/* For samples alone, in a folder that is made if it is not there; results_open_tables opens them, after what is there
 * was read. No journal, and rows of other tables are dropped. 0, or -1 after a message. */
int results_begin_samples(struct results *results, const char *folder);

/* The same for the rows of a pilot, into the folder of a run that is open, of which it takes the id. */
void results_begin_pilot(struct results *pilot, const struct results *run);

/* Writes a JSON file into the folder. 0, or -1 after a message. Takes `value` over. */
int results_write_json(const struct results *results, const char *name, json_t *value);

/* From here on rows are of another job. */
struct results_mark results_begin_job(struct results *results);

/* `count` rows in one text. 0, or -1 after a message that says how to go on. */
int results_append(struct results *results, enum results_table table, const struct text *rows, uint64_t count);

struct results_mark results_mark(const struct results *results);

/* Takes the rows after the mark back, from the tables and from memory. 0, or -1 after a message. */
int results_return(struct results *results, const struct results_mark *mark);

/* All rows of the job are there. Brings them to the disk now and then. 0, or -1 after a message. */
int results_note_done(struct results *results, size_t job);

/* Replaces samples.csv by the rows in memory. 0, or -1 after a message. */
int results_rewrite_samples(struct results *results);

void results_close(struct results *results);

#endif
