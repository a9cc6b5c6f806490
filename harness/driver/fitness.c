#include "driver/fitness.h"

#include <linux/perf_event.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "driver/procfs.h"
#include "driver/text.h"

/* Each look says what it saw, and judges. `wait`: it may take its time. */
typedef enum fitness_verdict look(struct text *seen, bool wait);

static enum fitness_verdict look_cores(struct text *seen, bool wait)
{
    (void)wait;
    cpu_set_t allowed;
    long cores = sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed) : 1;
    text_add(seen, cores == 1 ? "there is one core" : "there are %ld cores", cores);
    return cores >= 2 ? FITNESS_FIT : FITNESS_UNFIT;
}

/* Looks at what runs now: the system's load average is of the last minute, and remembers the run before this one. */
static enum fitness_verdict look_load(struct text *seen, bool wait)
{
    enum { LOOKS = 10, APART_NS = 2000000, WAITING = 20 };
    long looks = wait ? LOOKS * WAITING : LOOKS, others = 0;
    for (long i = 0; i < looks; i++) {
        long running = procfs_running();
        if (!running) {
            text_add(seen, "the load is not told");
            return FITNESS_UNKNOWN;
        }
        others += running - 1;
        nanosleep(&(struct timespec){.tv_nsec = APART_NS}, NULL);
    }
    double load = (double)others / (double)looks;
    text_add(seen, "the load of others is %.2f", load);
    return load <= 0.25 ? FITNESS_FIT : FITNESS_UNFIT;
}

static enum fitness_verdict look_governor(struct text *seen, bool wait)
{
    (void)wait;
    char *governor = procfs_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
    if (!governor) {
        text_add(seen, "the system does not tell who sets the clock rate");
        return FITNESS_UNKNOWN;
    }
    text_add(seen, "the governor is %s", governor);
    bool fit = strcmp(governor, "performance") == 0;
    free(governor);
    return fit ? FITNESS_FIT : FITNESS_UNFIT;
}

static enum fitness_verdict look_turbo(struct text *seen, bool wait)
{
    (void)wait;
    char *no_turbo = procfs_line("/sys/devices/system/cpu/intel_pstate/no_turbo");
    char *boost = no_turbo ? NULL : procfs_line("/sys/devices/system/cpu/cpufreq/boost");
    bool known = no_turbo || boost, on = no_turbo ? *no_turbo == '0' : boost && *boost == '1';
    free(no_turbo);
    free(boost);
    text_add(seen, !known ? "the system does not tell about turbo" : on ? "turbo is on" : "turbo is off");
    return !known ? FITNESS_UNKNOWN : on ? FITNESS_UNFIT : FITNESS_FIT;
}

static enum fitness_verdict look_siblings(struct text *seen, bool wait)
{
    (void)wait;
    char *active = procfs_line("/sys/devices/system/cpu/smt/active");
    enum fitness_verdict verdict = !active ? FITNESS_UNKNOWN : *active == '1' ? FITNESS_UNFIT : FITNESS_FIT;
    text_add(seen, !active          ? "the system does not tell whether threads share a core"
                   : *active == '1' ? "two threads share a core"
                                    : "no two threads share a core");
    free(active);
    return verdict;
}

static enum fitness_verdict look_virtualised(struct text *seen, bool wait)
{
    (void)wait;
    enum procfs_answer answer = procfs_virtual();
    bool known = answer != PROCFS_UNKNOWN, is_virtual = answer == PROCFS_YES;
    text_add(seen, !known       ? "the processor does not tell whether it is virtual"
                   : is_virtual ? "this is a virtual machine"
                                : "this is no virtual machine");
    return !known ? FITNESS_UNKNOWN : is_virtual ? FITNESS_UNFIT : FITNESS_FIT;
}

static enum fitness_verdict look_steal(struct text *seen, bool wait)
{
    struct procfs_jiffies before = procfs_jiffies();
    if (!wait || before.all == 0) {
        text_add(seen, "how much time a hypervisor takes is not known yet");
        return FITNESS_UNKNOWN;
    }
    nanosleep(&(struct timespec){.tv_nsec = 500000000}, NULL);
    struct procfs_jiffies after = procfs_jiffies();
    double share = (double)(after.stolen - before.stolen) / (double)(after.all - before.all + 1);
    text_add(seen, "a hypervisor took %.1f %% of half a second", 100 * share);
    return share <= 0.01 ? FITNESS_FIT : FITNESS_UNFIT;
}

static enum fitness_verdict look_memory(struct text *seen, bool wait)
{
    (void)wait;
    int64_t available = procfs_memory_bytes("MemAvailable");
    if (!available) {
        text_add(seen, "free memory is not told");
        return FITNESS_UNKNOWN;
    }
    text_add(seen, "%.1f GiB of memory are free", (double)available / (double)(1 << 30));
    return available >= (int64_t)4 << 30 ? FITNESS_FIT : FITNESS_UNFIT;
}

static enum fitness_verdict look_swap(struct text *seen, bool wait)
{
    (void)wait;
    int64_t all = procfs_memory_bytes("SwapTotal"), used = all - procfs_memory_bytes("SwapFree");
    if (!all)
        text_add(seen, "there is no swap");
    else
        text_add(seen, "%.1f of %.1f GiB of swap are used", (double)used / (double)(1 << 30),
                 (double)all / (double)(1 << 30));
    return used < 1 << 20 ? FITNESS_FIT : FITNESS_UNFIT;
}

static enum fitness_verdict look_layout(struct text *seen, bool wait)
{
    (void)wait;
    char *space = procfs_line("/proc/sys/kernel/randomize_va_space");
    enum fitness_verdict verdict = !space ? FITNESS_UNKNOWN : *space == '0' ? FITNESS_UNFIT : FITNESS_FIT;
    text_add(seen, !space          ? "address space randomisation is not told"
                   : *space == '0' ? "address space randomisation is off"
                                   : "address space randomisation is on");
    free(space);
    return verdict;
}

static enum fitness_verdict look_huge_pages(struct text *seen, bool wait)
{
    (void)wait;
    char *chosen = procfs_chosen("/sys/kernel/mm/transparent_hugepage/enabled");
    enum fitness_verdict verdict = !chosen                         ? FITNESS_UNKNOWN
                                   : strcmp(chosen, "always") == 0 ? FITNESS_UNFIT
                                                                   : FITNESS_FIT;
    text_add(seen, "transparent huge pages: %s", chosen ? chosen : "not told");
    free(chosen);
    return verdict;
}

static enum fitness_verdict look_counters(struct text *seen, bool wait)
{
    (void)wait;
    struct perf_event_attr attribute = {.size = sizeof attribute,
                                        .type = PERF_TYPE_HARDWARE,
                                        .config = PERF_COUNT_HW_INSTRUCTIONS,
                                        .exclude_kernel = 1,
                                        .exclude_hv = 1};
    long fd = syscall(SYS_perf_event_open, &attribute, 0, -1, -1, 0);
    if (fd >= 0)
        close((int)fd);
    text_add(seen, fd >= 0 ? "hardware counters can be read" : "hardware counters cannot be read");
    return fd >= 0 ? FITNESS_FIT : FITNESS_LIMITED;
}

static const struct check {
    const char *name;
    look *look;
    const char *why, *advice;
} checks[FITNESS_CHECKS] = {
    {"cores", look_cores, "everything else that runs takes time from what is measured",
     "use a machine with two or more"},
    {"load", look_load, "other processes disturb what is measured", "end them, or wait; `top` shows them"},
    {"governor", look_governor, "the clock rate varies", "cpupower frequency-set -g performance"},
    {"turbo", look_turbo, "the clock rate depends on heat and on the other cores",
     "echo 1 >/sys/devices/system/cpu/intel_pstate/no_turbo, or echo 0 >/sys/devices/system/cpu/cpufreq/boost"},
    {"siblings", look_siblings, "what runs on the other thread takes from this one",
     "echo off >/sys/devices/system/cpu/smt/control"},
    {"virtual", look_virtualised, "others may share its cores, caches and memory bandwidth",
     "compare within one run only, with more invocations; `full` has 30"},
    {"steal", look_steal, "times have holes", "wait, or use another machine"},
    {"memory", look_memory, "large workloads may be pushed out of it", "end what holds it"},
    {"swap", look_swap, "a page that comes back from disk costs a thousand times more", "swapoff -a"},
    {"layout", look_layout, "luck with the addresses does not average out",
     "echo 2 >/proc/sys/kernel/randomize_va_space"},
    {"hugepages", look_huge_pages, "who gets a huge page is luck, and looks like a difference",
     "echo madvise >/sys/kernel/mm/transparent_hugepage/enabled"},
    {"counters", look_counters, "instructions and cache misses cannot be counted by the processor",
     "echo 1 >/proc/sys/kernel/perf_event_paranoid; in a virtual machine often nothing helps: --counter instructions"},
};

void fitness_look(struct fitness fitness[FITNESS_CHECKS], bool wait)
{
    for (size_t i = 0; i < FITNESS_CHECKS; i++) {
        struct text seen = {0};
        enum fitness_verdict verdict = checks[i].look(&seen, wait);
        fitness[i] = (struct fitness){checks[i].name, verdict, seen.bytes, checks[i].why, checks[i].advice};
    }
}

void fitness_free(struct fitness fitness[FITNESS_CHECKS])
{
    for (size_t i = 0; i < FITNESS_CHECKS; i++)
        free(fitness[i].seen);
}
