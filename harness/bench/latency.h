/* latency.h: how long each request of a repetition took; simple, and metered as DaCapo Chopin has it.
 *
 * A workload that serves requests serves them one after another, without waiting: one ends where the next begins. The
 * clock is read once a request.
 *
 * Simple latency is from a request's start to its end. It hides what a pause does to a service: the requests that would
 * have arrived while it lasted are not there. Metered latency puts them there (Blackburn et al. 2025, "Rethinking Java
 * performance analysis"; LatencyReporter.java of the benchmark suite): the requests within a window of time around each
 * are taken to arrive at even distances, so that after a pause they queue. With t the starts and e the ends,
 *
 *     a    the first request with t[a] >= t[i] - window / 2
 *     b    the first request with t[b] >= t[i] + window / 2, or the last one
 *     s    = t[a] + (i - a) * (t[b] - t[a]) / (b - a), when request i is taken to arrive
 *     metered latency of i = max(e[i] - s, e[i] - t[i])
 *
 * and with full smoothing the window is the whole repetition. The window is how long a service may take to catch up. */
#ifndef BENCH_LATENCY_H
#define BENCH_LATENCY_H

#include <stddef.h>
#include <stdint.h>

struct latency {
    uint64_t *ends_ns; /* of the first `kept` requests, since latency_start */
    size_t kept, capacity;
    uint64_t count; /* of all */
    uint64_t zero_ns;
};

/* 0 or -ENOMEM. Memory is mapped, and taken from the system as it is used. */
int latency_open(struct latency *latency, size_t capacity);
void latency_close(struct latency *latency);

/* Forgets everything; the first request starts now. */
void latency_start(struct latency *latency);

/* A request ends now, and the next begins. */
void latency_request(struct latency *latency);

/* Ways to count: by name, as in latency.csv. */
struct metering {
    const char *name;
    uint64_t window_ns; /* 0: simple; UINT64_MAX: full smoothing */
};
enum { LATENCY_METERINGS = 5 };
extern const struct metering latency_meterings[LATENCY_METERINGS];

/* Counts by step. Up to 64 ns a step is 1 ns; beyond, each power of 2 has 64, so that a step is at most 1.6 % wide. */
enum { HISTOGRAM_STEPS = 59 * 64 };
struct histogram {
    uint64_t counts[HISTOGRAM_STEPS];
    uint64_t max_ns; /* to the ns */
};

/* The largest value of a step. */
uint64_t histogram_step_ns(size_t step);

/* Of the requests that are kept. */
void latency_histogram(const struct latency *latency, const struct metering *metering, struct histogram *histogram);

#endif
