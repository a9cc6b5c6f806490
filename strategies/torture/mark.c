/* Reachability, exactly: from the roots, and from what the collector was told or has to keep. */
#include "torture/torture.h"

/* Objects that are reached and not yet looked into. An object is in it once at most: heap.pending has room. */
struct mark {
    uint32_t *pending;
    size_t count;
};

static void reach(struct mark *mark, struct torture_object *object, uint32_t from)
{
    if (object->reached)
        return;
    object->reached = true;
    object->reached_from = from;
    mark->pending[mark->count++] = (uint32_t)torture_index(object);
}

static void reach_field(struct mm_ref *field, struct torture_object *owner, void *context)
{
    struct torture_object *target = torture_target(field, owner);
    if (target)
        reach(context, target, (uint32_t)torture_index(owner));
}

static void reach_roots(struct mark *mark)
{
    struct heap *heap = &torture_heap;
    for (size_t i = 0; i < heap->root_count; i++)
        if (heap->roots[i].held)
            reach(mark, torture_by_serial(heap->roots[i].held), TORTURE_NONE);
    for (size_t i = 0; i < heap->count; i++)
        if (heap->objects[i].frozen || heap->objects[i].garbage)
            reach(mark, &heap->objects[i], TORTURE_NONE);
}

static void promises_check(void)
{
    for (size_t i = 0; i < torture_heap.count; i++)
        if (torture_heap.objects[i].dead && torture_heap.objects[i].reached)
            torture_violate_reached(TORTURE_DEAD_REACHED, &torture_heap.objects[i]);
    torture_heap.dead_pending = 0;
}

void torture_mark(void)
{
    struct heap *heap = &torture_heap;
    struct mark mark = {.pending = heap->pending};
    for (size_t i = 0; i < heap->count; i++)
        heap->objects[i].reached = false;
    reach_roots(&mark);
    while (mark.count)
        torture_visit(&heap->objects[mark.pending[--mark.count]], reach_field, &mark);
    promises_check();
}
