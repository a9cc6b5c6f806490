/* What the programmer said: that an object is dead, and that a region's objects are at its end. */
#include "torture/torture.h"

void torture_dead(const struct mm_type *type, void *object)
{
    struct torture_object *record = torture_find(object);
    if (!record || record->payload != object)
        torture_violate_address(TORTURE_VALUE, object);
    if (record->dead)
        torture_violate(TORTURE_DEAD_TWICE, record, NULL);
    if (!torture_is_of_type(record, type))
        torture_violate(TORTURE_TYPE, record, "mm_dead: it is of another type than was given");
    record->dead = true;
    torture_heap.dead_pending++;
    if (!type->finalize) /* which may still want its contents; else they are gone, as under `malloc` */
        torture_poison(record);
}

void torture_region_begin(struct mm_region *region)
{
    *region = (struct mm_region){.outer = torture_heap.region, .born = ++torture_heap.clock};
    torture_heap.region = region;
}

/* A buffer that grew in the region is freed with it by an arena, even if its owner is older. */
static void region_check(const struct torture_object *object, uint64_t born)
{
    if (!object->reached)
        return;
    if (object->born > born)
        torture_violate_reached(TORTURE_REGION_REACHED, object);
    for (size_t i = 0; i < torture_buffer_count(object->type); i++)
        if (object->buffers[i].block && object->buffers[i].born > born)
            torture_violate(TORTURE_REGION_REACHED, object, "it is older, but a buffer of it grew in the region");
}

void torture_region_end(struct mm_region *region)
{
    struct heap *heap = &torture_heap;
    if (heap->region != region)
        torture_violate(TORTURE_REGION_ORDER, NULL, NULL);
    torture_mark();
    for (size_t i = 0; i < heap->count; i++)
        region_check(&heap->objects[i], region->born);
    heap->region = region->outer;
}
