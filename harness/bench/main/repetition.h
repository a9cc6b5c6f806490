/* repetition.h: one repetition of a workload under this executable's strategy.
 *
 *     region begin; setup; [ the clock starts; run, `iterations` times; the clock stops ]; teardown; region end;
 *     collect everything; look at what leaked
 *
 * All of it but the looking runs inside one call of Google Benchmark, so that what the library allocates for itself is
 * allocated before setup and freed after teardown. */
#ifndef BENCH_REPETITION_H
#define BENCH_REPETITION_H

#include "bench/counters.h"
#include "bench/gbench.h"
#include "bench/latency.h"
#include "bench/recorder.h"
#include "bench/timeline.h"
#include "workload.h"

/* What to run. */
struct task {
    const struct workload *workload;
    const struct workload_value *params;
    uint64_t seed, iterations;
    bool marks;                /* for a tracer: bench/mark.h */
    uint64_t slowdown_percent; /* by how much the timed part is made longer on purpose */
    size_t heap_limit_bytes;   /* only to be named when memory ran out */
    void *state;               /* workload->state_bytes */
};

/* What to record: the pauses, and the latencies of a workload that has requests; or a timeline for which `operations`
 * are expected; or nothing. */
struct watch {
    struct recorder *recorder;
    struct latency *latency;
    struct timeline *timeline;
    uint64_t operations;
    uint64_t *rss_base_bytes; /* if not NULL, gets what is resident after setup, less what setup made in the heap */
};

/* What came of it. */
struct outcome {
    const char *status; /* one of schema_statuses */
    char detail[512];   /* a sentence, if status is not "ok" */
    struct gbench_times times;
    struct counters counters;                                /* on the clock */
    uint64_t operations, objects_allocated, bytes_allocated; /* on the clock */
    uint64_t collections, gc_ns;                             /* on the clock */
    uint64_t peak_footprint_bytes, peak_rss_bytes;
    uint64_t live_bytes_end;
    int64_t leaked_objects, leaked_bytes; /* below 0: more was freed than was made, which is wrong */
    uint64_t checksum;
    struct run_figure figures[RUN_FIGURES];
    size_t figure_count;
};

/* The heap is open. After a status other than "ok" and "wrong", only status, detail and what leaked are set. */
void repetition_run(const struct task *task, const struct watch *watch, struct outcome *outcome);

#endif
