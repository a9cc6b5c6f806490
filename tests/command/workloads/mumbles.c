/* Says why it ends, in Latin-1. */
#include <stdio.h>
#include <stdlib.h>

#include "workload.h"

static int run(struct run *run)
{
    (void)run;
    fprintf(stderr, "w\366rk.c: assertion failed\n");
    abort();
}

WORKLOAD(mumbles) = {.summary = "ends with a word that is no UTF-8", .unit = "words", .run = run};
