#include "driver/prepare.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/child.h"
#include "driver/minheap.h"
#include "driver/pilot.h"
#include "driver/say.h"

static bool is_measured(const struct experiment *experiment)
{
    return experiment->heap_factors_count || experiment->pilot;
}

static bool parse_shard(const char *text, struct shard *shard)
{
    int64_t number, of;
    const char *slash = strchr(text, '/');
    char *first = must_print("%.*s", slash ? (int)(slash - text) : 0, text);
    bool good = slash && parse_integer(first, 1, 10000, &number) && parse_integer(slash + 1, number, 10000, &of);
    free(first);
    if (good)
        *shard = (struct shard){(uint32_t)number, (uint32_t)of};
    return good;
}

int prepare_check(const struct experiment *experiment, const struct run_options *options)
{
    struct shard shard;
    if (options->shard && !parse_shard(options->shard, &shard))
        say("--shard %s: expected which of how many, as 2/8", options->shard);
    else if (options->shard && !options->plan && is_measured(experiment))
        say("--shard %s: part of the plan has to be measured, and each machine would find another; plan once, with "
            "--dry-run --out PLAN, then run --plan PLAN --shard %s",
            options->shard, options->shard);
    else
        return 0;
    return -1;
}

bool prepare_measures(const struct experiment *experiment, const struct run_options *options)
{
    return is_measured(experiment) && !options->plan;
}

/* ---- what another folder has */

static json_t *load_plan(const char *folder)
{
    char *path = must_print("%s/plan.json", folder);
    json_error_t error;
    json_t *described = json_load_file(path, 0, &error);
    if (!described)
        say("%s: %s; is %s the folder of a run?", path, error.text, folder);
    free(path);
    return described;
}

/* 0, or -1 after a message: they are plans of different cells. */
static int take_counts_of(struct plan *plan, const char *folder)
{
    json_t *then = load_plan(folder);
    if (!then)
        return -1;
    json_object_del(then, "shard");
    plan_take_counts(plan, then);
    json_t *now = plan_describe(plan);
    bool same = json_equal(json_object_get(then, "cells"), json_object_get(now, "cells"));
    if (!same)
        say("--plan %s: it is not a plan of these cells: strategies, workloads or their parameters differ", folder);
    json_decref(then);
    json_decref(now);
    return same ? 0 : -1;
}

/* The search for the smallest heaps goes on from its rows: all of it, in this case. */
static int take_over_minheap(const char *from, const char *to)
{
    int failure = minheap_copy(from, to);
    if (failure)
        say("--plan %s: its smallest heaps cannot be taken over: %s", from, strerror(-failure));
    return failure;
}

/* ---- the parts */

static int find_limits(struct plan *plan, const struct results *results)
{
    if (!plan->experiment->heap_factors_count)
        return EXIT_ALL_OK;
    enum minheap_end end = minheap_multiply(plan, results->folder);
    if (end == MINHEAP_INTERRUPTED)
        say("stopped while the smallest heaps were looked for; go on with `reclaim resume %s`", results->folder);
    return end == MINHEAP_FOUND ? EXIT_ALL_OK : end == MINHEAP_INTERRUPTED ? EXIT_INTERRUPTED : EXIT_SOME_FAILED;
}

static int find_counts(struct plan *plan, const struct results *results)
{
    if (!plan->experiment->pilot)
        return EXIT_ALL_OK;
    enum pilot_end end = pilot_run(plan, results);
    if (end == PILOT_INTERRUPTED)
        say("stopped in the pilot; go on with `reclaim resume %s`", results->folder);
    return end == PILOT_DONE ? EXIT_ALL_OK : end == PILOT_INTERRUPTED ? EXIT_INTERRUPTED : EXIT_SOME_FAILED;
}

int prepare_given(struct plan *plan, const struct run_options *options)
{
    struct shard shard;
    if (options->plan && take_counts_of(plan, options->plan))
        return EXIT_USAGE;
    if (options->shard && parse_shard(options->shard, &shard) && plan_take_shard(plan, shard))
        return EXIT_USAGE;
    return EXIT_ALL_OK;
}

int prepare_new(struct plan *plan, const struct results *results, const struct run_options *options)
{
    if (options->plan && plan->experiment->heap_factors_count && take_over_minheap(options->plan, results->folder))
        return EXIT_USAGE;
    int code = find_limits(plan, results);
    if (code == EXIT_ALL_OK && !options->plan)
        code = find_counts(plan, results);
    return code == EXIT_ALL_OK ? prepare_given(plan, options) : code;
}

int prepare_again(struct plan *plan, const struct results *results)
{
    int code = find_limits(plan, results);
    json_t *then = code == EXIT_ALL_OK ? load_plan(results->folder) : NULL;
    if (then)
        plan_take_counts(plan, then);
    json_decref(then);
    return code != EXIT_ALL_OK ? code : then ? EXIT_ALL_OK : EXIT_USAGE;
}
