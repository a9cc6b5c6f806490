/* Prints on stdout, where rows go: half a line, and more than stdio's buffer holds. */
#include <stdio.h>

#include "workload.h"

static int run(struct run *run)
{
    printf("progress ...");
    fflush(stdout);
    for (int i = 0; i < 2000; i++)
        printf("%d and counting, ", i);
    run_check(run, 1);
    return 0;
}

WORKLOAD(prints) = {.summary = "prints as it works", .unit = "prints", .run = run};
