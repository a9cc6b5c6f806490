/* control.c: the collector's knobs, as Python's gc module has them. All is one generation; it is called the oldest. */
#include <gc/gc.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* libgc counts calls of GC_disable: it is told of changes alone. */
void bdwgc_control_apply(void)
{
    struct collector *collector = &bdwgc_collector;
    bool off = collector->disabled || collector->threshold[0] == 0;
    if (off != collector->off)
        (off ? GC_disable : GC_enable)();
    collector->off = off;
    GC_set_min_bytes_allocd(collector->threshold[0] ? (size_t)collector->threshold[0] * 1024 : 1);
}

void mm_gc_enable(void)
{
    bdwgc_collector.disabled = false;
    bdwgc_control_apply();
}

void mm_gc_disable(void)
{
    bdwgc_collector.disabled = true;
    bdwgc_control_apply();
}

bool mm_gc_is_enabled(void)
{
    return !bdwgc_collector.disabled;
}

void mm_gc_set_threshold(const uint32_t threshold[MM_GENERATIONS])
{
    memcpy(bdwgc_collector.threshold, threshold, sizeof bdwgc_collector.threshold);
    bdwgc_control_apply();
}

void mm_gc_get_threshold(uint32_t threshold[MM_GENERATIONS])
{
    memcpy(threshold, bdwgc_collector.threshold, sizeof bdwgc_collector.threshold);
}

void mm_gc_get_count(uint32_t count[MM_GENERATIONS])
{
    size_t kib = GC_get_bytes_since_gc() / 1024;
    memset(count, 0, MM_GENERATIONS * sizeof *count);
    count[0] = kib < UINT32_MAX ? (uint32_t)kib : UINT32_MAX;
}

/* ---- the permanent set: libgc has none; what belongs to it is referred to from memory that it scans and never frees
 */

static struct {
    void **cells; /* in the order of their addresses */
    size_t count;
} frozen;

static int compare_cells(const void *a, const void *b)
{
    uintptr_t left = *(const uintptr_t *)a, right = *(const uintptr_t *)b;
    return left < right ? -1 : left > right;
}

static bool is_frozen(void *cell)
{
    return frozen.count && bsearch(&cell, frozen.cells, frozen.count, sizeof cell, compare_cells);
}

/* Up to `capacity` cells, or payloads, of objects; and how many there are. */
struct list {
    void **entries;
    size_t capacity, count;
    bool payloads;
};

static void list_add(void *cell, size_t cell_bytes, enum bdwgc_kind kind, void *context)
{
    (void)cell_bytes;
    struct list *list = context;
    bool tagged = kind == BDWGC_TAGGED || kind == BDWGC_ATOMIC_TAGGED;
    if (kind >= BDWGC_OBJECT_KINDS || (list->payloads && is_frozen(cell)))
        return;
    if (list->count < list->capacity)
        list->entries[list->count] = (char *)cell + (list->payloads && tagged ? sizeof(struct mm_type *) : 0);
    list->count++;
}

/* What is live is what a collection marks. */
void mm_gc_freeze(void)
{
    bdwgc_collect();
    struct list list = {0};
    bdwgc_visit_marked(list_add, &list);
    void **cells = list.count ? GC_malloc_uncollectable(list.count * sizeof *cells) : NULL;
    if (!cells)
        return;
    list = (struct list){.entries = cells, .capacity = list.count};
    bdwgc_visit_marked(list_add, &list);
    frozen.count = list.count < list.capacity ? list.count : list.capacity;
    qsort(cells, frozen.count, sizeof *cells, compare_cells);
    GC_free(frozen.cells);
    frozen.cells = cells;
}

void mm_gc_unfreeze(void)
{
    GC_free(frozen.cells);
    frozen.cells = NULL;
    frozen.count = 0;
}

void bdwgc_control_close(void)
{
    mm_gc_unfreeze();
    bdwgc_collector.disabled = false;
    bdwgc_collector.threshold[0] = 1;
    bdwgc_control_apply();
}

size_t mm_gc_freeze_count(void)
{
    return frozen.count;
}

/* ---- garbage: a tracing collector has no uncollectable objects */

size_t mm_gc_garbage(void *objects[], size_t capacity)
{
    (void)objects;
    (void)capacity;
    return 0;
}

void mm_gc_garbage_clear(void) {}

size_t mm_gc_get_objects(int generation, void *objects[], size_t capacity)
{
    struct list list = {.entries = objects, .capacity = capacity, .payloads = true};
    if (generation != -1 && generation != MM_GENERATIONS - 1)
        return 0;
    bdwgc_collect();
    bdwgc_visit_marked(list_add, &list);
    return list.count;
}
