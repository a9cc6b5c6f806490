#include "derived.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cost.h"
#include "format.h"
#include "message.h"
#include "mmu.h"
#include "writer.h"

static const char *contender_label(const struct dataset *data, const struct cell *cell)
{
    return data->contenders[cell->contender].label;
}

static const char *variant_label(const struct dataset *data, const struct cell *cell)
{
    return data->variants[cell->variant].label;
}

static void put_run_to_allocator(struct writer *writer, int first, const struct dataset *data, const struct cell *cell)
{
    writer_text(writer, first, dataset_name(data, data->run_id));
    writer_text(writer, first + 1, dataset_name(data, cell->key.strategy));
    writer_text(writer, first + 2, dataset_name(data, cell->key.strategy_params));
    writer_text(writer, first + 3, dataset_name(data, cell->key.allocator));
}

void derived_key(struct writer *writer, int first, const struct dataset *data, const struct cell *cell)
{
    put_run_to_allocator(writer, first, data, cell);
    writer_text(writer, first + 4, dataset_name(data, cell->key.workload));
    writer_text(writer, first + 5, dataset_name(data, cell->key.workload_params));
    writer_integer(writer, first + 6, cell->key.heap_limit_bytes);
    writer_text(writer, first + 7, contender_label(data, cell));
    writer_text(writer, first + 8, variant_label(data, cell));
}

/* ---- summary.csv ---- */

static void put_summary_names(struct writer *writer, const struct dataset *data, const struct cell *cell)
{
    put_run_to_allocator(writer, SUMMARY_run_id, data, cell);
    writer_text(writer, SUMMARY_allocator_loaded, dataset_name(data, cell->allocator_loaded));
    writer_text(writer, SUMMARY_workload, dataset_name(data, cell->key.workload));
    writer_text(writer, SUMMARY_workload_params, dataset_name(data, cell->key.workload_params));
    writer_integer(writer, SUMMARY_heap_limit_bytes, cell->key.heap_limit_bytes);
    writer_text(writer, SUMMARY_contender, contender_label(data, cell));
    writer_text(writer, SUMMARY_variant, variant_label(data, cell));
    writer_text(writer, SUMMARY_unit, dataset_name(data, data->variants[cell->variant].unit));
    writer_text(writer, SUMMARY_baseline, data->contenders[data->contenders[cell->contender].baseline].label);
}

/* Columns of a cost: its mean, the ends of its interval, its ratio and the ends of that. A counted run has others. */
enum { COST_COLUMNS = 6 };
static const int summary_time_columns[COST_COLUMNS] = {SUMMARY_ns_per_operation,      SUMMARY_ns_per_operation_low,
                                                       SUMMARY_ns_per_operation_high, SUMMARY_time_ratio,
                                                       SUMMARY_time_ratio_low,        SUMMARY_time_ratio_high};
static const int summary_count_columns[COST_COLUMNS] = {
    SUMMARY_count_per_operation, SUMMARY_count_per_operation_low, SUMMARY_count_per_operation_high,
    SUMMARY_count_ratio,         SUMMARY_count_ratio_low,         SUMMARY_count_ratio_high};

static void put_cost(struct writer *writer, const int *columns, double cost, struct interval interval, double ratio,
                     struct interval ratio_interval)
{
    const double values[COST_COLUMNS] = {cost,  interval.low,       interval.high,
                                         ratio, ratio_interval.low, ratio_interval.high};
    for (int i = 0; i < COST_COLUMNS; i++)
        writer_real(writer, columns[i], values[i]);
}

static void put_summary_figures(struct writer *writer, const struct dataset *data, const struct cell_summary *figures)
{
    bool counted = dataset_is_counted(data);
    if (counted)
        writer_text(writer, SUMMARY_counted, cost_of(data)->noun);
    writer_integer(writer, SUMMARY_invocations, figures->invocations);
    writer_integer(writer, SUMMARY_repetitions, figures->repetitions);
    writer_integer(writer, SUMMARY_failed_rows, figures->failed_rows);
    put_cost(writer, counted ? summary_count_columns : summary_time_columns, figures->cost, figures->cost_interval,
             figures->ratio, figures->ratio_interval);
    writer_real(writer, SUMMARY_instructions_per_operation, figures->instructions);
    writer_real(writer, SUMMARY_cycles_per_operation, figures->cycles);
    writer_real(writer, SUMMARY_cache_misses_per_operation, figures->cache_misses);
    writer_real(writer, SUMMARY_tlb_misses_per_operation, figures->tlb_misses);
    writer_real(writer, SUMMARY_page_faults, figures->page_faults);
    writer_real(writer, SUMMARY_cpu_ns_per_operation, figures->cpu_ns);
    writer_real(writer, SUMMARY_operations, figures->operations);
    writer_real(writer, SUMMARY_objects_allocated, figures->objects_allocated);
    writer_real(writer, SUMMARY_peak_footprint_bytes, figures->peak_footprint);
    writer_real(writer, SUMMARY_peak_footprint_mean_bytes, figures->peak_footprint_mean);
    writer_real(writer, SUMMARY_peak_footprint_mean_bytes_low, figures->peak_footprint_interval.low);
    writer_real(writer, SUMMARY_peak_footprint_mean_bytes_high, figures->peak_footprint_interval.high);
    writer_real(writer, SUMMARY_footprint_ratio, figures->footprint_ratio);
    writer_real(writer, SUMMARY_peak_rss_bytes, figures->peak_rss);
    writer_real(writer, SUMMARY_overhead_mean, figures->overhead_mean);
    writer_real(writer, SUMMARY_overhead_max, figures->overhead_max);
    writer_real(writer, SUMMARY_overhead_of_need, figures->overhead_of_need);
    writer_real(writer, SUMMARY_rss_overhead_mean, figures->rss_overhead_mean);
    writer_real(writer, SUMMARY_rss_overhead_max, figures->rss_overhead_max);
    writer_real(writer, SUMMARY_returned_bytes, figures->returned);
    writer_real(writer, SUMMARY_returned_share, figures->returned_share);
    writer_real(writer, SUMMARY_returned_rss_bytes, figures->returned_rss);
    writer_real(writer, SUMMARY_returned_rss_share, figures->returned_rss_share);
    writer_real(writer, SUMMARY_leaked_objects, figures->leaked_objects);
    writer_real(writer, SUMMARY_leaked_bytes, figures->leaked_bytes);
    writer_real(writer, SUMMARY_collections, figures->collections);
    writer_real(writer, SUMMARY_gc_share, figures->gc_share);
    writer_real(writer, SUMMARY_pause_count, figures->pause_count);
    writer_real(writer, SUMMARY_pause_max_ns, figures->pause_max_ns);
    writer_real(writer, SUMMARY_pause_max_mean_ns, figures->pause_max_mean);
    writer_real(writer, SUMMARY_pause_max_mean_ns_low, figures->pause_max_interval.low);
    writer_real(writer, SUMMARY_pause_max_mean_ns_high, figures->pause_max_interval.high);
}

static int write_summary(const struct summary *summary, const char *run_dir)
{
    struct writer writer;
    writer_open(&writer, run_dir, TABLE_SUMMARY, NULL);
    for (size_t i = 0; i < summary->data->cell_count; i++) {
        put_summary_names(&writer, summary->data, &summary->data->cells[i]);
        put_summary_figures(&writer, summary->data, &summary->cells[i]);
        writer_row_end(&writer);
    }
    return writer_close(&writer);
}

/* ---- strategies.csv ---- */

static char *list_left_out(const struct summary *summary, size_t allocator)
{
    struct phrase list = {0};
    for (size_t variant = 0; variant < summary->data->variant_count; variant++)
        if (!summary_common(summary, allocator, variant))
            phrase_add_format(&list, "%s%s", list.length ? "; " : "", summary->data->variants[variant].label);
    return phrase_take(&list);
}

static void put_overall(struct writer *writer, const struct summary *summary, size_t index, size_t allocator)
{
    const struct dataset *data = summary->data;
    const struct contender *contender = &data->contenders[index];
    const struct overall *overall = summary_overall(summary, index, allocator);
    writer_text(writer, STRATEGIES_run_id, dataset_name(data, data->run_id));
    writer_text(writer, STRATEGIES_strategy, dataset_name(data, contender->strategy));
    writer_text(writer, STRATEGIES_strategy_params, dataset_name(data, contender->strategy_params));
    writer_integer(writer, STRATEGIES_heap_limit_bytes, contender->heap_limit_bytes);
    writer_text(writer, STRATEGIES_contender, contender->label);
    writer_text(writer, STRATEGIES_allocator, dataset_name(data, data->allocators[allocator]));
    writer_text(writer, STRATEGIES_baseline, data->contenders[contender->baseline].label);
    writer_integer(writer, STRATEGIES_variants_ok, overall->ok);
    writer_integer(writer, STRATEGIES_variants_failed, overall->failed);
    writer_integer(writer, STRATEGIES_variants_leaking, overall->leaking);
    writer_integer(writer, STRATEGIES_compared, overall->compared);
    writer_integer(writer, STRATEGIES_variants_compared, overall->variants);
    writer_real(writer, dataset_is_counted(data) ? STRATEGIES_count_ratio : STRATEGIES_time_ratio, overall->ratio);
    writer_real(writer, dataset_is_counted(data) ? STRATEGIES_count_ratio_low : STRATEGIES_time_ratio_low,
                overall->ratio_interval.low);
    writer_real(writer, dataset_is_counted(data) ? STRATEGIES_count_ratio_high : STRATEGIES_time_ratio_high,
                overall->ratio_interval.high);
    writer_integer(writer, STRATEGIES_footprint_variants, overall->footprint_variants);
    writer_real(writer, STRATEGIES_footprint_ratio, overall->footprint_ratio);
    writer_real(writer, STRATEGIES_pause_max_ns, overall->pause_max_ns);
}

static int write_strategies(const struct summary *summary, const char *run_dir)
{
    struct writer writer;
    writer_open(&writer, run_dir, TABLE_STRATEGIES, NULL);
    for (size_t allocator = 0; allocator < summary->data->allocator_count; allocator++) {
        char *left_out = list_left_out(summary, allocator);
        for (size_t i = 0; i < summary->data->contender_count; i++) {
            put_overall(&writer, summary, i, allocator);
            writer_text(&writer, STRATEGIES_left_out, left_out ? left_out : "");
            writer_row_end(&writer);
        }
        free(left_out);
    }
    return writer_close(&writer);
}

/* ---- failures.csv ---- */

static void put_failure(struct writer *writer, const struct dataset *data, const struct cell *cell,
                        const struct sample *first, size_t rows)
{
    derived_key(writer, FAILURES_run_id, data, cell);
    writer_text(writer, FAILURES_status, dataset_name(data, first->status));
    writer_integer(writer, FAILURES_rows, rows);
    writer_text(writer, FAILURES_detail, dataset_name(data, first->detail));
    writer_row_end(writer);
}

/* A row for each status of the cell, where it first occurs. */
static void put_failures(struct writer *writer, const struct dataset *data, const struct cell *cell)
{
    const struct sample *samples = cell->samples;
    for (size_t i = 0; i < cell->sample_count; i++) {
        bool first = !samples[i].usable;
        for (size_t j = 0; first && j < i; j++)
            first = samples[j].usable || samples[j].status != samples[i].status;
        if (!first)
            continue;
        size_t rows = 0;
        for (size_t j = i; j < cell->sample_count; j++)
            rows += !samples[j].usable && samples[j].status == samples[i].status;
        put_failure(writer, data, cell, &samples[i], rows);
    }
}

static int write_failures(const struct summary *summary, const char *run_dir)
{
    struct writer writer;
    writer_open(&writer, run_dir, TABLE_FAILURES, NULL);
    for (size_t i = 0; i < summary->data->cell_count; i++)
        if (summary->cells[i].failed_rows)
            put_failures(&writer, summary->data, &summary->data->cells[i]);
    return writer_close(&writer);
}

/* ---- pauses_summary.csv ---- */

/* Percentiles that the count supports: at least one pause has to lie above. */
static void put_percentiles(struct writer *writer, const double *lengths, size_t count)
{
    static const struct {
        int column;
        double quantile;
        size_t least;
    } percentiles[] = {{PAUSE_SUMMARY_p50_ns, 0.5, 1},          {PAUSE_SUMMARY_p90_ns, 0.9, 10},
                       {PAUSE_SUMMARY_p99_ns, 0.99, 100},       {PAUSE_SUMMARY_p999_ns, 0.999, 1000},
                       {PAUSE_SUMMARY_p9999_ns, 0.9999, 10000}, {PAUSE_SUMMARY_max_ns, 1, 1}};
    for (size_t i = 0; i < sizeof percentiles / sizeof *percentiles; i++)
        if (count >= percentiles[i].least)
            writer_real(writer, percentiles[i].column, lengths[nearest_rank(count, percentiles[i].quantile)]);
}

static void put_pauses(struct writer *writer, const struct summary *summary, const struct cell *cell, const char *cause,
                       const double *lengths, size_t count)
{
    const struct dataset *data = summary->data;
    double total = 0;
    for (size_t i = 0; i < count; i++)
        total += lengths[i];
    derived_key(writer, PAUSE_SUMMARY_run_id, data, cell);
    writer_text(writer, PAUSE_SUMMARY_cause, cause);
    writer_integer(writer, PAUSE_SUMMARY_pauses, count);
    writer_real(writer, PAUSE_SUMMARY_total_ns, total);
    writer_real(writer, PAUSE_SUMMARY_share, total / summary->cells[cell - data->cells].wall_ns);
    put_percentiles(writer, lengths, count);
    writer_row_end(writer);
}

/* Pauses of a cell are sorted by length, and so are those of one cause among them. */
static int put_causes(struct writer *writer, const struct summary *summary, const struct cell *cell)
{
    const struct pause *pauses = summary->data->pauses + cell->first_pause;
    double *lengths = malloc(cell->pause_count * sizeof *lengths);
    if (!lengths)
        return analysis_no_memory();
    for (uint32_t cause = 0; cause <= PAUSE_CAUSES; cause++) {
        size_t count = 0;
        for (size_t i = 0; i < cell->pause_count; i++)
            if (cause == PAUSE_CAUSES || pauses[i].cause == cause)
                lengths[count++] = (double)pauses[i].length_ns;
        if (count)
            put_pauses(writer, summary, cell, cause == PAUSE_CAUSES ? "all" : pause_causes[cause], lengths, count);
    }
    free(lengths);
    return 0;
}

static int write_pauses(const struct summary *summary, const char *run_dir)
{
    struct writer writer;
    writer_open(&writer, run_dir, TABLE_PAUSE_SUMMARY, NULL);
    int error = 0;
    for (size_t i = 0; !error && i < summary->data->cell_count; i++)
        if (summary->data->cells[i].pause_count)
            error = put_causes(&writer, summary, &summary->data->cells[i]);
    int closed = writer_close(&writer);
    return error ? error : closed;
}

/* ---- utilisation.csv ---- */

static int put_utilisation(struct writer *writer, const struct dataset *data, const struct cell *cell)
{
    struct mmu_point points[MMU_POINTS_MAX];
    size_t count;
    if (mmu_of_cell(data, cell, points, &count))
        return analysis_no_memory();
    for (size_t i = 0; i < count; i++) {
        derived_key(writer, UTILISATION_run_id, data, cell);
        writer_real(writer, UTILISATION_window_ns, points[i].window_ns);
        writer_real(writer, UTILISATION_utilisation, points[i].utilisation);
        writer_row_end(writer);
    }
    return 0;
}

static int write_utilisation(const struct summary *summary, const char *run_dir)
{
    struct writer writer;
    writer_open(&writer, run_dir, TABLE_UTILISATION, NULL);
    int error = 0;
    for (size_t i = 0; !error && i < summary->data->cell_count; i++)
        error = put_utilisation(&writer, summary->data, &summary->data->cells[i]);
    int closed = writer_close(&writer);
    return error ? error : closed;
}

/* ---- leaks.csv ---- */

static void put_leaks(struct writer *writer, const struct dataset *data, const struct cell *cell,
                      const struct leak_step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        derived_key(writer, LEAKS_run_id, data, cell);
        writer_integer(writer, LEAKS_repetition, i);
        writer_integer(writer, LEAKS_invocations, steps[i].invocations);
        writer_real(writer, LEAKS_iterations, steps[i].iterations);
        writer_real(writer, LEAKS_objects_allocated, steps[i].objects_allocated);
        writer_real(writer, LEAKS_leaked_objects, steps[i].leaked_objects);
        writer_real(writer, LEAKS_leaked_bytes, steps[i].leaked_bytes);
        writer_row_end(writer);
    }
}

static int write_leaks(const struct summary *summary, const char *run_dir)
{
    struct leak_step *steps = malloc(LEAK_STEPS_MAX * sizeof *steps);
    if (!steps)
        return analysis_no_memory();
    struct writer writer;
    writer_open(&writer, run_dir, TABLE_LEAKS, NULL);
    for (size_t i = 0; i < summary->data->cell_count; i++) {
        const struct cell *cell = &summary->data->cells[i];
        if (cell->has_usable)
            put_leaks(&writer, summary->data, cell, steps, leaks_of_cell(cell, steps, LEAK_STEPS_MAX));
    }
    free(steps);
    return writer_close(&writer);
}

int derived_write(const struct summary *summary, const char *run_dir)
{
    static int (*const writers[])(const struct summary *, const char *) = {
        write_summary, write_strategies, write_failures, write_pauses, write_utilisation, derived_latency, write_leaks};
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++) {
        int error = writers[i](summary, run_dir);
        if (error)
            return error;
    }
    return 0;
}
