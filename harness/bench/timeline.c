#include "bench/timeline.h"

#include <errno.h>

#include "bench/clock.h"
#include "bench/memory.h"

static void series_open(struct series *series, size_t capacity)
{
    *series = (struct series){.points = memory_map(capacity * sizeof *series->points), .capacity = capacity};
}

static void series_close(struct series *series)
{
    memory_unmap(series->points, series->capacity * sizeof *series->points);
    *series = (struct series){0};
}

static void series_start(struct series *series)
{
    series->count = 0;
    series->stride = 1;
    series->offered = 0;
}

static void series_thin(struct series *series)
{
    for (size_t i = 0; i < series->count / 2; i++)
        series->points[i] = series->points[2 * i];
    series->count /= 2;
    series->stride *= 2;
}

/* Invariant: points[i] is the one that was offered as number i * stride. */
static void series_add(struct series *series, const struct point *point)
{
    if (series->offered++ % series->stride != 0)
        return;
    if (series->count == series->capacity)
        series_thin(series);
    /* After thinning an even capacity, this one is again the next multiple of the stride. */
    series->points[series->count++] = *point;
}

int timeline_open(struct timeline *timeline, size_t samples)
{
    /* A sample at the start and one at the end come on top. */
    size_t capacity = (samples + 3) & ~(size_t)1;
    *timeline = (struct timeline){.step = 1};
    series_open(&timeline->samples, capacity);
    series_open(&timeline->collections, capacity);
    if (timeline->samples.points && timeline->collections.points)
        return 0;
    timeline_close(timeline);
    return -ENOMEM;
}

void timeline_close(struct timeline *timeline)
{
    series_close(&timeline->samples);
    series_close(&timeline->collections);
}

void timeline_start(struct timeline *timeline, uint64_t operations)
{
    series_start(&timeline->samples);
    series_start(&timeline->collections);
    uint64_t samples = timeline->samples.capacity - 2;
    timeline->step = operations / samples + (operations % samples != 0);
    if (timeline->step == 0)
        timeline->step = 1;
    timeline->zero_ns = clock_now_ns();
}

uint64_t timeline_until_sample(const struct timeline *timeline, uint64_t operations)
{
    return timeline->step - operations % timeline->step;
}

bool timeline_has_sample(const struct timeline *timeline, uint64_t operations)
{
    const struct series *samples = &timeline->samples;
    return samples->count && samples->points[samples->count - 1].operations == operations;
}

void timeline_sample(struct timeline *timeline, const struct point *point)
{
    struct point timed = *point;
    timed.time_ns = clock_now_ns() - timeline->zero_ns;
    series_add(&timeline->samples, &timed);
}

void timeline_collection(struct timeline *timeline, const struct point *point)
{
    struct point timed = *point;
    timed.time_ns = clock_now_ns() - timeline->zero_ns;
    series_add(&timeline->collections, &timed);
}

const struct point *timeline_next(const struct timeline *timeline, struct timeline_cursor *next, bool *is_collection)
{
    const struct series *samples = &timeline->samples, *collections = &timeline->collections;
    const struct point *sample = next->samples < samples->count ? &samples->points[next->samples] : NULL;
    const struct point *collection =
        next->collections < collections->count ? &collections->points[next->collections] : NULL;
    *is_collection = collection && (!sample || collection->time_ns < sample->time_ns);
    if (*is_collection) {
        next->collections++;
        return collection;
    }
    next->samples += sample != NULL;
    return sample;
}
