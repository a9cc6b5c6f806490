#include "common/common.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mm.h"

static void (*listener)(const struct mm_event *event, void *context);
static void *listener_context;

void mm_listen(void (*function)(const struct mm_event *event, void *context), void *context)
{
    listener = function;
    listener_context = context;
}

void common_emit(const struct mm_event *event)
{
    if (listener)
        listener(event, listener_context);
}

uint64_t common_clock_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static int param_read(const struct mm_param *table, const char *text, int64_t values[])
{
    const char *equals = strchr(text, '=');
    if (!equals || equals == text)
        return -EINVAL;
    size_t name_length = (size_t)(equals - text);
    for (size_t i = 0; table && table[i].name; i++) {
        if (strlen(table[i].name) != name_length || memcmp(table[i].name, text, name_length) != 0)
            continue;
        char *end;
        errno = 0;
        long long value = strtoll(equals + 1, &end, 10);
        if (errno || end == equals + 1 || *end || value < table[i].lowest || value > table[i].highest)
            return -EINVAL;
        values[i] = value;
        return 0;
    }
    return -EINVAL;
}

int common_params_read(const struct mm_config *config, const struct mm_param *table, int64_t values[])
{
    for (size_t i = 0; table && table[i].name; i++)
        values[i] = table[i].initial;
    for (size_t i = 0; config->params && config->params[i]; i++) {
        int error = param_read(table, config->params[i], values);
        if (error)
            return error;
    }
    return 0;
}

void common_counts_report(const struct common_counts *counts, struct mm_stats *stats)
{
    stats->objects_allocated = counts->objects_allocated;
    stats->bytes_allocated = counts->bytes_allocated;
    stats->objects_freed = counts->objects_freed;
    stats->bytes_freed = counts->bytes_freed;
}
