/* dataset.h: a run in memory: its cells, and the figures of their rows. Text is interned; rows keep numbers alone.
 *
 * Glossary
 *   cell        what is measured: a contender on an allocator doing a variant.
 *   contender   a strategy with its parameters and heap limit: what competes.
 *   variant     a workload with its parameters.
 *   usable      of a repetition: status ok, with a time or a count, and operations. Only these enter figures.
 */
#ifndef ANALYSIS_DATASET_H
#define ANALYSIS_DATASET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "names.h"

struct cell_key {
    uint64_t heap_limit_bytes;
    uint32_t strategy, strategy_params, allocator, workload, workload_params; /* of dataset.names */
    uint32_t zero;                                                            /* so that it compares as bytes */
};

/* What a run says of the cost of work: times; or with --counter, a number, and no times. */
enum cost_kind { COST_TIME, COST_INSTRUCTIONS, COST_SYSTEM_CALLS, COST_KINDS };

/* One row of samples.csv. What is empty there is READER_MISSING here. */
struct sample {
    uint32_t invocation, repetition;
    uint32_t status, detail; /* of dataset.names */
    bool usable;
    int64_t iterations, wall_ns, cpu_ns, instructions, cycles, cache_misses, tlb_misses, system_calls, page_faults,
        operations, objects_allocated, peak_footprint_bytes, peak_rss_bytes;
    int64_t leaked_objects, leaked_bytes, collections, gc_ns, pause_count, pause_max_ns;
};

enum pause_cause { PAUSE_COLLECTION, PAUSE_CASCADE, PAUSE_CAUSES };
extern const char *const pause_causes[PAUSE_CAUSES];

struct pause {
    uint32_t cell, sample; /* its repetition, of the cell's samples */
    int64_t start_ns;      /* READER_MISSING where the table does not say */
    int64_t length_ns;
    uint32_t cause;
};

/* One row of latency.csv: steps of latency_steps, which say how many requests took at most `ns` and more than the one
 * before. */
struct latency {
    uint32_t cell, sample; /* its repetition, of the cell's samples */
    uint32_t metering;     /* of meterings */
    int64_t max_ns;
    size_t first_step, step_count;
};
struct latency_step {
    int64_t ns, requests;
};

/* One row of timeline.csv. */
struct instant {
    uint32_t cell, repetition;
    int64_t operations, time_ns, live_bytes, footprint_bytes;
    int64_t resident_bytes; /* rss_bytes less rss_base_bytes, at least 0; or READER_MISSING */
};

struct cell {
    struct cell_key key;
    uint32_t allocator_loaded, unit;      /* of dataset.names */
    size_t contender, variant, allocator; /* indices below */
    struct sample *samples;               /* by invocation and repetition */
    size_t sample_count, sample_capacity;
    size_t first_pause, pause_count;     /* in pauses: by length */
    size_t first_instant, instant_count; /* in instants: by repetition and operations */
    size_t first_latency, latency_count; /* in latencies: by repetition */
    bool has_usable;
};

struct contender {
    uint64_t heap_limit_bytes;
    uint32_t strategy, strategy_params;
    char *label;
    size_t baseline;  /* the contender that its ratios divide by */
    bool judge;       /* checks rather than competes: in no figure and no comparison */
    bool never_frees; /* the lower bound: that it leaks is no finding */
    bool by_hand;     /* frees what the work needs no more: what is live under it is what the work needs */
};

struct variant {
    uint32_t workload, workload_params;
    uint32_t unit;
    char *label;
};

struct dataset {
    struct names names;
    uint32_t run_id;
    enum cost_kind cost; /* what all its rows have, and figures are of */

    struct cell *cells; /* by variant, contender, allocator */
    size_t cell_count;
    struct contender *contenders; /* the baseline first */
    size_t contender_count;
    struct variant *variants; /* by workload and parameters */
    size_t variant_count;
    uint32_t *allocators; /* of names; system first */
    size_t allocator_count;
    int32_t *grid; /* index of the cell of [variant][contender][allocator], or -1 */

    struct pause *pauses;
    size_t pause_count, pause_capacity;
    struct instant *instants;
    size_t instant_count, instant_capacity;
    struct latency *latencies;
    size_t latency_count, latency_capacity;
    struct latency_step *latency_steps;
    size_t latency_step_count, latency_step_capacity;
    uint32_t *meterings; /* ways to count latencies: of names, in the order of the file */
    size_t metering_count, metering_capacity;
};

/* Reads a run. 0, or a negative errno after a message; then *data is empty. */
int dataset_load(struct dataset *data, const char *run_dir);
void dataset_free(struct dataset *data);

/* Whether the figures are numbers that are the same every time. */
static inline bool dataset_is_counted(const struct dataset *data)
{
    return data->cost != COST_TIME;
}

static inline const char *dataset_name(const struct dataset *data, uint32_t id)
{
    return names_text(&data->names, id);
}

/* The cell, or NULL if the run has none such. */
struct cell *dataset_cell(const struct dataset *data, size_t variant, size_t contender, size_t allocator);

/* The cell that this one's ratios divide by; NULL if it is not in the run or has no usable repetition. */
struct cell *dataset_baseline(const struct dataset *data, const struct cell *cell);

#endif
