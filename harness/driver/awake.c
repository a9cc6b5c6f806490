#include "driver/awake.h"

#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver/procfs.h"
#include "driver/text.h"

/* Waits without a system call; the other thread of a real core, if there is one, hardly notices. */
static inline void linger(void)
{
#if defined __x86_64__ || defined __i386__
    __builtin_ia32_pause();
#elif defined __aarch64__
    __asm__ volatile("yield");
#else
    __asm__ volatile("");
#endif
}

/* Its own group: Ctrl-C is the parent's to deal with. No file stays open here, a run's lock least of all. */
static _Noreturn void keep(pid_t parent)
{
    setpgid(0, 0);
    prctl(PR_SET_NAME, "reclaim-awake");
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    close_range(0, ~0u, 0);
    for (;;)
        linger();
}

/* Does not wait: on a busy core it may take a keeper a second until it has the time to die. */
static void end(pid_t keeper)
{
    kill(keeper, SIGKILL);
    waitpid(keeper, NULL, WNOHANG);
}

/* A keeper that takes only what is left of this core, or 0. */
static pid_t start(size_t core)
{
    cpu_set_t only;
    CPU_ZERO(&only);
    CPU_SET(core, &only);
    const struct sched_param none = {0};
    pid_t parent = getpid(), keeper = fork();
    if (keeper == 0)
        keep(parent);
    if (keeper < 0)
        return 0;
    if (sched_setscheduler(keeper, SCHED_IDLE, &none) == 0 && sched_setaffinity(keeper, sizeof only, &only) == 0)
        return keeper;
    end(keeper);
    return 0;
}

/* Whether this control group (cgroup v2), "" the root, has less than all of the CPU time. */
static bool group_has_quota(const char *group)
{
    char *file = must_print("/sys/fs/cgroup%s/cpu.max", group), *quota = procfs_line(file);
    bool has = quota && strncmp(quota, "max", 3) != 0;
    free(quota);
    free(file);
    return has;
}

/* Of this process's control group, or of one that it is in; of version 1 only a container's own. Time that nothing else
 * wants counts in a quota too, which would then be taken from what is measured. */
static bool has_quota(void)
{
    char *old = procfs_line("/sys/fs/cgroup/cpu/cpu.cfs_quota_us");
    char *group = procfs_value("/proc/self/cgroup", "0:", ':'), *slash;
    bool has = (old && *old != '-') || group_has_quota("");
    while (!has && group && (slash = strrchr(group, '/'))) {
        has = group_has_quota(group);
        *slash = 0;
    }
    free(group);
    free(old);
    return has;
}

static bool is_wanted(const struct experiment *experiment, int cores)
{
    if (experiment->keep_awake || experiment_counts(experiment))
        return experiment->keep_awake && *experiment->keep_awake == SWITCH_ON;
    return procfs_virtual() == PROCFS_YES && cores <= AWAKE_CORES_MOST && !has_quota();
}

void awake_begin(struct awake *awake, const struct experiment *experiment)
{
    cpu_set_t allowed;
    awake->count = 0;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0 || !is_wanted(experiment, CPU_COUNT(&allowed)))
        return;
    for (size_t core = 0; core < CPU_SETSIZE && awake->count < AWAKE_CORES_MOST; core++) {
        pid_t keeper = CPU_ISSET(core, &allowed) ? start(core) : 0;
        if (keeper)
            awake->keepers[awake->count++] = keeper;
    }
}

void awake_end(struct awake *awake)
{
    for (size_t i = 0; i < awake->count; i++)
        end(awake->keepers[i]);
    awake->count = 0;
}
