/* What was held over what was live, at the same instants; and what was given back. */
#include <math.h>

#include "reader.h"
#include "summary.h"

/* What is held at an instant: from the allocator, or from the system. NaN where it is not known. */
typedef double held_at(const struct instant *instant);

static double footprint_at(const struct instant *instant)
{
    return (double)instant->footprint_bytes;
}

static double resident_at(const struct instant *instant)
{
    return instant->resident_bytes == READER_MISSING ? NAN : (double)instant->resident_bytes;
}

/* Averaged over operations (trapezoids), of all repetitions of the timeline. */
struct course {
    double live, held; /* bytes */
    double overhead_max;
};

/* The largest overhead is at an instant. Where next to nothing is live, anything held is a large multiple of it and
 * says nothing: so from a tenth of the peak on. */
static struct course course_of(const struct dataset *data, const struct cell *cell, held_at *held)
{
    const struct instant *instants = data->instants + cell->first_instant;
    struct course course = {.overhead_max = NAN};
    double operations = 0, peak_live = 0;
    for (size_t i = 0; i < cell->instant_count; i++) {
        peak_live = fmax(peak_live, (double)instants[i].live_bytes);
        if (i == 0 || instants[i].repetition != instants[i - 1].repetition)
            continue;
        double width = (double)(instants[i].operations - instants[i - 1].operations);
        operations += width;
        course.live += width * (double)(instants[i].live_bytes + instants[i - 1].live_bytes) / 2;
        course.held += width * (held(&instants[i]) + held(&instants[i - 1])) / 2;
    }
    course.live = operations > 0 ? course.live / operations : NAN;
    course.held = operations > 0 ? course.held / operations : NAN;
    for (size_t i = 0; i < cell->instant_count; i++)
        if (instants[i].live_bytes > 0 && (double)instants[i].live_bytes >= peak_live / 10)
            course.overhead_max = fmax(course.overhead_max, held(&instants[i]) / (double)instants[i].live_bytes);
    return course;
}

/* What was held fell by after its peak, at most, in the repetition that has the peak; and what it is over what live
 * bytes fell by from there to the same instant. */
static void find_return(const struct dataset *data, const struct cell *cell, held_at *held, double *returned,
                        double *share)
{
    const struct instant *instants = data->instants + cell->first_instant;
    size_t peak = 0, least = 0;
    for (size_t i = 1; i < cell->instant_count; i++)
        if (held(&instants[i]) > held(&instants[peak]))
            peak = i;
    least = peak;
    for (size_t i = peak; i < cell->instant_count && instants[i].repetition == instants[peak].repetition; i++)
        if (held(&instants[i]) <= held(&instants[least]))
            least = i;
    if (cell->instant_count < 2)
        return;
    double fell = (double)(instants[peak].live_bytes - instants[least].live_bytes);
    *returned = held(&instants[peak]) - held(&instants[least]);
    if (fell >= held(&instants[peak]) / 10)
        *share = *returned / fell;
}

void summary_timeline(const struct dataset *data, const struct cell *cell, struct cell_summary *summary)
{
    struct course footprint = course_of(data, cell, footprint_at), resident = course_of(data, cell, resident_at);
    summary->mean_live = footprint.live;
    summary->mean_footprint = footprint.held;
    summary->overhead_mean = footprint.live > 0 ? footprint.held / footprint.live : NAN;
    summary->overhead_max = footprint.overhead_max;
    summary->rss_overhead_mean = resident.live > 0 ? resident.held / resident.live : NAN;
    summary->rss_overhead_max = resident.overhead_max;
    find_return(data, cell, footprint_at, &summary->returned, &summary->returned_share);
    find_return(data, cell, resident_at, &summary->returned_rss, &summary->returned_rss_share);
}
