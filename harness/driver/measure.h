/* measure.h: one process of a run: started, its rows taken, its end judged. */
#ifndef MEASURE_H
#define MEASURE_H

#include "driver/plan.h"
#include "driver/results.h"

enum measure_outcome {
    MEASURE_OK,
    MEASURE_FAILED,      /* a row says why; the run goes on */
    MEASURE_INTERRUPTED, /* nothing about it was kept */
    MEASURE_NO_ROOM,     /* rows could not be written; a message says so */
};

/* What became of it, for people and for the plan. */
struct measure_end {
    enum measure_outcome outcome;
    bool hopeless;       /* the same cell would do the same again: not worth another process */
    uint64_t elapsed_ns; /* from the process's start to its end; 0: none was started */
    char status[16];
    char detail[512];
};

/* Runs a job and appends its rows. */
void measure(const struct plan *plan, const struct job *job, struct results *results, struct measure_end *end);

/* A row without figures, for an invocation that is not run; none for a timeline. 0, or -1 after a message. */
int measure_row_without_figures(const struct plan *plan, const struct job *job, struct results *results,
                                const char *status, const char *detail);

#endif
