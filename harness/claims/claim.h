/* claim.h: a claim, as experiments/claims/<id>.yaml has it: who says what, what is measured, and by which rule the rows
 * decide. The rule is written down before the run; the verdict follows from rows alone.
 *
 * Glossary
 *   value       a named quantity of one cell at a time: "what wall_ns over operations is under refcount".
 *   judgement   a figure made of values, judged by `holds_if` and `fails_if` at every point.
 *   point       one value of each of a judgement's `over`: n=100 under refcount_gc.
 *
 * experiments/claims/README.md has the keys. What is not given is NULL or empty. */
#ifndef CLAIM_H
#define CLAIM_H

#include "driver/yaml_file.h"

enum { POINT_KEYS_MAX = 4 };

enum claim_unit { UNIT_NUMBER, UNIT_RATIO, UNIT_BYTES, UNIT_NS, UNIT_SHARE };

/* Where it is said. */
struct claim_source {
    char *document, *at, *says;
};

struct claim_value {
    char *name;
    char *of, *per; /* quantities: rows.h */
    char *strategy; /* name, and parameters after it */
    char *allocator, *workload, *heap_limit, *heap_factor;
    char **params; /* "name=value", of the workload */
    unsigned params_count;
};

struct claim_judgement {
    char *name;   /* a few words, where there are several */
    char *figure; /* an expression over names of values: expression.h */
    enum claim_unit unit;
    char **over; /* strategy, allocator, workload, heap_limit, heap_factor, or a parameter's name */
    unsigned over_count;
    char **without; /* points that are left out: what the figure divides by, for one */
    unsigned without_count;
    char **at; /* the point that stands in the table; without it the last */
    unsigned at_count;
    char *holds_if, *fails_if; /* rule.h; neither: shown, not judged */
    char *cpython;             /* an expression; or `same`: the figure with the strategy cpython everywhere */
    char **theirs;             /* what was published: "heap_factor=3 1.17×" for the points with that key, or a text */
    unsigned theirs_count;
};

/* A figure beside one that CPython itself gave. */
struct claim_fact {
    char *name, *figure;
    char *key; /* in pyfacts-3.11.7.json: traced_peak.sum_list_100k */
    enum claim_unit unit;
    char *why; /* they cannot agree */
};

struct claim {
    char *id, *claim;
    unsigned place; /* in the table */
    struct claim_source *sources;
    unsigned sources_count;
    struct experiment *experiment;
    struct claim_value *values;
    unsigned values_count;
    struct claim_judgement *judgements;
    unsigned judgements_count;
    struct claim_fact *facts;
    unsigned facts_count;
    char *measured, *meaning, *advice; /* prose for docs/claims.md: Markdown, without figures */
};

/* Reads and checks a file. NULL after a message "file:line: ...". `source` is to be freed in both cases. */
struct claim *claim_read(const char *path, struct experiment_source *source);
void claim_free(struct claim *claim);

/* The place of the value of that name, of `length` bytes; values_count if there is none. */
unsigned claim_value_named(const struct claim *claim, const char *name, size_t length);

static inline bool judgement_judges(const struct claim_judgement *judgement)
{
    return judgement->holds_if && judgement->fails_if;
}

#endif
