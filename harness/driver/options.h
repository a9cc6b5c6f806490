/* options.h: what the command line asks of `run`, and how it changes an experiment. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "driver/catalogue.h"
#include "driver/experiment.h"

/* Texts and lists as typed; NULL and empty: not given. */
struct run_options {
    const char *file; /* of the experiment */
    struct strings strategies, workloads, allocators, params, heap_limits;
    const char *invocations, *repetitions, *warmup, *iterations, *seed, *timeout, *memory_limit, *counter, *out;
    const char *precision, *time; /* of a pilot, which either asks for */
    const char *plan;             /* the folder of a run whose counts are taken */
    const char *shard;            /* "2/8" */
    bool dry_run, no_timeline, no_report;
};

/* Puts what was given over the experiment; strategies and workloads that nobody named become all there are. 0, or -1
 * after a message. */
int options_apply(const struct run_options *options, struct experiment *experiment, const struct catalogue *catalogue);

/* --param, once it is known which parameters there are: NAME=VALUE goes to every strategy and workload of the
 * experiment that has NAME, OWNER.NAME=VALUE to the one. 0, or -1 after a message. */
int options_apply_params(const struct run_options *options, struct experiment *experiment,
                         const struct catalogue *catalogue);

void options_free(struct run_options *options);

#endif
