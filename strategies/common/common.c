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

/* ---- events: the listener hears a pause's begin first and its end last, so that the callbacks are in it */

static void tell_listener(const struct mm_event *event)
{
    if (listener)
        listener(event, listener_context);
}

#if MM_TRAITS & MM_TRAIT_COLLECTOR

static struct callback {
    mm_gc_callback *function;
    void *context;
} callbacks[MM_GC_CALLBACKS];
static size_t callbacks_length;

int mm_gc_callback_add(mm_gc_callback *callback, void *context)
{
    if (callbacks_length == MM_GC_CALLBACKS)
        return -ENOSPC;
    callbacks[callbacks_length++] = (struct callback){callback, context};
    return 0;
}

int mm_gc_callback_remove(mm_gc_callback *callback, void *context)
{
    size_t i = 0;
    while (i < callbacks_length && (callbacks[i].function != callback || callbacks[i].context != context))
        i++;
    if (i == callbacks_length)
        return -ENOENT;
    memmove(&callbacks[i], &callbacks[i + 1], (--callbacks_length - i) * sizeof *callbacks);
    return 0;
}

static void tell_callbacks(const struct mm_event *event)
{
    if (event->cause != MM_PAUSE_COLLECTION || event->kind == MM_EVENT_HEAP_GROWN)
        return;
    for (size_t i = 0; i < callbacks_length; i++)
        callbacks[i].function(event, callbacks[i].context);
}

#else

static void tell_callbacks(const struct mm_event *event)
{
    (void)event;
}

#endif

void common_emit(const struct mm_event *event)
{
    if (event->kind == MM_EVENT_PAUSE_BEGIN)
        tell_listener(event);
    tell_callbacks(event);
    if (event->kind != MM_EVENT_PAUSE_BEGIN)
        tell_listener(event);
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
