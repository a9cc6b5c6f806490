/* Quantities that are made of pauses.csv and timeline.csv. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/bootstrap.h"
#include "analysis/reader.h"
#include "claims/rows.h"
#include "driver/text.h"

/* ---- pauses */

struct length {
    uint32_t cell, invocation;
    double ns;
};

struct lengths {
    struct rows *rows;
    struct length *items;
    size_t count, capacity;
};

static int take_pause(struct row *row, void *context)
{
    static const int key[] = {PAUSES_strategy, PAUSES_strategy_params, PAUSES_allocator,
                              PAUSES_workload, PAUSES_workload_params, PAUSES_heap_limit_bytes};
    struct lengths *lengths = context;
    if (lengths->count == lengths->capacity) {
        lengths->capacity = lengths->capacity ? 2 * lengths->capacity : 4096;
        lengths->items = must_resize(lengths->items, lengths->capacity, sizeof *lengths->items);
    }
    lengths->items[lengths->count++] = (struct length){
        .cell = rows_cell_of(lengths->rows, row, key),
        .invocation = (uint32_t)row_integer(row, PAUSES_invocation),
        .ns = (double)row_integer(row, PAUSES_length_ns),
    };
    return 0;
}

static int by_process(const void *left, const void *right)
{
    const struct length *a = left, *b = right;
    if (a->cell != b->cell)
        return a->cell < b->cell ? -1 : 1;
    if (a->invocation != b->invocation)
        return a->invocation < b->invocation ? -1 : 1;
    return (a->ns > b->ns) - (a->ns < b->ns);
}

/* A percentile needs enough pauses above it to be one. */
static const struct {
    const char *name;
    double quantile;
    size_t least;
} percentiles[] = {
    {"pauses.p50_ns", 0.5, 1},
    {"pauses.p90_ns", 0.9, 10},
    {"pauses.p99_ns", 0.99, 100},
    {"pauses.max_ns", 1, 1},
};
enum { PERCENTILES = sizeof percentiles / sizeof *percentiles };

static void add_percentiles(struct rows *rows, const struct length *lengths, size_t count)
{
    for (size_t i = 0; i < PERCENTILES; i++)
        if (count >= percentiles[i].least)
            rows_add(rows, (struct observation){.cell = lengths->cell,
                                                .quantity = rows_name(rows, percentiles[i].name),
                                                .invocation = lengths->invocation,
                                                .value = lengths[nearest_rank(count, percentiles[i].quantile)].ns});
}

int rows_add_pauses(struct rows *rows, const char *run_dir)
{
    static const int columns[] = {PAUSES_strategy, PAUSES_workload, PAUSES_invocation, PAUSES_length_ns, -1};
    struct lengths lengths = {.rows = rows};
    int error = reader_read(run_dir, TABLE_PAUSES, columns, take_pause, &lengths);
    if (!error && lengths.count)
        qsort(lengths.items, lengths.count, sizeof *lengths.items, by_process);
    for (size_t first = 0, i = 0; !error && i < lengths.count; i++) {
        const struct length *at = &lengths.items[i];
        if (i + 1 < lengths.count && at[1].cell == at->cell && at[1].invocation == at->invocation)
            continue;
        add_percentiles(rows, lengths.items + first, i + 1 - first);
        first = i + 1;
    }
    free(lengths.items);
    return error == -ENOENT ? 0 : error;
}

/* ---- timelines */

static const struct {
    int column;
    const char *name;
} levels[] = {
    {TIMELINE_live_objects, "timeline.live_objects"},
    {TIMELINE_live_bytes, "timeline.live_bytes"},
    {TIMELINE_footprint_bytes, "timeline.footprint_bytes"},
    {TIMELINE_rss_bytes, "timeline.rss_bytes"},
};
enum { LEVELS = sizeof levels / sizeof *levels };

/* One repetition's timeline so far. */
struct course {
    struct rows *rows;
    uint32_t cell, repetition;
    size_t samples; /* 0: none is begun */
    double max[LEVELS], sum[LEVELS], last[LEVELS];
};

static void add_level(struct course *course, const char *name, const char *how, double value)
{
    char *quantity = must_print("%s.%s", name, how);
    rows_add(course->rows, (struct observation){.cell = course->cell,
                                                .quantity = rows_name(course->rows, quantity),
                                                .invocation = course->repetition,
                                                .value = value});
    free(quantity);
}

static void end_course(struct course *course)
{
    for (size_t i = 0; course->samples && i < LEVELS; i++) {
        add_level(course, levels[i].name, "max", course->max[i]);
        add_level(course, levels[i].name, "mean", course->sum[i] / (double)course->samples);
        add_level(course, levels[i].name, "last", course->last[i]);
    }
    *course = (struct course){.rows = course->rows};
}

static int take_instant(struct row *row, void *context)
{
    static const int key[] = {TIMELINE_strategy, TIMELINE_strategy_params, TIMELINE_allocator,
                              TIMELINE_workload, TIMELINE_workload_params, TIMELINE_heap_limit_bytes};
    struct course *course = context;
    uint32_t cell = rows_cell_of(course->rows, row, key), repetition = (uint32_t)row_integer(row, TIMELINE_repetition);
    if (strcmp(row_text(row, TIMELINE_event, NULL), "sample") != 0)
        return 0;
    if (course->samples && (course->cell != cell || course->repetition != repetition))
        end_course(course);
    course->cell = cell;
    course->repetition = repetition;
    course->samples++;
    for (size_t i = 0; i < LEVELS; i++) {
        course->last[i] = (double)row_integer(row, levels[i].column);
        course->sum[i] += course->last[i];
        course->max[i] = fmax(course->max[i], course->last[i]);
    }
    return 0;
}

int rows_add_timeline(struct rows *rows, const char *run_dir)
{
    static const int columns[] = {TIMELINE_repetition,
                                  TIMELINE_event,
                                  TIMELINE_live_objects,
                                  TIMELINE_live_bytes,
                                  TIMELINE_footprint_bytes,
                                  TIMELINE_rss_bytes,
                                  -1};
    struct course course = {.rows = rows};
    int error = reader_read(run_dir, TABLE_TIMELINE, columns, take_instant, &course);
    end_course(&course);
    return error == -ENOENT ? 0 : error;
}
