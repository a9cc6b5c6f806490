#include "mmu.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "reader.h"

#define SHORTEST_WINDOW_NS 1e4

enum { POINTS_PER_DECADE = 10 };

size_t stops_join(struct stop *stops, size_t count, double length)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        struct stop stop = {stops[i].start, fmin(stops[i].end, length)};
        if (stop.start >= length)
            break;
        if (kept && stop.start <= stops[kept - 1].end)
            stops[kept - 1].end = fmax(stops[kept - 1].end, stop.end);
        else
            stops[kept++] = stop;
    }
    return kept;
}

/* Time stopped before `at`, going forward from stop *index. before[i]: in stops before i. */
static double stopped_before(const struct stop *stops, size_t count, const double *before, double at, size_t *index)
{
    while (*index < count && stops[*index].end <= at)
        ++*index;
    double within = *index < count && stops[*index].start < at ? at - stops[*index].start : 0;
    return before[*index] + within;
}

/* The most time stopped in a window that begins where a stop does, or ends where one does; moved so that it lies within
 * the repetition. Both ends only go forward from stop to stop. */
static double most_stopped(const struct stop *stops, size_t count, const double *before, double length, double window)
{
    double most = 0;
    size_t low = 0, high = 0;
    for (size_t i = 0; i < count; i++) {
        double start = fmin(stops[i].start, length - window);
        double until = stopped_before(stops, count, before, start + window, &high);
        most = fmax(most, until - stopped_before(stops, count, before, start, &low));
    }
    low = high = 0;
    for (size_t i = 0; i < count; i++) {
        double start = fmax(stops[i].end - window, 0);
        double until = stopped_before(stops, count, before, start + window, &high);
        most = fmax(most, until - stopped_before(stops, count, before, start, &low));
    }
    return most;
}

double mmu_of_stops(const struct stop *stops, size_t count, double length, double window, double *before)
{
    before[0] = 0;
    for (size_t i = 0; i < count; i++)
        before[i + 1] = before[i] + stops[i].end - stops[i].start;
    return 1 - fmin(most_stopped(stops, count, before, length, window) / window, 1);
}

/* ---- of a cell */

static int compare_pauses(const void *left, const void *right)
{
    const struct pause *a = left, *b = right;
    if (a->sample != b->sample)
        return a->sample < b->sample ? -1 : 1;
    return (a->start_ns > b->start_ns) - (a->start_ns < b->start_ns);
}

struct curve {
    struct pause *pauses; /* of the cell, by repetition and start */
    struct stop *stops;
    double *before;
};

static double shortest_repetition(const struct cell *cell)
{
    double shortest = INFINITY;
    for (size_t i = 0; i < cell->sample_count; i++) {
        const struct sample *sample = &cell->samples[i];
        if (sample->usable)
            shortest = fmin(shortest, (double)sample->wall_ns);
    }
    return shortest;
}

static size_t choose_windows(double shortest, struct mmu_point *points)
{
    size_t count = 0;
    for (double window = SHORTEST_WINDOW_NS; window < shortest && count + 1 < MMU_POINTS_MAX; count++) {
        points[count] = (struct mmu_point){window, 1};
        window = SHORTEST_WINDOW_NS * pow(10, (double)(count + 1) / POINTS_PER_DECADE);
    }
    points[count++] = (struct mmu_point){shortest, 1};
    return count;
}

static void lower_by_repetition(const struct curve *curve, size_t first, size_t end, double length,
                                struct mmu_point *points, size_t count)
{
    for (size_t i = first; i < end; i++)
        curve->stops[i - first] = (struct stop){(double)curve->pauses[i].start_ns,
                                                (double)(curve->pauses[i].start_ns + curve->pauses[i].length_ns)};
    size_t stops = stops_join(curve->stops, end - first, length);
    for (size_t i = 0; i < count; i++) {
        double own = mmu_of_stops(curve->stops, stops, length, points[i].window_ns, curve->before);
        points[i].utilisation = fmin(points[i].utilisation, own);
    }
}

static void trace(const struct dataset *data, const struct cell *cell, const struct curve *curve,
                  struct mmu_point *points, size_t *count)
{
    for (size_t i = 0; i < cell->pause_count; i++) {
        curve->pauses[i] = data->pauses[cell->first_pause + i];
        if (curve->pauses[i].start_ns == READER_MISSING || curve->pauses[i].start_ns < 0)
            return;
    }
    qsort(curve->pauses, cell->pause_count, sizeof *curve->pauses, compare_pauses);
    *count = choose_windows(shortest_repetition(cell), points);
    for (size_t first = 0, end; first < cell->pause_count; first = end) {
        const struct sample *sample = &cell->samples[curve->pauses[first].sample];
        for (end = first + 1; end < cell->pause_count; end++)
            if (curve->pauses[end].sample != curve->pauses[first].sample)
                break;
        lower_by_repetition(curve, first, end, (double)sample->wall_ns, points, *count);
    }
}

int mmu_of_cell(const struct dataset *data, const struct cell *cell, struct mmu_point *points, size_t *count)
{
    *count = 0;
    if (!cell->pause_count || dataset_is_counted(data))
        return 0;
    struct curve curve = {malloc(cell->pause_count * sizeof(struct pause)),
                          malloc(cell->pause_count * sizeof(struct stop)),
                          malloc((cell->pause_count + 1) * sizeof(double))};
    bool enough = curve.pauses && curve.stops && curve.before;
    if (enough)
        trace(data, cell, &curve, points, count);
    free(curve.pauses);
    free(curve.stops);
    free(curve.before);
    return enough ? 0 : -ENOMEM;
}
