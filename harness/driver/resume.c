/* Opening the folder of a run that was cut off. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "driver/ledger.h"
#include "driver/results.h"
#include "driver/say.h"

/* ---- leaving out the rows of processes that are not whole */

struct sieve {
    const struct ledger *ledger;
    struct ledger_columns columns; /* count 0: the header has not come */
    struct text rows;
};

static void sift_row(char *const values[], size_t count, void *context)
{
    struct sieve *sieve = context;
    long job = LEDGER_NOBODY;
    if (sieve->columns.count)
        job = ledger_job_of(sieve->ledger, &sieve->columns, values, count);
    else
        sieve->columns = ledger_header(values, count);
    if (!sieve->rows.length || (job != LEDGER_NOBODY && ledger_is_whole(&sieve->ledger->jobs[job])))
        csv_add_row(&sieve->rows, (const char *const *)values, count);
}

/* Writes the table again without them. 0 or a negative errno. */
static int sift(const struct results *results, const struct ledger *ledger, enum results_table table)
{
    struct sieve sieve = {.ledger = ledger};
    char *path = must_print("%s/%s", results->folder, results_schema(table)->file);
    int failure = csv_read(path, sift_row, &sieve);
    if (failure == -ENOENT)
        failure = 0;
    else if (!failure)
        failure = file_replace(path, text_string(&sieve.rows), sieve.rows.length);
    if (failure)
        say("%s: %s; make room or mend that, then `reclaim resume %s` again", path, strerror(-failure),
            results->folder);
    text_free(&sieve.rows);
    free(path);
    return failure;
}

/* The same of the journal. */
static int sift_journal(const struct results *results, const struct ledger *ledger)
{
    struct text journal = {0};
    char *path = must_print("%s/journal.txt", results->folder);
    for (size_t i = 0; i < ledger->job_count; i++)
        if (ledger_is_whole(&ledger->jobs[i]))
            ledger_add_line(&journal, i, ledger->jobs[i].seen);
    int failure = file_replace(path, text_string(&journal), journal.length);
    if (failure)
        say("%s: %s; make room or mend that, then `reclaim resume %s` again", path, strerror(-failure),
            results->folder);
    text_free(&journal);
    free(path);
    return failure;
}

/* Whether anything has to be left out. On a full disk nothing is written that need not be. */
static bool is_clean(const struct ledger *ledger)
{
    static const uint64_t none[RESULTS_TABLES];
    bool clean = !ledger->strangers;
    for (size_t i = 0; i < ledger->job_count && clean; i++) {
        const struct ledger_job *job = &ledger->jobs[i];
        clean = job->journalled ? ledger_is_whole(job) : memcmp(job->seen, none, sizeof none) == 0;
    }
    return clean;
}

static int clean(const struct results *results, const struct ledger *ledger)
{
    int failure = sift_journal(results, ledger);
    for (size_t table = 0; table < RESULTS_TABLES && !failure; table++)
        failure = sift(results, ledger, (enum results_table)table);
    return failure;
}

/* ---- the folder */

static int check_plan(const struct ledger *ledger, const struct plan *plan)
{
    json_t *now = plan_describe(plan);
    bool same = json_equal(ledger->plan, now);
    if (!same)
        say("%s: its plan is not what this build makes of its experiment; strategies, workloads or their parameters "
            "have changed since: start a new run",
            ledger->folder);
    json_decref(now);
    return same ? 0 : -1;
}

static int read_samples(struct results *results)
{
    char *path = must_print("%s/%s", results->folder, schema_tables[TABLE_SAMPLES].file);
    int failure = samples_read(&results->samples, path);
    if (failure && failure != -ENOENT)
        say("%s: %s", path, strerror(-failure));
    samples_forget(&results->samples);
    free(path);
    return failure && failure != -ENOENT ? -1 : 0;
}

static void take_done(struct results *results, const struct ledger *ledger)
{
    for (size_t i = 0; i < ledger->job_count; i++) {
        results->done[i] = ledger_is_whole(&ledger->jobs[i]);
        results->done_count += results->done[i];
    }
}

int results_reopen(struct results *results, const struct plan *plan)
{
    struct ledger ledger;
    results_begin(results, plan);
    int failure = ledger_read(&ledger, results->folder) || check_plan(&ledger, plan) ? -1 : 0;
    if (!failure && !is_clean(&ledger))
        failure = clean(results, &ledger) ? -1 : 0;
    if (!failure)
        take_done(results, &ledger);
    ledger_free(&ledger);
    return failure || read_samples(results) ? -1 : results_open_tables(results);
}
