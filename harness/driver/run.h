/* run.h: `reclaim run` and `reclaim resume`. */
#ifndef RUN_H
#define RUN_H

#include "driver/options.h"

/* Return the command's exit code. */
int run_command(const struct run_options *options);
int resume_command(const char *folder, bool no_report);

/* For a command that measures on its way: into `folder`, or on with the run that is there, by the experiment that it
 * has. Takes the experiment over, and its source. Says how far it is, and nothing more unless something fails. An exit
 * code; EXIT_ALL_OK also if rows are not ok. */
int run_into(const char *folder, struct experiment *experiment, struct experiment_source *source);

/* After a run, and for `reclaim report` and its like: table, figures, report. 0, or -1 after a message. */
int run_report(const char *folder);

#endif
