#include "findings.h"

#include <math.h>
#include <string.h>

#include "cost.h"
#include "derived.h"
#include "latency.h"
#include "sweep.h"

enum { EXAMPLES = 4 };

/* ---- fastest per variant ---- */

/* Those that compete for being fastest: all but the judge and the lower bound. */
static bool competes(const struct dataset *data, size_t contender)
{
    return !data->contenders[contender].judge && !data->contenders[contender].never_frees;
}

/* The two fastest of a variant; SIZE_MAX where there is none. */
static void find_fastest(const struct summary *summary, size_t variant, size_t allocator, size_t best[2])
{
    best[0] = best[1] = SIZE_MAX;
    for (size_t i = 0; i < summary->data->contender_count; i++) {
        const struct cell_summary *figures = summary_cell(summary, variant, i, allocator);
        if (!figures || !competes(summary->data, i))
            continue;
        if (best[0] == SIZE_MAX || figures->cost < summary_cell(summary, variant, best[0], allocator)->cost) {
            best[1] = best[0];
            best[0] = i;
        } else if (best[1] == SIZE_MAX || figures->cost < summary_cell(summary, variant, best[1], allocator)->cost) {
            best[1] = i;
        }
    }
}

/* True if the interval of the ratio of two cells' times lies below 1. */
static bool is_faster(const struct summary *summary, size_t variant, size_t allocator, const size_t pair[2])
{
    const struct dataset *data = summary->data;
    const struct cell *a = dataset_cell(data, variant, pair[0], allocator);
    const struct cell *b = dataset_cell(data, variant, pair[1], allocator);
    return summary_ratio_interval(summary, (size_t)(a - data->cells), (size_t)(b - data->cells)).high < 1;
}

static void add_fastest_of(struct sheet *sheet, const struct summary *summary, size_t contender, size_t allocator)
{
    const struct dataset *data = summary->data;
    size_t wins = 0;
    for (size_t variant = 0; variant < data->variant_count; variant++) {
        size_t best[2];
        find_fastest(summary, variant, allocator, best);
        if (best[0] != contender)
            continue;
        sheet_add(sheet, wins++ ? ", " : "  - **");
        if (wins == 1) {
            sheet_escape(sheet, data->contenders[contender].label);
            sheet_add(sheet, "**: ");
        }
        sheet_escape(sheet, data->variants[variant].label);
        if (best[1] != SIZE_MAX && !is_faster(summary, variant, allocator, best)) {
            sheet_add(sheet, " (no difference shown to ");
            sheet_escape(sheet, data->contenders[best[1]].label);
            sheet_add(sheet, ")");
        }
    }
    if (wins)
        sheet_add(sheet, "\n");
}

static void add_fastest(struct sheet *sheet, const struct summary *summary, size_t allocator)
{
    const struct dataset *data = summary->data;
    sheet_add(sheet, "- %s on `%s`, of all that reclaim memory:\n", cost_of(data)->least,
              dataset_name(data, data->allocators[allocator]));
    for (size_t i = 0; i < data->contender_count; i++)
        if (competes(data, i))
            add_fastest_of(sheet, summary, i, allocator);
}

/* ---- cost over the baseline ---- */

static void add_cost(struct sheet *sheet, const struct summary *summary, size_t contender, size_t allocator)
{
    const struct dataset *data = summary->data;
    const struct overall *overall = summary_overall(summary, contender, allocator);
    struct interval interval = overall->ratio_interval;
    sheet_add(sheet, "  - **");
    sheet_escape(sheet, data->contenders[contender].label);
    sheet_add(sheet, "**: %s times the %s", format_number(overall->ratio).text, cost_of(data)->noun);
    if (!isnan(interval.low))
        sheet_add(sheet, " (%s to %s)%s", format_number(interval.low).text, format_number(interval.high).text,
                  interval.low <= 1 && interval.high >= 1 ? ", no difference shown" : "");
    if (!isnan(overall->footprint_ratio))
        sheet_add(sheet, ", %s times the footprint", format_number(overall->footprint_ratio).text);
    sheet_add(sheet, "\n");
}

/* The first that is in the means; contender_count without one. The variants are the same for all of them. */
static size_t first_compared(const struct summary *summary, size_t allocator)
{
    size_t i = 0;
    while (i < summary->data->contender_count && !summary_overall(summary, i, allocator)->compared)
        i++;
    return i;
}

static void add_costs(struct sheet *sheet, const struct summary *summary, size_t allocator)
{
    const struct dataset *data = summary->data;
    size_t first = first_compared(summary, allocator);
    const struct overall *compared = first < data->contender_count ? summary_overall(summary, first, allocator) : NULL;
    if (!compared || compared->variants == 0) {
        sheet_add(sheet, "- No variant was run by all contenders, so there is no mean over workloads.\n");
        return;
    }
    const char *baseline = data->contenders[data->contenders[first].baseline].label;
    sheet_add(sheet, "- Cost over `%s` on `%s`, geometric means: %s over the %zu variant%s that all of these ran",
              baseline, dataset_name(data, data->allocators[allocator]), cost_of(data)->noun, compared->variants,
              compared->variants == 1 ? "" : "s");
    if (compared->footprint_variants)
        sheet_add(sheet,
                  ", footprint over the %zu of them where `%s` holds at least 1 MB and nobody leaks who is to reclaim",
                  compared->footprint_variants, baseline);
    sheet_add(sheet, ":\n");
    for (size_t i = 0; i < data->contender_count; i++)
        if (data->contenders[i].baseline != i && !isnan(summary_overall(summary, i, allocator)->ratio))
            add_cost(sheet, summary, i, allocator);
}

/* ---- leaks ---- */

static void add_leaks_of(struct sheet *sheet, const struct summary *summary, size_t contender, size_t allocator)
{
    const struct dataset *data = summary->data;
    size_t count = 0;
    for (size_t variant = 0; variant < data->variant_count; variant++) {
        const struct cell_summary *figures = summary_cell(summary, variant, contender, allocator);
        if (!figures || !summary_leaks(figures) || count++ >= EXAMPLES)
            continue;
        sheet_add(sheet, count > 1 ? "; " : "  - **");
        if (count == 1) {
            sheet_escape(sheet, data->contenders[contender].label);
            sheet_add(sheet, "**: ");
        }
        sheet_escape(sheet, data->variants[variant].label);
        sheet_add(sheet, ", %s objects (%s) of %s allocated per repetition", format_count(figures->leaked_objects).text,
                  format_bytes(figures->leaked_bytes).text, format_count(figures->objects_allocated).text);
    }
    if (count > EXAMPLES)
        sheet_add(sheet, "; and %zu more", count - EXAMPLES);
    if (count)
        sheet_add(sheet, "\n");
}

static void add_leaks(struct sheet *sheet, const struct summary *summary, size_t allocator)
{
    const struct dataset *data = summary->data;
    size_t leaking = 0;
    for (size_t i = 0; i < data->contender_count; i++)
        leaking += competes(data, i) && summary_overall(summary, i, allocator)->leaking > 0;
    sheet_add(sheet, leaking ? "- Leaks, after a last full collection:\n"
                             : "- Nothing leaks, after a last full collection.\n");
    for (size_t i = 0; i < data->contender_count; i++)
        if (competes(data, i))
            add_leaks_of(sheet, summary, i, allocator);
}

/* ---- pauses ---- */

/* Of all variants; 0: none. */
static double longest_pause(const struct summary *summary, size_t contender, size_t allocator, size_t *where)
{
    double longest = 0;
    for (size_t variant = 0; variant < summary->data->variant_count; variant++) {
        const struct cell_summary *figures = summary_cell(summary, variant, contender, allocator);
        if (figures && figures->pause_max_ns > longest) {
            longest = figures->pause_max_ns;
            *where = variant;
        }
    }
    return longest;
}

/* Of a strategy with several heap limits, whether no other limit has a longer one. */
static bool is_longest_of_family(const struct summary *summary, size_t contender, size_t allocator, double longest)
{
    const struct dataset *data = summary->data;
    size_t where, family = sweep_family(data, contender);
    for (size_t i = family; i < data->contender_count; i++)
        if (sweep_family(data, i) == family && longest_pause(summary, i, allocator, &where) > longest)
            return false;
    return true;
}

static void add_pauses(struct sheet *sheet, const struct summary *summary, size_t allocator)
{
    const struct dataset *data = summary->data;
    bool any = false;
    for (size_t i = 0; i < data->contender_count; i++) {
        size_t where = 0;
        double longest = longest_pause(summary, i, allocator, &where);
        if (longest <= 0 || data->contenders[i].judge || !is_longest_of_family(summary, i, allocator, longest))
            continue;
        if (!any)
            sheet_add(sheet, "- Longest pauses, in which the program stands still:\n");
        any = true;
        sheet_add(sheet, "  - **");
        sheet_escape(sheet, data->contenders[i].label);
        sheet_add(sheet, "**: %s, in ", format_ns(longest).text);
        sheet_escape(sheet, data->variants[where].label);
        sheet_add(sheet, "\n");
    }
    if (!any && !dataset_is_counted(data))
        sheet_add(sheet, "- No pauses.\n");
}

/* ---- latency ---- */

/* The metering of that name, or SIZE_MAX. */
static size_t metering_named(const struct dataset *data, const char *name)
{
    for (size_t i = 0; i < data->metering_count; i++)
        if (strcmp(dataset_name(data, data->meterings[i]), name) == 0)
            return i;
    return SIZE_MAX;
}

static double percentile_99(const struct dataset *data, const struct cell *cell, size_t metering, bool *failed)
{
    struct latency_curve curve;
    if (metering == SIZE_MAX || latency_of_cell(data, cell, (uint32_t)metering, &curve)) {
        *failed |= metering != SIZE_MAX;
        return NAN;
    }
    double value = curve.requests >= 100 ? latency_quantile(&curve, 0.99) : NAN;
    latency_free(&curve);
    return value;
}

/* Of a strategy with several heap limits, whether it is the largest. */
static bool has_most_room(const struct dataset *data, const struct cell *cell)
{
    size_t family = sweep_family(data, cell->contender);
    for (size_t i = family; i < data->contender_count; i++) {
        const struct cell *other = dataset_cell(data, cell->variant, i, cell->allocator);
        if (other && other->latency_count && other->key.heap_limit_bytes > cell->key.heap_limit_bytes &&
            sweep_family(data, i) == family)
            return false;
    }
    return true;
}

static void add_latencies_of(struct sheet *sheet, const struct summary *summary, size_t variant, size_t allocator)
{
    const struct dataset *data = summary->data;
    size_t simple = metering_named(data, "simple"), full = metering_named(data, "full"), count = 0;
    for (size_t i = 0; i < data->contender_count; i++) {
        const struct cell *cell = dataset_cell(data, variant, i, allocator);
        if (!cell || !cell->latency_count || data->contenders[i].judge || !has_most_room(data, cell))
            continue;
        double one = percentile_99(data, cell, simple, &sheet->failed);
        double queued = percentile_99(data, cell, full, &sheet->failed);
        if (isnan(one) || isnan(queued))
            continue;
        if (count++ == 0) {
            sheet_add(sheet, "- One request in a hundred of ");
            sheet_escape(sheet, data->variants[variant].label);
            sheet_add(sheet, " takes longer than this; and this, if requests arrive evenly and queue while another "
                             "takes long:\n");
        }
        sheet_add(sheet, "  - **");
        sheet_escape(sheet, data->contenders[i].label);
        sheet_add(sheet, "**: %s; %s\n", format_ns(one).text, format_ns(queued).text);
    }
}

static void add_latencies(struct sheet *sheet, const struct summary *summary, size_t allocator)
{
    for (size_t variant = 0; variant < summary->data->variant_count; variant++)
        add_latencies_of(sheet, summary, variant, allocator);
}

void findings_write(struct sheet *sheet, const struct summary *summary)
{
    size_t allocator = figures_allocator(summary);
    add_fastest(sheet, summary, allocator);
    add_costs(sheet, summary, allocator);
    add_leaks(sheet, summary, allocator);
    add_pauses(sheet, summary, allocator);
    add_latencies(sheet, summary, allocator);
}
