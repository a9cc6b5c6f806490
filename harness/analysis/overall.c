#include "overall.h"

#include <math.h>
#include <stdlib.h>

#include "message.h"

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

/* Fills in both cells of each variant that counts, the baseline's with a negative weight. Returns how many terms. */
static size_t collect_terms(const struct summary *summary, size_t contender, size_t allocator, struct term *terms)
{
    const struct dataset *data = summary->data;
    size_t count = 0, variants = 0;
    for (size_t variant = 0; variant < data->variant_count; variant++)
        variants += summary_common(summary, allocator, variant);
    for (size_t variant = 0; variant < data->variant_count; variant++) {
        if (!summary_common(summary, allocator, variant))
            continue;
        const struct cell *cell = dataset_cell(data, variant, contender, allocator);
        const struct cell *baseline = dataset_baseline(data, cell);
        terms[count++] = summary_term(summary, (size_t)(cell - data->cells), 1 / (double)variants);
        terms[count++] = summary_term(summary, (size_t)(baseline - data->cells), -1 / (double)variants);
    }
    return count;
}

static int average(struct summary *summary, size_t contender, size_t allocator)
{
    const struct dataset *data = summary->data;
    struct overall *overall = &summary->overall[contender * data->allocator_count + allocator];
    struct term *terms = malloc(data->variant_count * 2 * sizeof *terms);
    if (!terms)
        return analysis_no_memory();
    size_t count = collect_terms(summary, contender, allocator, terms);
    overall->variants = count / 2;
    if (count > 0) {
        bool itself = data->contenders[contender].baseline == contender;
        overall->ratio = itself ? 1 : terms_value(terms, count);
        overall->ratio_interval = itself ? (struct interval){1, 1} : terms_interval(terms, count);
    }
    free(terms);
    return 0;
}

int overall_make(struct summary *summary)
{
    const struct dataset *data = summary->data;
    for (size_t allocator = 0; allocator < data->allocator_count; allocator++) {
        for (size_t contender = 0; contender < data->contender_count; contender++)
            count_variants(summary, contender, allocator);
        choose_compared(summary, allocator);
        choose_common(summary, allocator);
        for (size_t contender = 0; contender < data->contender_count; contender++)
            if (summary_overall(summary, contender, allocator)->compared) {
                int error = average(summary, contender, allocator);
                if (error)
                    return error;
                average_footprint(summary, contender, allocator);
            }
    }
    return 0;
}
