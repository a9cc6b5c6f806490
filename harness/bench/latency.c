#include "bench/latency.h"

#include <errno.h>
#include <string.h>

#include "bench/clock.h"
#include "bench/memory.h"

const struct metering latency_meterings[LATENCY_METERINGS] = {
    {"simple", 0}, {"1 ms", 1000000}, {"10 ms", 10000000}, {"100 ms", 100000000}, {"full", UINT64_MAX},
};

int latency_open(struct latency *latency, size_t capacity)
{
    *latency = (struct latency){.ends_ns = memory_map(capacity * sizeof *latency->ends_ns), .capacity = capacity};
    return latency->ends_ns ? 0 : -ENOMEM;
}

void latency_close(struct latency *latency)
{
    memory_unmap(latency->ends_ns, latency->capacity * sizeof *latency->ends_ns);
    *latency = (struct latency){0};
}

void latency_start(struct latency *latency)
{
    latency->kept = 0;
    latency->count = 0;
    latency->zero_ns = clock_now_ns();
}

void latency_request(struct latency *latency)
{
    uint64_t end_ns = clock_now_ns() - latency->zero_ns;
    latency->count++;
    if (latency->kept < latency->capacity)
        latency->ends_ns[latency->kept++] = end_ns;
}

/* ---- the histogram */

enum { STEPS = 64, STEP_BITS = 6 };

static size_t step_of(uint64_t value)
{
    if (value < STEPS)
        return value;
    unsigned exponent = 63u - (unsigned)__builtin_clzll(value);
    return (exponent - STEP_BITS + 1) * STEPS + (value >> (exponent - STEP_BITS)) % STEPS;
}

uint64_t histogram_step_ns(size_t step)
{
    if (step < STEPS)
        return step;
    unsigned shift = (unsigned)(step / STEPS - 1);
    uint64_t low = (uint64_t)(STEPS + step % STEPS) << shift;
    return low + ((UINT64_C(1) << shift) - 1);
}

static void histogram_add(struct histogram *histogram, uint64_t value)
{
    histogram->counts[step_of(value)]++;
    if (value > histogram->max_ns)
        histogram->max_ns = value;
}

/* ---- metering */

static uint64_t start_ns(const struct latency *latency, size_t request)
{
    return request ? latency->ends_ns[request - 1] : 0;
}

/* The window around a request; both ends only move forward, from one request to the next. */
struct window {
    uint64_t half_ns;
    size_t first, last;
};

static void window_move(struct window *window, const struct latency *latency, size_t request)
{
    uint64_t middle = start_ns(latency, request), end = middle + window->half_ns;
    while (start_ns(latency, window->first) + window->half_ns < middle)
        window->first++;
    while (window->last + 1 < latency->kept && start_ns(latency, window->last) < end)
        window->last++;
}

/* When a request is taken to arrive. */
static double arrival_ns(const struct window *window, const struct latency *latency, size_t request)
{
    double first = (double)start_ns(latency, window->first);
    if (window->first == window->last)
        return (double)start_ns(latency, request);
    double distance = ((double)start_ns(latency, window->last) - first) / (double)(window->last - window->first);
    return first + (double)(request - window->first) * distance;
}

void latency_histogram(const struct latency *latency, const struct metering *metering, struct histogram *histogram)
{
    memset(histogram, 0, sizeof *histogram);
    /* More than any clock shows, and far from overflowing when it is added to a time. */
    const uint64_t whole = UINT64_MAX / 4;
    struct window window = {.half_ns = metering->window_ns / 2 < whole ? metering->window_ns / 2 : whole};
    for (size_t i = 0; i < latency->kept; i++) {
        uint64_t length = latency->ends_ns[i] - start_ns(latency, i);
        if (metering->window_ns) {
            window_move(&window, latency, i);
            double metered = (double)latency->ends_ns[i] - arrival_ns(&window, latency, i);
            if (metered > (double)length)
                length = (uint64_t)metered;
        }
        histogram_add(histogram, length);
    }
}
