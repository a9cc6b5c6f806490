/* control.c: the collector's knobs, as Python's gc module has them. There is one generation; it is called the oldest.
 */
#include "cell.h"
#include "collect.h"
#include "mm.h"
#include "walk.h"

#include <string.h>

void mm_gc_enable(void)
{
    marksweep_collector.disabled = false;
}

void mm_gc_disable(void)
{
    marksweep_collector.disabled = true;
}

bool mm_gc_is_enabled(void)
{
    return !marksweep_collector.disabled;
}

void mm_gc_set_threshold(const uint32_t threshold[MM_GENERATIONS])
{
    memcpy(marksweep_collector.threshold, threshold, sizeof marksweep_collector.threshold);
    marksweep_budget_set();
}

void mm_gc_get_threshold(uint32_t threshold[MM_GENERATIONS])
{
    memcpy(threshold, marksweep_collector.threshold, sizeof marksweep_collector.threshold);
}

void mm_gc_get_count(uint32_t count[MM_GENERATIONS])
{
    size_t kib = marksweep_collector.since_bytes / 1024;
    memset(count, 0, MM_GENERATIONS * sizeof *count);
    count[0] = kib < UINT32_MAX ? (uint32_t)kib : UINT32_MAX;
}

/* ---- the permanent set: marking begins with it */

static void freeze(void *object, uintptr_t header, void *context)
{
    (void)context;
    if (cell_is_buffer(header) || is_frozen(object))
        return;
    *frozen_word(object) |= frozen_bit(object);
    marksweep_collector.frozen++;
}

static void unfreeze(void *object, uintptr_t header, void *context)
{
    (void)header;
    (void)context;
    *frozen_word(object) &= ~frozen_bit(object);
}

static void walk_all(enum walk which, marksweep_visit *visit, void *context)
{
    marksweep_walk(which, NULL, (const char *)UINTPTR_MAX, visit, context);
}

void mm_gc_freeze(void)
{
    walk_all(WALK_IN_USE, freeze, NULL);
}

void mm_gc_unfreeze(void)
{
    walk_all(WALK_FROZEN, unfreeze, NULL);
    marksweep_collector.frozen = 0;
}

size_t mm_gc_freeze_count(void)
{
    return marksweep_collector.frozen;
}

/* ---- garbage: a tracing collector has no uncollectable objects */

size_t mm_gc_garbage(void *objects[], size_t capacity)
{
    (void)objects;
    (void)capacity;
    return 0;
}

void mm_gc_garbage_clear(void) {}

/* ---- objects */

struct list {
    void **objects;
    size_t capacity, count;
};

static void list_add(void *object, uintptr_t header, void *context)
{
    struct list *list = context;
    if (cell_is_buffer(header) || is_frozen(object))
        return;
    if (list->count < list->capacity)
        list->objects[list->count] = object;
    list->count++;
}

size_t mm_gc_get_objects(int generation, void *objects[], size_t capacity)
{
    struct list list = {objects, capacity, 0};
    if (generation == -1 || generation == MM_GENERATIONS - 1)
        walk_all(WALK_IN_USE, list_add, &list);
    return list.count;
}
