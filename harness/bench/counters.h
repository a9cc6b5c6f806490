/* counters.h: what the processor and the kernel counted while the clock ran.
 *
 * The processor's counters are read by perf_event_open, user space alone. Many virtual machines have none: they are
 * then unknown, each for itself. */
#ifndef BENCH_COUNTERS_H
#define BENCH_COUNTERS_H

#include <stdbool.h>
#include <stdint.h>

enum counter {
    COUNTER_CYCLES,
    COUNTER_INSTRUCTIONS,
    COUNTER_CACHE_MISSES, /* last level */
    COUNTER_TLB_MISSES,   /* of data, loads */
    COUNTER_PAGE_FAULTS,  /* minor and major; always known */
    COUNTERS,
};

struct counters {
    uint64_t values[COUNTERS];
    bool known[COUNTERS];
};

/* Starts counting. The first call opens the counters. */
void counters_start(void);

/* What was counted since. A counter that shared the processor with others is scaled by the time that it ran. */
void counters_stop(struct counters *counters);

#endif
