/* seal.h: checksums of a finished run, so that a figure that was changed later, or damaged, does not pass for measured.
 *
 * SHA256SUMS in the run's folder has the SHA-256 of every file that was measured or says how: tables, plan, experiment,
 * machine. What is derived from them (summary.csv, figures, the report) can be made again and is not in it. Its format
 * is sha256sum's: `cd RUN && sha256sum -c SHA256SUMS`. */
#ifndef SEAL_H
#define SEAL_H

#include <stdbool.h>

#define SEAL_FILE "SHA256SUMS"

enum seal_state {
    SEAL_NONE, /* the run is not finished, or from elsewhere */
    SEAL_INTACT,
    SEAL_BROKEN, /* a file differs or is missing */
};

/* Brings the files to the disk, and writes the seal. 0 or a negative errno. */
int seal_write(const char *folder);

bool seal_exists(const char *folder);

/* What became of the files. `broken`, if not NULL, is called with the name of each that is not as it was, and what is
 * wrong with it. `thorough`: reads all; else only what was written after the seal was. */
enum seal_state seal_check(const char *folder, bool thorough, void (*broken)(const char *name, const char *why));

/* Warns of a broken seal: a line for each file. */
void seal_warn(const char *folder);

#endif
