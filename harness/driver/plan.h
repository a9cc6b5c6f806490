/* plan.h: the cells of an experiment, and every process that is started for them, in the order in which they run.
 *
 * The plan follows from the experiment and the catalogue alone, so that `resume` can make it again. */
#ifndef PLAN_H
#define PLAN_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "driver/allocator.h"
#include "driver/catalogue.h"
#include "driver/experiment.h"

/* strategy and its parameters x allocator x workload and its parameters x heap limit. Everything but the texts is
 * borrowed. */
struct cell {
    const struct strategy_info *strategy;
    const struct allocator *allocator;
    const struct workload_info *workload;
    char *strategy_params; /* those that were given, name=value, separated by spaces */
    char *workload_params; /* all, in the order of the workload's table */
    char *label;           /* for people: strategy workload allocator, and what else tells it from other cells */
    uint64_t heap_limit_bytes;
    unsigned rank;                     /* all processes of the cells of one rank run before those of the next */
    uint32_t invocations, repetitions; /* processes, and measured repetitions in each */
    uint64_t expected_ns;              /* by a pilot, that all its processes take; 0: unknown */
    double expected_share;             /* by a pilot, the interval's half-width over the mean; 0: unknown */
    struct strings options;            /* of the measuring process: workload, parameters (arguments.h has the rest) */
};

/* One process. */
struct job {
    uint32_t cell;
    uint32_t invocation;
    bool timeline;      /* sampled over time, not timed */
    bool elsewhere;     /* in another shard */
    uint32_t pad_bytes; /* of its environment, so that the stack lies elsewhere in each */
};

/* A part of a plan, for one of several machines: the first of eight is 1, 8. 0, 0: the whole. */
struct shard {
    uint32_t number, of;
};

struct plan {
    const struct experiment *experiment;
    uint64_t memory_limit_bytes, timeout_ns; /* of a process; 0: none */
    struct allocator *allocators;
    size_t allocator_count;
    struct cell *cells;
    size_t cell_count;
    struct job *jobs; /* in the order in which they run */
    size_t job_count;
    struct shard shard;
    size_t jobs_elsewhere;
};

/* Whether the strategies and workloads that the experiment names exist; a user's own are not looked at. 0, or -1 after
 * a message. */
int plan_check_names(const struct experiment *experiment, const struct experiment_source *source,
                     const struct catalogue *catalogue);

/* 0, or -1 after a message that says what in the experiment is wrong. All names exist. `catalogue` and
 * `experiment` (complete) have to outlive the plan. */
int plan_make(struct plan *plan, const struct experiment *experiment, const struct experiment_source *source,
              const struct catalogue *catalogue);
void plan_free(struct plan *plan);

/* Adds one cell to a plan without jobs, unless it is there; `*place` is where. Strategy and workload are in the
 * catalogue; `allocator` stays where it is. 0, or -1 after a message. */
int plan_add_cell(struct plan *plan, const struct catalogue *catalogue, const struct experiment_entry *strategy,
                  const struct allocator *allocator, const struct experiment_entry *workload, uint64_t heap_limit_bytes,
                  size_t *place);

/* Adds the cell with another heap limit; its place. `cell` may be of another plan, which has to outlive this one. */
size_t plan_add_limited(struct plan *plan, const struct cell *cell, uint64_t heap_limit_bytes);

/* Puts cells with limits in the place of each cell i that has smallest_bytes[i] (0: none): the experiment's heap
 * factors times that. The ends and the middle of the factors rank first, then what lies between, so that a run that is
 * cut off has the whole curve, only coarser. */
void plan_multiply(struct plan *plan, const uint64_t smallest_bytes[]);

void plan_free_cells(struct plan *plan);

/* Makes the jobs anew, after counts of cells have changed. */
void plan_make_jobs(struct plan *plan);

/* As in plan.json. */
json_t *plan_describe(const struct plan *plan);

/* Gives the cells the counts that they have in a plan.json, and with them the jobs; and its shard, if it has one. A
 * plan of other cells changes nothing: its reader compares. */
void plan_take_counts(struct plan *plan, const json_t *described);

/* Leaves the jobs of other shards to them. Cells with the same work are in the same shard, so that what is compared was
 * measured on one machine; shards take about the same time. 0, or -1 after a message: there are not so many pieces. */
int plan_take_shard(struct plan *plan, struct shard shard);

/* Which cells have a job here: one flag for each, owned by the caller; `*count`: how many. */
bool *plan_cells_here(const struct plan *plan, size_t *count);

#endif
