#include "program.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver/child.h"
#include "driver/csv_file.h"
#include "driver/say.h"

enum { TIMEOUT_S = 600 };

/* ---- its rows */

enum program_column { WORK, OURS, AGAINST, OURS_NS, AGAINST_NS, RATIO, LOW, HIGH, GOAL, COLUMNS };
static const char *const column_names[COLUMNS] = {"work",  "ours", "against", "ours_ns", "against_ns",
                                                  "ratio", "low",  "high",    "goal"};

struct reading {
    struct outcomes *outcomes;
    bool has_header, malformed;
    size_t columns;
    size_t place[COLUMNS]; /* of a column in a row */
};

static void read_header(struct reading *reading, char *const values[], size_t count)
{
    reading->has_header = true;
    reading->columns = count;
    for (size_t column = 0; column < COLUMNS; column++) {
        size_t place = 0;
        while (place < count && strcmp(values[place], column_names[column]) != 0)
            place++;
        reading->malformed |= place == count;
        reading->place[column] = place < count ? place : 0;
    }
}

/* A positive number, the whole of the text, or NaN. */
static double read_number(const char *text)
{
    char *end;
    double number = strtod(text, &end);
    return end == text || *end || !(number > 0) || isinf(number) ? NAN : number;
}

/* The numbers of a row. False if one is none; only the goal may be empty. */
static bool read_numbers(const struct reading *reading, char *const values[], double numbers[COLUMNS])
{
    for (size_t column = OURS_NS; column < COLUMNS; column++) {
        const char *text = values[reading->place[column]];
        numbers[column] = read_number(text);
        if (isnan(numbers[column]) && (column != GOAL || *text))
            return false;
    }
    return true;
}

static void add_row(const struct reading *reading, char *const values[], const double numbers[COLUMNS])
{
    struct goal goal = {isnan(numbers[GOAL]) ? GOAL_NONE : GOAL_TIME_RATIO, numbers[GOAL]};
    struct outcome *outcome = outcomes_add(reading->outcomes, values[reading->place[WORK]],
                                           values[reading->place[OURS]], values[reading->place[AGAINST]], goal);
    outcome->ours_ns = numbers[OURS_NS];
    outcome->against_ns = numbers[AGAINST_NS];
    const struct ratio ratio = {numbers[RATIO], {numbers[LOW], numbers[HIGH]}};
    outcome_judge(outcome, &ratio);
}

static void read_row(char *const values[], size_t count, void *context)
{
    struct reading *reading = context;
    if (!reading->has_header) {
        read_header(reading, values, count);
        return;
    }
    double numbers[COLUMNS];
    reading->malformed |= count != reading->columns || !read_numbers(reading, values, numbers);
    if (!reading->malformed)
        add_row(reading, values, numbers);
}

int program_read(const char *path, struct outcomes *outcomes)
{
    struct outcomes rows = {0};
    struct reading reading = {.outcomes = &rows};
    bool malformed = csv_read(path, read_row, &reading) != 0 || reading.malformed || !rows.count;
    if (malformed) {
        outcomes_free(&rows);
        return -1;
    }
    outcomes->items = must_resize(outcomes->items, outcomes->count + rows.count, sizeof *outcomes->items);
    memcpy(outcomes->items + outcomes->count, rows.items, rows.count * sizeof *rows.items);
    outcomes->count += rows.count;
    free(rows.items);
    return 0;
}

/* ---- running it */

static void keep_line(char *line, size_t length, void *context)
{
    text_add_bytes(context, line, length);
    text_add_bytes(context, "\n", 1);
}

/* What it printed. NULL if it came to its end; else why not, owned by the caller. */
static char *run(const char *path, uint64_t seed, size_t rounds, struct text *printed)
{
    char seed_text[32], rounds_text[32];
    snprintf(seed_text, sizeof seed_text, "%" PRIu64, seed);
    snprintf(rounds_text, sizeof rounds_text, "%zu", rounds);
    char *arguments[] = {(char *)(uintptr_t)path,
                         (char *)(uintptr_t) "--seed",
                         seed_text,
                         (char *)(uintptr_t) "--rounds",
                         rounds_text,
                         NULL};
    struct child child = {.path = path,
                          .arguments = arguments,
                          .timeout_ns = TIMEOUT_S * UINT64_C(1000000000),
                          .line = keep_line,
                          .context = printed};
    struct child_end end;
    int failure = child_run(&child, &end);
    if (failure)
        return must_print("cannot be started: %s", strerror(-failure));
    if (child_succeeded(&end))
        return NULL;
    if (end.interrupted)
        return must_copy("interrupted");
    if (end.timed_out)
        return must_print("did not come to an end within %d s", TIMEOUT_S);
    return must_print("failed: %s", end.last_line[0] ? end.last_line : "no message");
}

int program_run(const char *home, const char *name, const char *folder, uint64_t seed, size_t rounds,
                struct outcomes *outcomes)
{
    char *path = must_print("%s/%s", home, name), *csv = must_print("%s/%s.csv", folder, name), *reason = NULL;
    enum verdict verdict = VERDICT_FAILED;
    struct text printed = {0};
    int failure = 0;
    if (access(path, X_OK) != 0) {
        verdict = VERDICT_ABSENT;
        reason = must_print("%s is not in this build", name);
    } else {
        reason = run(path, seed, rounds, &printed);
        failure = file_replace(csv, text_string(&printed), printed.length);
        if (failure)
            say("%s: %s", csv, strerror(-failure));
        if (!failure && !reason && program_read(csv, outcomes) != 0)
            reason = must_print("%s does not hold the rows that are expected", csv);
    }
    if (reason)
        outcome_without(outcomes_add(outcomes, name, "-", "-", (struct goal){GOAL_NONE, 0}), verdict, reason);
    text_free(&printed);
    free(csv);
    free(path);
    return failure ? -1 : 0;
}
