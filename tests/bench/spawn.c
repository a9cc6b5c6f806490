#define _GNU_SOURCE
#include "spawn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void path_of(const char *strategy, char *path, size_t size)
{
    snprintf(path, size, "%s/bench-test-%s", BENCH_FOLDER, strategy);
}

bool spawn_has(const char *strategy)
{
    char path[4096];
    path_of(strategy, path, sizeof path);
    return access(path, X_OK) == 0;
}

static _Noreturn void run_child(const char *strategy, const char *arguments, const char *assignment, FILE *out,
                                FILE *err)
{
    char path[4096], *words[64] = {path};
    path_of(strategy, path, sizeof path);
    char *rest = strdup(arguments), *word;
    for (size_t i = 1; i < 63 && (word = strsep(&rest, " ")); i++)
        words[i] = word;
    if (assignment)
        putenv((char *)(size_t)assignment);
    dup2(fileno(out), STDOUT_FILENO);
    dup2(fileno(err), STDERR_FILENO);
    execv(path, words);
    _exit(127);
}

static char *slurp(FILE *file)
{
    size_t size = (size_t)lseek(fileno(file), 0, SEEK_END);
    char *text = calloc(size + 1, 1);
    if (!text || pread(fileno(file), text, size, 0) != (ssize_t)size)
        abort();
    fclose(file);
    return text;
}

/* A line with lists is several rows: each has its value of every list, and what the line says once. */
static void append_rows(json_t *rows, json_t *line)
{
    const char *column;
    json_t *value;
    size_t count = 1;
    json_object_foreach(line, column, value)
    {
        if (json_is_array(value))
            count = json_array_size(value);
    }
    for (size_t i = 0; i < count; i++) {
        json_t *row = json_object();
        json_object_foreach(line, column, value)
        {
            json_object_set(row, column, json_is_array(value) ? json_array_get(value, i) : value);
        }
        json_array_append_new(rows, row);
    }
}

static void parse(struct spawned *spawned)
{
    spawned->rows = json_array();
    spawned->all_json = true;
    char *copy = strdup(spawned->out), *rest = copy, *line;
    while ((line = strsep(&rest, "\n")) && (*line || rest)) {
        json_t *said = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
        if (said && json_object_get(said, "row"))
            append_rows(spawned->rows, said);
        else if (said)
            json_array_append(spawned->rows, said);
        else
            spawned->all_json = false;
        json_decref(said);
    }
    free(copy);
}

struct spawned spawn(const char *strategy, const char *arguments, const char *assignment)
{
    FILE *out = tmpfile(), *err = tmpfile();
    if (!out || !err)
        abort();
    pid_t child = fork();
    if (child == 0)
        run_child(strategy, arguments, assignment, out, err);
    int status;
    if (child < 0 || waitpid(child, &status, 0) != child)
        abort();
    struct spawned spawned = {.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status)};
    spawned.out = slurp(out);
    spawned.err = slurp(err);
    parse(&spawned);
    return spawned;
}

void spawned_free(struct spawned *spawned)
{
    json_decref(spawned->rows);
    free(spawned->out);
    free(spawned->err);
}

json_t *spawned_row(const struct spawned *spawned, const char *kind, size_t n)
{
    size_t i;
    json_t *row;
    json_array_foreach(spawned->rows, i, row)
    {
        if (strcmp(row_text(row, "row"), kind) == 0 && n-- == 0)
            return row;
    }
    return NULL;
}

size_t spawned_count(const struct spawned *spawned, const char *kind)
{
    size_t count = 0;
    while (spawned_row(spawned, kind, count))
        count++;
    return count;
}

long long row_number(const json_t *row, const char *column)
{
    const json_t *value = json_object_get(row, column);
    return json_is_integer(value) ? json_integer_value(value) : -1;
}

const char *row_text(const json_t *row, const char *column)
{
    const char *text = json_string_value(json_object_get(row, column));
    return text ? text : "";
}
