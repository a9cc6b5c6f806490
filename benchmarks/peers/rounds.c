#include "rounds.h"

#include <errno.h>
#include <gsl/gsl_randist.h>
#include <stdlib.h>
#include <string.h>

#include "driver/child.h"
#include "driver/measure.h"
#include "driver/progress.h"
#include "driver/say.h"

enum { PAD_HIGHEST = 4096 };

/* ---- the order */

static void plan_round(struct plan *plan, uint32_t round, gsl_rng *rng)
{
    struct job *jobs = plan->jobs + plan->job_count;
    for (uint32_t cell = 0; cell < plan->cell_count; cell++)
        jobs[cell] = (struct job){
            .cell = cell, .invocation = round, .pad_bytes = (uint32_t)gsl_rng_uniform_int(rng, PAD_HIGHEST)};
    gsl_ran_shuffle(rng, jobs, plan->cell_count, sizeof *jobs);
    plan->job_count += plan->cell_count;
}

int rounds_plan(struct plan *plan, size_t count, uint64_t seed)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
    if (!rng)
        return -ENOMEM;
    gsl_rng_set(rng, (unsigned long)seed);
    plan->jobs = must_resize(NULL, plan->cell_count * count, sizeof *plan->jobs);
    for (size_t round = 0; round < count; round++)
        plan_round(plan, (uint32_t)round, rng);
    gsl_rng_free(rng);
    return 0;
}

/* ---- the processes, one at a time */

static enum rounds_end run_job(const struct plan *plan, const struct job *job, struct results *results,
                               struct rounds *rounds, bool *failed)
{
    struct measure_end end = {.outcome = MEASURE_FAILED};
    struct span *span = &rounds->spans[job->invocation * rounds->cells + job->cell];
    span->first = results->samples.count;
    if (!failed[job->cell])
        measure(plan, job, results, &end);
    span->count = results->samples.count - span->first;
    failed[job->cell] = end.outcome == MEASURE_FAILED;
    if (end.outcome == MEASURE_INTERRUPTED)
        return ROUNDS_INTERRUPTED;
    return end.outcome == MEASURE_NO_ROOM ? ROUNDS_NO_ROOM : ROUNDS_DONE;
}

enum rounds_end rounds_run(const struct plan *plan, struct results *results, struct rounds *rounds)
{
    size_t cells = plan->cell_count;
    *rounds = (struct rounds){.count = cells ? plan->job_count / cells : 0, .cells = cells};
    rounds->spans = must_resize(NULL, plan->job_count, sizeof *rounds->spans);
    bool *failed = must_resize(NULL, cells, sizeof *failed);
    memset(failed, 0, cells * sizeof *failed);
    enum rounds_end end = ROUNDS_DONE;
    struct progress progress;
    progress_begin(&progress, plan->job_count, 0);
    for (size_t i = 0; i < plan->job_count && end == ROUNDS_DONE; i++) {
        progress_show(&progress, plan->cells[plan->jobs[i].cell].label);
        end = child_stop_signal() ? ROUNDS_INTERRUPTED : run_job(plan, &plan->jobs[i], results, rounds, failed);
        progress_step(&progress);
    }
    progress_end(&progress);
    free(failed);
    return end;
}

void rounds_free(struct rounds *rounds)
{
    free(rounds->spans);
    *rounds = (struct rounds){0};
}

/* ---- what came of it */

const struct sample *rounds_failure(const struct rounds *rounds, const struct samples *samples, size_t cell)
{
    for (size_t round = 0; round < rounds->count; round++) {
        struct span span = rounds_span(rounds, round, cell);
        for (size_t i = span.first; i < span.first + span.count; i++)
            if (!sample_is_ok(&samples->rows[i]))
                return &samples->rows[i];
    }
    return NULL;
}

size_t rounds_repetitions(const struct rounds *rounds, size_t cell)
{
    size_t count = 0;
    for (size_t round = 0; round < rounds->count; round++)
        count += rounds_span(rounds, round, cell).count;
    return count;
}

static double ns_per_operation(const struct sample *sample)
{
    return strtod(sample->values[SAMPLES_cpu_ns], NULL) / strtod(sample->values[SAMPLES_operations], NULL);
}

/* A cell's times, round after round, into `values`. */
static void take_times(const struct rounds *rounds, const struct samples *samples, size_t cell, double *values)
{
    for (size_t round = 0; round < rounds->count; round++) {
        struct span span = rounds_span(rounds, round, cell);
        for (size_t i = 0; i < span.count; i++)
            *values++ = ns_per_operation(&samples->rows[span.first + i]);
    }
}

int rounds_compare(const struct rounds *rounds, const struct samples *samples, size_t ours, size_t against,
                   struct outcome *outcome)
{
    size_t our_count = rounds_repetitions(rounds, ours), their_count = rounds_repetitions(rounds, against);
    double *our_ns = must_resize(NULL, our_count, sizeof *our_ns);
    double *their_ns = must_resize(NULL, their_count, sizeof *their_ns);
    struct round *sides = must_resize(NULL, rounds->count, sizeof *sides);
    take_times(rounds, samples, ours, our_ns);
    take_times(rounds, samples, against, their_ns);
    const double *our_next = our_ns, *their_next = their_ns;
    for (size_t i = 0; i < rounds->count; i++) {
        sides[i].ours = (struct side){our_next, rounds_span(rounds, i, ours).count};
        sides[i].against = (struct side){their_next, rounds_span(rounds, i, against).count};
        our_next += sides[i].ours.count;
        their_next += sides[i].against.count;
    }
    struct ratio ratio;
    gsl_rng *rng = bootstrap_rng(outcome->work);
    int failure = rng ? ratio_of_rounds(sides, rounds->count, rng, &ratio) : -ENOMEM;
    if (rng)
        gsl_rng_free(rng);
    if (!failure) {
        outcome_judge(outcome, &ratio);
        outcome->ours_ns = median_of(our_ns, our_count);
        outcome->against_ns = median_of(their_ns, their_count);
    }
    free(sides);
    free(their_ns);
    free(our_ns);
    return failure;
}
