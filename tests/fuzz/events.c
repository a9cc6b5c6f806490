/* What the heap calls back: finalizers, the callbacks of weak references, the listener. */
#include <inttypes.h>

#include "driver.h"

/* What a finalizer does besides looking at its object: the object's `behaviour`, drawn when it was made. */
enum behaviour { LOOKS, RESURRECTS, ALLOCATES, DROPS_A_FIELD, COLLECTS, BEHAVIOURS };

static enum behaviour behaviour_of(const struct model_object *object)
{
    /* An object of a region, or one that may hold one, may not come back: the region's promise would be broken. */
    enum behaviour behaviour = (enum behaviour)(object->behaviour % BEHAVIOURS);
    bool promised = driver.ending || driver.region_count != 0 || object->type->flags & MM_TYPE_LEGACY;
    return behaviour == RESURRECTS && promised ? LOOKS : behaviour;
}

/* What a dying object refers to is still there. */
static void check_references(const struct model_object *object, void *real)
{
    for (int group = 0; group < GROUPS; group++) {
        for (uint32_t i = 0; i < object->refs[group].capacity; i++) {
            void *target = mm_get(kind_ref(object->type, real, (enum model_group)group, i));
            int32_t expected = object->refs[group].slots[i];
            if ((target == NULL) != (expected == MODEL_NONE))
                driver_fail("in the finalizer of a %s a reference is %s", object->type->name,
                            target ? "not NULL" : "NULL");
            if (target && model_at(expected)->type && kind_serial(model_at(expected)->type, target) != expected)
                driver_fail("in the finalizer of a %s object %" PRId32 " is gone", object->type->name, expected);
        }
    }
}

/* A collection clears the weak references to all its garbage before it runs the first finalizer. An object that dies of
 * its last reference keeps them until its finalizer has run, even in a collection: once a finalizer has done something
 * there, or where the collection is not complete, who dies how is not known here. Nor are addresses, where objects
 * move.
 */
static void check_weak(int32_t index)
{
#if MM_TRAITS & MM_TRAIT_WEAK
    const struct model_object *object = model_at(index);
    bool prompt = MM_TRAITS & MM_TRAIT_COUNTS && (object->count == 0 || !mm_type_has_refs(object->type));
    if (MM_TRAITS & MM_TRAIT_MOVES || prompt || !driver.collects_all || driver.frozen != 0 || driver.interfered)
        return;
    for (size_t i = 0; i < model.weak_count; i++) {
        const struct model_object *weak = model_at(model.weaks[i]);
        if (weak->target != index || weak->freed || !model_is_reachable(weak))
            continue;
        struct mm_root root;
        mm_root_push(&root);
        if (mm_weak_get(weak->address, &root) != NULL)
            driver_fail("weak reference %" PRId32 " to garbage can be read when its finalizer runs", model.weaks[i]);
        mm_root_pop(&root);
    }
#else
    (void)index;
#endif
}

static void resurrect(struct place place)
{
    for (int32_t i = 0; i < model.object_count; i++)
        if (!model_at(i)->freed && model_at(i)->lost_in == driver.operation)
            model_at(i)->returned = true;
    driver_root_set(driver_below(DRIVER_GRAVES), place);
}

static void drop_a_field(struct place place)
{
    struct slot slot = driver_choose_slot(place);
    if (slot.model)
        driver_set(place, slot, (struct place){MODEL_NONE, NULL});
}

static void allocate(void)
{
    if (model.root_count == MODEL_ROOTS)
        return;
    struct mm_root root;
    size_t index = driver_push(&root);
    driver_new(kind_pair, 0, index);
    driver_pop();
}

static void behave(struct place place)
{
    enum behaviour behaviour = behaviour_of(model_at(place.index));
    driver.interfered |= behaviour != LOOKS;
    switch (behaviour) {
    case RESURRECTS: resurrect(place); break;
    case ALLOCATES: allocate(); break;
    case DROPS_A_FIELD: drop_a_field(place); break;
    case COLLECTS: mm_collect((int)driver_below(MM_GENERATIONS)); break;
    default: break;
    }
}

void events_finalize(void *real)
{
    driver.events++;
    driver.events_depth++;
    int32_t index = kind_finalized_serial(real);
    if (index == MODEL_NONE)
        driver_fail("a finalizer is called for what is no object");
    struct model_object *object = model_at(index);
    if (!object->type || !object->type->finalize)
        driver_fail("a finalizer is called for object %" PRId32 ", whose type has none", index);
    if (object->freed)
        driver_fail("the finalizer of object %" PRId32 " is called, but it is reclaimed already", index);
    if (object->finalized)
        driver_fail("the finalizer of object %" PRId32 " is called a second time", index);
    model_lose(driver.operation);
    if (object->lost_in != driver.operation)
        driver_fail("the finalizer of object %" PRId32 " is called, but it is reachable", index);
    const char *error = kind_check(object, index, real);
    if (error)
        driver_fail("in the finalizer of object %" PRId32 " (%s): %s", index, object->type->name, error);
    check_references(object, real);
    check_weak(index);
    object->finalized = true;
    behave((struct place){index, real});
    driver.events_depth--;
}

void events_callback(void *weak, void *context)
{
    driver.events++;
    driver.events_depth++;
    int32_t index = *(const int32_t *)context;
    struct model_object *entry = model_at(index);
    if (!entry->has_callback || entry->called)
        driver_fail("the callback of weak reference %" PRId32 " is called a second time", index);
    if (entry->freed)
        driver_fail("the callback of weak reference %" PRId32 " is called, but it is reclaimed already", index);
    model_lose(driver.operation);
    if (model_at(entry->target)->lost_in != driver.operation)
        driver_fail("the callback of weak reference %" PRId32 " is called, but its target is reachable", index);
#if MM_TRAITS & MM_TRAIT_WEAK
    struct mm_root root;
    mm_root_push(&root);
    if (mm_weak_get(weak, &root) != NULL)
        driver_fail("weak reference %" PRId32 " does not read NULL in its callback", index);
    mm_root_pop(&root);
#else
    (void)weak;
#endif
    entry->called = true;
    entry->cleared = true;
    driver.events_depth--;
}

void events_listen(const struct mm_event *event, void *context)
{
    (void)context;
    int step = event->kind == MM_EVENT_PAUSE_BEGIN ? 1 : event->kind == MM_EVENT_PAUSE_END ? -1 : 0;
    if (event->cause == MM_PAUSE_COLLECTION && step != 0)
        driver.collects_all = step > 0 && event->generation == MM_GENERATIONS - 1;
    driver.pauses += step;
    if (driver.pauses < 0)
        driver_fail("a pause ends that did not begin");
    if (event->kind != MM_EVENT_HEAP_GROWN && (event->generation < 0 || event->generation >= MM_GENERATIONS))
        driver_fail("a pause of generation %d", event->generation);
}
