#include "driver/results.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "driver/say.h"

const struct table *results_schema(enum results_table table)
{
    static const enum table_id ids[] = {TABLE_SAMPLES, TABLE_PAUSES, TABLE_LATENCY, TABLE_TIMELINE};
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

/* 1 empty, 0 not, or a negative errno. */
static int is_empty(const char *path)
{
    DIR *folder = opendir(path);
    if (!folder)
        return -errno;
    int entries = 0;
    for (struct dirent *entry; (entry = readdir(folder));)
        entries += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(folder);
    return entries == 0;
}

/* <experiment>-<date>-<time>, and a number if there is one already. */
static char *new_run_id(const char *name)
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

int results_take_folder(const struct results *results)
{
    int failure = make_folders(results->folder);
    int empty = failure ? failure : is_empty(results->folder);
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
        int failure = csv_open(&results->tables[i], results->folder, results_schema((enum results_table)i));
        if (failure)
            return say_unwritten(results, results->tables[i].path, failure);
        if (results->samples_only)
            return 0;
    }
    static const struct table journal = {.file = "journal.txt"};
    int failure = csv_open(&results->journal, results->folder, &journal);
    return failure ? say_unwritten(results, results->journal.path, failure) : 0;
}

void results_begin(struct results *results, const struct plan *plan)
{
    for (size_t i = 0; i < RESULTS_TABLES; i++)
        results->tables[i].fd = -1;
    results->journal.fd = -1;
    results->done = must_resize(NULL, plan->job_count, sizeof *results->done);
    memset(results->done, 0, plan->job_count * sizeof *results->done);
}

int results_create(struct results *results, const char *folder, const struct plan *plan)
{
    *results = (struct results){.run_id = new_run_id(plan->experiment->name)};
    results->folder = folder ? must_copy(folder) : must_print("results/%s", results->run_id);
    results_begin(results, plan);
    if (results_take_folder(results))
        return -1;
    char *copy = path_in(results, "experiment.yaml");
    int failure = experiment_write(plan->experiment, copy);
    if (failure)
        failure = say_unwritten(results, copy, failure);
    free(copy);
    if (!failure)
        failure = results_write_json(results, "plan.json", plan_describe(plan));
    return failure ? failure : results_open_tables(results);
}

int results_begin_samples(struct results *results, const char *folder)
{
    *results = (struct results){.folder = must_copy(folder), .run_id = must_copy(folder), .samples_only = true};
    for (size_t i = 0; i < RESULTS_TABLES; i++)
        results->tables[i].fd = -1;
    results->journal.fd = -1;
    int failure = make_folders(folder);
    if (failure)
        say("%s: cannot be made: %s", folder, strerror(-failure));
    return failure ? -1 : 0;
}

void results_close(struct results *results)
{
    for (size_t i = 0; i < RESULTS_TABLES; i++)
        csv_close(&results->tables[i]);
    csv_close(&results->journal);
    samples_free(&results->samples);
    free(results->folder);
    free(results->run_id);
    free(results->done);
    *results = (struct results){0};
}

/* ---- rows */

int results_append(struct results *results, enum results_table table, const struct text *rows)
{
    if (results->samples_only && table != RESULTS_SAMPLES)
        return 0;
    int failure = csv_append(&results->tables[table], rows);
    return failure ? say_unwritten(results, results->tables[table].path, failure) : 0;
}

int results_note_done(struct results *results, size_t job)
{
    struct text line = {0};
    text_add(&line, "%zu\n", job);
    int failure = csv_append(&results->journal, &line);
    text_free(&line);
    if (failure)
        return say_unwritten(results, results->journal.path, failure);
    results->done[job] = true;
    results->done_count++;
    return 0;
}

int results_rewrite_samples(struct results *results)
{
    struct text csv = {0};
    char *path = path_in(results, schema_tables[TABLE_SAMPLES].file);
    samples_print(&results->samples, &csv);
    int failure = file_replace(path, csv.bytes, csv.length);
    if (failure)
        failure = say_unwritten(results, path, failure);
    free(path);
    text_free(&csv);
    return failure;
}
