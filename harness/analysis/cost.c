#include "cost.h"

const struct cost *cost_of(const struct dataset *data)
{
    static const struct cost costs[COST_KINDS] = {
        [COST_TIME] = {"time", "Time per operation", format_ns},
        [COST_INSTRUCTIONS] = {"instructions", "Instructions per operation", format_number},
        [COST_SYSTEM_CALLS] = {"system calls", "System calls per operation", format_number},
    };
    return &costs[data->cost];
}
