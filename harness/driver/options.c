#include "driver/options.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "driver/left_out.h"
#include "driver/say.h"

/* ---- numbers */

static int read_number(const char *option, const char *text, int64_t lowest, int64_t highest, int64_t *number)
{
    if (parse_integer(text, lowest, highest, number))
        return 0;
    say("--%s %s: expected an integer from %" PRId64 " to %" PRId64, option, text, lowest, highest);
    return -1;
}

static int apply_number(const char *option, const char *text, int64_t lowest, uint32_t **place)
{
    int64_t number;
    if (!text)
        return 0;
    if (read_number(option, text, lowest, 1000000, &number))
        return -1;
    if (!*place)
        *place = must_resize(NULL, 1, sizeof **place);
    **place = (uint32_t)number;
    return 0;
}

static int apply_seed(const char *text, int64_t **place)
{
    int64_t number;
    if (!text)
        return 0;
    if (read_number("seed", text, 0, INT64_MAX, &number))
        return -1;
    if (!*place)
        *place = must_resize(NULL, 1, sizeof **place);
    **place = number;
    return 0;
}

static void apply_text(const char *text, char **place)
{
    if (!text)
        return;
    free(*place);
    *place = must_copy(text);
}

/* ---- lists */

static void add_missing(struct strings *names, const char *name)
{
    if (!strings_has(names, name))
        strings_add(names, name);
}

/* Those that can be timed: `torture` and its like only when they are named. */
static void add_all_strategies(struct strings *names, const struct catalogue *catalogue)
{
    for (size_t i = 0; i < catalogue->count; i++)
        if (!strategy_has_trait(&catalogue->strategies[i], "checks"))
            add_missing(names, catalogue->strategies[i].name);
}

static void add_all_workloads(struct strings *names, const struct catalogue *catalogue)
{
    struct strings all = {0};
    catalogue_workload_names(catalogue, &all);
    for (size_t i = 0; i < all.count; i++)
        add_missing(names, all.items[i]);
    strings_free(&all);
}

/* What was typed, with `all` replaced by all there are. */
static struct strings expand(const struct strings *typed, const struct catalogue *catalogue,
                             void (*add_all)(struct strings *names, const struct catalogue *catalogue))
{
    struct strings names = {0};
    for (size_t i = 0; i < typed->count; i++)
        if (strcmp(typed->items[i], "all") == 0)
            add_all(&names, catalogue);
        else
            add_missing(&names, typed->items[i]);
    return names;
}

/* Who types the name of one wants it, and not a row that says why not. */
static int refuse_left_out(const struct strings *typed, const struct catalogue *catalogue)
{
    for (size_t i = 0; i < typed->count; i++) {
        const struct strategy_info *strategy = catalogue_named(catalogue, typed->items[i]);
        if (!strategy || !strategy->left_out)
            continue;
        char *why = left_out_why(strategy);
        say("%s", why);
        free(why);
        return -1;
    }
    return 0;
}

static int apply_entries(const struct strings *typed, struct experiment_entry **entries, unsigned *count,
                         const struct catalogue *catalogue,
                         void (*add_all)(struct strings *names, const struct catalogue *catalogue))
{
    struct strings names = expand(typed, catalogue, add_all);
    if (!names.count && !*count)
        add_all(&names, catalogue);
    int failure = names.count ? entries_select(entries, count, &names) : 0;
    strings_free(&names);
    return failure;
}

static void apply_list(const struct strings *typed, char ***items, unsigned *count)
{
    if (!typed->count)
        return;
    list_clear(items, count);
    for (size_t i = 0; i < typed->count; i++)
        list_add(items, count, typed->items[i]);
}

static void apply_heap_limits(const struct strings *typed, struct experiment *experiment)
{
    apply_list(typed, &experiment->heap_limits, &experiment->heap_limits_count);
    for (unsigned i = 0; typed->count && i < experiment->strategies_count; i++)
        list_clear(&experiment->strategies[i].heap_limits, &experiment->strategies[i].heap_limits_count);
}

static void apply_pilot(const struct run_options *options, struct experiment *experiment)
{
    if (!options->precision && !options->time)
        return;
    if (!experiment->pilot) {
        experiment->pilot = must_resize(NULL, 1, sizeof *experiment->pilot);
        *experiment->pilot = (struct experiment_pilot){0};
    }
    apply_text(options->precision, &experiment->pilot->precision);
    apply_text(options->time, &experiment->pilot->time);
}

int options_apply(const struct run_options *options, struct experiment *experiment, const struct catalogue *catalogue)
{
    if (apply_number("invocations", options->invocations, 1, &experiment->invocations) ||
        apply_number("repetitions", options->repetitions, 1, &experiment->repetitions) ||
        apply_number("warmup", options->warmup, 0, &experiment->warmup) ||
        apply_number("iterations", options->iterations, 1, &experiment->iterations) ||
        apply_seed(options->seed, &experiment->seed))
        return -1;
    if (refuse_left_out(&options->strategies, catalogue) ||
        apply_entries(&options->strategies, &experiment->strategies, &experiment->strategies_count, catalogue,
                      add_all_strategies) ||
        apply_entries(&options->workloads, &experiment->workloads, &experiment->workloads_count, catalogue,
                      add_all_workloads))
        return -1;
    apply_list(&options->allocators, &experiment->allocators, &experiment->allocators_count);
    if (options->allocators.count)
        allocators_find(experiment, ".");
    apply_heap_limits(&options->heap_limits, experiment);
    apply_text(options->timeout, &experiment->timeout_s);
    apply_text(options->memory_limit, &experiment->memory_limit);
    apply_pilot(options, experiment);
    if (options->counter && !experiment->counter)
        experiment->counter = must_resize(NULL, 1, sizeof *experiment->counter);
    if (options->counter && !experiment_find_counter(options->counter, experiment->counter)) {
        say("--counter %s: what can be counted is instructions, or syscalls", options->counter);
        *experiment->counter = COUNTER_NONE;
        return -1;
    }
    if (options->no_timeline || experiment_counts(experiment)) {
        if (!experiment->timeline)
            experiment->timeline = must_resize(NULL, 1, sizeof *experiment->timeline);
        *experiment->timeline = SWITCH_OFF;
    }
    return 0;
}

/* ---- parameters */

static const struct params *params_of(const struct catalogue *catalogue, const char *name, bool is_strategy)
{
    const struct strategy_info *strategy = is_strategy ? catalogue_named(catalogue, name) : NULL;
    const struct workload_info *workload = is_strategy ? NULL : catalogue_workload(catalogue, name);
    return strategy ? &strategy->params : workload ? &workload->params : NULL;
}

/* Gives `pair` to the entries named `owner` (NULL: all) that have such a parameter. Returns how many. */
static unsigned give(struct experiment_entry *entries, unsigned count, bool is_strategy,
                     const struct catalogue *catalogue, const char *owner, const char *pair)
{
    char *name = must_print("%.*s", (int)strcspn(pair, "="), pair);
    unsigned given = 0;
    for (unsigned i = 0; i < count; i++) {
        const struct params *params = params_of(catalogue, entries[i].name, is_strategy);
        if ((owner && strcmp(owner, entries[i].name) != 0) || !params || (!owner && !params_find(params, name)))
            continue;
        list_set_param(&entries[i].params, &entries[i].params_count, pair);
        given++;
    }
    free(name);
    return given;
}

/* The parameter that was probably meant; NULL if none is like it. Static. */
static const char *nearest_param(const struct experiment *experiment, const struct catalogue *catalogue,
                                 const char *name)
{
    struct strings names = {0};
    for (unsigned i = 0; i < experiment->strategies_count + experiment->workloads_count; i++) {
        bool is_strategy = i < experiment->strategies_count;
        const struct experiment_entry *entry =
            is_strategy ? &experiment->strategies[i] : &experiment->workloads[i - experiment->strategies_count];
        const struct params *params = params_of(catalogue, entry->name, is_strategy);
        for (size_t j = 0; params && j < params->count; j++)
            strings_add(&names, params->items[j].name);
    }
    static char nearest[64];
    const char *found = nearest_of(name, (const char *const *)names.items, names.count);
    if (found)
        snprintf(nearest, sizeof nearest, "%s", found);
    strings_free(&names);
    return found ? nearest : NULL;
}

static int apply_param(const char *typed, struct experiment *experiment, const struct catalogue *catalogue)
{
    size_t name_length = strcspn(typed, "=");
    if (!typed[name_length] || !name_length) {
        say("--param %s: expected NAME=VALUE, WORKLOAD.NAME=VALUE or STRATEGY.NAME=VALUE", typed);
        return -1;
    }
    const char *dot = memchr(typed, '.', name_length);
    char *owner = dot ? must_print("%.*s", (int)(dot - typed), typed) : NULL;
    const char *pair = dot ? dot + 1 : typed;
    unsigned given = give(experiment->strategies, experiment->strategies_count, true, catalogue, owner, pair) +
                     give(experiment->workloads, experiment->workloads_count, false, catalogue, owner, pair);
    if (!given && owner) {
        say("--param %s: no strategy or workload named %s is part of this run", typed, owner);
    } else if (!given) {
        char *name = must_print("%.*s", (int)name_length, typed);
        const char *nearest = nearest_param(experiment, catalogue, name);
        say("--param %s: no strategy or workload of this run has a parameter %s;%s%s%s `reclaim list` shows all", typed,
            name, nearest ? " did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
        free(name);
    }
    free(owner);
    return given ? 0 : -1;
}

int options_apply_params(const struct run_options *options, struct experiment *experiment,
                         const struct catalogue *catalogue)
{
    int failure = 0;
    for (size_t i = 0; i < options->params.count && !failure; i++)
        failure = apply_param(options->params.items[i], experiment, catalogue);
    return failure;
}

void options_free(struct run_options *options)
{
    strings_free(&options->strategies);
    strings_free(&options->workloads);
    strings_free(&options->allocators);
    strings_free(&options->params);
    strings_free(&options->heap_limits);
}
