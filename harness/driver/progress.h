/* progress.h: how far a run is: a line that is redrawn on a terminal, a line now and then elsewhere. */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
    size_t total, done; /* processes */
    size_t done_before; /* by an earlier session of the same run */
    uint64_t begun_ns, told_ns;
    bool redraws;
};

void progress_begin(struct progress *progress, size_t total, size_t done_before);

/* A process is about to start; `what` names it. */
void progress_show(struct progress *progress, const char *what);
void progress_step(struct progress *progress);
void progress_end(struct progress *progress);

/* "42 s", "3 min 05 s", "2 h 10 min". Static. */
const char *progress_duration(uint64_t ns);

#endif
