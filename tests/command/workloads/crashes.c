/* Reads where nothing is. */
#include "workload.h"

static int run(struct run *run)
{
    (void)run;
    volatile int *volatile nowhere = NULL;
    return *nowhere;
}

WORKLOAD(crashes) = {.summary = "reads where nothing is", .unit = "crashes", .run = run};
