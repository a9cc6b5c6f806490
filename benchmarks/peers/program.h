/* program.h: rows that another program measures by itself. It is called as `NAME --seed N --rounds N` and prints CSV:
 *
 *     work,ours,against,ours_ns,against_ns,ratio,low,high,goal
 *
 * with the ratio of our time to theirs, and the most that it may be, or nothing. More columns are passed over, also the
 * program's own verdict, so that one rule holds for the whole table. */
#ifndef PROGRAM_H
#define PROGRAM_H

#include "outcome.h"

/* Runs the program NAME of `home` and adds its rows, or one that says why there are none. What it printed is kept as
 * `folder`/NAME.csv. 0, or -1 after a message: that could not be written. */
int program_run(const char *home, const char *name, const char *folder, uint64_t seed, size_t rounds,
                struct outcomes *outcomes);

/* The rows of such a file. 0, or -1 with nothing added. */
int program_read(const char *path, struct outcomes *outcomes);

#endif
