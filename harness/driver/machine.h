/* machine.h: what a run ran on, and what disturbs it there: machine.json. */
#ifndef MACHINE_H
#define MACHINE_H

#include <jansson.h>

#include "driver/plan.h"

/* The machine, how the executables were built, the allocators, the tree (`tree` is its folder); with "warnings", an
 * array of sentences that say what makes it unfit for measuring. */
json_t *machine_describe(const char *run_id, const struct plan *plan, const char *tree);

/* What can only be told at the end: how much time a hypervisor took, how loaded the machine was. `begun` is what
 * machine_describe gave. */
void machine_finish(json_t *begun);

/* For a run that was begun earlier: keeps what it ran on then, in `earlier`, and warns if that was another machine or
 * another build. */
void machine_go_on(json_t *machine, const char *folder);

#endif
