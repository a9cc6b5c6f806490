/* run.h: `reclaim run` and `reclaim resume`. */
#ifndef RUN_H
#define RUN_H

#include "driver/options.h"

/* Return the command's exit code. */
int run_command(const struct run_options *options);
int resume_command(const char *folder, bool no_report);

/* After a run, and for `reclaim report` and its like: table, figures, report. 0, or -1 after a message. */
int run_report(const char *folder);

#endif
