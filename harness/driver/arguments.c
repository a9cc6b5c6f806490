#include "driver/arguments.h"

#include <inttypes.h>

void arguments_add_number(struct strings *arguments, const char *option, uint64_t number)
{
    strings_add(arguments, option);
    strings_take(arguments, must_print("%" PRIu64, number));
}

struct strings arguments_of_cell(const char *executable, const struct cell *cell, const struct experiment *experiment)
{
    struct strings arguments = {0};
    strings_add(&arguments, executable);
    for (size_t i = 0; i < cell->options.count; i++)
        strings_add(&arguments, cell->options.items[i]);
    arguments_add_number(&arguments, "--heap-limit", cell->heap_limit_bytes);
    arguments_add_number(&arguments, "--iterations", *experiment->iterations);
    arguments_add_number(&arguments, "--seed", (uint64_t)*experiment->seed);
    return arguments;
}
