/* gbench.h: Google Benchmark behind a C interface.
 *
 * It times one repetition of a fixed number of iterations at a time, so that a row can go out the moment it is known,
 * in the calling thread; it prints nothing and reads no BENCHMARK_ variable of the environment. */
#ifndef GBENCH_H
#define GBENCH_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is timed. Each function returns 0 or a negative errno. */
struct gbench_work {
    /* Before the clock starts. If it fails, nothing else is called. */
    int (*before)(void *context);
    /* `iterations` times on the clock; after one that failed, no more. */
    int (*iteration)(void *context);
    /* After the clock has stopped, also when an iteration failed. */
    void (*after)(void *context);
    void *context;
    uint64_t iterations; /* at least 1 */
};

/* Of all iterations together. */
struct gbench_times {
    uint64_t wall_ns; /* monotonic clock. The start is read before the CPU clock is, so one such call is in it. */
    uint64_t cpu_ns;  /* of the process, all its threads */
};

/* 0 and the times; the error of `before` or of an iteration; -ENOMEM if Google Benchmark itself had no memory, -EIO if
 * it gave no result. Without times unless 0. */
int gbench_run(const struct gbench_work *work, struct gbench_times *times);

#ifdef __cplusplus
}
#endif

#endif
