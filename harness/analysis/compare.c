#include "compare.h"

#include <errno.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "compare_values.h"
#include "grow.h"
#include "machine.h"
#include "message.h"
#include "pairs.h"
#include "ranks.h"

const struct metric metrics[METRICS] = {
    [METRIC_TIME] = {"time", "Time per operation", "ns per operation", "faster", "slower", format_ns},
    [METRIC_CPU] = {"cpu", "CPU time per operation", "ns per operation", "less", "more", format_ns},
    [METRIC_INSTRUCTIONS] = {"instructions", "Instructions per operation", "instructions per operation", "fewer",
                             "more", format_count},
    [METRIC_SYSTEM_CALLS] = {"system_calls", "System calls per operation", "calls per operation", "fewer", "more",
                             format_number},
    [METRIC_FOOTPRINT] = {"footprint", "Largest footprint", "bytes", "smaller", "larger", format_bytes},
    [METRIC_PAUSE_MAX] = {"pause_max", "Longest pause", "ns", "shorter", "longer", format_ns},
    [METRIC_PAUSE_P99] = {"pause_p99", "99th percentile of pauses", "ns", "shorter", "longer", format_ns},
};

/* ---- what of a cell is compared */

/* One side's cell: its values' groups as an estimate, with resamples, and as one value per invocation. */
struct sample_set {
    struct value_room room;
    struct estimate estimate;
    struct resample resamples[BOOTSTRAP_RESAMPLES];
    double *means; /* of the groups */
    size_t groups;
};

static int sample_set_open(struct sample_set *set, const struct dataset *data)
{
    size_t largest = 0;
    for (size_t i = 0; i < data->cell_count; i++)
        largest = data->cells[i].sample_count > largest ? data->cells[i].sample_count : largest;
    set->means = calloc(largest + 1, sizeof *set->means);
    int error = value_room_open(&set->room, data);
    return set->means && !error ? 0 : analysis_no_memory();
}

static void sample_set_close(struct sample_set *set)
{
    value_room_close(&set->room);
    free(set->means);
}

static int resample(struct sample_set *set, const struct side *side, const struct cell *cell, enum metric_id metric,
                    const struct nested *nested, size_t trimmed, const char *name)
{
    struct phrase seed = {0};
    phrase_add_format(&seed, "%s|%s|%s|%s|%s", name, metrics[metric].name, side_contender(side, cell),
                      side_variant(side, cell), side_allocator(side, cell));
    char *text = phrase_take(&seed);
    gsl_rng *rng = text ? bootstrap_rng(text) : NULL;
    free(text);
    int error = rng ? bootstrap_estimate(nested, trimmed, rng, &set->estimate, set->resamples) : -ENOMEM;
    if (rng)
        gsl_rng_free(rng);
    return error ? analysis_no_memory() : 0;
}

static void read_values(struct sample_set *set, const struct side *side, const struct cell *cell, enum metric_id metric,
                        struct nested *nested)
{
    *nested = values_of(&side->data, cell, metric, &set->room);
    set->groups = nested->groups;
    for (size_t i = 0; i < nested->groups; i++)
        set->means[i] = gsl_stats_mean(nested->values + nested->start[i], 1, nested->start[i + 1] - nested->start[i]);
}

/* ---- rows and means */

/* What is summed up for geometric means, while rows are made. */
struct pool {
    const struct cell *base, *new;
    struct log_sum sum;
    size_t cells;
};

struct making {
    struct comparison *comparison;
    struct sample_set base, new;
    struct pool *pools; /* of the metric at hand: over all, then per contender and allocator */
    size_t pool_count, pool_capacity;
};

static struct pool *find_pool(struct making *making, const struct pair *pair)
{
    for (size_t i = 1; i < making->pool_count; i++) {
        struct pool *pool = &making->pools[i];
        if (pool->base->contender == pair->base->contender && pool->base->allocator == pair->base->allocator)
            return pool;
    }
    if (grow(&making->pools, &making->pool_capacity, making->pool_count + 1, sizeof *making->pools))
        return NULL;
    struct pool *pool = &making->pools[making->pool_count++];
    memset(pool, 0, sizeof *pool);
    pool->base = pair->base;
    pool->new = pair->new;
    return pool;
}

static void pool_add(struct pool *pool, const struct making *making)
{
    log_sum_add(&pool->sum, &making->new.estimate, making->new.resamples, 1);
    log_sum_add(&pool->sum, &making->base.estimate, making->base.resamples, -1);
    pool->cells++;
}

static int pool_row(struct making *making, const struct pair *pair)
{
    struct pool *pool = find_pool(making, pair);
    if (!pool)
        return analysis_no_memory();
    pool_add(pool, making);
    pool_add(&making->pools[0], making);
    return 0;
}

static int keep_means(struct making *making, enum metric_id metric)
{
    struct comparison *comparison = making->comparison;
    for (size_t i = 0; i < making->pool_count; i++) {
        struct pool *pool = &making->pools[i];
        if (pool->cells == 0 || (i == 0 && making->pool_count == 2))
            continue; /* of a single contender on a single allocator, all is the same */
        if (grow(&comparison->means, &comparison->mean_capacity, comparison->mean_count + 1, sizeof *comparison->means))
            return analysis_no_memory();
        log_sum_scale(&pool->sum, 1 / (double)pool->cells);
        comparison->means[comparison->mean_count++] =
            (struct comparison_mean){.metric = metric,
                                     .base = pool->base,
                                     .new = pool->new,
                                     .cells = pool->cells,
                                     .ratio = log_sum_value(&pool->sum),
                                     .interval = log_sum_interval(&pool->sum)};
    }
    return 0;
}

static bool all_equal(const struct sample_set *set)
{
    for (size_t i = 1; i < set->groups; i++)
        if (set->means[i] != set->means[0])
            return false;
    return true;
}

/* Counted, and all of a side the same: there is nothing to test. The mean of equal counts may be off by a rounding. */
static void fill_exact(struct comparison_row *row, double base, double new)
{
    row->exact = true;
    row->p = row->q = NAN;
    row->base_value = base;
    row->new_value = new;
    row->ratio = base > 0 && new > 0 ? new / base : NAN;
    row->interval = (struct interval){row->ratio, row->ratio};
    row->verdict = new < base ? VERDICT_LESS : new > base ? VERDICT_MORE : VERDICT_SAME;
}

/* The row's figures, from what both sets hold by now. */
static int fill_row(struct comparison_row *row, const struct making *making)
{
    const struct sample_set *base = &making->base, *new = &making->new;
    struct rank_test test;
    if (ranks_compare(base->means, base->groups, new->means, new->groups, &test))
        return analysis_no_memory();
    row->base_invocations = base->groups;
    row->new_invocations = new->groups;
    row->base_value = base->estimate.mean;
    row->new_value = new->estimate.mean;
    bool positive = base->estimate.mean > 0 && new->estimate.mean > 0;
    row->ratio = positive ? new->estimate.mean / base->estimate.mean : NAN;
    row->interval = positive ? ratio_interval(&new->estimate, new->resamples, &base->estimate, base->resamples)
                             : (struct interval){NAN, NAN};
    row->delta = test.delta;
    row->p = row->q = test.p;
    const struct comparison *comparison = making->comparison;
    bool counted = dataset_is_counted(&comparison->base.data) && dataset_is_counted(&comparison->new.data);
    bool is_count = row->metric == METRIC_INSTRUCTIONS || row->metric == METRIC_SYSTEM_CALLS;
    if (is_count && counted && all_equal(base) && all_equal(new))
        fill_exact(row, base->means[0], new->means[0]);
    return 0;
}

/* A row, where both cells have values of the metric. */
static int add_row(struct making *making, const struct pair *pair, enum metric_id metric)
{
    struct comparison *comparison = making->comparison;
    struct nested base, new;
    read_values(&making->base, &comparison->base, pair->base, metric, &base);
    read_values(&making->new, &comparison->new, pair->new, metric, &new);
    if (base.groups == 0 || new.groups == 0 || (nested_mean(&base) == 0 && nested_mean(&new) == 0))
        return 0;
    if (grow(&comparison->rows, &comparison->row_capacity, comparison->row_count + 1, sizeof *comparison->rows))
        return analysis_no_memory();
    struct comparison_row *row = &comparison->rows[comparison->row_count];
    *row = (struct comparison_row){.metric = metric, .base = pair->base, .new = pair->new};
    bool trims = compare_trims(base.groups) && compare_trims(new.groups);
    int error = resample(&making->base, &comparison->base, pair->base, metric, &base,
                         trims ? compare_trims(base.groups) : 0, "base");
    if (!error)
        error = resample(&making->new, &comparison->new, pair->new, metric, &new, trims ? compare_trims(new.groups) : 0,
                         "new");
    if (!error)
        error = fill_row(row, making);
    if (error)
        return error;
    comparison->row_count++;
    return isnan(row->ratio) ? 0 : pool_row(making, pair);
}

/* ---- verdicts */

enum verdict comparison_judge(const struct comparison_row *row, double q)
{
    if (!(q <= COMPARE_FALSE))
        return VERDICT_NONE;
    if (row->delta < 0 && !(row->interval.high >= 1))
        return VERDICT_LESS;
    return row->delta > 0 && !(row->interval.low <= 1) ? VERDICT_MORE : VERDICT_NONE;
}

/* Of the rows of one metric. */
static int judge_rows(struct comparison_row *rows, size_t count)
{
    double *p = calloc(count + 1, sizeof *p);
    for (size_t i = 0; p && i < count; i++)
        p[i] = rows[i].p;
    if (!p || ranks_adjust(p, count)) {
        free(p);
        return analysis_no_memory();
    }
    for (size_t i = 0; i < count; i++) {
        if (rows[i].exact)
            continue;
        rows[i].q = p[i];
        rows[i].verdict = comparison_judge(&rows[i], rows[i].q);
    }
    free(p);
    return 0;
}

static int make_rows(struct making *making, const struct pairs *pairs, enum metric_id metric)
{
    struct comparison *part = making->comparison;
    for (size_t i = 0; i < pairs->count; i++) {
        const struct pair *pair = &pairs->items[i];
        int error = pair->base && pair->new ? add_row(making, pair, metric) : 0;
        if (error)
            return error;
    }
    int error = judge_rows(part->rows, part->row_count);
    return error ? error : keep_means(making, metric);
}

/* Into `part`, whose sides are those of the whole. */
static int compare_metric(struct comparison *part, const struct pairs *pairs, enum metric_id metric)
{
    struct making *making = calloc(1, sizeof *making);
    if (!making)
        return analysis_no_memory();
    making->comparison = part;
    int error = sample_set_open(&making->base, &part->base.data);
    if (!error)
        error = sample_set_open(&making->new, &part->new.data);
    if (!error && grow(&making->pools, &making->pool_capacity, 1, sizeof *making->pools))
        error = analysis_no_memory();
    if (!error) {
        memset(&making->pools[making->pool_count++], 0, sizeof *making->pools);
        error = make_rows(making, pairs, metric);
    }
    sample_set_close(&making->base);
    sample_set_close(&making->new);
    free(making->pools);
    free(making);
    return error;
}

/* Metrics are apart from each other: two threads take the next one that nobody has, and what comes out does not depend
 * on which. */
struct work {
    const struct pairs *pairs;
    struct comparison parts[METRICS];
    int errors[METRICS];
    atomic_int next;
};

static void *compare_metrics(void *context)
{
    struct work *work = context;
    for (int metric; (metric = atomic_fetch_add(&work->next, 1)) < METRICS;)
        work->errors[metric] = compare_metric(&work->parts[metric], work->pairs, (enum metric_id)metric);
    return NULL;
}

static int append(struct comparison *comparison, const struct comparison *part)
{
    size_t rows = comparison->row_count + part->row_count, means = comparison->mean_count + part->mean_count;
    if (grow(&comparison->rows, &comparison->row_capacity, rows, sizeof *part->rows) ||
        grow(&comparison->means, &comparison->mean_capacity, means, sizeof *part->means))
        return analysis_no_memory();
    for (size_t i = 0; i < part->row_count; i++)
        comparison->rows[comparison->row_count++] = part->rows[i];
    for (size_t i = 0; i < part->mean_count; i++)
        comparison->means[comparison->mean_count++] = part->means[i];
    return 0;
}

static int compare_pairs(struct comparison *comparison, const struct pairs *pairs)
{
    struct work *work = calloc(1, sizeof *work);
    if (!work)
        return analysis_no_memory();
    work->pairs = pairs;
    for (size_t i = 0; i < METRICS; i++)
        work->parts[i] = (struct comparison){.base = comparison->base, .new = comparison->new};
    pthread_t thread;
    bool apart = pthread_create(&thread, NULL, compare_metrics, work) == 0;
    compare_metrics(work);
    if (apart)
        pthread_join(thread, NULL);
    int error = 0;
    for (size_t i = 0; i < METRICS; i++) {
        error = error ? error : work->errors[i];
        error = error ? error : append(comparison, &work->parts[i]);
        free(work->parts[i].rows);
        free(work->parts[i].means);
    }
    free(work);
    return error;
}

/* ---- what could not be compared, and what makes it doubtful */

static int find_gaps(struct comparison *comparison, const struct pairs *pairs)
{
    for (size_t i = 0; i < pairs->count; i++) {
        const struct pair *pair = &pairs->items[i];
        bool base = pair->base && pair->base->has_usable, new = pair->new && pair->new->has_usable;
        if (base && new)
            continue;
        if (grow(&comparison->gaps, &comparison->gap_capacity, comparison->gap_count + 1, sizeof *comparison->gaps))
            return analysis_no_memory();
        comparison->gaps[comparison->gap_count++] = (struct comparison_gap){.base = pair->base,
                                                                            .new = pair->new,
                                                                            .lost = base,
                                                                            .why = !pair->new    ? "only in BASE"
                                                                                   : !pair->base ? "only in NEW"
                                                                                   : base        ? "no figure in NEW"
                                                                                   : new         ? "no figure in BASE"
                                                                                         : "no figure in either"};
    }
    return 0;
}

static int warn(struct comparison *comparison, struct phrase *phrase)
{
    char *text = phrase_take(phrase);
    if (!text || grow(&comparison->warnings, &comparison->warning_capacity, comparison->warning_count + 1,
                      sizeof *comparison->warnings)) {
        free(text);
        return analysis_no_memory();
    }
    comparison->warnings[comparison->warning_count++] = text;
    return 0;
}

/* Names what of the two machines differs: "cpu (A, B)". */
static int warn_of_machines(struct comparison *comparison)
{
    static const char *const keys[] = {
        "cpu",         "cores_allowed", "memory_bytes", "architecture",     "kernel", "distribution",
        "virtualised", "compiler",      "flags",        "cores_kept_awake", NULL};
    struct phrase phrase = {0};
    for (size_t i = 0; keys[i]; i++) {
        const json_t *base = json_object_get(comparison->base.machine, keys[i]);
        const json_t *new = json_object_get(comparison->new.machine, keys[i]);
        if (!base || !new || json_equal((json_t *)base, (json_t *)new))
            continue;
        char *was = json_dumps(base, JSON_ENCODE_ANY), *is = json_dumps(new, JSON_ENCODE_ANY);
        phrase_add_format(&phrase, "%s%s (%s, %s)", phrase.length ? ", " : "", keys[i], was ? was : "?", is ? is : "?");
        free(was);
        free(is);
    }
    if (!phrase.length && !phrase.failed)
        return 0;
    phrase_add(&phrase, ": the runs differ in this, which may be all that differs");
    return warn(comparison, &phrase);
}

/* What the number of invocations cannot show. */
static int warn_of_counts(struct comparison *comparison)
{
    size_t base = 0, new = 0, rows = 0;
    for (size_t i = 0; i < comparison->row_count; i++) {
        const struct comparison_row *row = &comparison->rows[i];
        rows += row->metric == METRIC_TIME;
        base = row->base_invocations > base ? row->base_invocations : base;
        new = row->new_invocations > new ? row->new_invocations : new;
    }
    double least = rows ? ranks_least_p(base, new) : 0;
    struct phrase phrase = {0};
    if (least > COMPARE_FALSE)
        phrase_add_format(&phrase,
                          "%zu and %zu invocations can show no difference, however large: the rank test's p is at "
                          "least %.2g; at least 4 of each are needed",
                          base, new, least);
    else if (least * (double)rows > COMPARE_FALSE)
        phrase_add_format(
            &phrase,
            "with %zu and %zu invocations, the rank test's p is at least %.2g: of %zu cells, a difference "
            "in fewer than %.0f is never shown; take more invocations, or compare fewer cells",
            base, new, least, rows, ceil(least * (double)rows / COMPARE_FALSE));
    return phrase.length || phrase.failed ? warn(comparison, &phrase) : 0;
}

/* ---- the whole */

struct loading {
    struct side *side;
    int error;
};

static void *load_side(void *context)
{
    struct loading *loading = context;
    loading->error = dataset_load(&loading->side->data, loading->side->run_dir);
    return NULL;
}

/* Both sides at once: reading is most of the time. */
static int load_sides(struct side *base, struct side *new)
{
    struct loading first = {.side = base}, second = {.side = new};
    pthread_t thread;
    bool apart = pthread_create(&thread, NULL, load_side, &first) == 0;
    load_side(&second);
    if (apart)
        pthread_join(thread, NULL);
    else
        load_side(&first);
    if (first.error || second.error)
        return first.error ? first.error : second.error;
    base->machine = machine_load(base->run_dir);
    new->machine = machine_load(new->run_dir);
    return base->machine && new->machine ? 0 : analysis_no_memory();
}

static void close_side(struct side *side)
{
    dataset_free(&side->data);
    json_decref(side->machine);
    free(side->run_dir);
    free(side->chosen);
}

/* Who names one side's strategy or allocator means it for both. */
static int share_choice(struct side *base, struct side *new)
{
    struct side *without = base->chosen ? new : base;
    const char *chosen = base->chosen ? base->chosen : new->chosen;
    if (!chosen || without->chosen)
        return 0;
    without->chosen = strdup(chosen);
    return without->chosen ? 0 : analysis_no_memory();
}

static int make(struct comparison *comparison, const struct compare_options *options)
{
    int error = side_parse(&comparison->base, options->base, NULL);
    if (!error)
        error = side_parse(&comparison->new, options->new, &comparison->base);
    if (!error)
        error = share_choice(&comparison->base, &comparison->new);
    if (!error)
        error = load_sides(&comparison->base, &comparison->new);
    if (error)
        return error;
    struct pairs pairs;
    error = pairs_make(&pairs, &comparison->base, &comparison->new);
    if (error)
        return error;
    error = find_gaps(comparison, &pairs);
    if (!error)
        error = compare_pairs(comparison, &pairs);
    if (!error)
        error = warn_of_machines(comparison);
    if (!error)
        error = warn_of_counts(comparison);
    pairs_free(&pairs);
    return error;
}

int comparison_make(struct comparison *comparison, const struct compare_options *options)
{
    gsl_set_error_handler_off(); /* errors come back as values; GSL would abort */
    *comparison = (struct comparison){.base.data.run_id = NAMES_NONE, .new.data.run_id = NAMES_NONE};
    int error = make(comparison, options);
    if (error)
        comparison_free(comparison);
    return error;
}

void comparison_free(struct comparison *comparison)
{
    close_side(&comparison->base);
    close_side(&comparison->new);
    for (size_t i = 0; i < comparison->warning_count; i++)
        free(comparison->warnings[i]);
    free(comparison->warnings);
    free(comparison->rows);
    free(comparison->means);
    free(comparison->gaps);
    *comparison = (struct comparison){0};
}

/* One line on stderr with which cells. */
static bool tell_failures(const struct comparison *comparison, const struct compare_options *options)
{
    struct phrase phrase = {0};
    size_t slower = 0, lost = 0;
    for (size_t i = 0; i < comparison->row_count; i++) {
        const struct comparison_row *row = &comparison->rows[i];
        if (row_fails(row, options->slower_than))
            phrase_add_format(&phrase, "%s%s, %s on %s (%.3f times)", slower++ ? "; " : "",
                              side_variant(&comparison->new, row->new), side_contender(&comparison->new, row->new),
                              side_allocator(&comparison->new, row->new), row->ratio);
    }
    for (size_t i = 0; i < comparison->gap_count; i++) {
        const struct comparison_gap *gap = &comparison->gaps[i];
        if (gap->lost)
            phrase_add_format(&phrase, "%s%s%s, %s on %s",
                              slower && !lost ? "; and "
                              : lost          ? "; "
                                              : "",
                              lost ? "" : "NEW has no figure for ", side_variant(&comparison->base, gap->base),
                              side_contender(&comparison->base, gap->base),
                              side_allocator(&comparison->base, gap->base));
        lost += gap->lost;
    }
    char *text = phrase_take(&phrase);
    if (slower)
        analysis_fail(0, "slower by more than %g %%: %s", options->slower_than * 100, text ? text : "");
    else if (lost)
        analysis_fail(0, "%s", text ? text : "");
    free(text);
    return slower || lost;
}

int analysis_compare(const struct compare_options *options, FILE *out, bool *failed)
{
    struct comparison comparison;
    *failed = false;
    int error = comparison_make(&comparison, options);
    if (error)
        return error;
    error = comparison_print(&comparison, options, out);
    if (!error && !isnan(options->slower_than))
        *failed = tell_failures(&comparison, options);
    comparison_free(&comparison);
    return error;
}
