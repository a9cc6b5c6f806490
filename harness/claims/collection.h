/* collection.h: the claims of a folder of files, and the folder of their runs.
 *
 *   results/claims-<time>/
 *       <id>.yaml           the claim and its rule, as they were before the run
 *       <id>/               a run like any other: `reclaim report`, `reclaim verify` take it
 *       claims.csv, claim_points.csv, plots/, claims.md, claims.html: what was found
 */
#ifndef CLAIM_COLLECTION_H
#define CLAIM_COLLECTION_H

#include "claims/verdict.h"
#include "driver/text.h"

struct collection_claim {
    char *path; /* of its file */
    struct claim *claim;
    struct rows rows;
    struct claim_verdict verdict;
    bool is_wanted;         /* by its id, or all are; else it is only there */
    bool is_changed;        /* the rule is another than before the run */
    char *run_id, *machine; /* of the run: its name, and what it ran on in a line */
};

struct collection {
    char *folder; /* of the runs; NULL: not chosen yet */
    char *rules;  /* folder of the claims' files */
    struct collection_claim *claims;
    size_t count;
    json_t *facts; /* of CPython, or NULL */
};

/* Reads the claims whose ids are given, all without any; `rules`: the folder of their files. 0, or -1 after a message.
 */
int collection_read(struct collection *collection, const char *rules, const struct strings *ids);
/* What was measured in the folder, all of it, by the rules that lie beside the rows. Likewise. */
int collection_open(struct collection *collection, const char *folder);
void collection_free(struct collection *collection);

/* Its name without a / at the end; for the caller to free. */
char *collection_folder_name(const char *folder);

/* Whether there are rows in the folder, and a rule beside them. */
bool collection_has_runs(const char *folder);

/* The newest folder of runs in results/ that has all of them; owned by the caller, NULL if there is none. */
char *collection_newest(const struct collection *collection);

/* Measures what is missing. An exit code; EXIT_ALL_OK also if rows are not ok. */
int collection_measure(struct collection *collection);

/* Drops the claims that have no rows in the folder; their ids, to be freed. */
struct strings collection_drop_unmeasured(struct collection *collection);

/* Adds what is measured in the folder besides: by its file, or by the copy beside the rows where there is none. 0, or
 * -1 after a message. */
int collection_add_measured(struct collection *collection, bool is_wanted);

/* From rows to verdicts. Without rows that can be read a claim that is wanted is an error, another is left out. 0 or a
 * negative errno, after a message. */
int collection_judge(struct collection *collection);

#endif
