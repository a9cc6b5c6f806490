/* Fails with a message. */
#include "workload.h"

static int run(struct run *run)
{
    return run_fail(run, -EINVAL, "the input is not to my taste");
}

WORKLOAD(gives_up) = {.summary = "fails with a message", .unit = "failures", .run = run};
