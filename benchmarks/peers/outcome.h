/* outcome.h: what came of a row: its figures, and whether its goal is met. */
#ifndef OUTCOME_H
#define OUTCOME_H

#include "common/statistics.h"
#include "driver/text.h"
#include "table.h"

enum verdict {
    VERDICT_HOLDS,   /* the whole interval meets the goal */
    VERDICT_OPEN,    /* the goal lies in the interval */
    VERDICT_MISSES,  /* none of the interval meets it */
    VERDICT_NO_GOAL, /* for information */
    VERDICT_UNEQUAL, /* the two did not do the same: collected more or less often */
    VERDICT_ABSENT,  /* a peer is not on this machine: the note says what to install */
    VERDICT_FAILED,  /* a peer did not run: the note says why */
    VERDICTS,
};

/* As in the table that is printed and in peers.csv. */
extern const char *const verdict_names[VERDICTS];

struct outcome {
    char *work, *ours, *against; /* for people */
    struct goal goal;
    double ours_ns, against_ns; /* an operation */
    struct ratio figure;        /* a time ratio, or how many times as fast: as the goal is */
    enum verdict verdict;
    char *note; /* or NULL */
};

struct outcomes {
    struct outcome *items;
    size_t count;
};

/* Adds one without figures; texts are copied. It stays where it is until the next is added. */
struct outcome *outcomes_add(struct outcomes *outcomes, const char *work, const char *ours, const char *against,
                             struct goal goal);
void outcomes_free(struct outcomes *outcomes);

/* True if the verdict is one on figures. */
bool outcome_has_figures(const struct outcome *outcome);

/* Gives the outcome its figures, from the ratio of our time to theirs, and its verdict. */
void outcome_judge(struct outcome *outcome, const struct ratio *time_ratio);

/* There are no figures: why. Takes `note` over. */
void outcome_without(struct outcome *outcome, enum verdict verdict, char *note);

/* Adds a sentence. */
void outcome_note(struct outcome *outcome, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
