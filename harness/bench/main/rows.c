#include "bench/main/rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/json.h"
#include "schema/schema.h"

static void put(enum table_id table, size_t column, uint64_t value)
{
    json_unsigned(schema_tables[table].columns[column].name, value);
}

static void put_text(enum table_id table, size_t column, const char *value)
{
    json_text(schema_tables[table].columns[column].name, value);
}

void row_process(const char *allocator, const char *workload_params, const char *unit)
{
    json_row_begin("process");
    put_text(TABLE_SAMPLES, SAMPLES_allocator_loaded, allocator);
    put_text(TABLE_SAMPLES, SAMPLES_workload_params, workload_params);
    put_text(TABLE_SAMPLES, SAMPLES_unit, unit);
    json_unsigned("pid", (uint64_t)getpid());
    json_row_end();
}

/* ---- pauses: many in a line, since a line of its own for each costs the command three times as much */

enum { PAUSES_AT_ONCE = 256 };

static uint64_t pause_value(const struct pause *pause, enum PAUSES_column column)
{
    switch (column) {
    case PAUSES_start_ns: return pause->start_ns;
    case PAUSES_length_ns: return pause->length_ns;
    case PAUSES_cause: return pause->cause;
    case PAUSES_generation: return pause->generation;
    default: return pause->freed;
    }
}

static void put_pause_value(const char *name, enum PAUSES_column column, uint64_t value)
{
    if (column == PAUSES_cause)
        json_text(name, value == MM_PAUSE_COLLECTION ? "collection" : "cascade");
    else if (column == PAUSES_freed && value == MM_FREED_UNKNOWN)
        json_none(name);
    else
        json_unsigned(name, value);
}

static bool all_have(const struct pause *pauses, size_t count, enum PAUSES_column column, uint64_t value)
{
    for (size_t i = 0; i < count; i++)
        if (pause_value(&pauses[i], column) != value)
            return false;
    return true;
}

/* The value of all, or a list. The starts of several are always a list: it says how many there are. */
static void put_pause_column(const struct pause *pauses, size_t count, enum PAUSES_column column)
{
    const char *name = schema_tables[TABLE_PAUSES].columns[column].name;
    uint64_t first = pause_value(pauses, column);
    if (count == 1 || (column != PAUSES_start_ns && all_have(pauses, count, column, first))) {
        put_pause_value(name, column, first);
        return;
    }
    json_array_begin(name);
    for (size_t i = 0; i < count; i++)
        put_pause_value(NULL, column, pause_value(&pauses[i], column));
    json_array_end();
}

void row_pauses(uint64_t repetition, const struct recorder *recorder)
{
    static const enum PAUSES_column columns[] = {PAUSES_start_ns, PAUSES_length_ns, PAUSES_cause, PAUSES_generation,
                                                 PAUSES_freed};
    for (size_t first = 0, count; first < recorder->kept; first += count) {
        count = recorder->kept - first < PAUSES_AT_ONCE ? recorder->kept - first : PAUSES_AT_ONCE;
        json_row_begin("pause");
        put(TABLE_PAUSES, PAUSES_repetition, repetition);
        for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
            put_pause_column(&recorder->pauses[first], count, columns[i]);
        json_row_end();
    }
}

/* ---- the other rows */

/* "step:count step:count": for each step that has requests, its largest latency in ns. */
static const char *histogram_text(const struct histogram *histogram)
{
    static char text[HISTOGRAM_STEPS * 42];
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; i < HISTOGRAM_STEPS; i++)
        if (histogram->counts[i])
            length += (size_t)snprintf(text + length, sizeof text - length, "%s%" PRIu64 ":%" PRIu64, length ? " " : "",
                                       histogram_step_ns(i), histogram->counts[i]);
    return text;
}

void row_latencies(uint64_t repetition, const struct latency *latency)
{
    static struct histogram histogram;
    for (size_t i = 0; i < LATENCY_METERINGS; i++) {
        latency_histogram(latency, &latency_meterings[i], &histogram);
        json_row_begin("latency");
        put(TABLE_LATENCY, LATENCY_repetition, repetition);
        put_text(TABLE_LATENCY, LATENCY_metering, latency_meterings[i].name);
        put(TABLE_LATENCY, LATENCY_requests, latency->kept);
        put(TABLE_LATENCY, LATENCY_max_ns, histogram.max_ns);
        put_text(TABLE_LATENCY, LATENCY_histogram, histogram_text(&histogram));
        json_row_end();
    }
}

void row_figures(uint64_t repetition, const struct outcome *outcome)
{
    for (size_t i = 0; i < outcome->figure_count; i++) {
        json_row_begin("figure");
        put(TABLE_FIGURES, FIGURES_repetition, repetition);
        put_text(TABLE_FIGURES, FIGURES_name, outcome->figures[i].name);
        put_text(TABLE_FIGURES, FIGURES_unit, outcome->figures[i].unit);
        json_number(schema_tables[TABLE_FIGURES].columns[FIGURES_value].name, outcome->figures[i].value);
        json_row_end();
    }
}

void row_timeline(uint64_t repetition, const struct timeline *timeline)
{
    struct timeline_cursor cursor = {0};
    const struct point *point;
    bool is_collection;
    while ((point = timeline_next(timeline, &cursor, &is_collection))) {
        json_row_begin("timeline");
        put(TABLE_TIMELINE, TIMELINE_repetition, repetition);
        put(TABLE_TIMELINE, TIMELINE_operations, point->operations);
        put(TABLE_TIMELINE, TIMELINE_time_ns, point->time_ns);
        put_text(TABLE_TIMELINE, TIMELINE_event, is_collection ? "collection" : "sample");
        put(TABLE_TIMELINE, TIMELINE_live_objects, point->live_objects);
        put(TABLE_TIMELINE, TIMELINE_live_bytes, point->live_bytes);
        put(TABLE_TIMELINE, TIMELINE_footprint_bytes, point->footprint_bytes);
        put(TABLE_TIMELINE, TIMELINE_rss_bytes, point->rss_bytes);
        put(TABLE_TIMELINE, TIMELINE_rss_base_bytes, timeline->rss_base_bytes);
        json_row_end();
    }
}

/* What holds of a repetition that ran to its end, right or wrong. */
static void put_facts(const struct outcome *outcome)
{
    put(TABLE_SAMPLES, SAMPLES_operations, outcome->operations);
    put(TABLE_SAMPLES, SAMPLES_objects_allocated, outcome->objects_allocated);
    put(TABLE_SAMPLES, SAMPLES_bytes_allocated, outcome->bytes_allocated);
    put(TABLE_SAMPLES, SAMPLES_peak_footprint_bytes, outcome->peak_footprint_bytes);
    put(TABLE_SAMPLES, SAMPLES_peak_rss_bytes, outcome->peak_rss_bytes);
    put(TABLE_SAMPLES, SAMPLES_live_bytes_end, outcome->live_bytes_end);
    json_signed(schema_tables[TABLE_SAMPLES].columns[SAMPLES_leaked_objects].name, outcome->leaked_objects);
    json_signed(schema_tables[TABLE_SAMPLES].columns[SAMPLES_leaked_bytes].name, outcome->leaked_bytes);
    put(TABLE_SAMPLES, SAMPLES_collections, outcome->collections);
    char checksum[17];
    snprintf(checksum, sizeof checksum, "%016" PRIx64, outcome->checksum);
    put_text(TABLE_SAMPLES, SAMPLES_checksum, checksum);
}

static void put_times(const struct outcome *outcome, const struct recorder *recorder)
{
    put(TABLE_SAMPLES, SAMPLES_wall_ns, outcome->times.wall_ns);
    put(TABLE_SAMPLES, SAMPLES_cpu_ns, outcome->times.cpu_ns);
    put(TABLE_SAMPLES, SAMPLES_gc_ns, outcome->gc_ns);
    put(TABLE_SAMPLES, SAMPLES_pause_count, recorder->count);
    put(TABLE_SAMPLES, SAMPLES_pause_max_ns, recorder->max_ns);
    static const size_t columns[COUNTERS] = {
        [COUNTER_CYCLES] = SAMPLES_cycles,
        [COUNTER_INSTRUCTIONS] = SAMPLES_instructions,
        [COUNTER_CACHE_MISSES] = SAMPLES_cache_misses,
        [COUNTER_TLB_MISSES] = SAMPLES_tlb_misses,
        [COUNTER_PAGE_FAULTS] = SAMPLES_page_faults,
    };
    for (size_t i = 0; i < COUNTERS; i++)
        if (outcome->counters.known[i])
            put(TABLE_SAMPLES, columns[i], outcome->counters.values[i]);
}

void row_sample(uint64_t repetition, const struct task *task, const struct outcome *outcome,
                const struct recorder *recorder)
{
    bool ok = strcmp(outcome->status, "ok") == 0, wrong = strcmp(outcome->status, "wrong") == 0;
    json_row_begin("sample");
    put(TABLE_SAMPLES, SAMPLES_repetition, repetition);
    put_text(TABLE_SAMPLES, SAMPLES_status, outcome->status);
    put_text(TABLE_SAMPLES, SAMPLES_detail, outcome->detail);
    put(TABLE_SAMPLES, SAMPLES_iterations, task->iterations);
    if (ok || wrong)
        put_facts(outcome);
    if (ok && recorder)
        put_times(outcome, recorder);
    json_row_end();
}

void row_end(void)
{
    json_row_begin("end");
    json_row_end();
}
