/* experiment.h: what to run: a YAML file (experiments/README.md has its keys), or the options of the command line, or
 * the second over the first.
 *
 * What is not given is NULL or empty until experiment_complete has put in the defaults. All memory is malloc's. */
#ifndef EXPERIMENT_H
#define EXPERIMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "driver/text.h"

enum experiment_switch { SWITCH_OFF, SWITCH_ON };

/* What is measured: time, or a count that is the same every time. */
enum experiment_counter { COUNTER_NONE, COUNTER_INSTRUCTIONS, COUNTER_SYSCALLS };

/* A strategy or a workload, with what is given for it. */
struct experiment_entry {
    char *name;
    char *path;    /* of its folder or .c file, absolute, if it is the user's own; `name` is then the last part of it */
    char **params; /* "name=value" */
    unsigned params_count;
    char **heap_limits; /* of a strategy, instead of the experiment's */
    unsigned heap_limits_count;
};

/* A measurement beforehand, from which follows how often each cell is measured. */
struct experiment_pilot {
    uint32_t *invocations, *repetitions;           /* of the pilot */
    char *precision;                               /* of the interval that is wanted: its half-width, "1%" */
    char *time;                                    /* that the run may take, the pilot not included: "2h" */
    uint32_t *most_invocations, *most_repetitions; /* that are planned */
};

struct experiment {
    char *name, *description;
    int64_t *seed; /* not negative */
    uint32_t *invocations, *repetitions, *warmup, *iterations;
    char *timeout_s, *memory_limit;
    enum experiment_switch *timeline;
    enum experiment_switch *keep_awake;  /* awake.h. NULL: where it helps */
    enum experiment_counter *counter;    /* NULL: none */
    struct experiment_pilot *pilot;      /* NULL: none; else invocations and repetitions are the fewest */
    struct experiment_entry *strategies; /* none: all but those that are too slow to be timed */
    unsigned strategies_count;
    char **allocators; /* none: system */
    unsigned allocators_count;
    struct experiment_entry *workloads; /* none: all */
    unsigned workloads_count;
    char **heap_limits; /* none: no limit */
    unsigned heap_limits_count;
    char **heap_factors; /* of what collects: limits are these times the smallest that does (minheap.h) */
    unsigned heap_factors_count;
};

/* Where each scalar of the file stands, for messages. */
struct experiment_source {
    const char *path; /* NULL: there is no file */
    struct strings scalars;
    unsigned *lines; /* of scalars[i], from 1 */
};

/* Reads a file. NULL after a message "file:line: ...". Paths in it are relative to the file; a name with a '/' is a
 * path too. */
struct experiment *experiment_read(const char *path, struct experiment_source *source);

/* One without a file. */
struct experiment *experiment_new(void);

/* Puts in the defaults. */
void experiment_complete(struct experiment *experiment);

enum experiment_counter experiment_counter(const struct experiment *experiment);

/* By name; false if there is none of that name. */
bool experiment_find_counter(const char *name, enum experiment_counter *counter);

/* Whether something is counted instead of timed. */
bool experiment_counts(const struct experiment *experiment);

/* 0 or a negative errno. */
int experiment_write(const struct experiment *experiment, const char *path);

void experiment_free(struct experiment *experiment);
void experiment_source_free(struct experiment_source *source);

/* "file:line: " of the first place where the value stands, "" if it is in no file. Static. */
const char *experiment_where(const struct experiment_source *source, const char *value);

/* Makes an entry's path absolute, from `folder`, and its name from its path; a name that is a path becomes one. 0, or
 * -1 after a message. */
int entry_find(struct experiment_entry *entry, const char *folder, const struct experiment_source *source);

/* Makes the paths of allocators, which are relative to the folder, absolute: they lead to the same files from a run's
 * folder then. */
void allocators_find(struct experiment *experiment, const char *folder);

/* Changing lists: the item is copied. */
void list_add(char ***items, unsigned *count, const char *item);
void list_clear(char ***items, unsigned *count);
/* Adds "name=value", or replaces what is given for that name. */
void list_set_param(char ***params, unsigned *count, const char *pair);

/* Keeps only the entries that are named, by name or by path; adds an entry for those that are not there. 0, or -1 after
 * a message: a path that leads nowhere. */
int entries_select(struct experiment_entry **entries, unsigned *count, const struct strings *names);

#endif
