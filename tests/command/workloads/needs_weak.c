/* Says that it needs weak references: not every strategy has them. */
#include "workload.h"

static int run(struct run *run)
{
    run_check(run, 1);
    run_done(run, 1);
    return 0;
}

WORKLOAD(needs_weak) = {.summary = "needs weak references", .unit = "needs", .needs = MM_TRAIT_WEAK, .run = run};
