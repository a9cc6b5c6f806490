#include "derived.h"

#include <string.h>

#include "reader.h"

static double or_zero(int64_t value)
{
    return value == READER_MISSING ? 0 : (double)value;
}

/* What one invocation has leaked by its repetitions; added up over invocations, divided at the end. An invocation
 * counts as far as its repetitions are usable: after one that is not, what is leaked is not known. */
size_t leaks_of_cell(const struct cell *cell, struct leak_step *steps, size_t capacity)
{
    memset(steps, 0, capacity * sizeof *steps);
    const struct sample *samples = cell->samples;
    size_t count = 0, step = 0;
    bool known = true;
    struct leak_step sum = {0};
    for (size_t i = 0; i < cell->sample_count; i++) {
        if (i == 0 || samples[i].invocation != samples[i - 1].invocation) {
            sum = (struct leak_step){0};
            step = 0;
            known = true;
        }
        known &= samples[i].usable;
        if (!known || step >= capacity)
            continue;
        sum.iterations += samples[i].iterations == READER_MISSING ? 1 : (double)samples[i].iterations;
        sum.objects_allocated += or_zero(samples[i].objects_allocated);
        sum.leaked_objects += or_zero(samples[i].leaked_objects);
        sum.leaked_bytes += or_zero(samples[i].leaked_bytes);
        steps[step].invocations++;
        steps[step].iterations += sum.iterations;
        steps[step].objects_allocated += sum.objects_allocated;
        steps[step].leaked_objects += sum.leaked_objects;
        steps[step].leaked_bytes += sum.leaked_bytes;
        count = ++step > count ? step : count;
    }
    for (size_t i = 0; i < count; i++) {
        double invocations = (double)steps[i].invocations;
        steps[i].iterations /= invocations;
        steps[i].objects_allocated /= invocations;
        steps[i].leaked_objects /= invocations;
        steps[i].leaked_bytes /= invocations;
    }
    return count;
}
