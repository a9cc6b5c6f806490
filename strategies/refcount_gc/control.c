/* control.c: what Python's gc module has. */
#include "internal.h"

void mm_gc_enable(void)
{
    refcount_gc_heap.enabled = true;
    refcount_gc_trigger_update();
}

void mm_gc_disable(void)
{
    refcount_gc_heap.enabled = false;
    refcount_gc_trigger_update();
}

bool mm_gc_is_enabled(void)
{
    return refcount_gc_heap.enabled;
}

void mm_gc_set_threshold(const uint32_t threshold[MM_GENERATIONS])
{
    memcpy(refcount_gc_heap.threshold, threshold, sizeof refcount_gc_heap.threshold);
    refcount_gc_trigger_update();
}

void mm_gc_get_threshold(uint32_t threshold[MM_GENERATIONS])
{
    memcpy(threshold, refcount_gc_heap.threshold, sizeof refcount_gc_heap.threshold);
}

void mm_gc_get_count(uint32_t count[MM_GENERATIONS])
{
    for (int g = 0; g < MM_GENERATIONS; g++)
        count[g] = (uint32_t)refcount_gc_heap.count[g];
}

/* long_lived_total stays, so that full collections are weighed against what is frozen: CPython's way. */
void mm_gc_freeze(void)
{
    struct heap *heap = &refcount_gc_heap;
    for (int g = 0; g < MM_GENERATIONS; g++) {
        refcount_gc_list_merge(&heap->lists[g], &heap->lists[REFCOUNT_GC_PERMANENT]);
        heap->count[g] = 0;
    }
}

void mm_gc_unfreeze(void)
{
    struct heap *heap = &refcount_gc_heap;
    refcount_gc_list_merge(&heap->lists[REFCOUNT_GC_PERMANENT], &heap->lists[MM_GENERATIONS - 1]);
}

/* Stores objects of a list from index `found` on, as far as there is room. Returns the index after its last. */
static size_t list_objects(struct refcount_gc_link *list, void *objects[], size_t capacity, size_t found)
{
    for (struct refcount_gc_link *link = list->next; link != list; link = link->next, found++)
        if (found < capacity)
            objects[found] = refcount_gc_payload(refcount_gc_header_of(link));
    return found;
}

size_t mm_gc_freeze_count(void)
{
    return list_objects(&refcount_gc_heap.lists[REFCOUNT_GC_PERMANENT], NULL, 0, 0);
}

size_t mm_gc_get_objects(int generation, void *objects[], size_t capacity)
{
    struct heap *heap = &refcount_gc_heap;
    if (generation >= 0)
        return generation < MM_GENERATIONS ? list_objects(&heap->lists[generation], objects, capacity, 0) : 0;
    size_t found = 0;
    for (int g = 0; g < MM_GENERATIONS; g++)
        found = list_objects(&heap->lists[g], objects, capacity, found);
    return found;
}

bool refcount_gc_garbage_add(struct refcount_gc_header *header)
{
    struct heap *heap = &refcount_gc_heap;
    if (heap->garbage_length == heap->garbage_capacity) {
        size_t capacity = heap->garbage_capacity ? 2 * heap->garbage_capacity : 16;
        struct refcount_gc_header **grown = realloc(heap->garbage, capacity * sizeof(*grown));
        if (!grown)
            return false;
        heap->garbage = grown;
        heap->garbage_capacity = capacity;
    }
    refcount_gc_take(header);
    heap->garbage[heap->garbage_length++] = header;
    return true;
}

size_t mm_gc_garbage(void *objects[], size_t capacity)
{
    const struct heap *heap = &refcount_gc_heap;
    for (size_t i = 0; i < heap->garbage_length && i < capacity; i++)
        objects[i] = refcount_gc_payload(heap->garbage[i]);
    return heap->garbage_length;
}

/* The list is empty before the first of it is dropped: finalizers may run, and look. Last first, as a Python list. */
void mm_gc_garbage_clear(void)
{
    struct heap *heap = &refcount_gc_heap;
    struct refcount_gc_header **garbage = heap->garbage;
    size_t count = heap->garbage_length;
    heap->garbage = NULL;
    heap->garbage_length = heap->garbage_capacity = 0;
    bool outermost = refcount_gc_cascade_begin();
    while (count-- > 0)
        refcount_gc_cascade_drop(refcount_gc_payload(garbage[count]));
    refcount_gc_cascade_end(outermost);
    free(garbage);
}

void mm_gc_set_save_all(bool save_all)
{
    refcount_gc_heap.save_all = save_all;
}

bool mm_gc_save_all(void)
{
    return refcount_gc_heap.save_all;
}
