#include "cost.h"

const struct cost *cost_of(const struct dataset *data)
{
    static const struct cost time = {"time", "Time per operation", format_ns};
    static const struct cost instructions = {"instructions", "Instructions per operation", format_number};
    return data->counted ? &instructions : &time;
}
