/* Weak references. What one refers to stands in the books, not in the object, so that moving need not look at it. */
#include "torture/torture.h"

static struct torture_object *weak_expect(const void *weak)
{
    struct torture_object *object = torture_expect(weak);
    if (!object->weak)
        torture_violate(TORTURE_TYPE, object, "it is used as a weak reference and is none");
    return object;
}

/* Without a callback there is one for all, as in CPython. */
static struct torture_object *weak_shared(uint64_t target)
{
    for (size_t i = 0; i < torture_heap.count; i++) {
        struct torture_object *object = &torture_heap.objects[i];
        if (object->weak && object->weak->target == target && !object->weak->callback && !object->trash &&
            !object->dead && !object->orphan)
            return object;
    }
    return NULL;
}

void *mm_weak_new(const struct mm_root *target, mm_weak_callback *callback, void *context, struct mm_root *out)
{
    const struct torture_object *object = torture_expect(torture_root_get(target));
    torture_root_get(out);
    if (!object->type->weaklist)
        torture_violate(TORTURE_TYPE, object, "mm_weak_new: the type has no weaklist");
    uint64_t serial = object->serial;
    struct torture_object *weak = callback ? NULL : weak_shared(serial);
    if (weak)
        return torture_deliver(weak, out);
    weak = torture_object_new(&torture_weak_type, 0);
    if (weak)
        *weak->weak = (struct torture_weak){serial, callback, context};
    return torture_deliver(weak, out);
}

/* An object that was said to be dead is gone for a weak reference. */
void *mm_weak_get(const void *weak, struct mm_root *out)
{
    uint64_t serial = weak_expect(weak)->weak->target;
    const struct torture_object *target = serial ? torture_by_serial(serial) : NULL;
    if (target && target->dead)
        target = NULL;
    torture_root_set(out, target ? target->payload : NULL);
    return target ? target->payload : NULL;
}

/* Callbacks run when all weak references to trash are cleared; those of the newest first. A weak reference to be called
 * is kept by a root while others are. */
static void callbacks_run(void)
{
    MM_ROOT(weak);
    for (size_t i = torture_heap.count; i-- > 0;) {
        struct torture_object *object = &torture_heap.objects[i];
        if (!object->weak || object->weak->target || !object->weak->callback)
            continue;
        mm_weak_callback *callback = object->weak->callback;
        object->weak->callback = NULL;
        mm_root_set(&weak, object->payload);
        callback(object->payload, object->weak->context);
    }
}

void torture_weak_clear(void)
{
    bool called = false;
    for (size_t i = 0; i < torture_heap.count; i++) {
        struct torture_object *object = &torture_heap.objects[i];
        if (!object->weak || !object->weak->target)
            continue;
        const struct torture_object *target = torture_by_serial(object->weak->target);
        if (!target->trash)
            continue;
        object->weak->target = 0;
        if (object->trash)
            object->weak->callback = NULL;
        called |= object->weak->callback != NULL;
    }
    if (called)
        callbacks_run();
}
