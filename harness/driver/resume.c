/* Opening the folder of a run that was cut off. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "driver/results.h"
#include "driver/say.h"

/* ---- which process a row is from */

/* The columns that tell, in the order of a key. */
static const char *const key_columns[] = {"strategy",        "strategy_params",  "allocator", "workload",
                                          "workload_params", "heap_limit_bytes", "invocation"};
enum { KEY_COLUMNS = sizeof key_columns / sizeof *key_columns };

/* A process whose rows are all there. */
struct kept {
    char *key;
    UT_hash_handle hh;
};

static void keep(struct kept **all, const struct plan *plan, const struct job *job)
{
    const struct cell *cell = &plan->cells[job->cell];
    struct kept *kept = must_resize(NULL, 1, sizeof *kept);
    char *invocation = job->timeline ? must_copy("timeline") : must_print("%u", job->invocation);
    *kept =
        (struct kept){.key = must_print("%s\n%s\n%s\n%s\n%s\n%llu\n%s\n", cell->strategy->name, cell->strategy_params,
                                        cell->allocator->name, cell->workload->name, cell->workload_params,
                                        (unsigned long long)cell->heap_limit_bytes, invocation)};
    free(invocation);
    HASH_ADD_KEYPTR(hh, *all, kept->key, strlen(kept->key), kept);
}

static void kept_free(struct kept *all)
{
    struct kept *kept, *next;
    HASH_ITER (hh, all, kept, next) {
        HASH_DEL(all, kept);
        free(kept->key);
        free(kept);
    }
}

/* ---- leaving out the rows of the others */

struct sieve {
    struct results *results;
    const struct table *table;
    struct kept *kept;
    bool header_seen, is_samples;
    int columns[KEY_COLUMNS];  /* where they are in the file; -1: the table has none */
    int places[SAMPLES_COUNT]; /* of samples.csv: where each column of ours is in the file */
    struct text rows;
};

static int place_of(char *const values[], size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(values[i], name) == 0)
            return (int)i;
    return -1;
}

static void read_header(struct sieve *sieve, char *const values[], size_t count)
{
    sieve->header_seen = true;
    for (size_t i = 0; i < KEY_COLUMNS; i++)
        sieve->columns[i] = place_of(values, count, key_columns[i]);
    for (size_t i = 0; sieve->is_samples && i < SAMPLES_COUNT; i++)
        sieve->places[i] = place_of(values, count, sieve->table->columns[i].name);
    csv_add_row(&sieve->rows, (const char *const *)values, count);
}

static void keep_sample(struct sieve *sieve, char *const values[], size_t count)
{
    const char *row[SAMPLES_COUNT] = {NULL};
    for (size_t i = 0; i < SAMPLES_COUNT; i++)
        if (sieve->places[i] >= 0 && (size_t)sieve->places[i] < count && *values[sieve->places[i]])
            row[i] = values[sieve->places[i]];
    samples_add(&sieve->results->samples, row);
}

static void sift_row(char *const values[], size_t count, void *context)
{
    struct sieve *sieve = context;
    if (!sieve->header_seen) {
        read_header(sieve, values, count);
        return;
    }
    struct text key = {0};
    for (size_t i = 0; i < KEY_COLUMNS; i++) {
        int column = sieve->columns[i];
        text_add(&key, "%s\n", column < 0 ? "timeline" : (size_t)column < count ? values[column] : "");
    }
    struct kept *kept;
    HASH_FIND_STR(sieve->kept, key.bytes, kept);
    text_free(&key);
    if (!kept)
        return;
    csv_add_row(&sieve->rows, (const char *const *)values, count);
    if (sieve->is_samples)
        keep_sample(sieve, values, count);
}

/* Writes the table again with the rows of `kept` alone. 0 or a negative errno. */
static int sift(struct results *results, enum results_table table, struct kept *kept)
{
    struct sieve sieve = {
        .results = results, .table = results_schema(table), .kept = kept, .is_samples = table == RESULTS_SAMPLES};
    char *path = must_print("%s/%s", results->folder, sieve.table->file);
    int failure = csv_read(path, sift_row, &sieve);
    if (failure == -ENOENT)
        failure = 0;
    else if (!failure)
        failure = file_replace(path, text_string(&sieve.rows), sieve.rows.length);
    if (failure)
        say("%s: %s", path, strerror(-failure));
    text_free(&sieve.rows);
    free(path);
    return failure;
}

/* ---- the folder */

static json_t *load_json(const char *folder, const char *name)
{
    char *path = must_print("%s/%s", folder, name);
    json_error_t error;
    json_t *value = json_load_file(path, 0, &error);
    if (!value)
        say("%s: %s; is %s the folder of a run?", path, error.text, folder);
    free(path);
    return value;
}

static int check_plan(const char *folder, const struct plan *plan)
{
    json_t *then = load_json(folder, "plan.json"), *now = plan_describe(plan);
    bool same = then && json_equal(then, now);
    if (then && !same)
        say("%s: its plan is not what this build makes of its experiment; strategies, workloads or their parameters "
            "have "
            "changed since: start a new run",
            folder);
    json_decref(then);
    json_decref(now);
    return same ? 0 : -1;
}

static int read_run_id(struct results *results)
{
    json_t *machine = load_json(results->folder, "machine.json");
    const char *run_id = json_string_value(json_object_get(machine, "run_id"));
    results->run_id = must_copy(run_id ? run_id : "");
    json_decref(machine);
    return machine ? 0 : -1;
}

/* Reads it, and writes it again without what a crash may have left of a line. 0 or -1 after a message. */
static int read_journal(struct results *results, size_t job_count)
{
    struct text journal = {0}, whole = {0};
    char *path = must_print("%s/journal.txt", results->folder);
    file_read(path, &journal);
    char *rest = journal.bytes;
    for (char *line; rest && (line = strsep(&rest, "\n")) && rest;) {
        int64_t job;
        if (!parse_integer(line, 0, (int64_t)job_count - 1, &job) || results->done[job])
            continue;
        results->done[job] = true;
        results->done_count++;
        text_add(&whole, "%s\n", line);
    }
    int failure = file_replace(path, text_string(&whole), whole.length);
    if (failure)
        say("%s: %s", path, strerror(-failure));
    text_free(&journal);
    text_free(&whole);
    free(path);
    return failure ? -1 : 0;
}

int results_reopen(struct results *results, const char *folder, const struct plan *plan)
{
    *results = (struct results){.folder = must_copy(folder)};
    results_begin(results, plan);
    if (check_plan(folder, plan) || read_run_id(results) || read_journal(results, plan->job_count))
        return -1;
    struct kept *kept = NULL;
    for (size_t i = 0; i < plan->job_count; i++)
        if (results->done[i])
            keep(&kept, plan, &plan->jobs[i]);
    int failure = 0;
    for (size_t table = 0; table < RESULTS_TABLES && !failure; table++)
        failure = sift(results, (enum results_table)table, kept) ? -1 : 0;
    kept_free(kept);
    samples_forget(&results->samples);
    return failure ? failure : results_open_tables(results);
}
