/* A plan as plan.json, and what is taken from one. */
#include <string.h>

#include "driver/plan.h"

static json_t *describe_cell(const struct cell *cell)
{
    json_t *described =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:i, s:i}", "strategy", cell->strategy->name, "strategy_params",
                  cell->strategy_params, "allocator", cell->allocator->name, "workload", cell->workload->name,
                  "workload_params", cell->workload_params, "heap_limit_bytes", (json_int_t)cell->heap_limit_bytes,
                  "invocations", (int)cell->invocations, "repetitions", (int)cell->repetitions);
    if (cell->expected_ns) {
        json_object_set_new(described, "expected_ns", json_integer((json_int_t)cell->expected_ns));
        json_object_set_new(described, "expected_share", json_real(cell->expected_share));
    }
    return described;
}

static json_t *describe_job(const struct job *job)
{
    json_t *described = json_pack("{s:i, s:i, s:s, s:i}", "cell", (int)job->cell, "invocation", (int)job->invocation,
                                  "mode", job->timeline ? "timeline" : "time", "pad_bytes", (int)job->pad_bytes);
    if (job->elsewhere)
        json_object_set_new(described, "elsewhere", json_true());
    return described;
}

json_t *plan_describe(const struct plan *plan)
{
    json_t *cells = json_array(), *jobs = json_array();
    for (size_t i = 0; i < plan->cell_count; i++)
        json_array_append_new(cells, describe_cell(&plan->cells[i]));
    for (size_t i = 0; i < plan->job_count; i++)
        json_array_append_new(jobs, describe_job(&plan->jobs[i]));
    json_t *described =
        json_pack("{s:I, s:o, s:o}", "seed", (json_int_t)*plan->experiment->seed, "cells", cells, "processes", jobs);
    if (plan->shard.of)
        json_object_set_new(described, "shard",
                            json_pack("{s:i, s:i}", "number", (int)plan->shard.number, "of", (int)plan->shard.of));
    return described;
}

static int64_t number_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static void take_counts(struct cell *cell, const json_t *described)
{
    int64_t invocations = number_of(described, "invocations"), repetitions = number_of(described, "repetitions");
    if (invocations < 1 || invocations > UINT16_MAX || repetitions < 1 || repetitions > UINT16_MAX)
        return;
    cell->invocations = (uint32_t)invocations;
    cell->repetitions = (uint32_t)repetitions;
    cell->expected_ns = (uint64_t)number_of(described, "expected_ns");
    cell->expected_share = json_real_value(json_object_get(described, "expected_share"));
}

void plan_take_counts(struct plan *plan, const json_t *described)
{
    const json_t *cells = json_object_get(described, "cells"), *shard = json_object_get(described, "shard");
    if (json_array_size(cells) != plan->cell_count)
        return;
    for (size_t i = 0; i < plan->cell_count; i++)
        take_counts(&plan->cells[i], json_array_get(cells, i));
    plan_make_jobs(plan);
    struct shard part = {(uint32_t)number_of(shard, "number"), (uint32_t)number_of(shard, "of")};
    if (part.of && part.number >= 1 && part.number <= part.of)
        plan_take_shard(plan, part);
}
