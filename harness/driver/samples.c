#include "driver/samples.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "driver/csv_file.h"

void samples_add(struct samples *samples, const char *const values[SAMPLES_COUNT])
{
    if (samples->count == samples->capacity) {
        samples->capacity = samples->capacity * 2 + 256;
        samples->rows = must_resize(samples->rows, samples->capacity, sizeof *samples->rows);
    }
    struct sample *row = &samples->rows[samples->count++];
    for (size_t i = 0; i < SAMPLES_COUNT; i++)
        row->values[i] = values[i] ? must_copy(values[i]) : NULL;
}

void samples_cut(struct samples *samples, size_t count)
{
    for (; samples->count > count; samples->count--)
        for (size_t j = 0; j < SAMPLES_COUNT; j++)
            free(samples->rows[samples->count - 1].values[j]);
}

void samples_free(struct samples *samples)
{
    samples_cut(samples, 0);
    free(samples->rows);
    *samples = (struct samples){0};
}

void sample_set(struct sample *sample, enum SAMPLES_column column, const char *value)
{
    free(sample->values[column]);
    sample->values[column] = must_copy(value);
}

uint64_t sample_number(const struct sample *sample, enum SAMPLES_column column)
{
    return sample->values[column] ? strtoull(sample->values[column], NULL, 10) : 0;
}

bool sample_is_ok(const struct sample *sample)
{
    const char *status = sample->values[SAMPLES_status];
    return status && strcmp(status, "ok") == 0;
}

/* Where the columns of the table are in a file; -1: it has no such column. */
struct reader {
    struct samples *samples;
    bool header_seen;
    int places[SAMPLES_COUNT];
};

static void read_row(char *const values[], size_t count, void *context)
{
    struct reader *reader = context;
    const char *row[SAMPLES_COUNT] = {NULL};
    if (!reader->header_seen) {
        for (size_t i = 0; i < SAMPLES_COUNT; i++)
            reader->places[i] = csv_column(values, count, schema_tables[TABLE_SAMPLES].columns[i].name);
        reader->header_seen = true;
        return;
    }
    for (size_t i = 0; i < SAMPLES_COUNT; i++)
        if (reader->places[i] >= 0 && (size_t)reader->places[i] < count && *values[reader->places[i]])
            row[i] = values[reader->places[i]];
    samples_add(reader->samples, row);
}

int samples_read(struct samples *samples, const char *path)
{
    struct reader reader = {.samples = samples};
    return csv_read(path, read_row, &reader);
}

void samples_print(const struct samples *samples, struct text *csv)
{
    csv_add_header(csv, &schema_tables[TABLE_SAMPLES]);
    for (size_t i = 0; i < samples->count; i++)
        csv_add_row(csv, (const char *const *)samples->rows[i].values, SAMPLES_COUNT);
}

/* ---- agreement */

/* A checksum that was given for one workload with one set of parameters. */
struct answer {
    const char *checksum;
    struct strings strategies; /* that gave it */
    size_t rows;
    struct answer *next;
};

/* One workload with one set of parameters. */
struct question {
    char *key;
    struct answer *answers;
    const struct answer *accepted; /* NULL: there is no majority */
    UT_hash_handle hh;
};

static char *key_of(const struct sample *row)
{
    const char *params = row->values[SAMPLES_workload_params], *iterations = row->values[SAMPLES_iterations];
    return must_print("%s\n%s\n%s", row->values[SAMPLES_workload], params ? params : "", iterations ? iterations : "");
}

static bool has_answer(const struct sample *row)
{
    return sample_is_ok(row) && row->values[SAMPLES_checksum];
}

static struct question *question_of(struct question **questions, const struct sample *row)
{
    struct question *question;
    char *key = key_of(row);
    HASH_FIND_STR(*questions, key, question);
    if (question) {
        free(key);
        return question;
    }
    question = must_resize(NULL, 1, sizeof *question);
    *question = (struct question){.key = key};
    HASH_ADD_KEYPTR(hh, *questions, question->key, strlen(question->key), question);
    return question;
}

static void note_answer(struct question *question, const struct sample *row)
{
    const char *checksum = row->values[SAMPLES_checksum], *strategy = row->values[SAMPLES_strategy];
    struct answer *answer = question->answers;
    while (answer && strcmp(answer->checksum, checksum) != 0)
        answer = answer->next;
    if (!answer) {
        answer = must_resize(NULL, 1, sizeof *answer);
        *answer = (struct answer){.checksum = checksum, .next = question->answers};
        question->answers = answer;
    }
    answer->rows++;
    if (!strings_has(&answer->strategies, strategy))
        strings_add(&answer->strategies, strategy);
}

/* The one that most strategies gave; among equals, the one with more rows; NULL if that is equal too. */
static const struct answer *majority(const struct answer *answers)
{
    const struct answer *most = answers;
    bool tied = false;
    for (const struct answer *answer = answers->next; answer; answer = answer->next) {
        size_t here = answer->strategies.count, there = most->strategies.count;
        tied = here == there && answer->rows == most->rows ? true : tied;
        if (here > there || (here == there && answer->rows > most->rows)) {
            most = answer;
            tied = false;
        }
    }
    return tied ? NULL : most;
}

/* What a judged row's detail begins with; the measuring process's own details begin otherwise. */
static const char judged[] = "checksum ";

static const char *why_wrong(const struct question *question, const struct sample *row)
{
    static char why[256];
    const char *checksum = row->values[SAMPLES_checksum];
    if (question->accepted)
        snprintf(why, sizeof why, "%s%s; most have %s (%zu strategies, %zu rows)", judged, checksum,
                 question->accepted->checksum, question->accepted->strategies.count, question->accepted->rows);
    else
        snprintf(why, sizeof why, "%s%s; others differ, and no checksum has a majority", judged, checksum);
    return why;
}

static void questions_free(struct question *questions)
{
    struct question *question, *next;
    HASH_ITER (hh, questions, question, next) {
        HASH_DEL(questions, question);
        for (struct answer *answer = question->answers, *after; answer; answer = after) {
            after = answer->next;
            strings_free(&answer->strategies);
            free(answer);
        }
        free(question->key);
        free(question);
    }
}

size_t samples_judge(struct samples *samples)
{
    struct question *questions = NULL;
    for (size_t i = 0; i < samples->count; i++)
        if (has_answer(&samples->rows[i]))
            note_answer(question_of(&questions, &samples->rows[i]), &samples->rows[i]);
    for (struct question *question = questions; question; question = question->hh.next)
        question->accepted = majority(question->answers);
    /* The answers borrow checksums of rows; statuses and details alone change. */
    size_t changed = 0;
    for (size_t i = 0; i < samples->count; i++) {
        struct sample *row = &samples->rows[i];
        if (!has_answer(row))
            continue;
        const struct question *question = question_of(&questions, row);
        if (question->accepted && strcmp(question->accepted->checksum, row->values[SAMPLES_checksum]) == 0)
            continue;
        const char *why = why_wrong(question, row);
        changed++;
        sample_set(row, SAMPLES_detail, why);
        sample_set(row, SAMPLES_status, "wrong");
    }
    questions_free(questions);
    return changed;
}

void samples_forget(struct samples *samples)
{
    for (size_t i = 0; i < samples->count; i++) {
        struct sample *row = &samples->rows[i];
        const char *status = row->values[SAMPLES_status], *detail = row->values[SAMPLES_detail];
        if (!status || !detail || strcmp(status, "wrong") != 0 || strncmp(detail, judged, sizeof judged - 1) != 0)
            continue;
        sample_set(row, SAMPLES_status, "ok");
        sample_set(row, SAMPLES_detail, "");
    }
}
