#include "bench/recorder.h"

#include <errno.h>

#include "bench/clock.h"
#include "bench/memory.h"

int recorder_open(struct recorder *recorder, size_t capacity)
{
    *recorder = (struct recorder){.pauses = memory_map(capacity * sizeof *recorder->pauses), .capacity = capacity};
    return recorder->pauses ? 0 : -ENOMEM;
}

void recorder_close(struct recorder *recorder)
{
    memory_unmap(recorder->pauses, recorder->capacity * sizeof *recorder->pauses);
    *recorder = (struct recorder){0};
}

void recorder_start(struct recorder *recorder)
{
    recorder->kept = 0;
    recorder->count = 0;
    recorder->max_ns = 0;
    recorder->depth = 0;
    recorder->zero_ns = clock_now_ns();
}

void recorder_pause_begin(struct recorder *recorder, uint32_t cause, uint32_t generation)
{
    if (recorder->depth++)
        return;
    recorder->open = (struct pause){.cause = cause, .generation = generation};
    recorder->open.start_ns = clock_now_ns() - recorder->zero_ns;
}

void recorder_pause_end(struct recorder *recorder, uint64_t freed)
{
    if (!recorder->depth || --recorder->depth)
        return;
    struct pause *open = &recorder->open;
    open->length_ns = clock_now_ns() - recorder->zero_ns - open->start_ns;
    open->freed = freed;
    recorder->count++;
    if (open->length_ns > recorder->max_ns)
        recorder->max_ns = open->length_ns;
    if (recorder->kept < recorder->capacity)
        recorder->pauses[recorder->kept++] = *open;
}
