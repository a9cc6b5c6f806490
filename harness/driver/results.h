/* results.h: the folder of a run.
 *
 *   samples.csv pauses.csv latency.csv timeline.csv
 *                                         rows, as they come
 *   experiment.yaml                       the experiment as it was run, options included
 *   plan.json                             every cell and process, in order
 *   machine.json                          what it ran on
 *   journal.txt                           the processes whose rows are all there, by their place in the plan: what
 *                                         `resume` goes by
 *
 * A row that could not be written is not in the journal, so that nothing measured is taken for granted. */
#ifndef RESULTS_H
#define RESULTS_H

#include <jansson.h>

#include "driver/csv_file.h"
#include "driver/plan.h"
#include "driver/samples.h"

enum results_table { RESULTS_SAMPLES, RESULTS_PAUSES, RESULTS_LATENCY, RESULTS_TIMELINE, RESULTS_TABLES };

struct results {
    char *folder, *run_id;
    struct csv_file tables[RESULTS_TABLES];
    struct csv_file journal;
    struct samples samples; /* the rows of samples.csv, again */
    bool samples_only;      /* rows of other tables are dropped */
    bool *done;             /* by job */
    size_t done_count;
};

/* The schema's table. */
const struct table *results_schema(enum results_table table);

/* Makes the folder, which must be new or empty (NULL: results/<run id>), and writes what is known before the first
 * row. 0; or -1 after a message, with *is_usage set if it was the user's choice of folder. */
int results_create(struct results *results, const char *folder, const struct plan *plan);

/* Opens the folder of a run that was cut off: drops the rows of processes that are not in the journal. 0, or -1 after
 * a message. */
int results_reopen(struct results *results, const char *folder, const struct plan *plan);

/* Parts of these two. `results_take_folder` makes results->folder, which must be new or empty. */
int results_take_folder(const struct results *results);
void results_begin(struct results *results, const struct plan *plan);
int results_open_tables(struct results *results);

/* For samples alone, in a folder that is made if it is not there; results_open_tables opens them, after what is there
 * was read. No journal, and rows of other tables are dropped. 0, or -1 after a message. */
int results_begin_samples(struct results *results, const char *folder);

/* Writes a JSON file into the folder. 0, or -1 after a message. Takes `value` over. */
int results_write_json(const struct results *results, const char *name, json_t *value);

/* 0, or -1 after a message that says how to go on. */
int results_append(struct results *results, enum results_table table, const struct text *rows);
int results_note_done(struct results *results, size_t job);

/* Replaces samples.csv by the rows in memory. 0, or -1 after a message. */
int results_rewrite_samples(struct results *results);

void results_close(struct results *results);

#endif
