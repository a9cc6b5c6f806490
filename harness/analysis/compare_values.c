#include "compare_values.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "reader.h"

enum { LEAST_FOR_P99 = 100 };

int value_room_open(struct value_room *room, const struct dataset *data)
{
    size_t largest = 0;
    for (size_t i = 0; i < data->cell_count; i++)
        largest = data->cells[i].sample_count > largest ? data->cells[i].sample_count : largest;
    *room = (struct value_room){.values = calloc(largest + 1, sizeof(double)),
                                .start = calloc(largest + 1, sizeof(size_t)),
                                .invocation = calloc(largest + 1, sizeof(size_t)),
                                .pauses = calloc(largest + 1, sizeof(size_t)),
                                .seen = calloc(largest + 1, sizeof(size_t))};
    return room->values && room->start && room->invocation && room->pauses && room->seen ? 0 : -ENOMEM;
}

void value_room_close(struct value_room *room)
{
    free(room->values);
    free(room->start);
    free(room->invocation);
    free(room->pauses);
    free(room->seen);
}

static double per_operation(const struct sample *sample, int64_t value)
{
    return value == READER_MISSING ? NAN : (double)value / (double)sample->operations;
}

static double time_of(const struct sample *sample)
{
    return per_operation(sample, sample->wall_ns);
}

static double cpu_of(const struct sample *sample)
{
    return per_operation(sample, sample->cpu_ns);
}

static double instructions_of(const struct sample *sample)
{
    return per_operation(sample, sample->instructions);
}

static double system_calls_of(const struct sample *sample)
{
    return per_operation(sample, sample->system_calls);
}

static double footprint_of(const struct sample *sample)
{
    return sample->peak_footprint_bytes == READER_MISSING ? 0 : (double)sample->peak_footprint_bytes;
}

/* A value per repetition that has one. */
static struct nested per_repetition(const struct cell *cell, double (*of)(const struct sample *sample),
                                    struct value_room *room)
{
    const struct sample *samples = cell->samples, *last = NULL;
    size_t count = 0, groups = 0;
    for (size_t i = 0; i < cell->sample_count; i++) {
        double value = samples[i].usable ? of(&samples[i]) : NAN;
        if (isnan(value))
            continue;
        if (!last || samples[i].invocation != last->invocation)
            room->start[groups++] = count;
        last = &samples[i];
        room->values[count++] = value;
    }
    room->start[groups] = count;
    return (struct nested){room->values, room->start, groups};
}

/* The longest pause of each invocation: a value per invocation. */
static struct nested longest_pauses(const struct cell *cell, struct value_room *room)
{
    const struct sample *samples = cell->samples, *last = NULL;
    size_t groups = 0;
    double longest = 0;
    for (size_t i = 0; i < cell->sample_count; i++) {
        if (!samples[i].usable)
            continue;
        if (!last || samples[i].invocation != last->invocation) {
            room->start[groups] = groups;
            room->values[groups++] = 0;
        }
        last = &samples[i];
        double value = samples[i].pause_max_ns == READER_MISSING ? 0 : (double)samples[i].pause_max_ns;
        if (value > room->values[groups - 1])
            room->values[groups - 1] = value;
        longest = value > longest ? value : longest;
    }
    room->start[groups] = groups;
    return (struct nested){room->values, room->start, longest > 0 ? groups : 0};
}

/* The 99th percentile of each invocation's pauses, which are sorted by length over all of them. */
static struct nested percentile_pauses(const struct dataset *data, const struct cell *cell, struct value_room *room)
{
    const struct sample *samples = cell->samples, *last = NULL;
    const struct pause *pauses = data->pauses + cell->first_pause;
    size_t groups = 0;
    for (size_t i = 0; i < cell->sample_count; i++) {
        if (samples[i].usable && (!last || samples[i].invocation != last->invocation)) {
            room->start[groups] = groups;
            room->pauses[groups] = room->seen[groups] = 0;
            groups++;
        }
        last = samples[i].usable ? &samples[i] : last;
        room->invocation[i] = groups - 1;
    }
    room->start[groups] = groups;
    for (size_t i = 0; i < cell->pause_count; i++)
        room->pauses[room->invocation[pauses[i].sample]]++;
    for (size_t i = 0; i < cell->pause_count; i++) {
        size_t group = room->invocation[pauses[i].sample];
        if (room->seen[group]++ == nearest_rank(room->pauses[group], 0.99))
            room->values[group] = (double)pauses[i].length_ns;
    }
    for (size_t i = 0; i < groups; i++)
        if (room->pauses[i] < LEAST_FOR_P99)
            groups = 0;
    return (struct nested){room->values, room->start, groups};
}

struct nested values_of(const struct dataset *data, const struct cell *cell, enum metric_id metric,
                        struct value_room *room)
{
    switch (metric) {
    case METRIC_TIME: return per_repetition(cell, time_of, room);
    case METRIC_CPU: return per_repetition(cell, cpu_of, room);
    case METRIC_INSTRUCTIONS: return per_repetition(cell, instructions_of, room);
    case METRIC_SYSTEM_CALLS: return per_repetition(cell, system_calls_of, room);
    case METRIC_FOOTPRINT: return per_repetition(cell, footprint_of, room);
    case METRIC_PAUSE_MAX: return longest_pauses(cell, room);
    default: return percentile_pauses(data, cell, room);
    }
}
