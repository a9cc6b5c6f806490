/* Dividing a plan over machines. */
#include <stdlib.h>
#include <string.h>

#include "driver/plan.h"
#include "driver/say.h"

/* Cells with the same work: one workload with the same parameters. */
struct piece {
    size_t first;  /* its first cell */
    uint64_t load; /* expected time, or processes where no time is known */
    uint32_t shard;
};

static bool same_work(const struct cell *a, const struct cell *b)
{
    return a->workload == b->workload || strcmp(a->workload->name, b->workload->name) == 0
               ? strcmp(a->workload_params, b->workload_params) == 0
               : false;
}

static struct piece *piece_of(struct piece *pieces, size_t count, const struct plan *plan, const struct cell *cell)
{
    for (size_t i = 0; i < count; i++)
        if (same_work(&plan->cells[pieces[i].first], cell))
            return &pieces[i];
    return NULL;
}

static bool times_are_known(const struct plan *plan)
{
    for (size_t i = 0; i < plan->cell_count; i++)
        if (!plan->cells[i].expected_ns)
            return false;
    return true;
}

/* `pieces` has room for as many as there are cells. Returns how many there are. */
static size_t find_pieces(const struct plan *plan, struct piece *pieces)
{
    bool timed = times_are_known(plan);
    size_t count = 0;
    for (size_t i = 0; i < plan->cell_count; i++) {
        const struct cell *cell = &plan->cells[i];
        struct piece *piece = piece_of(pieces, count, plan, cell);
        if (!piece) {
            piece = &pieces[count++];
            *piece = (struct piece){.first = i};
        }
        piece->load += timed ? cell->expected_ns : cell->invocations + 1u;
    }
    return count;
}

/* The longest first; equal ones in the plan's order, so that all machines divide alike. */
static int longest_first(const void *left, const void *right)
{
    const struct piece *a = left, *b = right;
    if (a->load != b->load)
        return a->load < b->load ? 1 : -1;
    return (a->first > b->first) - (a->first < b->first);
}

/* Each piece to the shard that has least so far. */
static void deal(struct piece *pieces, size_t count, uint32_t shards)
{
    uint64_t *loads = must_resize(NULL, shards, sizeof *loads);
    memset(loads, 0, shards * sizeof *loads);
    qsort(pieces, count, sizeof *pieces, longest_first);
    for (size_t i = 0; i < count; i++) {
        uint32_t least = 0;
        for (uint32_t shard = 1; shard < shards; shard++)
            if (loads[shard] < loads[least])
                least = shard;
        loads[least] += pieces[i].load;
        pieces[i].shard = least + 1;
    }
    free(loads);
}

int plan_take_shard(struct plan *plan, struct shard shard)
{
    struct piece *pieces = must_resize(NULL, plan->cell_count, sizeof *pieces);
    size_t count = find_pieces(plan, pieces);
    if (shard.of > count) {
        say("--shard %u/%u: the plan has only %zu pieces of work (workloads with their parameters), which stay "
            "together: "
            "at most so many shards",
            shard.number, shard.of, count);
        free(pieces);
        return -1;
    }
    deal(pieces, count, shard.of);
    plan->shard = shard;
    plan->jobs_elsewhere = 0;
    for (size_t i = 0; i < plan->job_count; i++) {
        struct job *job = &plan->jobs[i];
        job->elsewhere = piece_of(pieces, count, plan, &plan->cells[job->cell])->shard != shard.number;
        plan->jobs_elsewhere += job->elsewhere;
    }
    free(pieces);
    return 0;
}

bool *plan_cells_here(const struct plan *plan, size_t *count)
{
    bool *here = must_resize(NULL, plan->cell_count, sizeof *here);
    memset(here, 0, plan->cell_count * sizeof *here);
    *count = 0;
    for (size_t i = 0; i < plan->job_count; i++) {
        bool *cell = &here[plan->jobs[i].cell];
        *count += !plan->jobs[i].elsewhere && !*cell;
        *cell |= !plan->jobs[i].elsewhere;
    }
    return here;
}
