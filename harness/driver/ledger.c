#include "driver/ledger.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "driver/say.h"

/* What tells whose a row is: the cell's columns, in the order of a key, then the process. */
static const char *const key_columns[LEDGER_KEY_COLUMNS] = {
    "strategy", "strategy_params", "allocator", "workload", "workload_params", "heap_limit_bytes", "invocation"};
enum { CELL_COLUMNS = LEDGER_KEY_COLUMNS - 1 };

struct ledger_cell {
    char *key;
    long *jobs; /* by invocation: its place in the plan, or LEDGER_NOBODY */
    size_t invocations;
    long timeline;
    UT_hash_handle hh;
};

/* ---- the plan */

static const char *text_of(const json_t *object, const char *name, char number[32])
{
    const json_t *value = json_object_get(object, name);
    snprintf(number, 32, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    return json_is_string(value) ? json_string_value(value) : number;
}

static struct ledger_cell *cell_new(const json_t *described)
{
    struct text key = {0};
    char number[32];
    for (size_t i = 0; i < CELL_COLUMNS; i++)
        text_add(&key, "%s\n", text_of(described, key_columns[i], number));
    struct ledger_cell *cell = must_resize(NULL, 1, sizeof *cell);
    *cell = (struct ledger_cell){.key = key.bytes, .timeline = LEDGER_NOBODY};
    return cell;
}

static void cell_add(struct ledger_cell *cell, const struct ledger_job *job, long place)
{
    if (job->timeline)
        cell->timeline = place;
    if (job->invocation >= cell->invocations) {
        cell->jobs = must_resize(cell->jobs, job->invocation + 1u, sizeof *cell->jobs);
        while (cell->invocations <= job->invocation)
            cell->jobs[cell->invocations++] = LEDGER_NOBODY;
    }
    cell->jobs[job->invocation] = place;
}

static uint32_t number_of(const json_t *object, const char *name)
{
    return (uint32_t)json_integer_value(json_object_get(object, name));
}

/* 0 or -EINVAL: this is no plan. */
static int read_jobs(struct ledger *ledger)
{
    const json_t *cells = json_object_get(ledger->plan, "cells"), *jobs = json_object_get(ledger->plan, "processes");
    size_t cell_count = json_array_size(cells), job_count = json_array_size(jobs);
    struct ledger_cell **by_place = must_resize(NULL, cell_count, sizeof(struct ledger_cell *));
    for (size_t i = 0; i < cell_count; i++) {
        by_place[i] = cell_new(json_array_get(cells, i));
        HASH_ADD_KEYPTR(hh, ledger->cells, by_place[i]->key, strlen(by_place[i]->key), by_place[i]);
    }
    ledger->jobs = must_resize(NULL, job_count, sizeof *ledger->jobs);
    bool good = cell_count && job_count;
    for (size_t i = 0; i < job_count && good; i++) {
        const json_t *described = json_array_get(jobs, i);
        const char *mode = json_string_value(json_object_get(described, "mode"));
        struct ledger_job job = {.cell = number_of(described, "cell"),
                                 .invocation = number_of(described, "invocation")};
        job.elsewhere = json_is_true(json_object_get(described, "elsewhere"));
        job.timeline = mode && strcmp(mode, "timeline") == 0;
        good = job.cell < cell_count && job.invocation <= UINT16_MAX * 16u;
        if (good)
            cell_add(by_place[job.cell], &job, (long)i);
        ledger->jobs[ledger->job_count++] = job;
    }
    free(by_place);
    return good ? 0 : -EINVAL;
}

static int read_plan(struct ledger *ledger)
{
    char *path = must_print("%s/plan.json", ledger->folder);
    json_error_t error = {.text = "it has no cells or no processes"};
    ledger->plan = json_load_file(path, 0, &error);
    int failure = ledger->plan ? read_jobs(ledger) : -EINVAL;
    if (failure)
        say("%s: %s; is %s the folder of a run?", path, error.text, ledger->folder);
    free(path);
    return failure ? -1 : 0;
}

/* ---- the journal: "<process> <table>=<rows> ...", a line each; what has no line end was cut off */

void ledger_add_line(struct text *journal, size_t job, const uint64_t rows[RESULTS_TABLES])
{
    text_add(journal, "%zu", job);
    for (size_t i = 0; i < RESULTS_TABLES; i++)
        if (rows[i])
            text_add(journal, " %s=%" PRIu64, results_schema((enum results_table)i)->file, rows[i]);
    text_add(journal, "\n");
}

/* False if it is no count of a table's rows. */
static bool read_rows(const char *word, struct ledger_job *job)
{
    for (size_t i = 0; i < RESULTS_TABLES; i++) {
        const char *file = results_schema((enum results_table)i)->file;
        size_t length = strlen(file);
        int64_t rows;
        if (strncmp(word, file, length) != 0 || word[length] != '=')
            continue;
        bool good = parse_integer(word + length + 1, 1, INT64_MAX, &rows);
        job->said[i] = good ? (uint64_t)rows : 0;
        return good;
    }
    return false;
}

static void read_line(struct ledger *ledger, char *line)
{
    int64_t place;
    char *word = strsep(&line, " ");
    if (!parse_integer(word, 0, (int64_t)ledger->job_count - 1, &place))
        return;
    struct ledger_job job = ledger->jobs[place];
    memset(job.said, 0, sizeof job.said);
    job.journalled = true;
    while ((word = strsep(&line, " ")))
        if (!read_rows(word, &job))
            return;
    ledger->jobs[place] = job;
}

static int read_journal(struct ledger *ledger)
{
    struct text journal = {0};
    char *path = must_print("%s/journal.txt", ledger->folder);
    int failure = file_read(path, &journal);
    char *rest = journal.bytes;
    for (char *line; rest && (line = strsep(&rest, "\n")) && rest;)
        read_line(ledger, line);
    ledger->strangers += csv_is_torn(path);
    if (failure && failure != -ENOENT)
        say("%s: %s", path, strerror(-failure));
    text_free(&journal);
    free(path);
    return failure && failure != -ENOENT ? -1 : 0;
}

/* ---- the tables */

struct ledger_columns ledger_header(char *const values[], size_t count)
{
    struct ledger_columns columns = {.count = count};
    for (size_t i = 0; i < LEDGER_KEY_COLUMNS; i++)
        columns.places[i] = csv_column(values, count, key_columns[i]);
    return columns;
}

long ledger_job_of(const struct ledger *ledger, const struct ledger_columns *columns, char *const values[],
                   size_t count)
{
    struct ledger_cell *cell;
    struct text key = {0};
    int invocation_at = columns->places[CELL_COLUMNS];
    int64_t invocation;
    if (count != columns->count)
        return LEDGER_NOBODY;
    for (size_t i = 0; i < CELL_COLUMNS; i++)
        text_add(&key, "%s\n", columns->places[i] < 0 ? "" : values[columns->places[i]]);
    HASH_FIND_STR(ledger->cells, key.bytes, cell);
    text_free(&key);
    if (!cell)
        return LEDGER_NOBODY;
    if (invocation_at < 0)
        return cell->timeline;
    bool known = parse_integer(values[invocation_at], 0, (int64_t)cell->invocations - 1, &invocation);
    return known ? cell->jobs[invocation] : LEDGER_NOBODY;
}

struct counting {
    struct ledger *ledger;
    enum results_table table;
    struct ledger_columns columns; /* count 0: the header has not come */
};

static void count_row(char *const values[], size_t count, void *context)
{
    struct counting *counting = context;
    if (!counting->columns.count) {
        counting->columns = ledger_header(values, count);
        return;
    }
    long job = ledger_job_of(counting->ledger, &counting->columns, values, count);
    if (job == LEDGER_NOBODY)
        counting->ledger->strangers++;
    else
        counting->ledger->jobs[job].seen[counting->table]++;
}

static int count_rows(struct ledger *ledger)
{
    int failure = 0;
    for (size_t i = 0; i < RESULTS_TABLES && !failure; i++) {
        struct counting counting = {.ledger = ledger, .table = (enum results_table)i};
        char *path = must_print("%s/%s", ledger->folder, results_schema(counting.table)->file);
        failure = csv_read(path, count_row, &counting);
        ledger->strangers += csv_is_torn(path);
        if (failure == -ENOENT)
            failure = 0;
        if (failure)
            say("%s: %s", path, strerror(-failure));
        free(path);
    }
    return failure ? -1 : 0;
}

/* ---- the whole */

int ledger_read(struct ledger *ledger, const char *folder)
{
    *ledger = (struct ledger){.folder = must_copy(folder)};
    return read_plan(ledger) || read_journal(ledger) || count_rows(ledger) ? -1 : 0;
}

void ledger_free(struct ledger *ledger)
{
    struct ledger_cell *cell, *next;
    HASH_ITER (hh, ledger->cells, cell, next) {
        HASH_DEL(ledger->cells, cell);
        free(cell->key);
        free(cell->jobs);
        free(cell);
    }
    json_decref(ledger->plan);
    free(ledger->jobs);
    free(ledger->folder);
    *ledger = (struct ledger){0};
}

bool ledger_is_whole(const struct ledger_job *job)
{
    return job->journalled && memcmp(job->said, job->seen, sizeof job->said) == 0;
}

char *ledger_label(const struct ledger *ledger, const struct ledger_job *job)
{
    const json_t *cell = json_array_get(json_object_get(ledger->plan, "cells"), job->cell);
    static const char *const parts[] = {"strategy", "strategy_params", "workload", "workload_params", "allocator"};
    struct text label = {0};
    char number[32];
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const char *part = text_of(cell, parts[i], number);
        if (*part)
            text_add(&label, "%s%s", label.length ? " " : "", part);
    }
    if (number_of(cell, "heap_limit_bytes"))
        text_add(&label, " limit=%s", text_of(cell, "heap_limit_bytes", number));
    text_add(&label, job->timeline ? ", timeline" : ", invocation %" PRIu32, job->invocation);
    return label.bytes;
}
