#include "driver/results.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "driver/child.h"
#include "driver/ledger.h"
#include "driver/lock.h"
#include "driver/say.h"
#include "driver/seal.h"

/* What a power cut takes is at most so much; more often would cost more than it saves. */
enum { SYNC_EVERY_NS = 1000000000 };

const struct table *results_schema(enum results_table table)
{
    static const enum table_id ids[] = {TABLE_SAMPLES, TABLE_PAUSES, TABLE_LATENCY, TABLE_FIGURES, TABLE_TIMELINE};
    return &schema_tables[ids[table]];
}

static char *path_in(const struct results *results, const char *name)
{
    return must_print("%s/%s", results->folder, name);
}

/* A file of the run could not be written. */
static int say_unwritten(const struct results *results, const char *path, int failure)
{
    bool full = failure == -ENOSPC || failure == -EDQUOT;
    say("%s: %s; what was measured before is kept: %s, then go on with `reclaim resume %s`", path, strerror(-failure),
        full ? "make room" : "mend that", results->folder);
    return -1;
}

/* ---- the folder */

static int make_folders(const char *path)
{
    char *copy = must_copy(path);
    int failure = 0;
    for (char *slash = strchr(copy + 1, '/'); slash && !failure; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        failure = mkdir(copy, 0777) != 0 && errno != EEXIST ? -errno : 0;
        *slash = '/';
    }
    free(copy);
    if (!failure && mkdir(path, 0777) != 0 && errno != EEXIST)
        failure = -errno;
    return failure;
}

/* What a run leaves that was killed before it had begun is nothing. */
static bool is_nothing(const char *name)
{
    static const char *const names[] = {".", "..", LOCK_FILE, "experiment.yaml.new"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

/* 1 empty, 0 not, or a negative errno. */
static int is_empty(const char *path)
{
    DIR *folder = opendir(path);
    if (!folder)
        return -errno;
    int entries = 0;
    for (struct dirent *entry; (entry = readdir(folder));)
        entries += !is_nothing(entry->d_name);
    closedir(folder);
    return entries == 0;
}

/* <experiment>-<date>-<time>, and a number if there is one already. */
char *results_new_id(const char *name)
{
    time_t now = time(NULL);
    struct tm local;
    char stamp[32];
    localtime_r(&now, &local);
    strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", &local);
    char *id = must_print("%s-%s", name, stamp);
    for (char *at = id; *at; at++)
        if (*at == '/' || *at == ' ')
            *at = '_';
    for (unsigned number = 2;; number++) {
        char *folder = must_print("results/%s", id);
        bool is_free = access(folder, F_OK) != 0;
        free(folder);
        if (is_free)
            return id;
        free(id);
        id = must_print("%s-%s-%u", name, stamp, number);
    }
}

int results_lock(struct results *results)
{
    pid_t owner;
    int lock = lock_take(results->folder, &owner);
    results->is_locked = lock >= 0;
    results->lock = lock;
    if (lock < 0)
        lock_say(results->folder, lock, owner);
    return lock < 0 ? -1 : 0;
}

/* Whether it has a lock that another process holds, which is then said. */
static bool is_taken(struct results *results)
{
    char *path = path_in(results, LOCK_FILE);
    bool taken = access(path, W_OK) == 0 && results_lock(results) != 0;
    free(path);
    return taken;
}

int results_take_folder(struct results *results)
{
    int failure = make_folders(results->folder);
    int empty = failure ? failure : is_empty(results->folder);
    if (empty == 0 && is_taken(results))
        return -1;
    if (empty == 1 && access(results->folder, W_OK) == 0) {
        if (results_lock(results))
            return -1;
        empty = is_empty(results->folder); /* another run may have begun and ended in between */
    }
    if (empty < 0)
        say("%s: cannot be the folder of a run: %s; choose another with --out", results->folder, strerror(-empty));
    else if (empty && access(results->folder, W_OK) != 0)
        say("%s: cannot be written to: %s; choose another with --out", results->folder, strerror(errno));
    else if (!empty)
        say("%s: is not empty; choose another with --out, or go on with `reclaim resume %s`", results->folder,
            results->folder);
    else
        return 0;
    return -1;
}

int results_write_json(const struct results *results, const char *name, json_t *value)
{
    char *text = json_dumps(value, JSON_INDENT(2)), *path = path_in(results, name);
    struct text line = {0};
    text_add(&line, "%s\n", text ? text : "null");
    int failure = file_replace(path, line.bytes, line.length);
    if (failure)
        failure = say_unwritten(results, path, failure);
    text_free(&line);
    free(path);
    free(text);
    json_decref(value);
    return failure;
}

int results_open_tables(struct results *results)
{
    for (size_t i = 0; i < RESULTS_TABLES; i++) {
        struct table table = *results_schema((enum results_table)i);
        if (results->samples_only)
            table.file = results->samples_only;
        int failure = csv_open(&results->tables[i], results->folder, &table);
        if (failure)
            return say_unwritten(results, results->tables[i].path, failure);
        if (results->samples_only)
            return 0;
    }
    static const struct table journal = {.file = "journal.txt"};
    int failure = csv_open(&results->journal, results->folder, &journal);
    return failure ? say_unwritten(results, results->journal.path, failure) : 0;
}

/* None is open yet. */
static void no_tables(struct results *results)
{
    for (size_t i = 0; i < RESULTS_TABLES; i++)
        results->tables[i].fd = -1;
    results->journal.fd = -1;
}

void results_begin(struct results *results, const struct plan *plan)
{
    no_tables(results);
    results->done = must_resize(NULL, plan->job_count, sizeof *results->done);
    memset(results->done, 0, plan->job_count * sizeof *results->done);
}

/* In one step: what is there says all of what was to be run. */
static int write_experiment(const struct results *results, const struct experiment *experiment)
{
    char *path = path_in(results, "experiment.yaml"), *beside = path_in(results, "experiment.yaml.new");
    int failure = experiment_write(experiment, beside);
    if (!failure && rename(beside, path) != 0)
        failure = -errno;
    if (failure)
        failure = say_unwritten(results, path, failure);
    free(path);
    free(beside);
    return failure;
}

int results_create(struct results *results, const char *folder, const struct experiment *experiment)
{
    *results = (struct results){.run_id = results_new_id(experiment->name)};
    results->folder = folder ? must_copy(folder) : must_print("results/%s", results->run_id);
    no_tables(results);
    if (results_take_folder(results))
        return -1;
    return write_experiment(results, experiment);
}

int results_start(struct results *results, const struct plan *plan)
{
    results_begin(results, plan);
    int failure = results_write_json(results, "plan.json", plan_describe(plan));
    return failure ? failure : results_open_tables(results);
}

/* Of a run that was killed before it wrote what it runs on there are no rows, and any id will do. */
static char *read_run_id(const struct results *results)
{
    char *path = path_in(results, "machine.json");
    json_t *machine = json_load_file(path, 0, NULL);
    const char *run_id = json_string_value(json_object_get(machine, "run_id"));
    char *copy = run_id ? must_copy(run_id) : results_new_id("run");
    json_decref(machine);
    free(path);
    return copy;
}

int results_take_up(struct results *results, const char *folder)
{
    *results = (struct results){.folder = must_copy(folder)};
    results->run_id = read_run_id(results);
    no_tables(results);
    return results_lock(results);
}

int results_begin_samples(struct results *results, const char *folder)
{
    *results = (struct results){
        .folder = must_copy(folder), .run_id = must_copy(folder), .samples_only = schema_tables[TABLE_SAMPLES].file};
    no_tables(results);
    int failure = make_folders(folder);
    if (failure)
        say("%s: cannot be made: %s", folder, strerror(-failure));
    return failure ? -1 : results_lock(results);
}

int results_seal(struct results *results)
{
    int failure = seal_write(results->folder);
    return failure ? say_unwritten(results, results->folder, failure) : 0;
}

void results_begin_pilot(struct results *pilot, const struct results *run)
{
    *pilot = (struct results){.folder = must_copy(run->folder),
                              .run_id = must_copy(run->run_id),
                              .samples_only = schema_tables[TABLE_PILOT].file};
    no_tables(pilot);
}

void results_close(struct results *results)
{
    for (size_t i = 0; i < RESULTS_TABLES; i++)
        csv_close(&results->tables[i]);
    csv_close(&results->journal);
    if (results->is_locked)
        lock_drop(results->folder, results->lock);
    samples_free(&results->samples);
    free(results->folder);
    free(results->run_id);
    free(results->done);
    *results = (struct results){0};
}

/* ---- rows */

struct results_mark results_begin_job(struct results *results)
{
    memset(results->rows, 0, sizeof results->rows);
    return results_mark(results);
}

struct results_mark results_mark(const struct results *results)
{
    struct results_mark mark = {.samples = results->samples.count};
    for (size_t i = 0; i < RESULTS_TABLES; i++)
        mark.sizes[i] = results->tables[i].size;
    memcpy(mark.rows, results->rows, sizeof mark.rows);
    return mark;
}

int results_return(struct results *results, const struct results_mark *mark)
{
    for (size_t i = 0; i < RESULTS_TABLES; i++) {
        int failure = csv_cut(&results->tables[i], mark->sizes[i]);
        if (failure)
            return say_unwritten(results, results->tables[i].path, failure);
    }
    memcpy(results->rows, mark->rows, sizeof results->rows);
    samples_cut(&results->samples, mark->samples);
    return 0;
}

int results_append(struct results *results, enum results_table table, const struct text *rows, uint64_t count)
{
    if (results->samples_only && table != RESULTS_SAMPLES)
        return 0;
    int failure = csv_append(&results->tables[table], rows);
    if (failure)
        return say_unwritten(results, results->tables[table].path, failure);
    results->rows[table] += count;
    return 0;
}

/* Between two processes, where nobody is disturbed. */
static int sync_tables(struct results *results)
{
    uint64_t now = clock_ns();
    if (now - results->synced_ns < SYNC_EVERY_NS)
        return 0;
    results->synced_ns = now;
    int failure = 0;
    for (size_t i = 0; i < RESULTS_TABLES && !failure; i++) {
        struct csv_file *table = &results->tables[i];
        if (table->size != results->synced_sizes[i] && fdatasync(table->fd) != 0)
            failure = say_unwritten(results, table->path, -errno);
        results->synced_sizes[i] = table->size;
    }
    if (!failure && fdatasync(results->journal.fd) != 0)
        failure = say_unwritten(results, results->journal.path, -errno);
    return failure;
}

int results_note_done(struct results *results, size_t job)
{
    struct text line = {0};
    ledger_add_line(&line, job, results->rows);
    int failure = csv_append(&results->journal, &line);
    text_free(&line);
    if (failure)
        return say_unwritten(results, results->journal.path, failure);
    results->done[job] = true;
    results->done_count++;
    return sync_tables(results);
}

int results_rewrite_samples(struct results *results)
{
    struct text csv = {0};
    char *path = path_in(results, results->samples_only ? results->samples_only : schema_tables[TABLE_SAMPLES].file);
    samples_print(&results->samples, &csv);
    int failure = file_replace(path, csv.bytes, csv.length);
    if (failure)
        failure = say_unwritten(results, path, failure);
    free(path);
    text_free(&csv);
    return failure;
}
