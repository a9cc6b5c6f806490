#include "driver/plan.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driver/say.h"

enum { PAD_HIGHEST = 4096 };

/* What is made from, while it is made. */
struct maker {
    struct plan *plan;
    const struct experiment *experiment;
    const struct experiment_source *source;
    const struct catalogue *catalogue;
};

/* ---- random order: splitmix64, the same sequence on every machine */

static uint64_t random_next(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static uint32_t random_below(uint64_t *state, uint32_t bound)
{
    return (uint32_t)(((random_next(state) >> 32) * bound) >> 32);
}

/* Keeps the order within a rank. */
static void sort_by_rank(struct plan *plan)
{
    struct job *sorted = must_resize(NULL, plan->job_count, sizeof *sorted);
    size_t count = 0;
    for (unsigned rank = 0; count < plan->job_count; rank++)
        for (size_t i = 0; i < plan->job_count; i++)
            if (plan->cells[plan->jobs[i].cell].rank == rank)
                sorted[count++] = plan->jobs[i];
    free(plan->jobs);
    plan->jobs = sorted;
}

void plan_make_jobs(struct plan *plan)
{
    const struct experiment *experiment = plan->experiment;
    bool timeline = *experiment->timeline == SWITCH_ON;
    size_t most = 0;
    for (size_t i = 0; i < plan->cell_count; i++)
        most += plan->cells[i].invocations + 1u;
    free(plan->jobs);
    plan->jobs = must_resize(NULL, most, sizeof *plan->jobs);
    plan->job_count = 0;
    for (uint32_t cell = 0; cell < plan->cell_count; cell++) {
        uint32_t invocations = plan->cells[cell].invocations;
        for (uint32_t invocation = 0; invocation < invocations; invocation++)
            plan->jobs[plan->job_count++] = (struct job){.cell = cell, .invocation = invocation};
        if (timeline)
            plan->jobs[plan->job_count++] = (struct job){.cell = cell, .invocation = invocations, .timeline = true};
    }
    uint64_t state = (uint64_t)*experiment->seed;
    for (size_t i = plan->job_count; i > 1; i--) {
        size_t other = random_below(&state, (uint32_t)i);
        struct job job = plan->jobs[i - 1];
        plan->jobs[i - 1] = plan->jobs[other];
        plan->jobs[other] = job;
    }
    sort_by_rank(plan);
    for (size_t i = 0; i < plan->job_count; i++)
        plan->jobs[i].pad_bytes = random_below(&state, PAD_HIGHEST);
}

/* ---- parameters: "name=value" as given, checked against a table */

/* The value given for `name`, the last if there are several; NULL if none is. */
static const char *given_value(char *const *given, unsigned count, const char *name)
{
    size_t length = strlen(name);
    const char *value = NULL;
    for (unsigned i = 0; i < count; i++)
        if (strncmp(given[i], name, length) == 0 && given[i][length] == '=')
            value = given[i] + length + 1;
    return value;
}

static int say_unknown_param(const struct maker *maker, const char *owner, const char *given,
                             const struct params *params)
{
    struct text name = {0}, known = {0};
    text_add(&name, "%.*s", (int)strcspn(given, "="), given);
    const char **names = must_resize(NULL, params->count, sizeof *names);
    for (size_t i = 0; i < params->count; i++) {
        names[i] = params->items[i].name;
        text_add(&known, "%s%s", i ? ", " : "", names[i]);
    }
    const char *where = experiment_where(maker->source, given), *nearest = nearest_of(name.bytes, names, params->count);
    if (!strchr(given, '='))
        say("%s%s: a parameter is given as name=value, not as %s", where, owner, given);
    else if (!params->count)
        say("%s%s has no parameters; %s was given", where, owner, given);
    else if (nearest)
        say("%s%s has no parameter %s; did you mean %s? It has %s", where, owner, name.bytes, nearest, known.bytes);
    else
        say("%s%s has no parameter %s; it has %s", where, owner, name.bytes, known.bytes);
    free(names);
    text_free(&name);
    text_free(&known);
    return -1;
}

static int check_names(const struct maker *maker, const char *owner, const struct params *params, char *const *given,
                       unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        char *name = must_print("%.*s", (int)strcspn(given[i], "="), given[i]);
        bool known = strchr(given[i], '=') && params_find(params, name);
        free(name);
        if (!known)
            return say_unknown_param(maker, owner, given[i], params);
    }
    return 0;
}

/* Adds "name=value" to `text` and `option name=value` to the options. 0, or -1 after a message. */
static int add_param(const struct maker *maker, const char *owner, const struct param *param, const char *given,
                     const char *option, struct text *text, struct strings *options)
{
    struct text why = {0};
    char *value = param_value(param, given, &why);
    if (!value) {
        char *pair = must_print("%s=%s", param->name, given);
        say("%s%s: %s is not possible; %s is %s", experiment_where(maker->source, pair), owner, pair, param->name,
            why.bytes);
        free(pair);
    } else {
        text_add(text, "%s%s=%s", text->length ? " " : "", param->name, value);
        strings_add(options, option);
        strings_take(options, must_print("%s=%s", param->name, value));
    }
    text_free(&why);
    free(value);
    return value ? 0 : -1;
}

/* All of a table's parameters if `all`, else those that were given, in the table's order. */
static int add_params(const struct maker *maker, const char *owner, const struct params *params, char *const *given,
                      unsigned count, bool all, const char *option, struct text *text, struct strings *options)
{
    int failure = check_names(maker, owner, params, given, count);
    for (size_t i = 0; i < params->count && !failure; i++) {
        const struct param *param = &params->items[i];
        const char *value = given_value(given, count, param->name);
        if (value)
            failure = add_param(maker, owner, param, value, option, text, options);
        else if (all)
            text_add(text, "%s%s=%s", text->length ? " " : "", param->name, param->initial);
    }
    return failure;
}

/* Of a strategy that was left out, whose table nobody has: as they are. */
static void join_params(char *const *given, unsigned count, struct text *text)
{
    for (unsigned i = 0; i < count; i++)
        text_add(text, "%s%s", i ? " " : "", given[i]);
}

/* ---- cells */

static char *label(const struct cell *cell, char *const *given, unsigned count)
{
    struct text text = {0};
    text_add(&text, "%s", cell->strategy->name);
    if (*cell->strategy_params)
        text_add(&text, " (%s)", cell->strategy_params);
    text_add(&text, " %s", cell->workload->name);
    for (unsigned i = 0; i < count; i++)
        text_add(&text, " %s", given[i]);
    text_add(&text, " %s", cell->allocator->name);
    if (cell->heap_limit_bytes)
        text_add(&text, " limit=%" PRIu64, cell->heap_limit_bytes);
    return text.bytes;
}

static void cell_free(struct cell *cell)
{
    free(cell->strategy_params);
    free(cell->workload_params);
    free(cell->label);
    strings_free(&cell->options);
}

/* The place of the same cell, or the plan's cell_count. Options of the command line can make two entries of an
 * experiment the same: one is enough. */
static size_t find_cell(const struct plan *plan, const struct cell *cell)
{
    size_t i = 0;
    for (; i < plan->cell_count; i++) {
        const struct cell *other = &plan->cells[i];
        if (other->strategy == cell->strategy && other->allocator == cell->allocator &&
            other->workload == cell->workload && other->heap_limit_bytes == cell->heap_limit_bytes &&
            strcmp(other->strategy_params, cell->strategy_params) == 0 &&
            strcmp(other->workload_params, cell->workload_params) == 0)
            break;
    }
    return i;
}

/* `*place` is that of the new cell, or of the same one that is there. */
static int add_cell(const struct maker *maker, const struct experiment_entry *strategy,
                    const struct allocator *allocator, const struct experiment_entry *workload, uint64_t limit,
                    size_t *place)
{
    struct plan *plan = maker->plan;
    struct text strategy_params = {0}, workload_params = {0};
    struct cell cell = {.strategy = catalogue_named(maker->catalogue, strategy->name),
                        .allocator = allocator,
                        .heap_limit_bytes = limit,
                        .invocations = *maker->experiment->invocations,
                        .repetitions = *maker->experiment->repetitions};
    bool is_there = !cell.strategy->left_out;
    cell.workload = is_there ? strategy_workload(cell.strategy, workload->name)
                             : catalogue_workload(maker->catalogue, workload->name);
    if (!cell.workload) {
        say("the executable of strategy %s has no workload %s; run `make build`", strategy->name, workload->name);
        return -1;
    }
    strings_add(&cell.options, "--workload");
    strings_add(&cell.options, workload->name);
    int failure = add_params(maker, cell.workload->name, &cell.workload->params, workload->params,
                             workload->params_count, true, "--param", &workload_params, &cell.options);
    if (!is_there)
        join_params(strategy->params, strategy->params_count, &strategy_params);
    else if (!failure)
        failure = add_params(maker, cell.strategy->name, &cell.strategy->params, strategy->params,
                             strategy->params_count, false, "--strategy-param", &strategy_params, &cell.options);
    cell.strategy_params = must_copy(text_string(&strategy_params));
    cell.workload_params = must_copy(text_string(&workload_params));
    text_free(&strategy_params);
    text_free(&workload_params);
    cell.label = label(&cell, workload->params, workload->params_count);
    *place = find_cell(plan, &cell);
    if (failure || *place < plan->cell_count) {
        cell_free(&cell);
        return failure;
    }
    plan->cells = must_resize(plan->cells, plan->cell_count + 1, sizeof *plan->cells);
    plan->cells[plan->cell_count++] = cell;
    return 0;
}

int plan_add_cell(struct plan *plan, const struct catalogue *catalogue, const struct experiment_entry *strategy,
                  const struct allocator *allocator, const struct experiment_entry *workload, uint64_t heap_limit_bytes,
                  size_t *place)
{
    static const struct experiment_source no_file = {0};
    const struct maker maker = {plan, plan->experiment, &no_file, catalogue};
    return add_cell(&maker, strategy, allocator, workload, heap_limit_bytes, place);
}

size_t plan_add_limited(struct plan *plan, const struct cell *cell, uint64_t heap_limit_bytes)
{
    struct cell limited = *cell;
    limited.heap_limit_bytes = heap_limit_bytes;
    size_t place = find_cell(plan, &limited);
    if (place < plan->cell_count)
        return place;
    limited.strategy_params = must_copy(cell->strategy_params);
    limited.workload_params = must_copy(cell->workload_params);
    limited.options = (struct strings){0};
    for (size_t i = 0; i < cell->options.count; i++)
        strings_add(&limited.options, cell->options.items[i]);
    limited.label =
        heap_limit_bytes ? must_print("%s limit=%" PRIu64, cell->label, heap_limit_bytes) : must_copy(cell->label);
    plan->cells = must_resize(plan->cells, plan->cell_count + 1, sizeof *plan->cells);
    plan->cells[plan->cell_count] = limited;
    return plan->cell_count++;
}

/* Of the place-th of `count` factors: 0 the ends, 1 the middle, and one more for each halving of what is between. */
static unsigned rank_of(size_t place, size_t count)
{
    unsigned rank = 0;
    for (size_t low = 0, high = count - 1; place != low && place != high;) {
        size_t middle = low + (high - low) / 2;
        rank++;
        if (place == middle)
            break;
        if (place < middle)
            high = middle;
        else
            low = middle;
    }
    return rank;
}

void plan_multiply(struct plan *plan, const uint64_t smallest_bytes[])
{
    const struct experiment *experiment = plan->experiment;
    struct plan limited = *plan;
    limited.cells = NULL;
    limited.cell_count = 0;
    for (size_t i = 0; i < plan->cell_count; i++) {
        unsigned factors = smallest_bytes[i] ? experiment->heap_factors_count : 0;
        for (unsigned f = 0; f < factors; f++) {
            double bytes = ceil(strtod(experiment->heap_factors[f], NULL) * (double)smallest_bytes[i]);
            size_t place = plan_add_limited(&limited, &plan->cells[i], (uint64_t)bytes);
            limited.cells[place].rank = rank_of(f, factors);
        }
        if (!factors)
            plan_add_limited(&limited, &plan->cells[i], 0);
    }
    plan_free_cells(plan);
    *plan = limited;
    plan_make_jobs(plan);
}

static int read_limit(const struct maker *maker, const char *text, uint64_t *bytes)
{
    if (parse_bytes(text, bytes))
        return 0;
    say("%sheap limit %s: expected bytes, as 100M, 2G, or 0 for none", experiment_where(maker->source, text), text);
    return -1;
}

/* All cells of one strategy entry. */
static int add_cells(const struct maker *maker, const struct experiment_entry *strategy)
{
    const struct experiment *experiment = maker->experiment;
    const struct plan *plan = maker->plan;
    bool own = strategy->heap_limits_count != 0;
    unsigned limit_count = own ? strategy->heap_limits_count : experiment->heap_limits_count;
    int failure = 0;
    for (unsigned w = 0; w < experiment->workloads_count && !failure; w++)
        for (size_t a = 0; a < plan->allocator_count && !failure; a++)
            for (unsigned l = 0; l < limit_count && !failure; l++) {
                uint64_t limit = 0;
                size_t place;
                failure = read_limit(maker, (own ? strategy->heap_limits : experiment->heap_limits)[l], &limit);
                if (!failure)
                    failure = add_cell(maker, strategy, &plan->allocators[a], &experiment->workloads[w], limit, &place);
            }
    return failure;
}

/* ---- the whole */

static int check_name(const struct experiment_source *source, const char *kind, const char *name,
                      const struct strings *names)
{
    if (strings_has(names, name))
        return 0;
    say_unknown(experiment_where(source, name), kind, name, (const char *const *)names->items, names->count);
    return -1;
}

int plan_check_names(const struct experiment *experiment, const struct experiment_source *source,
                     const struct catalogue *catalogue)
{
    struct strings strategies = {0}, workloads = {0};
    int failure = 0;
    catalogue_strategy_names(catalogue, &strategies);
    catalogue_workload_names(catalogue, &workloads);
    for (unsigned i = 0; i < experiment->strategies_count && !failure; i++) {
        const struct experiment_entry *entry = &experiment->strategies[i];
        failure = entry->path ? 0 : check_name(source, "strategy", entry->name, &strategies);
    }
    for (unsigned i = 0; i < experiment->workloads_count && !failure; i++) {
        const struct experiment_entry *entry = &experiment->workloads[i];
        failure = entry->path ? 0 : check_name(source, "workload", entry->name, &workloads);
    }
    strings_free(&strategies);
    strings_free(&workloads);
    return failure;
}

static int find_allocators(const struct maker *maker)
{
    struct plan *plan = maker->plan;
    const struct experiment *experiment = maker->experiment;
    plan->allocators = must_resize(NULL, experiment->allocators_count, sizeof *plan->allocators);
    for (unsigned i = 0; i < experiment->allocators_count; i++) {
        struct allocator *allocator = &plan->allocators[plan->allocator_count];
        if (allocator_find(experiment->allocators[i], experiment_where(maker->source, experiment->allocators[i]),
                           maker->catalogue->strategies[0].bench, allocator))
            return -1;
        plan->allocator_count++;
    }
    return 0;
}

static bool parse_seconds(const char *text, uint64_t *ns)
{
    char *end;
    double seconds = strtod(text, &end);
    if (end == text || *end || !(seconds >= 0 && seconds <= 1e6))
        return false;
    *ns = (uint64_t)(seconds * 1e9);
    return true;
}

static int check_positive(const struct maker *maker, const char *key, uint32_t number)
{
    if (number)
        return 0;
    say("%s%s: expected at least 1", experiment_where(maker->source, key), key);
    return -1;
}

/* In rising order, so that the place of a factor tells its rank. */
static int check_factors(const struct maker *maker)
{
    const struct experiment *experiment = maker->experiment;
    double before = 0;
    for (unsigned i = 0; i < experiment->heap_factors_count; i++) {
        const char *text = experiment->heap_factors[i];
        char *end;
        double factor = strtod(text, &end);
        if (end == text || *end || !(factor >= 1 && factor <= 1000) || factor <= before) {
            say("%sheap factor %s: expected numbers from 1 to 1000 in rising order, as [1, 1.5, 2, 4]",
                experiment_where(maker->source, text), text);
            return -1;
        }
        before = factor;
    }
    return 0;
}

static int say_expected(const struct maker *maker, const char *key, const char *given, const char *expected)
{
    say("%s%s: expected %s, not %s", experiment_where(maker->source, given), key, expected, given);
    return -1;
}

static int check_pilot(const struct maker *maker)
{
    const struct experiment_pilot *pilot = maker->experiment->pilot;
    uint64_t ns;
    double share;
    if (!pilot)
        return 0;
    if (pilot->precision && !parse_share(pilot->precision, &share))
        return say_expected(maker, "precision", pilot->precision, "per cent as 1%");
    if (pilot->time && !parse_duration(pilot->time, &ns))
        return say_expected(maker, "time", pilot->time, "a time as 90s, 30min, 2h");
    if (*pilot->invocations < 2 || *pilot->repetitions < 2 || *maker->experiment->invocations < 2)
        say("%sa pilot needs at least 2 invocations and 2 repetitions, and the run after it 2 invocations: one alone "
            "shows no spread",
            experiment_where(maker->source, "pilot"));
    else if (*pilot->most_invocations < *maker->experiment->invocations ||
             *pilot->most_repetitions < *maker->experiment->repetitions)
        say("%sthe most invocations and repetitions are fewer than the experiment's own, which are the fewest",
            experiment_where(maker->source, "pilot"));
    else if (experiment_counts(maker->experiment))
        say("%sa count is the same every time, and needs no pilot", experiment_where(maker->source, "pilot"));
    else
        return 0;
    return -1;
}

static int read_numbers(const struct maker *maker)
{
    const struct experiment *experiment = maker->experiment;
    const char *memory = experiment->memory_limit, *timeout = experiment->timeout_s;
    if (!parse_bytes(memory, &maker->plan->memory_limit_bytes))
        say("%smemory limit %s: expected bytes, as 512M, 4G, or 0 for none", experiment_where(maker->source, memory),
            memory);
    else if (!parse_seconds(timeout, &maker->plan->timeout_ns))
        say("%stimeout %s: expected seconds, or 0 for none", experiment_where(maker->source, timeout), timeout);
    else if (*experiment->seed < 0)
        say("%sseed %" PRId64 ": expected 0 or more", experiment_where(maker->source, "seed"), *experiment->seed);
    else
        return check_positive(maker, "invocations", *experiment->invocations) ||
                       check_positive(maker, "repetitions", *experiment->repetitions) || check_factors(maker) ||
                       check_pilot(maker) || check_positive(maker, "iterations", *experiment->iterations)
                   ? -1
                   : 0;
    return -1;
}

int plan_make(struct plan *plan, const struct experiment *experiment, const struct experiment_source *source,
              const struct catalogue *catalogue)
{
    *plan = (struct plan){.experiment = experiment};
    struct maker maker = {plan, experiment, source, catalogue};
    int failure = read_numbers(&maker);
    if (!failure)
        failure = find_allocators(&maker);
    for (unsigned i = 0; i < experiment->strategies_count && !failure; i++)
        failure = add_cells(&maker, &experiment->strategies[i]);
    if (!failure)
        plan_make_jobs(plan);
    else
        plan_free(plan);
    return failure;
}

void plan_free_cells(struct plan *plan)
{
    for (size_t i = 0; i < plan->cell_count; i++)
        cell_free(&plan->cells[i]);
    free(plan->cells);
    plan->cells = NULL;
    plan->cell_count = 0;
}

void plan_free(struct plan *plan)
{
    plan_free_cells(plan);
    for (size_t i = 0; i < plan->allocator_count; i++)
        allocator_free(&plan->allocators[i]);
    free(plan->allocators);
    free(plan->jobs);
    *plan = (struct plan){0};
}
