/* Makes seven system calls of one kind in each iteration, and others of the same kind around it. */
#include <sys/syscall.h>
#include <unistd.h>

#include "workload.h"

static void call(int times)
{
    for (int i = 0; i < times; i++)
        syscall(SYS_getppid);
}

static int setup(struct run *run)
{
    (void)run;
    call(3);
    return 0;
}

static int run(struct run *run)
{
    call(7);
    run_check(run, 1);
    run_done(run, 1);
    return 0;
}

static void teardown(struct run *run)
{
    (void)run;
    call(5);
}

WORKLOAD(calls) = {
    .summary = "makes system calls", .unit = "answers", .setup = setup, .run = run, .teardown = teardown};
