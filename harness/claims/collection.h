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
    bool is_judged;
    bool is_changed; /* the rule is another than before the run */
};

struct collection {
    char *folder; /* of the runs; NULL: not chosen yet */
    struct collection_claim *claims;
    size_t count;
    json_t *facts; /* of CPython, or NULL */
};

/* Reads the claims whose ids are given, all without any; `folder`: of their files. 0, or -1 after a message. */
int collection_read(struct collection *collection, const char *folder, const struct strings *ids);
void collection_free(struct collection *collection);

/* The newest folder of runs in results/ that has all of them; owned by the caller, NULL if there is none. */
char *collection_newest(const struct collection *collection);

/* Measures what is missing. An exit code; EXIT_ALL_OK also if rows are not ok. */
int collection_measure(struct collection *collection);

/* From rows to a verdict. 0 or a negative errno, after a message. */
int collection_judge(struct collection *collection, struct collection_claim *claim);

#endif
