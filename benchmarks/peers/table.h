/* table.h: what is compared, and how fast it has to be: a text file, a row a line.
 *
 *     work | ours | against | goal
 *     program NAME
 *
 * work: a workload and its parameters. ours, against: a strategy, or hand_NAME for what is by hand, and its parameters;
 * limit=BYTES is its heap limit, allocator=NAME what is preloaded (mimalloc). goal: `<= 1.05`, our time as a multiple
 * of theirs; `>= 2.5`, how many times as fast we are; or `-`. Behind it `, same collections` demands that both collect
 * each generation equally often. A program beside this one prints its rows by itself (program.h). `#` begins a comment.
 */
#ifndef TABLE_H
#define TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "driver/experiment.h"

enum goal_kind {
    GOAL_NONE,
    GOAL_TIME_RATIO,    /* at most */
    GOAL_TIMES_AS_FAST, /* at least */
};

struct goal {
    enum goal_kind kind;
    double value;
};

struct contender {
    struct experiment_entry strategy;
    char *allocator;
    char *limit; /* as in the file; NULL: none */
    uint64_t limit_bytes;
};

struct table_row {
    char *program; /* or NULL; then all of the following */
    struct experiment_entry work;
    struct contender ours, against;
    struct goal goal;
    bool same_collections;
};

struct peers_table {
    struct table_row *rows;
    size_t count;
};

/* Allocator of a contender that names none. */
#define TABLE_ALLOCATOR "mimalloc"

/* 0, or -1 after a message "file:line: ...". */
int table_read(struct peers_table *table, const char *path);
void table_free(struct peers_table *table);

#endif
