/* References are counted too, not to reclaim by it, but to know which objects a counting strategy would have freed by
 * now: to use such an object is wrong, though it is still there until the next collection. Its payload is poison. */
#include "torture/torture.h"

void torture_reference_add(struct torture_object *object)
{
    if (object)
        object->references++;
}

struct orphans {
    uint32_t *pending;
    size_t count;
};

static void reference_drop(struct orphans *orphans, struct torture_object *object)
{
    if (object->references > 0 && --object->references > 0)
        return;
    if (object->orphan || torture_heap.collecting)
        return;
    if (object->type->weaklist || object->frozen) /* where nothing counts, the mutator can find it yet */
        return;
    object->orphan = true;
    if (!object->type->finalize) /* which could make it live on, and what it refers to */
        orphans->pending[orphans->count++] = (uint32_t)torture_index(object);
}

static void field_drop(struct mm_ref *field, struct torture_object *owner, void *context)
{
    struct torture_object *target = torture_target(field, owner);
    if (target)
        reference_drop(context, target);
}

/* An object is orphaned once at most: heap.pending has room. */
void torture_reference_drop(struct torture_object *object)
{
    if (!object)
        return;
    struct orphans orphans = {.pending = torture_heap.pending};
    reference_drop(&orphans, object);
    while (orphans.count) {
        struct torture_object *orphan = &torture_heap.objects[orphans.pending[--orphans.count]];
        torture_visit(orphan, field_drop, &orphans);
        torture_poison(orphan);
    }
}

static void field_count(struct mm_ref *field, struct torture_object *owner, void *context)
{
    (void)context;
    torture_reference_add(torture_target(field, owner));
}

void torture_references_recount(void)
{
    struct heap *heap = &torture_heap;
    for (size_t i = 0; i < heap->count; i++) {
        heap->objects[i].references = 0;
        heap->objects[i].orphan = false;
    }
    for (size_t i = 0; i < heap->root_count; i++)
        torture_reference_add(torture_by_serial(heap->roots[i].held));
    for (size_t i = 0; i < heap->count; i++)
        torture_visit(&heap->objects[i], field_count, NULL);
}
