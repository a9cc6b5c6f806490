#include "driver/plan_print.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "driver/progress.h"

/* What is to be done here. */
struct total {
    size_t cells, processes;
    uint64_t expected_ns;
    bool timed;               /* of all cells */
    double narrowest, widest; /* expected half-widths; 0: none is known */
};

static void add(struct total *total, const struct cell *cell)
{
    double share = cell->expected_share;
    total->expected_ns += cell->expected_ns;
    total->timed = total->timed && cell->expected_ns;
    if (share > 0 && (!(total->narrowest > 0) || share < total->narrowest))
        total->narrowest = share;
    if (share > total->widest)
        total->widest = share;
}

/* Most cells take seconds. */
static void print_time(uint64_t ns, FILE *out)
{
    if (ns < 10u * 1000000000u)
        fprintf(out, "%.1f s", (double)ns / 1e9);
    else
        fputs(progress_duration(ns), out);
}

static void print_cell(const struct cell *cell, int width, FILE *out)
{
    fprintf(out, "%-*s %3" PRIu32 " x %-*" PRIu32, width, cell->label, cell->invocations, cell->expected_ns ? 3 : 0,
            cell->repetitions);
    if (cell->expected_share > 0)
        fprintf(out, " \302\261%.2g %%", 100 * cell->expected_share);
    else if (cell->expected_ns)
        fputs(" no figure in the pilot", out);
    if (cell->expected_ns) {
        fputs(", ", out);
        print_time(cell->expected_ns, out);
    }
    fputc('\n', out);
}

void plan_print(const struct plan *plan, FILE *out)
{
    struct total total = {.timed = true, .processes = plan->job_count - plan->jobs_elsewhere};
    bool *here = plan_cells_here(plan, &total.cells);
    int width = 0;
    for (size_t i = 0; i < plan->cell_count; i++)
        if (here[i] && (int)strlen(plan->cells[i].label) > width)
            width = (int)strlen(plan->cells[i].label);
    for (size_t i = 0; i < plan->cell_count; i++) {
        if (!here[i])
            continue;
        add(&total, &plan->cells[i]);
        print_cell(&plan->cells[i], width, out);
    }
    free(here);
    fprintf(out, "%zu cells, %zu processes, seed %" PRId64, total.cells, total.processes, *plan->experiment->seed);
    if (plan->shard.of)
        fprintf(out, ", shard %" PRIu32 " of %" PRIu32, plan->shard.number, plan->shard.of);
    if (total.timed) {
        fputs(", about ", out);
        print_time(total.expected_ns, out);
    }
    if (total.widest > 0)
        fprintf(out, ", intervals of \302\261%.2g to \302\261%.2g %%", 100 * total.narrowest, 100 * total.widest);
    fputc('\n', out);
    fflush(out);
}
