/* Never ends, does not listen to SIGTERM, and leaves a process behind. */
#include <signal.h>
#include <unistd.h>

#include "workload.h"

static int run(struct run *run)
{
    (void)run;
    signal(SIGTERM, SIG_IGN);
    if (fork() == 0)
        for (;;)
            pause();
    for (;;)
        pause();
}

WORKLOAD(hangs) = {.summary = "never ends", .unit = "eternities", .run = run};
