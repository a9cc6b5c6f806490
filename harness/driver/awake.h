/* awake.h: keeps a virtual machine's cores from falling idle while something is measured.
 *
 * A core that halts gives its hypervisor the occasion to let it go on somewhere else, beside whatever is busy there;
 * the next process then finds a core of another speed, and keeps it for its whole life. Processes are measured one
 * after the other, with a pause between two, so each gets a speed by chance. A process on each core that takes only
 * the time that nothing else wants (SCHED_IDLE) stops that: docs/decisions/0007-cores-are-kept-awake.md has figures.
 *
 * Where the kernel groups processes by session or control group, "nothing else" is nothing else of this session: others
 * share the core with the keeper as with any busy program.
 *
 * Only where it helps: not on real cores, whose clock rate it would cost; not where a quota on CPU time would count it;
 * not on more cores than a measurement can be alone on. */
#ifndef AWAKE_H
#define AWAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "driver/experiment.h"

enum { AWAKE_CORES_MOST = 16 };

struct awake {
    pid_t keepers[AWAKE_CORES_MOST];
    size_t count; /* of cores that are kept awake */
};

/* Starts a keeper on each core that this process may use; none where it would not help, unless the experiment says so,
 * and none where it counts. Whatever fails leaves fewer. Each ends with this process, however that ends. */
void awake_begin(struct awake *awake, const struct experiment *experiment);

/* They are gone some time later, at the latest when this process ends. */
void awake_end(struct awake *awake);

#endif
