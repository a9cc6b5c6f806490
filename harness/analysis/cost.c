#include "cost.h"

const struct cost *cost_of(const struct dataset *data)
{
    static const struct cost costs[COST_KINDS] = {
        [COST_TIME] = {"time", "Time per operation", "Fastest",
                       "Time relative to the baseline, all workloads at a glance",
                       "Time per operation, workload by workload", format_ns},
        [COST_INSTRUCTIONS] = {"instructions", "Instructions per operation", "Fewest instructions",
                               "Instructions relative to the baseline, all workloads at a glance",
                               "Instructions per operation, workload by workload", format_number},
        [COST_SYSTEM_CALLS] = {"system calls", "System calls per operation", "Fewest system calls",
                               "System calls relative to the baseline, all workloads at a glance",
                               "System calls per operation, workload by workload", format_number},
    };
    return &costs[data->cost];
}
