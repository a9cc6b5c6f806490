/* Ends itself, with a last word on stderr. */
#include <stdio.h>
#include <stdlib.h>

#include "workload.h"

static int run(struct run *run)
{
    (void)run;
    fputs("something before\nthe workload says why\n", stderr);
    abort();
}

WORKLOAD(aborts) = {.summary = "ends itself with a word", .unit = "aborts", .run = run};
