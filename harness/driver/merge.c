#include "driver/merge.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/failures.h"
#include "driver/ledger.h"
#include "driver/minheap.h"
#include "driver/run.h"
#include "driver/say.h"
#include "driver/seal.h"

/* One of the runs. */
struct part {
    struct ledger ledger;
    json_t *machine;
};

struct merge {
    struct part *parts;
    size_t count;
    json_t *plan;  /* the whole */
    size_t *owner; /* by process: whose it is; `count`: nobody's */
    struct results out;
};

enum { ROWS_AT_ONCE_BYTES = 1 << 20 };

/* ---- looking at the parts */

/* A shard's plan without what is its own. */
static json_t *whole_plan(const json_t *plan)
{
    json_t *whole = json_deep_copy(plan), *processes = json_object_get(whole, "processes");
    json_object_del(whole, "shard");
    for (size_t i = 0; i < json_array_size(processes); i++)
        json_object_del(json_array_get(processes, i), "elsewhere");
    return whole;
}

/* 0, or -1 after a message. */
static int open_part(struct part *part, const char *folder)
{
    switch (seal_check(folder, true, NULL)) {
    case SEAL_NONE: say("%s: is not a finished run; go on with `reclaim resume %s` first", folder, folder); return -1;
    case SEAL_BROKEN:
        say("%s: was changed since it was finished; `reclaim verify %s` says what", folder, folder);
        return -1;
    case SEAL_INTACT: break;
    }
    if (ledger_read(&part->ledger, folder))
        return -1;
    char *path = must_print("%s/machine.json", folder);
    json_error_t error;
    part->machine = json_load_file(path, 0, &error);
    if (!part->machine)
        say("%s: %s", path, error.text);
    free(path);
    return part->machine ? 0 : -1;
}

static int check_plan(const struct merge *merge, const struct part *part)
{
    json_t *plan = whole_plan(part->ledger.plan);
    bool same = json_equal(merge->plan, plan);
    if (!same)
        say("%s: its plan is not that of %s; only shards of one plan can be merged", part->ledger.folder,
            merge->parts[0].ledger.folder);
    json_decref(plan);
    return same ? 0 : -1;
}

/* Whose process it is. 0, or -1 after a message: two have it. */
static int take_jobs(struct merge *merge, size_t place)
{
    const struct ledger *ledger = &merge->parts[place].ledger;
    for (size_t i = 0; i < ledger->job_count; i++) {
        if (!ledger_is_whole(&ledger->jobs[i]))
            continue;
        if (merge->owner[i] < merge->count) {
            char *label = ledger_label(ledger, &ledger->jobs[i]);
            say("%s and %s both have %s; a cell belongs to one shard", merge->parts[merge->owner[i]].ledger.folder,
                ledger->folder, label);
            free(label);
            return -1;
        }
        merge->owner[i] = place;
    }
    return 0;
}

static int check_whole(const struct merge *merge)
{
    const struct ledger *ledger = &merge->parts[0].ledger;
    size_t missing = 0, first = 0;
    for (size_t i = ledger->job_count; i > 0; i--)
        if (merge->owner[i - 1] == merge->count) {
            first = i - 1;
            missing++;
        }
    if (!missing)
        return 0;
    char *label = ledger_label(ledger, &ledger->jobs[first]);
    say("%zu of %zu processes are in none of these runs, as %s; give all shards", missing, ledger->job_count, label);
    free(label);
    return -1;
}

static int open_parts(struct merge *merge, const struct strings *runs)
{
    merge->count = runs->count;
    merge->parts = must_resize(NULL, runs->count, sizeof *merge->parts);
    memset(merge->parts, 0, runs->count * sizeof *merge->parts);
    for (size_t i = 0; i < runs->count; i++) {
        if (open_part(&merge->parts[i], runs->items[i]))
            return -1;
        if (i == 0) {
            size_t jobs = merge->parts[0].ledger.job_count;
            merge->plan = whole_plan(merge->parts[0].ledger.plan);
            merge->owner = must_resize(NULL, jobs, sizeof *merge->owner);
            for (size_t job = 0; job < jobs; job++)
                merge->owner[job] = merge->count;
        }
        if (check_plan(merge, &merge->parts[i]) || take_jobs(merge, i))
            return -1;
    }
    return check_whole(merge);
}

/* ---- rows */

struct copying {
    struct merge *merge;
    size_t part;
    enum results_table table;
    struct ledger_columns columns; /* count 0: the header has not come */
    int places[64];                /* of our columns in the part's table; -1: it has none */
    struct text rows;
    uint64_t count;
    bool failed;
};

static void flush_rows(struct copying *copying)
{
    if (!copying->failed && results_append(&copying->merge->out, copying->table, &copying->rows, copying->count))
        copying->failed = true;
    text_clear(&copying->rows);
    copying->count = 0;
}

static void copy_header(struct copying *copying, char *const values[], size_t count)
{
    const struct table *table = results_schema(copying->table);
    copying->columns = ledger_header(values, count);
    for (size_t i = 0; i < table->count; i++)
        copying->places[i] = csv_column(values, count, table->columns[i].name);
}

static void copy_row(char *const values[], size_t count, void *context)
{
    struct copying *copying = context;
    const struct table *table = results_schema(copying->table);
    const char *row[64] = {NULL};
    if (!copying->columns.count) {
        copy_header(copying, values, count);
        return;
    }
    const struct ledger *ledger = &copying->merge->parts[copying->part].ledger;
    long job = ledger_job_of(ledger, &copying->columns, values, count);
    if (job == LEDGER_NOBODY || copying->merge->owner[job] != copying->part)
        return;
    for (size_t i = 0; i < table->count; i++)
        if (copying->places[i] >= 0 && *values[copying->places[i]])
            row[i] = values[copying->places[i]];
    row[0] = copying->merge->out.run_id; /* in every table the first column is run_id */
    csv_add_row(&copying->rows, row, table->count);
    copying->count++;
    if (copying->table == RESULTS_SAMPLES)
        samples_add(&copying->merge->out.samples, row);
    if (copying->rows.length >= ROWS_AT_ONCE_BYTES)
        flush_rows(copying);
}

/* 0, or -1 after a message. */
static int copy_table(struct merge *merge, size_t part, enum results_table table)
{
    struct copying copying = {.merge = merge, .part = part, .table = table};
    char *path = must_print("%s/%s", merge->parts[part].ledger.folder, results_schema(table)->file);
    int failure = csv_read(path, copy_row, &copying);
    if (failure && failure != -ENOENT)
        say("%s: %s", path, strerror(-failure));
    flush_rows(&copying);
    text_free(&copying.rows);
    free(path);
    return copying.failed || (failure && failure != -ENOENT) ? -1 : 0;
}

static int copy_rows(struct merge *merge)
{
    for (size_t part = 0; part < merge->count; part++)
        for (size_t table = 0; table < RESULTS_TABLES; table++)
            if (copy_table(merge, part, (enum results_table)table))
                return -1;
    return 0;
}

static int write_journal(struct merge *merge)
{
    struct text journal = {0};
    for (size_t i = 0; i < merge->parts[0].ledger.job_count; i++)
        ledger_add_line(&journal, i, merge->parts[merge->owner[i]].ledger.jobs[i].seen);
    int failure = csv_append(&merge->out.journal, &journal);
    if (failure)
        say("%s: %s", merge->out.journal.path, strerror(-failure));
    text_free(&journal);
    return failure;
}

/* ---- machines */

static char *text_in(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (json_is_string(value))
        return must_copy(json_string_value(value));
    return json_is_integer(value) ? must_print("%" JSON_INTEGER_FORMAT, json_integer_value(value)) : NULL;
}

/* One row of machines.csv. */
static void add_cell(const struct merge *merge, size_t cell, size_t part, struct text *csv)
{
    const struct table *table = &schema_tables[TABLE_MACHINES];
    const json_t *described = json_array_get(json_object_get(merge->plan, "cells"), cell);
    char *values[MACHINES_COUNT];
    for (size_t i = 0; i < MACHINES_COUNT; i++) {
        const char *name = table->columns[i].name;
        const json_t *from = json_object_get(described, name) ? described : merge->parts[part].machine;
        values[i] = i == MACHINES_run_id       ? must_copy(merge->out.run_id)
                    : i == MACHINES_machine    ? must_print("%zu", part + 1)
                    : i == MACHINES_source_run ? text_in(merge->parts[part].machine, "run_id")
                                               : text_in(from, name);
    }
    csv_add_row(csv, (const char *const *)values, MACHINES_COUNT);
    for (size_t i = 0; i < MACHINES_COUNT; i++)
        free(values[i]);
}

static int write_machines(const struct merge *merge)
{
    const struct ledger *ledger = &merge->parts[0].ledger;
    struct text csv = {0};
    size_t cells = json_array_size(json_object_get(merge->plan, "cells"));
    csv_add_header(&csv, &schema_tables[TABLE_MACHINES]);
    for (size_t cell = 0; cell < cells; cell++)
        for (size_t i = 0; i < ledger->job_count; i++)
            if (ledger->jobs[i].cell == cell) {
                add_cell(merge, cell, merge->owner[i], &csv);
                break;
            }
    char *path = must_print("%s/%s", merge->out.folder, schema_tables[TABLE_MACHINES].file);
    int failure = file_replace(path, csv.bytes, csv.length);
    if (failure)
        say("%s: %s", path, strerror(-failure));
    text_free(&csv);
    free(path);
    return failure;
}

static void add_warnings(json_t *warnings, const struct part *part)
{
    const json_t *own = json_object_get(part->machine, "warnings");
    const char *run_id = json_string_value(json_object_get(part->machine, "run_id"));
    for (size_t i = 0; i < json_array_size(own); i++)
        json_array_append_new(warnings,
                              json_sprintf("%s: %s", run_id ? run_id : "", json_string_value(json_array_get(own, i))));
}

/* What all machines have in common stands as in any run's; the whole of each stands in `machines`. */
static json_t *describe_machines(const struct merge *merge)
{
    json_t *common = json_deep_copy(merge->parts[0].machine), *machines = json_array(), *warnings = json_array();
    struct text cpus = {0};
    for (size_t i = 0; i < merge->count; i++) {
        const json_t *machine = merge->parts[i].machine;
        const char *cpu = json_string_value(json_object_get(machine, "cpu")), *key;
        json_t *value;
        void *next;
        json_object_foreach_safe(common, next, key, value) if (!json_equal(value, json_object_get(machine, key)))
            json_object_del(common, key);
        if (!strstr(text_string(&cpus), cpu ? cpu : "unknown"))
            text_add(&cpus, "%s%s", i ? "; " : "", cpu ? cpu : "unknown");
        add_warnings(warnings, &merge->parts[i]);
        json_array_append(machines, merge->parts[i].machine);
    }
    if (merge->count > 1)
        json_array_append_new(warnings, json_sprintf("cells were measured in %zu parts, each with the same work on one "
                                                     "machine: machines.csv says where; times of different workloads "
                                                     "may be of different machines",
                                                     merge->count));
    json_object_set_new(common, "run_id", json_string(merge->out.run_id));
    json_object_set_new(common, "cpu", json_string(text_string(&cpus)));
    json_object_set_new(common, "warnings", warnings);
    json_object_set_new(common, "machines", machines);
    text_free(&cpus);
    return common;
}

/* ---- the whole */

/* Of the first part; each has the same. */
static int copy_file(const struct merge *merge, const char *name, bool may_be_absent)
{
    struct text bytes = {0};
    char *from = must_print("%s/%s", merge->parts[0].ledger.folder, name);
    char *to = must_print("%s/%s", merge->out.folder, name);
    int failure = file_read(from, &bytes);
    bool absent = failure == -ENOENT && may_be_absent, is_read = !failure;
    if (is_read)
        failure = file_replace(to, text_string(&bytes), bytes.length);
    else if (absent)
        failure = 0;
    if (failure)
        say("%s: %s", is_read ? to : from, strerror(-failure));
    text_free(&bytes);
    free(from);
    free(to);
    return failure;
}

/* What counts and limits were made from, where something was measured for them: shards of a plan share it. */
static int copy_preparation(const struct merge *merge)
{
    int failure = minheap_copy(merge->parts[0].ledger.folder, merge->out.folder);
    if (failure && failure != -ENOENT) {
        say("%s: its smallest heaps cannot be copied: %s", merge->parts[0].ledger.folder, strerror(-failure));
        return failure;
    }
    return copy_file(merge, schema_tables[TABLE_MINHEAP].file, true) ||
           copy_file(merge, schema_tables[TABLE_PILOT].file, true);
}

/* 0, or -1 after a message. */
static int write_all(struct merge *merge)
{
    struct results *out = &merge->out;
    if (copy_file(merge, "experiment.yaml", false) || copy_preparation(merge) ||
        results_write_json(out, "plan.json", json_incref(merge->plan)) || results_open_tables(out) ||
        copy_rows(merge) || write_journal(merge) || write_machines(merge))
        return -1;
    samples_forget(&out->samples);
    samples_judge(&out->samples);
    return results_rewrite_samples(out) || results_write_json(out, "machine.json", describe_machines(merge)) ||
                   results_seal(out)
               ? -1
               : 0;
}

static int write_out(struct merge *merge, const char *folder, bool no_report)
{
    struct results *out = &merge->out;
    const struct plan size = {.job_count = merge->parts[0].ledger.job_count};
    *out = (struct results){.folder = must_copy(folder), .run_id = results_new_id("merged")};
    results_begin(out, &size);
    if (results_take_folder(out))
        return EXIT_USAGE;
    if (write_all(merge))
        return EXIT_SOME_FAILED;
    size_t failed = failures_print(&out->samples, stdout);
    printf("%s/%s: %zu rows of %zu runs\n", folder, schema_tables[TABLE_SAMPLES].file, out->samples.count,
           merge->count);
    if (!no_report && run_report(folder))
        return EXIT_SOME_FAILED;
    return failed ? EXIT_SOME_FAILED : EXIT_ALL_OK;
}

int merge_command(const char *out, const struct strings *runs, bool no_report)
{
    struct merge merge = {0};
    int code = open_parts(&merge, runs) ? EXIT_USAGE : write_out(&merge, out, no_report);
    for (size_t i = 0; i < merge.count; i++) {
        ledger_free(&merge.parts[i].ledger);
        json_decref(merge.parts[i].machine);
    }
    free(merge.parts);
    free(merge.owner);
    json_decref(merge.plan);
    results_close(&merge.out);
    return code;
}
