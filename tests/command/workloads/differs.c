/* Another answer under the strategies that have regions. */
#include "workload.h"

static int run(struct run *run)
{
    run_check(run, MM_TRAITS & MM_TRAIT_REGIONS);
    run_done(run, 1);
    return 0;
}

WORKLOAD(differs) = {.summary = "answers as the strategy is", .unit = "answers", .run = run};
