#include "load.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "grow.h"
#include "latency.h"
#include "message.h"
#include "reader.h"

#define HASH_NONFATAL_OOM            1
#define uthash_nonfatal_oom(element) ((element)->cell = UINT32_MAX)
#include <uthash.h>

enum { KEY_TEXTS = 5, KEY_TEXT_MAX = 512 };

/* A cell by its key, while rows are read. */
struct entry {
    struct cell_key key;
    uint32_t cell;
    UT_hash_handle hh;
};

/* The columns of a table that make the key; tables name them alike. */
struct key_columns {
    int text[KEY_TEXTS]; /* strategy, strategy_params, allocator, workload, workload_params */
    int heap_limit_bytes;
};

struct loading {
    struct dataset *data;
    struct entry *entries; /* uthash */
    struct key_columns columns;
    size_t cell_capacity;
    /* Rows of a cell come in a row, mostly: the last key's texts and its cell. */
    char last_text[KEY_TEXTS][KEY_TEXT_MAX];
    size_t last_length[KEY_TEXTS];
    int64_t last_heap_limit;
    uint32_t last_cell;
    bool has_last;
    const struct sample *last_sample; /* that a row of another table belonged to, and its cell */
    uint32_t last_sample_cell;
    enum cost_kind cost; /* of the first usable row of samples.csv; COST_KINDS before it */
    bool mixed_costs;
};

static const int sample_columns[] = {SAMPLES_run_id,
                                     SAMPLES_strategy,
                                     SAMPLES_strategy_params,
                                     SAMPLES_allocator,
                                     SAMPLES_allocator_loaded,
                                     SAMPLES_workload,
                                     SAMPLES_workload_params,
                                     SAMPLES_heap_limit_bytes,
                                     SAMPLES_invocation,
                                     SAMPLES_repetition,
                                     SAMPLES_status,
                                     SAMPLES_wall_ns,
                                     SAMPLES_cpu_ns,
                                     SAMPLES_operations,
                                     SAMPLES_objects_allocated,
                                     SAMPLES_peak_footprint_bytes,
                                     SAMPLES_peak_rss_bytes,
                                     SAMPLES_leaked_objects,
                                     SAMPLES_leaked_bytes,
                                     SAMPLES_collections,
                                     SAMPLES_gc_ns,
                                     SAMPLES_pause_count,
                                     SAMPLES_pause_max_ns,
                                     -1};
static const int pause_columns[] = {PAUSES_strategy,
                                    PAUSES_strategy_params,
                                    PAUSES_allocator,
                                    PAUSES_workload,
                                    PAUSES_workload_params,
                                    PAUSES_heap_limit_bytes,
                                    PAUSES_invocation,
                                    PAUSES_repetition,
                                    PAUSES_length_ns,
                                    PAUSES_cause,
                                    -1};
static const int latency_columns[] = {LATENCY_strategy,   LATENCY_strategy_params, LATENCY_allocator,
                                      LATENCY_workload,   LATENCY_workload_params, LATENCY_heap_limit_bytes,
                                      LATENCY_invocation, LATENCY_repetition,      LATENCY_metering,
                                      LATENCY_max_ns,     LATENCY_histogram,       -1};
static const int timeline_columns[] = {TIMELINE_strategy,
                                       TIMELINE_strategy_params,
                                       TIMELINE_allocator,
                                       TIMELINE_workload,
                                       TIMELINE_workload_params,
                                       TIMELINE_heap_limit_bytes,
                                       TIMELINE_repetition,
                                       TIMELINE_operations,
                                       TIMELINE_live_bytes,
                                       TIMELINE_footprint_bytes,
                                       -1};

/* ---- the cell of a row ---- */

static bool same_as_last(const struct loading *loading, struct row *row, int64_t heap_limit)
{
    if (!loading->has_last || heap_limit != loading->last_heap_limit)
        return false;
    for (int i = 0; i < KEY_TEXTS; i++) {
        size_t length;
        const char *text = row_text(row, loading->columns.text[i], &length);
        if (length != loading->last_length[i] || memcmp(text, loading->last_text[i], length) != 0)
            return false;
    }
    return true;
}

static void remember(struct loading *loading, struct row *row, int64_t heap_limit, uint32_t cell)
{
    loading->last_cell = cell;
    loading->last_heap_limit = heap_limit;
    loading->has_last = true;
    for (int i = 0; i < KEY_TEXTS; i++) {
        const char *text = row_text(row, loading->columns.text[i], &loading->last_length[i]);
        if (loading->last_length[i] > KEY_TEXT_MAX)
            loading->has_last = false;
        else
            memcpy(loading->last_text[i], text, loading->last_length[i]);
    }
}

static int make_key(struct loading *loading, struct row *row, int64_t heap_limit, struct cell_key *key)
{
    uint32_t *const ids[KEY_TEXTS] = {&key->strategy, &key->strategy_params, &key->allocator, &key->workload,
                                      &key->workload_params};
    *key = (struct cell_key){.heap_limit_bytes = heap_limit == READER_MISSING ? 0 : (uint64_t)heap_limit};
    for (int i = 0; i < KEY_TEXTS; i++) {
        size_t length;
        const char *text = row_text(row, loading->columns.text[i], &length);
        *ids[i] = names_id(&loading->data->names, text, length);
        if (*ids[i] == NAMES_NONE)
            return analysis_no_memory();
    }
    return 0;
}

static int enter(struct loading *loading, const struct cell_key *key, uint32_t cell)
{
    struct entry *entry = calloc(1, sizeof *entry);
    if (!entry)
        return analysis_no_memory();
    entry->key = *key;
    entry->cell = cell;
    HASH_ADD(hh, loading->entries, key, sizeof entry->key, entry);
    if (entry->cell != UINT32_MAX)
        return 0;
    free(entry);
    return analysis_no_memory();
}

static int add_cell(struct loading *loading, const struct cell_key *key, uint32_t *cell)
{
    struct dataset *data = loading->data;
    if (grow(&data->cells, &loading->cell_capacity, data->cell_count + 1, sizeof *data->cells))
        return analysis_no_memory();
    *cell = (uint32_t)data->cell_count;
    data->cells[data->cell_count++] = (struct cell){.key = *key, .allocator_loaded = NAMES_NONE, .unit = NAMES_NONE};
    return enter(loading, key, *cell);
}

/* The cell of a row; UINT32_MAX if there is none and `add` is false. */
static int find_cell(struct loading *loading, struct row *row, bool add, uint32_t *cell)
{
    int64_t heap_limit = row_integer(row, loading->columns.heap_limit_bytes);
    if (same_as_last(loading, row, heap_limit)) {
        *cell = loading->last_cell;
        return 0;
    }
    struct cell_key key;
    int error = make_key(loading, row, heap_limit, &key);
    if (error)
        return error;
    struct entry *entry;
    HASH_FIND(hh, loading->entries, &key, sizeof key, entry);
    *cell = entry ? entry->cell : UINT32_MAX;
    if (!entry && add)
        error = add_cell(loading, &key, cell);
    if (!error)
        remember(loading, row, heap_limit, *cell);
    return error;
}

static void forget_entries(struct loading *loading)
{
    struct entry *entry, *next;
    HASH_ITER (hh, loading->entries, entry, next) {
        HASH_DEL(loading->entries, entry);
        free(entry);
    }
}

/* Enters the cells that samples.csv has, for reading the other tables. */
static int enter_all(struct loading *loading)
{
    for (size_t i = 0; i < loading->data->cell_count; i++) {
        int error = enter(loading, &loading->data->cells[i].key, (uint32_t)i);
        if (error)
            return error;
    }
    return 0;
}

/* ---- samples.csv ---- */

static uint32_t intern(struct loading *loading, const struct row *row, int column)
{
    size_t length;
    const char *text = row_text(row, column, &length);
    return names_id(&loading->data->names, text, length);
}

static uint32_t small_number(int64_t value)
{
    return value < 0 || value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
}

static void read_figures(struct sample *sample, struct row *row)
{
    sample->iterations = row_integer(row, SAMPLES_iterations);
    sample->wall_ns = row_integer(row, SAMPLES_wall_ns);
    sample->cpu_ns = row_integer(row, SAMPLES_cpu_ns);
    sample->instructions = row_integer(row, SAMPLES_instructions);
    sample->system_calls = row_integer(row, SAMPLES_system_calls);
    sample->cycles = row_integer(row, SAMPLES_cycles);
    sample->cache_misses = row_integer(row, SAMPLES_cache_misses);
    sample->tlb_misses = row_integer(row, SAMPLES_tlb_misses);
    sample->page_faults = row_integer(row, SAMPLES_page_faults);
    sample->operations = row_integer(row, SAMPLES_operations);
    sample->objects_allocated = row_integer(row, SAMPLES_objects_allocated);
    sample->peak_footprint_bytes = row_integer(row, SAMPLES_peak_footprint_bytes);
    sample->peak_rss_bytes = row_integer(row, SAMPLES_peak_rss_bytes);
    sample->leaked_objects = row_integer(row, SAMPLES_leaked_objects);
    sample->leaked_bytes = row_integer(row, SAMPLES_leaked_bytes);
    sample->collections = row_integer(row, SAMPLES_collections);
    sample->gc_ns = row_integer(row, SAMPLES_gc_ns);
    sample->pause_count = row_integer(row, SAMPLES_pause_count);
    sample->pause_max_ns = row_integer(row, SAMPLES_pause_max_ns);
}

/* What a usable row has; COST_KINDS: nothing. */
static enum cost_kind cost_of_sample(const struct sample *sample)
{
    return sample->wall_ns > 0                      ? COST_TIME
           : sample->instructions > 0               ? COST_INSTRUCTIONS
           : sample->system_calls != READER_MISSING ? COST_SYSTEM_CALLS
                                                    : COST_KINDS;
}

static int check_usable(struct loading *loading, struct sample *sample, struct row *row)
{
    sample->usable = strcmp(row_text(row, SAMPLES_status, NULL), "ok") == 0;
    if (!sample->usable)
        return 0;
    enum cost_kind cost = cost_of_sample(sample);
    if (cost == COST_KINDS || sample->operations <= 0)
        return row_fail(row, "status is ok, but operations are not above 0, or there is neither a time nor a count; "
                             "correct the line or its status");
    if (loading->cost == COST_KINDS)
        loading->cost = cost;
    loading->mixed_costs |= cost != loading->cost;
    return 0;
}

static int take_sample(struct row *row, void *context)
{
    struct loading *loading = context;
    struct dataset *data = loading->data;
    uint32_t index;
    int error = find_cell(loading, row, true, &index);
    if (error)
        return error;
    struct cell *cell = &data->cells[index];
    if (grow(&cell->samples, &cell->sample_capacity, cell->sample_count + 1, sizeof *cell->samples))
        return analysis_no_memory();
    struct sample *sample = &cell->samples[cell->sample_count++];
    sample->invocation = small_number(row_integer(row, SAMPLES_invocation));
    sample->repetition = small_number(row_integer(row, SAMPLES_repetition));
    sample->status = intern(loading, row, SAMPLES_status);
    sample->detail = intern(loading, row, SAMPLES_detail);
    read_figures(sample, row);
    if (cell->allocator_loaded == NAMES_NONE || *dataset_name(data, cell->allocator_loaded) == '\0')
        cell->allocator_loaded = intern(loading, row, SAMPLES_allocator_loaded);
    if (cell->unit == NAMES_NONE || *dataset_name(data, cell->unit) == '\0')
        cell->unit = intern(loading, row, SAMPLES_unit);
    if (data->run_id == NAMES_NONE)
        data->run_id = intern(loading, row, SAMPLES_run_id);
    if (sample->status == NAMES_NONE || sample->detail == NAMES_NONE || cell->unit == NAMES_NONE ||
        cell->allocator_loaded == NAMES_NONE || data->run_id == NAMES_NONE)
        return analysis_no_memory();
    error = check_usable(loading, sample, row);
    cell->has_usable |= sample->usable;
    return error;
}

/* All rows are timed, or in all the same is counted. */
static int keep_cost(const struct loading *loading, const char *run_dir)
{
    if (loading->mixed_costs)
        return analysis_fail(-EINVAL,
                             "%s/samples.csv: some rows that are ok have times, others only a count, or "
                             "another one; a run is timed, or the same is counted in all of it",
                             run_dir);
    loading->data->cost = loading->cost == COST_KINDS ? COST_TIME : loading->cost;
    return 0;
}

int load_samples(struct dataset *data, const char *run_dir)
{
    struct loading *loading = calloc(1, sizeof *loading);
    if (!loading)
        return analysis_no_memory();
    loading->data = data;
    loading->cost = COST_KINDS;
    loading->columns = (struct key_columns){
        {SAMPLES_strategy, SAMPLES_strategy_params, SAMPLES_allocator, SAMPLES_workload, SAMPLES_workload_params},
        SAMPLES_heap_limit_bytes};
    int error = reader_read(run_dir, TABLE_SAMPLES, sample_columns, take_sample, loading);
    if (error == -ENOENT)
        analysis_fail(error, "%s: no samples.csv in it; give the folder of a run, results/<run>", run_dir);
    else if (!error && data->cell_count == 0)
        error = analysis_fail(-ENODATA, "%s/samples.csv: no rows; `reclaim resume %s` measures what is missing",
                              run_dir, run_dir);
    else if (!error)
        error = keep_cost(loading, run_dir);
    forget_entries(loading);
    free(loading);
    return error;
}

/* ---- pauses.csv ---- */

static int compare_repetition(const struct sample *sample, uint32_t invocation, uint32_t repetition)
{
    if (sample->invocation != invocation)
        return sample->invocation < invocation ? -1 : 1;
    return (sample->repetition > repetition) - (sample->repetition < repetition);
}

/* The repetition's sample, or NULL. Samples are sorted by now. */
static const struct sample *find_sample(struct loading *loading, uint32_t cell_index, uint32_t invocation,
                                        uint32_t repetition)
{
    const struct sample *last = loading->last_sample;
    if (last && loading->last_sample_cell == cell_index && compare_repetition(last, invocation, repetition) == 0)
        return last;
    const struct cell *cell = &loading->data->cells[cell_index];
    loading->last_sample_cell = cell_index;
    loading->last_sample = NULL;
    size_t low = 0, high = cell->sample_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare_repetition(&cell->samples[middle], invocation, repetition);
        if (order == 0)
            return loading->last_sample = &cell->samples[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static int take_pause(struct row *row, void *context)
{
    struct loading *loading = context;
    struct dataset *data = loading->data;
    struct pause pause = {.cause = PAUSE_COLLECTION};
    int error = find_cell(loading, row, false, &pause.cell);
    if (error)
        return error;
    uint32_t invocation = small_number(row_integer(row, PAUSES_invocation));
    uint32_t repetition = small_number(row_integer(row, PAUSES_repetition));
    pause.length_ns = row_integer(row, PAUSES_length_ns);
    pause.start_ns = row_integer(row, PAUSES_start_ns);
    const struct sample *sample =
        pause.cell == UINT32_MAX ? NULL : find_sample(loading, pause.cell, invocation, repetition);
    if (!sample)
        return row_leave_out(row, "its repetition is not in samples.csv");
    if (!sample->usable)
        return 0;
    pause.sample = (uint32_t)(sample - data->cells[pause.cell].samples);
    if (pause.length_ns < 0)
        return row_leave_out(row, "no length_ns");
    while (pause.cause < PAUSE_CAUSES && strcmp(row_text(row, PAUSES_cause, NULL), pause_causes[pause.cause]) != 0)
        pause.cause++;
    if (pause.cause == PAUSE_CAUSES)
        return row_leave_out(row, "cause is neither collection nor cascade");
    if (grow(&data->pauses, &data->pause_capacity, data->pause_count + 1, sizeof *data->pauses))
        return analysis_no_memory();
    data->pauses[data->pause_count++] = pause;
    return 0;
}

/* Reads one of the tables that follow samples.csv. A run may be without it. */
static int load_other(struct dataset *data, const char *run_dir, enum table_id table, const int *columns,
                      struct key_columns key, reader_row *each)
{
    struct loading *loading = calloc(1, sizeof *loading);
    if (!loading)
        return analysis_no_memory();
    loading->data = data;
    loading->columns = key;
    int error = enter_all(loading);
    if (!error)
        error = reader_read(run_dir, table, columns, each, loading);
    forget_entries(loading);
    free(loading);
    return error == -ENOENT ? 0 : error;
}

int load_pauses(struct dataset *data, const char *run_dir)
{
    return load_other(data, run_dir, TABLE_PAUSES, pause_columns,
                      (struct key_columns){{PAUSES_strategy, PAUSES_strategy_params, PAUSES_allocator, PAUSES_workload,
                                            PAUSES_workload_params},
                                           PAUSES_heap_limit_bytes},
                      take_pause);
}

/* ---- latency.csv ---- */

/* The number of a way to count, by its name; NAMES_NONE when memory is out. */
static uint32_t find_metering(struct loading *loading, const struct row *row)
{
    struct dataset *data = loading->data;
    uint32_t name = intern(loading, row, LATENCY_metering);
    for (uint32_t i = 0; i < data->metering_count; i++)
        if (data->meterings[i] == name)
            return i;
    if (name == NAMES_NONE ||
        grow(&data->meterings, &data->metering_capacity, data->metering_count + 1, sizeof *data->meterings))
        return NAMES_NONE;
    data->meterings[data->metering_count] = name;
    return (uint32_t)data->metering_count++;
}

static int take_latency(struct row *row, void *context)
{
    struct loading *loading = context;
    struct dataset *data = loading->data;
    struct latency latency = {.first_step = data->latency_step_count};
    int error = find_cell(loading, row, false, &latency.cell);
    if (error)
        return error;
    uint32_t invocation = small_number(row_integer(row, LATENCY_invocation));
    uint32_t repetition = small_number(row_integer(row, LATENCY_repetition));
    latency.max_ns = row_integer(row, LATENCY_max_ns);
    const struct sample *sample =
        latency.cell == UINT32_MAX ? NULL : find_sample(loading, latency.cell, invocation, repetition);
    if (!sample)
        return row_leave_out(row, "its repetition is not in samples.csv");
    if (!sample->usable)
        return 0;
    latency.sample = (uint32_t)(sample - data->cells[latency.cell].samples);
    long steps = latency_parse(data, row_text(row, LATENCY_histogram, NULL));
    latency.metering = find_metering(loading, row);
    if (steps == -ENOMEM || latency.metering == NAMES_NONE ||
        grow(&data->latencies, &data->latency_capacity, data->latency_count + 1, sizeof *data->latencies))
        return analysis_no_memory();
    if (steps < 0 || latency.max_ns < 0) {
        data->latency_step_count = latency.first_step;
        return row_leave_out(row, "max_ns or histogram is missing, or is not what SCHEMA.md says");
    }
    latency.step_count = (size_t)steps;
    data->latencies[data->latency_count++] = latency;
    return 0;
}

int load_latency(struct dataset *data, const char *run_dir)
{
    return load_other(data, run_dir, TABLE_LATENCY, latency_columns,
                      (struct key_columns){{LATENCY_strategy, LATENCY_strategy_params, LATENCY_allocator,
                                            LATENCY_workload, LATENCY_workload_params},
                                           LATENCY_heap_limit_bytes},
                      take_latency);
}

/* ---- timeline.csv ---- */

/* What is resident of the heap. Pages of the base may have gone since it was taken. */
static int64_t resident_bytes(struct row *row)
{
    int64_t rss_bytes = row_integer(row, TIMELINE_rss_bytes), base_bytes = row_integer(row, TIMELINE_rss_base_bytes);
    if (rss_bytes == READER_MISSING || base_bytes == READER_MISSING)
        return READER_MISSING;
    return rss_bytes > base_bytes ? rss_bytes - base_bytes : 0;
}

static int take_instant(struct row *row, void *context)
{
    struct loading *loading = context;
    struct dataset *data = loading->data;
    struct instant instant = {0};
    int error = find_cell(loading, row, false, &instant.cell);
    if (error)
        return error;
    instant.repetition = small_number(row_integer(row, TIMELINE_repetition));
    instant.operations = row_integer(row, TIMELINE_operations);
    instant.time_ns = row_integer(row, TIMELINE_time_ns);
    instant.live_bytes = row_integer(row, TIMELINE_live_bytes);
    instant.footprint_bytes = row_integer(row, TIMELINE_footprint_bytes);
    instant.resident_bytes = resident_bytes(row);
    if (instant.cell == UINT32_MAX)
        return row_leave_out(row, "its cell is not in samples.csv");
    if (!data->cells[instant.cell].has_usable)
        return 0;
    if (instant.operations < 0 || instant.live_bytes < 0 || instant.footprint_bytes < 0)
        return row_leave_out(row, "operations, live_bytes or footprint_bytes is missing");
    if (grow(&data->instants, &data->instant_capacity, data->instant_count + 1, sizeof *data->instants))
        return analysis_no_memory();
    data->instants[data->instant_count++] = instant;
    return 0;
}

int load_timeline(struct dataset *data, const char *run_dir)
{
    return load_other(data, run_dir, TABLE_TIMELINE, timeline_columns,
                      (struct key_columns){{TIMELINE_strategy, TIMELINE_strategy_params, TIMELINE_allocator,
                                            TIMELINE_workload, TIMELINE_workload_params},
                                           TIMELINE_heap_limit_bytes},
                      take_instant);
}
