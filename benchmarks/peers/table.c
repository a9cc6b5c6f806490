#include "table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "driver/csv_file.h"
#include "driver/say.h"

enum { FIELDS = 4 };

/* Where it is being read, for messages. */
struct place {
    const char *path;
    unsigned line;
};

static int wrong(const struct place *place, const char *format, ...) __attribute__((format(printf, 2, 3)));

static int wrong(const struct place *place, const char *format, ...)
{
    struct text text = {0};
    va_list arguments;
    va_start(arguments, format);
    text_add_va(&text, format, arguments);
    va_end(arguments);
    say("%s:%u: %s", place->path, place->line, text.bytes);
    text_free(&text);
    return -1;
}

/* The text without white space around it: in place. */
static char *trimmed(char *text)
{
    text += strspn(text, " \t");
    size_t length = strlen(text);
    while (length && strchr(" \t\r", text[length - 1]))
        text[--length] = 0;
    return text;
}

/* ---- the parts of a row */

static int read_limit(const struct place *place, const char *text, struct contender *contender)
{
    free(contender->limit);
    contender->limit = must_copy(text);
    return parse_bytes(text, &contender->limit_bytes) ? 0 : wrong(place, "limit=%s: expected bytes, as 100M", text);
}

/* A word of a contender that is no parameter of its strategy. False if it is one. */
static bool takes_word(const struct place *place, const char *word, struct contender *contender, int *failure)
{
    if (strncmp(word, "limit=", 6) == 0) {
        *failure = read_limit(place, word + 6, contender);
        return true;
    }
    if (strncmp(word, "allocator=", 10) == 0) {
        free(contender->allocator);
        contender->allocator = must_copy(word + 10);
        return true;
    }
    return false;
}

/* A name and parameters; `contender` is NULL for a workload. */
static int read_entry(const struct place *place, const char *what, char *text, struct experiment_entry *entry,
                      struct contender *contender)
{
    int failure = 0;
    for (char *word; (word = strsep(&text, " \t")) && !failure;) {
        if (!*word || (entry->name && contender && takes_word(place, word, contender, &failure)))
            continue;
        if (!entry->name)
            entry->name = must_copy(word);
        else if (strchr(word, '='))
            list_add(&entry->params, &entry->params_count, word);
        else
            failure = wrong(place, "%s %s: expected name=value, not %s", what, entry->name, word);
    }
    if (!failure && !entry->name)
        failure = wrong(place, "%s: the name is missing", what);
    return failure;
}

static int read_contender(const struct place *place, const char *what, char *text, struct contender *contender)
{
    contender->allocator = must_copy(TABLE_ALLOCATOR);
    return read_entry(place, what, text, &contender->strategy, contender);
}

static int read_goal(const struct place *place, char *text, struct table_row *row)
{
    char *number = text, *rest = strchr(text, ',');
    if (rest) {
        *rest++ = 0;
        rest = trimmed(rest);
        row->same_collections = strcmp(rest, "same collections") == 0;
        if (!row->same_collections)
            return wrong(place, "behind a goal only `, same collections` is known, not `%s`", rest);
    }
    number = trimmed(number);
    if (strcmp(number, "-") == 0)
        return 0;
    if (strncmp(number, "<=", 2) == 0)
        row->goal.kind = GOAL_TIME_RATIO;
    else if (strncmp(number, ">=", 2) == 0)
        row->goal.kind = GOAL_TIMES_AS_FAST;
    char *end = number;
    if (row->goal.kind != GOAL_NONE)
        row->goal.value = strtod(number + 2, &end);
    if (end == number || end == number + 2 || *end || !(row->goal.value > 0 && row->goal.value < 1e9))
        return wrong(place, "goal `%s`: expected <= RATIO, >= TIMES or -", number);
    return 0;
}

/* ---- rows */

static int read_fields(const struct place *place, char *line, struct table_row *row)
{
    char *fields[FIELDS] = {0};
    size_t count = 0;
    for (char *field; (field = strsep(&line, "|")); count++)
        if (count < FIELDS)
            fields[count] = trimmed(field);
    if (count != FIELDS)
        return wrong(place, "expected work | ours | against | goal, or program NAME");
    if (read_entry(place, "work", fields[0], &row->work, NULL) ||
        read_contender(place, "ours", fields[1], &row->ours) ||
        read_contender(place, "against", fields[2], &row->against))
        return -1;
    return read_goal(place, fields[3], row);
}

static int read_line(struct peers_table *table, const struct place *place, char *line)
{
    line[strcspn(line, "#")] = 0;
    line = trimmed(line);
    if (!*line)
        return 0;
    table->rows = must_resize(table->rows, table->count + 1, sizeof *table->rows);
    struct table_row *row = &table->rows[table->count++];
    *row = (struct table_row){.program = NULL};
    if (strncmp(line, "program ", 8) != 0)
        return read_fields(place, line, row);
    row->program = must_copy(trimmed(line + 8));
    return strpbrk(row->program, " \t|/") ? wrong(place, "program %s: expected one name", row->program) : 0;
}

int table_read(struct peers_table *table, const char *path)
{
    *table = (struct peers_table){0};
    struct text text = {0};
    struct place place = {path, 0};
    int failure = file_read(path, &text);
    if (failure)
        say("%s: %s", path, strerror(-failure));
    char *rest = text.bytes;
    for (char *line; !failure && (line = strsep(&rest, "\n"));) {
        place.line++;
        failure = read_line(table, &place, line);
    }
    if (!failure && !table->count) {
        say("%s: there is no row in it", path);
        failure = -1;
    }
    text_free(&text);
    if (failure)
        table_free(table);
    return failure ? -1 : 0;
}

static void entry_clear(struct experiment_entry *entry)
{
    free(entry->name);
    list_clear(&entry->params, &entry->params_count);
}

static void contender_clear(struct contender *contender)
{
    entry_clear(&contender->strategy);
    free(contender->allocator);
    free(contender->limit);
}

void table_free(struct peers_table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        free(table->rows[i].program);
        entry_clear(&table->rows[i].work);
        contender_clear(&table->rows[i].ours);
        contender_clear(&table->rows[i].against);
    }
    free(table->rows);
    *table = (struct peers_table){0};
}
