/* merge.h: `reclaim merge`: the shards of one plan, measured on several machines, as one run.
 *
 * Every part is finished, its seal is intact, and its plan is the same; together they have every process of it, each
 * once. Rows get the id of the whole; machines.csv says where each cell was measured, and machine.json has all
 * machines.
 */
#ifndef MERGE_H
#define MERGE_H

#include "driver/text.h"

/* Returns the command's exit code. */
int merge_command(const char *out, const struct strings *runs, bool no_report);

#endif
