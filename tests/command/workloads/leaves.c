/* Leaves the process in the middle, as if all were well. */
#include <unistd.h>

#include "workload.h"

static int run(struct run *run)
{
    (void)run;
    _exit(0);
}

WORKLOAD(leaves) = {.summary = "leaves in the middle", .unit = "exits", .run = run};
