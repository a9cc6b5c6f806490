#include "overall.h"

#include <math.h>

static void count_variants(struct summary *summary, size_t contender, size_t allocator)
{
    const struct dataset *data = summary->data;
    struct overall *overall = &summary->overall[contender * data->allocator_count + allocator];
    const struct interval none = {NAN, NAN};
    *overall = (struct overall){.ratio = NAN, .ratio_interval = none, .footprint_ratio = NAN, .pause_max_ns = NAN};
    for (size_t variant = 0; variant < data->variant_count; variant++) {
        const struct cell *cell = dataset_cell(data, variant, contender, allocator);
        if (!cell)
            continue;
        const struct cell_summary *figures = &summary->cells[cell - data->cells];
        overall->ok += cell->has_usable;
        overall->failed += figures->failed_rows > 0;
        overall->leaking += cell->has_usable && summary_leaks(figures);
        overall->pause_max_ns = fmax(overall->pause_max_ns, figures->pause_max_ns);
    }
}

static void choose_compared(struct summary *summary, size_t allocator)
{
    const struct dataset *data = summary->data;
    size_t measured = 0;
    for (size_t variant = 0; variant < data->variant_count; variant++) {
        bool any = false;
        for (size_t contender = 0; contender < data->contender_count; contender++)
            any |= !data->contenders[contender].judge && summary_cell(summary, variant, contender, allocator);
        measured += any;
    }
    for (size_t contender = 0; contender < data->contender_count; contender++) {
        struct overall *overall = &summary->overall[contender * data->allocator_count + allocator];
        overall->compared = !data->contenders[contender].judge && overall->ok > 0 && overall->ok * 2 >= measured;
    }
}

static void choose_common(struct summary *summary, size_t allocator)
{
    const struct dataset *data = summary->data;
    for (size_t variant = 0; variant < data->variant_count; variant++) {
        bool all = true, any = false;
        for (size_t contender = 0; contender < data->contender_count; contender++) {
            if (!summary_overall(summary, contender, allocator)->compared)
                continue;
            const struct cell_summary *figures = summary_cell(summary, variant, contender, allocator);
            any = true;
            all &= figures && !isnan(figures->ratio);
        }
        summary->common[allocator * data->variant_count + variant] = any && all;
    }
}

/* Whether footprints of a variant can be compared: overall.h. */
static bool compares_footprint(const struct summary *summary, size_t allocator, size_t variant)
{
    const struct dataset *data = summary->data;
    for (size_t contender = 0; contender < data->contender_count; contender++) {
        const struct cell_summary *figures = summary_cell(summary, variant, contender, allocator);
        if (!figures || !summary_overall(summary, contender, allocator)->compared)
            continue;
        const struct cell *baseline = dataset_baseline(data, dataset_cell(data, variant, contender, allocator));
        if (!baseline || summary->cells[baseline - data->cells].peak_footprint < OVERALL_FOOTPRINT_LEAST)
            return false;
        if (isnan(figures->footprint_ratio) || (summary_leaks(figures) && !data->contenders[contender].never_frees))
            return false;
    }
    return true;
}

static void average_footprint(struct summary *summary, size_t contender, size_t allocator)
{
    const struct dataset *data = summary->data;
    struct overall *overall = &summary->overall[contender * data->allocator_count + allocator];
    double logs = 0;
    for (size_t variant = 0; variant < data->variant_count; variant++) {
        if (!summary_common(summary, allocator, variant) || !compares_footprint(summary, allocator, variant))
            continue;
        logs += log(summary_cell(summary, variant, contender, allocator)->footprint_ratio);
        overall->footprint_variants++;
    }
    if (overall->footprint_variants)
        overall->footprint_ratio = exp(logs / (double)overall->footprint_variants);
}

/* The geometric mean of the ratios to the baseline's cells. */
static void average(struct summary *summary, size_t contender, size_t allocator)
{
    const struct dataset *data = summary->data;
    struct overall *overall = &summary->overall[contender * data->allocator_count + allocator];
    struct log_sum sum = {0};
    for (size_t variant = 0; variant < data->variant_count; variant++) {
        if (!summary_common(summary, allocator, variant))
            continue;
        const struct cell *cell = dataset_cell(data, variant, contender, allocator);
        const struct cell *const pair[] = {cell, dataset_baseline(data, cell)};
        for (size_t i = 0; i < 2; i++) {
            size_t index = (size_t)(pair[i] - data->cells);
            log_sum_add(&sum, &summary->estimates[index], summary->resamples + index * BOOTSTRAP_RESAMPLES,
                        i == 0 ? 1 : -1);
        }
        overall->variants++;
    }
    if (overall->variants == 0)
        return;
    bool itself = data->contenders[contender].baseline == contender;
    log_sum_scale(&sum, 1 / (double)overall->variants);
    overall->ratio = itself ? 1 : log_sum_value(&sum);
    overall->ratio_interval = itself ? (struct interval){1, 1} : log_sum_interval(&sum);
}

void overall_make(struct summary *summary)
{
    const struct dataset *data = summary->data;
    for (size_t allocator = 0; allocator < data->allocator_count; allocator++) {
        for (size_t contender = 0; contender < data->contender_count; contender++)
            count_variants(summary, contender, allocator);
        choose_compared(summary, allocator);
        choose_common(summary, allocator);
        for (size_t contender = 0; contender < data->contender_count; contender++)
            if (summary_overall(summary, contender, allocator)->compared) {
                average(summary, contender, allocator);
                average_footprint(summary, contender, allocator);
            }
    }
}
