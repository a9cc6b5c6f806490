#include "bench/counters.h"

#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CACHE_EVENT(cache, operation, result)                                                                          \
    (PERF_COUNT_HW_CACHE_##cache | PERF_COUNT_HW_CACHE_OP_##operation << 8 | PERF_COUNT_HW_CACHE_RESULT_##result << 16)

static const struct {
    uint32_t type;
    uint64_t config;
} events[COUNTERS] = {
    [COUNTER_CYCLES] = {PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES},
    [COUNTER_INSTRUCTIONS] = {PERF_TYPE_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS},
    [COUNTER_CACHE_MISSES] = {PERF_TYPE_HARDWARE, PERF_COUNT_HW_CACHE_MISSES},
    [COUNTER_TLB_MISSES] = {PERF_TYPE_HW_CACHE, CACHE_EVENT(DTLB, READ, MISS)},
    [COUNTER_PAGE_FAULTS] = {PERF_TYPE_MAX, 0}, /* getrusage knows */
};

static int descriptors[COUNTERS];
static bool opened;
static uint64_t faults_begin;

static int event_open(enum counter counter)
{
    if (events[counter].type == PERF_TYPE_MAX)
        return -1;
    struct perf_event_attr attribute = {
        .size = sizeof attribute,
        .type = events[counter].type,
        .config = events[counter].config,
        .read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING,
        .disabled = 1,
        .exclude_kernel = 1,
        .exclude_hv = 1,
    };
    return (int)syscall(SYS_perf_event_open, &attribute, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

static uint64_t page_faults(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (uint64_t)usage.ru_minflt + (uint64_t)usage.ru_majflt;
}

void counters_start(void)
{
    for (int i = 0; i < COUNTERS && !opened; i++)
        descriptors[i] = event_open((enum counter)i);
    opened = true;
    for (int i = 0; i < COUNTERS; i++) {
        if (descriptors[i] < 0)
            continue;
        ioctl(descriptors[i], PERF_EVENT_IOC_RESET, 0);
        ioctl(descriptors[i], PERF_EVENT_IOC_ENABLE, 0);
    }
    faults_begin = page_faults();
}

/* False where it did not run at all. */
static bool event_stop(int descriptor, uint64_t *value)
{
    struct {
        uint64_t value, enabled, running;
    } read_value;
    ioctl(descriptor, PERF_EVENT_IOC_DISABLE, 0);
    if (read(descriptor, &read_value, sizeof read_value) != sizeof read_value || read_value.running == 0)
        return false;
    *value = read_value.value;
    if (read_value.running < read_value.enabled)
        *value = (uint64_t)((double)read_value.value * (double)read_value.enabled / (double)read_value.running);
    return true;
}

void counters_stop(struct counters *counters)
{
    *counters = (struct counters){0};
    counters->values[COUNTER_PAGE_FAULTS] = page_faults() - faults_begin;
    counters->known[COUNTER_PAGE_FAULTS] = true;
    for (int i = 0; i < COUNTERS; i++)
        if (descriptors[i] >= 0)
            counters->known[i] = event_stop(descriptors[i], &counters->values[i]);
}
