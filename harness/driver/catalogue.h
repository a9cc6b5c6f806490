/* catalogue.h: which strategies and workloads there are.
 *
 * Nothing is listed in the command: it runs every bench-* beside its own executable with --describe and keeps what
 * they say. Strings belong to the descriptions. */
#ifndef CATALOGUE_H
#define CATALOGUE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "driver/text.h"

/* A parameter, of a strategy or a workload. */
struct param {
    const char *name, *help;
    bool is_text;
    char *initial, *small;   /* owned: as the user would type them */
    int64_t lowest, highest; /* of an integer */
    const char **choices;    /* owned; of a text, when it may only be one of these */
    size_t choice_count;
};

struct params {
    struct param *items;
    size_t count;
};

struct workload_info {
    const char *name, *summary, *unit;
    json_t *needs; /* traits, array of strings; may be NULL */
    struct params params;
};

struct strategy_info {
    const char *name, *summary;
    char *bench;    /* owned: path of its executable */
    json_t *said;   /* the whole description */
    json_t *traits; /* array of strings; may be NULL */
    char *left_out; /* owned: why there is no executable (left_out.h): then all but the name is empty; else NULL */
    struct params params;
    struct workload_info *workloads;
    size_t workload_count;
};

/* Sorted by name. */
struct catalogue {
    struct strategy_info *strategies;
    size_t count;
    struct strategy_info *left_out; /* not among these: left_out.h */
    size_t left_out_count;
};

/* The folder of the command's executable. Owned by the caller. */
char *catalogue_home(void);

/* Adds every bench-* in `folder`, or those named in `only` if it is not NULL, and what was left out there. A strategy
 * that is there already is replaced. 0, or -1 after a message: a bench that does not answer, or none at all. */
int catalogue_add(struct catalogue *catalogue, const char *folder, const struct strings *only);
void catalogue_free(struct catalogue *catalogue);

/* The one that is there, or else the one that was left out, for what only needs names. */
const struct strategy_info *catalogue_named(const struct catalogue *catalogue, const char *name);

/* NULL if there is none. */
const struct strategy_info *catalogue_strategy(const struct catalogue *catalogue, const char *name);
const struct workload_info *strategy_workload(const struct strategy_info *strategy, const char *name);
const struct param *params_find(const struct params *params, const char *name);
bool strategy_has_trait(const struct strategy_info *strategy, const char *trait);

/* The first strategy's workload of that name: all have the same ones. NULL if none has it. */
const struct workload_info *catalogue_workload(const struct catalogue *catalogue, const char *name);

/* Names, for suggestions; of strategies also those that were left out. */
void catalogue_strategy_names(const struct catalogue *catalogue, struct strings *names);
void catalogue_workload_names(const struct catalogue *catalogue, struct strings *names);

/* `value` as the parameter takes it (64k of an integer: 65536), owned by the caller; or NULL, with what would be right
 * added to `why`. */
char *param_value(const struct param *param, const char *value, struct text *why);

#endif
