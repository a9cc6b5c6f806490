#include "sweep.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "format.h"

size_t sweep_family(const struct dataset *data, size_t contender)
{
    size_t first = 0;
    while (data->contenders[first].strategy != data->contenders[contender].strategy ||
           data->contenders[first].strategy_params != data->contenders[contender].strategy_params)
        first++;
    return first;
}

uint64_t sweep_smallest(const struct dataset *data, size_t variant, size_t family, size_t allocator, bool failed,
                        size_t *limits)
{
    uint64_t smallest = 0;
    *limits = 0;
    for (size_t i = family; i < data->contender_count; i++) {
        const struct cell *cell = dataset_cell(data, variant, i, allocator);
        if (!cell || !cell->key.heap_limit_bytes || data->contenders[i].judge || !(failed || cell->has_usable) ||
            sweep_family(data, i) != family)
            continue;
        ++*limits;
        if (!smallest || cell->key.heap_limit_bytes < smallest)
            smallest = cell->key.heap_limit_bytes;
    }
    return smallest;
}

bool sweep_is(const struct dataset *data, size_t variant, size_t allocator)
{
    for (size_t i = 0; i < data->contender_count; i++) {
        size_t limits;
        sweep_smallest(data, variant, sweep_family(data, i), allocator, false, &limits);
        if (limits > 1)
            return true;
    }
    return false;
}

bool sweep_any(const struct dataset *data, size_t allocator)
{
    for (size_t variant = 0; variant < data->variant_count; variant++)
        if (sweep_is(data, variant, allocator))
            return true;
    return false;
}

bool sweep_is_beside(const struct dataset *data, size_t contender, size_t allocator)
{
    for (size_t variant = 0; variant < data->variant_count; variant++)
        if (dataset_cell(data, variant, contender, allocator) && !sweep_is(data, variant, allocator))
            return true;
    return false;
}

/* ---- as a table ---- */

/* The limit over the smallest of its family on the variant, whether that ran or not. */
static int factor_of(const struct dataset *data, const struct cell *cell)
{
    size_t limits, family = sweep_family(data, cell->contender);
    uint64_t smallest = sweep_smallest(data, cell->variant, family, cell->allocator, true, &limits);
    double factor = smallest ? round(100 * (double)cell->key.heap_limit_bytes / (double)smallest) : 0;
    return cell->key.heap_limit_bytes && factor < SWEEP_NO_LIMIT ? (int)factor : SWEEP_NO_LIMIT;
}

static void add_factor(struct sweep_columns *columns, int factor)
{
    size_t place = 0;
    while (place < columns->count && columns->factors[place] < factor)
        place++;
    if ((place < columns->count && columns->factors[place] == factor) || columns->count == SWEEP_FACTORS_MOST)
        return;
    memmove(columns->factors + place + 1, columns->factors + place,
            (columns->count - place) * sizeof *columns->factors);
    columns->factors[place] = factor;
    columns->count++;
}

void sweep_add_columns(struct sweep_columns *columns, const struct dataset *data, size_t variant, size_t allocator)
{
    for (size_t i = 0; i < data->contender_count; i++) {
        const struct cell *cell = dataset_cell(data, variant, i, allocator);
        if (cell && !data->contenders[i].judge)
            add_factor(columns, factor_of(data, cell));
    }
}

void sweep_heading(int factor, char text[16])
{
    if (factor == SWEEP_NO_LIMIT)
        strcpy(text, "none");
    else
        snprintf(text, 16, "%.4g", factor / 100.0);
}

bool sweep_has_row(const struct dataset *data, size_t variant, size_t family, size_t allocator)
{
    if (data->contenders[family].judge || sweep_family(data, family) != family)
        return false;
    for (size_t i = family; i < data->contender_count; i++)
        if (dataset_cell(data, variant, i, allocator) && sweep_family(data, i) == family)
            return true;
    return false;
}

const struct cell *sweep_cell(const struct dataset *data, size_t variant, size_t family, size_t allocator, int factor)
{
    for (size_t i = family; i < data->contender_count; i++) {
        const struct cell *cell = dataset_cell(data, variant, i, allocator);
        if (cell && sweep_family(data, i) == family && factor_of(data, cell) == factor)
            return cell;
    }
    return NULL;
}

double sweep_heap(const struct summary *summary, size_t variant, size_t family, size_t allocator)
{
    size_t limits;
    uint64_t smallest = sweep_smallest(summary->data, variant, family, allocator, true, &limits);
    const struct cell_summary *figures = summary_cell(summary, variant, family, allocator);
    return limits ? (double)smallest : figures ? figures->peak_footprint : NAN;
}

char *sweep_label(const struct dataset *data, size_t family)
{
    const struct contender *contender = &data->contenders[family];
    const char *params = dataset_name(data, contender->strategy_params);
    struct phrase label = {0};
    phrase_add_format(&label, "%s%s%s", dataset_name(data, contender->strategy), *params ? " " : "", params);
    return phrase_take(&label);
}
