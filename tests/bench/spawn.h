/* spawn.h: runs a measuring process and catches what it says. */
#ifndef TEST_SPAWN_H
#define TEST_SPAWN_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct spawned {
    int status;      /* exit code, or 128 + signal */
    char *out, *err; /* all of stdout and stderr */
    json_t *rows;    /* an array of what is on stdout, a row an element: of a line with several rows each by itself */
    bool all_json;   /* every line of stdout was JSON */
};

/* Runs bench-test-STRATEGY with the words of `arguments`, separated by blanks, and the variable `assignment`
 * ("NAME=value", or NULL) added to its environment. */
struct spawned spawn(const char *strategy, const char *arguments, const char *assignment);
void spawned_free(struct spawned *spawned);

/* The nth row of that kind, or NULL; how many there are. Borrowed. */
json_t *spawned_row(const struct spawned *spawned, const char *kind, size_t n);
size_t spawned_count(const struct spawned *spawned, const char *kind);

/* A column of a row; -1 or "" if there is none. */
long long row_number(const json_t *row, const char *column);
const char *row_text(const json_t *row, const char *column);

/* Whether the test was built with the executable of that strategy. */
bool spawn_has(const char *strategy);

#endif
