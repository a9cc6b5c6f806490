/* timeline.h: what was live and what was held, at the same instants, over one repetition.
 *
 * Two series: points at even distances of operations, and points right after collections. A series that would grow
 * beyond its capacity drops every second point and from then on takes every second one: what is left is always evenly
 * spread over the whole, however much there was. */
#ifndef BENCH_TIMELINE_H
#define BENCH_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct point {
    uint64_t operations;
    uint64_t time_ns; /* since timeline_start */
    uint64_t live_objects, live_bytes, footprint_bytes, rss_bytes;
};

struct series {
    struct point *points;
    size_t count, capacity; /* the capacity is even */
    uint64_t stride;        /* every so manieth is kept: a power of 2 */
    uint64_t offered;
};

struct timeline {
    struct series samples, collections;
    uint64_t step; /* operations from a sample to the next */
    uint64_t zero_ns;
    uint64_t rss_base_bytes; /* of rss_bytes, what is not the heap's */
};

/* For about `samples` samples, and as many collections at most. 0 or -ENOMEM. */
int timeline_open(struct timeline *timeline, size_t samples);
void timeline_close(struct timeline *timeline);

/* Forgets everything; time is 0 now; a repetition is expected to do `operations` operations. */
void timeline_start(struct timeline *timeline, uint64_t operations);

/* Operations from `operations` on until the next sample is due: at least 1. */
uint64_t timeline_until_sample(const struct timeline *timeline, uint64_t operations);

/* Whether the last sample was taken after so many operations. */
bool timeline_has_sample(const struct timeline *timeline, uint64_t operations);

/* Takes a point, whose time_ns is set here. */
void timeline_sample(struct timeline *timeline, const struct point *point);
void timeline_collection(struct timeline *timeline, const struct point *point);

/* The points of both series in the order of time. `next` starts as {0}. NULL at the end. */
struct timeline_cursor {
    size_t samples, collections;
};
const struct point *timeline_next(const struct timeline *timeline, struct timeline_cursor *next, bool *is_collection);

#endif
