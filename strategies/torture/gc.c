/* The collector's controls. There is one generation, 0: all objects, tracked or not, are looked at each time. */
#include <assert.h>
#include <string.h>

#include "torture/torture.h"

static void pause_event(enum mm_event_kind kind, int generation, size_t freed, size_t uncollectable)
{
    common_emit(&(struct mm_event){
        .kind = kind,
        .cause = MM_PAUSE_COLLECTION,
        .generation = generation,
        .freed = freed,
        .uncollectable = uncollectable,
    });
}

size_t mm_collect(int generation)
{
    struct heap *heap = &torture_heap;
    if (heap->collecting)
        return 0;
    generation = generation < 0 ? 0 : generation >= MM_GENERATIONS ? MM_GENERATIONS - 1 : generation;
    pause_event(MM_EVENT_PAUSE_BEGIN, generation, 0, 0);
    uint64_t start_ns = common_clock_ns();
    size_t uncollectable;
    size_t reclaimed = torture_collect(&uncollectable);
    torture_move(0); /* without memory for it, all stays where it is */
    heap->collections[generation]++;
    heap->collection_ns[generation] += common_clock_ns() - start_ns;
    heap->collected[generation] += reclaimed;
    heap->uncollectable[generation] += uncollectable;
    assert(!mm_heap_check());
    pause_event(MM_EVENT_PAUSE_END, generation, reclaimed, uncollectable);
    return reclaimed + uncollectable;
}

void mm_gc_enable(void)
{
    torture_heap.enabled = true;
}

void mm_gc_disable(void)
{
    torture_heap.enabled = false;
}

bool mm_gc_is_enabled(void)
{
    return torture_heap.enabled;
}

void mm_gc_set_threshold(const uint32_t threshold[MM_GENERATIONS])
{
    memcpy(torture_heap.threshold, threshold, sizeof torture_heap.threshold);
}

void mm_gc_get_threshold(uint32_t threshold[MM_GENERATIONS])
{
    memcpy(threshold, torture_heap.threshold, sizeof torture_heap.threshold);
}

void mm_gc_get_count(uint32_t count[MM_GENERATIONS])
{
    memset(count, 0, MM_GENERATIONS * sizeof *count);
    count[0] = torture_heap.since_collection;
}

/* What CPython's collector would track: what can hold references, and weak references; if not freed by now. */
static bool is_tracked(const struct torture_object *object)
{
    if (object->orphan)
        return false;
    return mm_type_has_refs(object->type) || object->weak;
}

void mm_gc_freeze(void)
{
    for (size_t i = 0; i < torture_heap.count; i++)
        torture_heap.objects[i].frozen |= is_tracked(&torture_heap.objects[i]);
}

void mm_gc_unfreeze(void)
{
    for (size_t i = 0; i < torture_heap.count; i++)
        torture_heap.objects[i].frozen = false;
}

size_t mm_gc_freeze_count(void)
{
    size_t count = 0;
    for (size_t i = 0; i < torture_heap.count; i++)
        count += torture_heap.objects[i].frozen;
    return count;
}

size_t mm_gc_garbage(void *objects[], size_t capacity)
{
    size_t count = 0;
    for (size_t i = 0; i < torture_heap.count; i++) {
        if (!torture_heap.objects[i].garbage)
            continue;
        if (count < capacity)
            objects[count] = torture_heap.objects[i].payload;
        count++;
    }
    return count;
}

void mm_gc_garbage_clear(void)
{
    for (size_t i = 0; i < torture_heap.count; i++)
        torture_heap.objects[i].garbage = false;
}

size_t mm_gc_get_objects(int generation, void *objects[], size_t capacity)
{
    size_t count = 0;
    if (generation > 0)
        return 0;
    for (size_t i = 0; i < torture_heap.count; i++) {
        const struct torture_object *object = &torture_heap.objects[i];
        if (!is_tracked(object) || object->frozen)
            continue;
        if (count < capacity)
            objects[count] = object->payload;
        count++;
    }
    return count;
}
