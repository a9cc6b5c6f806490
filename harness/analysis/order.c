/* order.c: from the cells of a run, in the order of its rows, to who competes on what, in the order of every table. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "grow.h"
#include "load.h"
#include "message.h"

enum { LABEL_MAX = 512 };

#define BASELINE_STRATEGY    "malloc"  /* what the hand-written program does */
#define LOWER_BOUND_STRATEGY "nogc"    /* the mutator's own cost */
#define JUDGE_STRATEGY       "torture" /* checks, and is never plotted */
#define FIRST_ALLOCATOR      "system"

/* 0 for those that come first, by their rank; others are equal. */
static int rank(const char *name, const char *const *first)
{
    int i = 0;
    while (first[i] && strcmp(first[i], name) != 0)
        i++;
    return i;
}

static int compare_names(const struct dataset *data, uint32_t a, uint32_t b)
{
    return strverscmp(dataset_name(data, a), dataset_name(data, b));
}

static int compare_contenders(const void *left, const void *right, void *context)
{
    static const char *const first[] = {BASELINE_STRATEGY, LOWER_BOUND_STRATEGY, NULL};
    const struct dataset *data = context;
    const struct contender *a = left, *b = right;
    int order = rank(dataset_name(data, a->strategy), first) - rank(dataset_name(data, b->strategy), first);
    if (!order)
        order = compare_names(data, a->strategy, b->strategy);
    if (!order)
        order = compare_names(data, a->strategy_params, b->strategy_params);
    return order ? order : (a->heap_limit_bytes > b->heap_limit_bytes) - (a->heap_limit_bytes < b->heap_limit_bytes);
}

static int compare_variants(const void *left, const void *right, void *context)
{
    const struct variant *a = left, *b = right;
    int order = compare_names(context, a->workload, b->workload);
    return order ? order : compare_names(context, a->workload_params, b->workload_params);
}

static int compare_allocators(const void *left, const void *right, void *context)
{
    static const char *const first[] = {FIRST_ALLOCATOR, NULL};
    const uint32_t *a = left, *b = right;
    int order = rank(dataset_name(context, *a), first) - rank(dataset_name(context, *b), first);
    return order ? order : compare_names(context, *a, *b);
}

static size_t find_contender(const struct dataset *data, const struct cell_key *key)
{
    size_t i = 0;
    for (; i < data->contender_count; i++) {
        const struct contender *contender = &data->contenders[i];
        if (contender->strategy == key->strategy && contender->strategy_params == key->strategy_params &&
            contender->heap_limit_bytes == key->heap_limit_bytes)
            break;
    }
    return i;
}

static size_t find_variant(const struct dataset *data, const struct cell_key *key)
{
    size_t i = 0;
    while (i < data->variant_count &&
           (data->variants[i].workload != key->workload || data->variants[i].workload_params != key->workload_params))
        i++;
    return i;
}

static size_t find_allocator(const struct dataset *data, const struct cell_key *key)
{
    size_t i = 0;
    while (i < data->allocator_count && data->allocators[i] != key->allocator)
        i++;
    return i;
}

static int collect(struct dataset *data)
{
    size_t contenders = 0, variants = 0, allocators = 0;
    for (size_t i = 0; i < data->cell_count; i++) {
        const struct cell_key *key = &data->cells[i].key;
        if (grow(&data->contenders, &contenders, data->contender_count + 1, sizeof *data->contenders) ||
            grow(&data->variants, &variants, data->variant_count + 1, sizeof *data->variants) ||
            grow(&data->allocators, &allocators, data->allocator_count + 1, sizeof *data->allocators))
            return -ENOMEM;
        if (find_contender(data, key) == data->contender_count)
            data->contenders[data->contender_count++] =
                (struct contender){.strategy = key->strategy,
                                   .strategy_params = key->strategy_params,
                                   .heap_limit_bytes = key->heap_limit_bytes,
                                   .judge = strcmp(dataset_name(data, key->strategy), JUDGE_STRATEGY) == 0,
                                   .never_frees = strcmp(dataset_name(data, key->strategy), LOWER_BOUND_STRATEGY) == 0,
                                   .by_hand = strcmp(dataset_name(data, key->strategy), BASELINE_STRATEGY) == 0};
        if (find_variant(data, key) == data->variant_count)
            data->variants[data->variant_count++] = (struct variant){
                .workload = key->workload, .workload_params = key->workload_params, .unit = NAMES_NONE};
        if (find_allocator(data, key) == data->allocator_count)
            data->allocators[data->allocator_count++] = key->allocator;
    }
    qsort_r(data->contenders, data->contender_count, sizeof *data->contenders, compare_contenders, data);
    qsort_r(data->variants, data->variant_count, sizeof *data->variants, compare_variants, data);
    qsort_r(data->allocators, data->allocator_count, sizeof *data->allocators, compare_allocators, data);
    return 0;
}

static int compare_cells(const void *left, const void *right, void *context)
{
    const struct dataset *data = context;
    const struct cell *a = &data->cells[*(const uint32_t *)left], *b = &data->cells[*(const uint32_t *)right];
    int order = (a->variant > b->variant) - (a->variant < b->variant);
    if (!order)
        order = (a->contender > b->contender) - (a->contender < b->contender);
    return order ? order : (a->allocator > b->allocator) - (a->allocator < b->allocator);
}

/* Puts the cells in order, and fills the grid. `from` has room for a number per cell. */
static void place(struct dataset *data, struct cell *sorted, uint32_t *from)
{
    for (uint32_t i = 0; i < data->cell_count; i++) {
        struct cell *cell = &data->cells[i];
        cell->contender = find_contender(data, &cell->key);
        cell->variant = find_variant(data, &cell->key);
        cell->allocator = find_allocator(data, &cell->key);
        from[i] = i;
    }
    qsort_r(from, data->cell_count, sizeof *from, compare_cells, data);
    for (uint32_t i = 0; i < data->cell_count; i++) {
        sorted[i] = data->cells[from[i]];
        size_t row = sorted[i].variant * data->contender_count + sorted[i].contender;
        data->grid[row * data->allocator_count + sorted[i].allocator] = (int32_t)i;
        struct variant *variant = &data->variants[sorted[i].variant];
        if (variant->unit == NAMES_NONE || *dataset_name(data, variant->unit) == '\0')
            variant->unit = sorted[i].unit;
    }
    memcpy(data->cells, sorted, data->cell_count * sizeof *sorted);
}

static int order_cells(struct dataset *data)
{
    size_t places = data->variant_count * data->contender_count * data->allocator_count;
    data->grid = malloc(places * sizeof *data->grid);
    struct cell *sorted = malloc(data->cell_count * sizeof *sorted);
    uint32_t *numbers = calloc(data->cell_count, sizeof *numbers);
    bool enough = data->grid && sorted && numbers;
    if (enough) {
        for (size_t i = 0; i < places; i++)
            data->grid[i] = -1;
        place(data, sorted, numbers);
    }
    free(sorted);
    free(numbers);
    return enough ? 0 : -ENOMEM;
}

/* ---- labels ---- */

static bool has_token(const char *params, const char *token, size_t length)
{
    while (*params) {
        size_t next = strcspn(params, " ");
        if (next == length && memcmp(params, token, length) == 0)
            return true;
        params += next + strspn(params + next, " ");
    }
    return false;
}

/* True if every variant of this one's workload has the parameter with the same value. */
static bool is_common(const struct dataset *data, const struct variant *variant, const char *token, size_t length)
{
    for (size_t i = 0; i < data->variant_count; i++)
        if (data->variants[i].workload == variant->workload &&
            !has_token(dataset_name(data, data->variants[i].workload_params), token, length))
            return false;
    return true;
}

/* name=value as it is, but a path without its folders. */
static void append_token(struct phrase *label, const char *token, size_t length)
{
    const char *slash = memrchr(token, '/', length);
    const char *equals = memchr(token, '=', length);
    phrase_add(label, " ");
    if (slash && equals && slash > equals) {
        phrase_add_bytes(label, token, (size_t)(equals + 1 - token));
        phrase_add_bytes(label, slash + 1, (size_t)(token + length - slash - 1));
    } else {
        phrase_add_bytes(label, token, length);
    }
}

static char *variant_label(const struct dataset *data, const struct variant *variant)
{
    struct phrase label = {0};
    phrase_add(&label, dataset_name(data, variant->workload));
    const char *params = dataset_name(data, variant->workload_params);
    while (*params) {
        size_t length = strcspn(params, " ");
        if (!is_common(data, variant, params, length))
            append_token(&label, params, length);
        params += length + strspn(params + length, " ");
    }
    return phrase_take(&label);
}

static char *contender_label(const struct dataset *data, const struct contender *contender)
{
    struct phrase label = {0};
    const char *params = dataset_name(data, contender->strategy_params);
    phrase_add(&label, dataset_name(data, contender->strategy));
    if (*params)
        phrase_add_format(&label, " %s", params);
    if (contender->heap_limit_bytes)
        phrase_add_format(&label, " limit=%s", format_bytes((double)contender->heap_limit_bytes).text);
    return phrase_take(&label);
}

static int label_all(struct dataset *data)
{
    bool enough = true;
    for (size_t i = 0; i < data->variant_count; i++)
        enough &= (data->variants[i].label = variant_label(data, &data->variants[i])) != NULL;
    for (size_t i = 0; i < data->contender_count; i++)
        enough &= (data->contenders[i].label = contender_label(data, &data->contenders[i])) != NULL;
    return enough ? 0 : -ENOMEM;
}

/* The baseline strategy with the same heap limit, else as it comes first; without it, whoever comes first. */
static void choose_baselines(struct dataset *data)
{
    for (size_t i = 0; i < data->contender_count; i++)
        for (size_t j = data->contender_count; j-- > 0;)
            if (data->contenders[j].strategy == data->contenders[0].strategy &&
                *dataset_name(data, data->contenders[j].strategy_params) == '\0' &&
                data->contenders[j].heap_limit_bytes == data->contenders[i].heap_limit_bytes)
                data->contenders[i].baseline = j;
}

int load_order_cells(struct dataset *data)
{
    int error = collect(data);
    if (!error)
        error = order_cells(data);
    if (!error)
        error = label_all(data);
    if (error)
        return analysis_no_memory();
    choose_baselines(data);
    return 0;
}
