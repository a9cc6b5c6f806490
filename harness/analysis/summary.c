#include "summary.h"

#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "message.h"
#include "overall.h"
#include "reader.h"

/* Room for the values of one cell, grouped by invocation. */
struct scratch {
    double *values;
    size_t *start;
    struct resample *resamples; /* BOOTSTRAP_RESAMPLES, of what is asked once */
};

static double value_or_nan(int64_t value)
{
    return value == READER_MISSING ? NAN : (double)value;
}

static int64_t cost_value(const struct dataset *data, const struct sample *sample)
{
    switch (data->cost) {
    case COST_INSTRUCTIONS: return sample->instructions;
    case COST_SYSTEM_CALLS: return sample->system_calls;
    default: return sample->wall_ns;
    }
}

static int64_t cpu_value(const struct dataset *data, const struct sample *sample)
{
    (void)data;
    return sample->cpu_ns;
}

/* Groups a figure per operation by invocation. Samples of a cell are sorted by invocation. */
static struct nested group(const struct dataset *data, const struct cell *cell,
                           int64_t (*value)(const struct dataset *data, const struct sample *sample),
                           struct scratch *scratch)
{
    size_t count = 0, groups = 0;
    uint32_t invocation = 0;
    const struct sample *samples = cell->samples;
    for (size_t i = 0; i < cell->sample_count; i++) {
        if (!samples[i].usable)
            continue;
        if (groups == 0 || samples[i].invocation != invocation)
            scratch->start[groups++] = count;
        invocation = samples[i].invocation;
        scratch->values[count++] = value_or_nan(value(data, &samples[i])) / (double)samples[i].operations;
    }
    scratch->start[groups] = count;
    return (struct nested){scratch->values, scratch->start, groups};
}

/* Resamples depend on the cell and on the figure alone, not on what else is in the run. */
static int resample_cell(const struct dataset *data, const struct cell *cell, const char *figure,
                         const struct nested *nested, struct estimate *estimate, struct resample *resamples)
{
    struct phrase seed = {0};
    phrase_add_format(&seed, "%s|%s|%s%s", data->contenders[cell->contender].label, data->variants[cell->variant].label,
                      dataset_name(data, cell->key.allocator), figure);
    char *text = phrase_take(&seed);
    gsl_rng *rng = text ? bootstrap_rng(text) : NULL;
    free(text);
    if (!rng)
        return analysis_no_memory();
    int error = bootstrap_estimate(nested, 0, rng, estimate, resamples);
    gsl_rng_free(rng);
    return error ? analysis_no_memory() : 0;
}

static int summarise_time(struct summary *summary, size_t index, struct scratch *scratch)
{
    const struct cell *cell = &summary->data->cells[index];
    struct cell_summary *figures = &summary->cells[index];
    struct nested nested = group(summary->data, cell, cpu_value, scratch);
    figures->cpu_ns = nested_mean(&nested);
    nested = group(summary->data, cell, cost_value, scratch);
    struct estimate *estimate = &summary->estimates[index];
    struct resample *resamples = summary->resamples + index * BOOTSTRAP_RESAMPLES;
    int error = resample_cell(summary->data, cell, "", &nested, estimate, resamples);
    if (error)
        return error;
    figures->cost = estimate->mean;
    figures->cost_interval = mean_interval(estimate, resamples);
    if (dataset_is_counted(summary->data) && nested.groups == 1) /* the same every time: there is no more to know */
        figures->cost_interval = (struct interval){figures->cost, figures->cost};
    figures->invocations = nested.groups;
    figures->repetitions = nested.start[nested.groups];
    return 0;
}

static void raise_to(double *largest, int64_t value)
{
    if (value != READER_MISSING && !(*largest >= (double)value))
        *largest = (double)value;
}

static void add_to(double *sum, int64_t value)
{
    if (value != READER_MISSING)
        *sum = (isnan(*sum) ? 0 : *sum) + (double)value;
}

static int64_t footprint_value(const struct sample *sample)
{
    return sample->peak_footprint_bytes;
}

static int64_t pause_value(const struct sample *sample)
{
    return sample->pause_max_ns;
}

/* A group per invocation, with the largest of its repetitions: of a maximum over all there is no upper end to find, of
 * the mean of these there is. Invocations without a value have none. */
static struct nested group_largest(const struct cell *cell, int64_t (*value)(const struct sample *sample),
                                   struct scratch *scratch)
{
    size_t groups = 0;
    uint32_t invocation = 0;
    for (size_t i = 0; i < cell->sample_count; i++) {
        const struct sample *sample = &cell->samples[i];
        if (!sample->usable || value(sample) == READER_MISSING)
            continue;
        double largest = (double)value(sample);
        if (groups > 0 && sample->invocation == invocation) {
            scratch->values[groups - 1] = fmax(scratch->values[groups - 1], largest);
            continue;
        }
        invocation = sample->invocation;
        scratch->start[groups] = groups;
        scratch->values[groups++] = largest;
    }
    scratch->start[groups] = groups;
    return (struct nested){scratch->values, scratch->start, groups};
}

static int summarise_largest(const struct dataset *data, const struct cell *cell, const char *figure,
                             int64_t (*value)(const struct sample *sample), struct scratch *scratch, double *mean,
                             struct interval *interval)
{
    struct nested nested = group_largest(cell, value, scratch);
    if (nested.groups == 0)
        return 0;
    struct estimate estimate;
    int error = resample_cell(data, cell, figure, &nested, &estimate, scratch->resamples);
    if (error)
        return error;
    *mean = estimate.mean;
    *interval = mean_interval(&estimate, scratch->resamples);
    return 0;
}

/* What a counter counted, and in how many operations; not where it could not be read. */
struct tally {
    double sum, operations;
};

static void tally_add(struct tally *tally, int64_t value, int64_t operations)
{
    if (value == READER_MISSING)
        return;
    tally->sum += (double)value;
    tally->operations += (double)operations;
}

static double tally_per_operation(const struct tally *tally)
{
    return tally->operations > 0 ? tally->sum / tally->operations : NAN;
}

static void summarise_counters(const struct cell *cell, struct cell_summary *summary)
{
    struct tally instructions = {0}, cycles = {0}, cache_misses = {0}, tlb_misses = {0};
    for (size_t i = 0; i < cell->sample_count; i++) {
        const struct sample *sample = &cell->samples[i];
        if (!sample->usable)
            continue;
        tally_add(&instructions, sample->instructions, sample->operations);
        tally_add(&cycles, sample->cycles, sample->operations);
        tally_add(&cache_misses, sample->cache_misses, sample->operations);
        tally_add(&tlb_misses, sample->tlb_misses, sample->operations);
    }
    summary->instructions = tally_per_operation(&instructions);
    summary->cycles = tally_per_operation(&cycles);
    summary->cache_misses = tally_per_operation(&cache_misses);
    summary->tlb_misses = tally_per_operation(&tlb_misses);
}

/* Sums, means and maxima over the usable repetitions. */
static void summarise_counts(const struct cell *cell, struct cell_summary *summary)
{
    double gc_ns = NAN, repetitions = (double)summary->repetitions;
    const struct sample *samples = cell->samples;
    for (size_t i = 0; i < cell->sample_count; i++) {
        if (!samples[i].usable)
            continue;
        add_to(&summary->wall_ns, samples[i].wall_ns);
        add_to(&gc_ns, samples[i].gc_ns);
        add_to(&summary->page_faults, samples[i].page_faults);
        add_to(&summary->operations, samples[i].operations);
        add_to(&summary->objects_allocated, samples[i].objects_allocated);
        add_to(&summary->leaked_objects, samples[i].leaked_objects);
        add_to(&summary->leaked_bytes, samples[i].leaked_bytes);
        add_to(&summary->collections, samples[i].collections);
        add_to(&summary->pause_count, samples[i].pause_count);
        raise_to(&summary->peak_footprint, samples[i].peak_footprint_bytes);
        raise_to(&summary->peak_rss, samples[i].peak_rss_bytes);
        raise_to(&summary->pause_max_ns, samples[i].pause_max_ns);
    }
    summary->page_faults /= repetitions;
    summary->operations /= repetitions;
    summary->objects_allocated /= repetitions;
    summary->leaked_objects /= repetitions;
    summary->leaked_bytes /= repetitions;
    summary->collections /= repetitions;
    summary->gc_share = gc_ns / summary->wall_ns;
}

static void clear(struct cell_summary *summary)
{
    const struct interval none = {NAN, NAN};
    *summary = (struct cell_summary){.cost = NAN, .cost_interval = none, .ratio = NAN, .ratio_interval = none};
    summary->peak_footprint_interval = summary->pause_max_interval = none;
    summary->peak_footprint_mean = summary->pause_max_mean = NAN;
    summary->cpu_ns = summary->page_faults = NAN;
    summary->instructions = summary->cycles = summary->cache_misses = summary->tlb_misses = NAN;
    summary->operations = summary->objects_allocated = summary->wall_ns = NAN;
    summary->peak_footprint = summary->footprint_ratio = summary->peak_rss = NAN;
    summary->overhead_mean = summary->overhead_max = summary->overhead_of_need = NAN;
    summary->rss_overhead_mean = summary->rss_overhead_max = NAN;
    summary->returned = summary->returned_share = summary->returned_rss = summary->returned_rss_share = NAN;
    summary->leaked_objects = summary->leaked_bytes = NAN;
    summary->collections = summary->gc_share = summary->pause_count = summary->pause_max_ns = NAN;
    summary->mean_live = summary->mean_footprint = NAN;
}

static int summarise_cell(struct summary *summary, size_t index, struct scratch *scratch)
{
    const struct dataset *data = summary->data;
    const struct cell *cell = &data->cells[index];
    struct cell_summary *figures = &summary->cells[index];
    clear(figures);
    for (size_t i = 0; i < cell->sample_count; i++)
        figures->failed_rows += !cell->samples[i].usable;
    if (!cell->has_usable)
        return 0;
    int error = summarise_time(summary, index, scratch);
    if (error)
        return error;
    summarise_counts(cell, figures);
    summarise_counters(cell, figures);
    error = summarise_largest(data, cell, "|footprint", footprint_value, scratch, &figures->peak_footprint_mean,
                              &figures->peak_footprint_interval);
    if (!error)
        error = summarise_largest(data, cell, "|pause", pause_value, scratch, &figures->pause_max_mean,
                                  &figures->pause_max_interval);
    if (error)
        return error;
    summary_timeline(data, cell, figures);
    return 0;
}

static void compare_with_baseline(struct summary *summary, size_t index)
{
    const struct dataset *data = summary->data;
    const struct cell *cell = &data->cells[index], *baseline = dataset_baseline(data, cell);
    struct cell_summary *figures = &summary->cells[index];
    if (!cell->has_usable || !baseline)
        return;
    const struct cell_summary *base = &summary->cells[baseline - data->cells];
    figures->ratio = base->cost > 0 ? figures->cost / base->cost : NAN; /* a counted baseline may have made none */
    if (figures->peak_footprint > 0 && base->peak_footprint > 0)
        figures->footprint_ratio = figures->peak_footprint / base->peak_footprint;
    if (base->mean_live > 0 && data->contenders[baseline->contender].by_hand)
        figures->overhead_of_need = figures->mean_footprint / base->mean_live;
    figures->ratio_interval = cell == baseline && base->cost > 0
                                  ? (struct interval){1, 1}
                                  : summary_ratio_interval(summary, index, (size_t)(baseline - data->cells));
}

struct interval summary_ratio_interval(const struct summary *summary, size_t over, size_t under)
{
    const struct cell_summary *a = &summary->cells[over], *b = &summary->cells[under];
    if (!(b->cost > 0))
        return (struct interval){NAN, NAN};
    if (dataset_is_counted(summary->data) && a->invocations == 1 && b->invocations == 1)
        return (struct interval){a->cost / b->cost, a->cost / b->cost};
    return ratio_interval(&summary->estimates[over], summary->resamples + over * BOOTSTRAP_RESAMPLES,
                          &summary->estimates[under], summary->resamples + under * BOOTSTRAP_RESAMPLES);
}

static int summarise_cells(struct summary *summary)
{
    const struct dataset *data = summary->data;
    size_t largest = 0;
    for (size_t i = 0; i < data->cell_count; i++)
        largest = data->cells[i].sample_count > largest ? data->cells[i].sample_count : largest;
    struct scratch scratch = {malloc(largest * sizeof(double)), malloc((largest + 1) * sizeof(size_t)),
                              malloc(BOOTSTRAP_RESAMPLES * sizeof(struct resample))};
    int error = scratch.values && scratch.start && scratch.resamples ? 0 : analysis_no_memory();
    for (size_t i = 0; !error && i < data->cell_count; i++)
        error = summarise_cell(summary, i, &scratch);
    for (size_t i = 0; !error && i < data->cell_count; i++)
        compare_with_baseline(summary, i);
    free(scratch.values);
    free(scratch.start);
    free(scratch.resamples);
    return error;
}

int summary_make(struct summary *summary, const struct dataset *data)
{
    gsl_set_error_handler_off(); /* errors come back as values; GSL would abort */
    *summary = (struct summary){.data = data};
    summary->cells = calloc(data->cell_count, sizeof *summary->cells);
    summary->resamples = calloc(data->cell_count, BOOTSTRAP_RESAMPLES * sizeof *summary->resamples);
    summary->estimates = calloc(data->cell_count, sizeof *summary->estimates);
    summary->overall = calloc(data->contender_count * data->allocator_count, sizeof *summary->overall);
    summary->common = calloc(data->allocator_count * data->variant_count, sizeof *summary->common);
    int error = 0;
    if (!summary->cells || !summary->resamples || !summary->estimates || !summary->overall || !summary->common)
        error = analysis_no_memory();
    if (!error)
        error = summarise_cells(summary);
    if (error) {
        summary_free(summary);
        return error;
    }
    overall_make(summary);
    return 0;
}

void summary_free(struct summary *summary)
{
    free(summary->cells);
    free(summary->resamples);
    free(summary->estimates);
    free(summary->overall);
    free(summary->common);
    *summary = (struct summary){0};
}

const struct cell_summary *summary_cell(const struct summary *summary, size_t variant, size_t contender,
                                        size_t allocator)
{
    const struct cell *cell = dataset_cell(summary->data, variant, contender, allocator);
    return cell && cell->has_usable ? &summary->cells[cell - summary->data->cells] : NULL;
}
