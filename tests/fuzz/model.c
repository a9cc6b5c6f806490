#include "model.h"

#include <string.h>

struct model model;

void model_reset(void)
{
    size_t used = (size_t)model.object_count;
    memset(model.objects, 0, used * sizeof model.objects[0]);
    model.object_count = 0;
    model.slots_used = 0;
    model.root_count = 0;
    model.garbage_count = 0;
    model.weak_count = 0;
    model.dying_count = 0;
    model.walk = 0;
    model.unlinked = false;
    model.bytes_allocated = model.objects_allocated = model.objects_freed = model.bytes_freed = 0;
}

bool model_has_room(size_t slots)
{
    /* Finalizers make objects too: keep some back for them. */
    return model.object_count < MODEL_OBJECTS - 256 && model.slots_used + slots + 4096 < MODEL_SLOTS;
}

static struct model_refs take_slots(size_t capacity)
{
    struct model_refs refs = {&model.slots[model.slots_used], (uint32_t)capacity};
    for (size_t i = 0; i < capacity; i++)
        refs.slots[i] = MODEL_NONE;
    model.slots_used += capacity;
    return refs;
}

int32_t model_add(const struct mm_type *type, size_t length)
{
    int32_t index = model.object_count++;
    struct model_object *object = model_at(index);
    *object = (struct model_object){.type = type, .target = MODEL_NONE};
    model.objects_allocated++;
    if (!type)
        return index;
    object->refs[GROUP_FIXED] = take_slots(type->ref_count);
    if (type->tail == MM_TAIL_REFS)
        object->refs[GROUP_TAIL] = take_slots(length);
    if (type->tail == MM_TAIL_BYTES)
        object->bytes[BYTES_TAIL].capacity = (uint32_t)length;
    model.bytes_allocated += mm_type_payload_bytes(type, length);
    return index;
}

static void unlink_one(int32_t index)
{
    struct model_object *object = model_at(index);
    model.unlinked = true;
    if (--object->count == 0 && !object->freed)
        model.dying[model.dying_count++] = index;
}

void model_point(int32_t *slot, int32_t index)
{
    int32_t old = *slot;
    if (index != MODEL_NONE)
        model_at(index)->count++;
    *slot = index;
    if (old != MODEL_NONE)
        unlink_one(old);
}

void model_move(int32_t *to, int32_t *from)
{
    int32_t old = *to;
    *to = *from;
    *from = MODEL_NONE;
    if (old != MODEL_NONE)
        unlink_one(old);
}

void model_resize(struct model_object *object, enum model_group group, uint32_t capacity)
{
    struct model_refs *refs = &object->refs[group];
    size_t width = sizeof(struct mm_ref);
    if (capacity > refs->capacity) {
        model.bytes_allocated += capacity * width;
        model.bytes_freed += refs->capacity * width;
        struct model_refs larger = take_slots(capacity);
        for (uint32_t i = 0; i < refs->capacity; i++)
            larger.slots[i] = refs->slots[i];
        *refs = larger;
        return;
    }
    model.bytes_freed += (refs->capacity - capacity) * width;
    for (uint32_t i = capacity; i < refs->capacity; i++)
        model_point(&refs->slots[i], MODEL_NONE);
    refs->capacity = capacity;
}

static size_t reach_one(int32_t index, size_t queued)
{
    if (index == MODEL_NONE)
        return queued;
    struct model_object *object = model_at(index);
    if (object->reached == model.walk) {
        object->held++;
        return queued;
    }
    object->reached = model.walk;
    object->held = 1;
    model.queue[queued] = index;
    return queued + 1;
}

void model_reach(void)
{
    size_t queued = 0;
    model.walk++;
    for (size_t i = 0; i < model.root_count; i++)
        queued = reach_one(model.roots[i], queued);
    for (size_t i = 0; i < model.garbage_count; i++)
        queued = reach_one(model.garbage[i], queued);
    for (size_t done = 0; done < queued; done++) {
        const struct model_object *object = model_at(model.queue[done]);
        for (int group = 0; group < GROUPS; group++)
            for (uint32_t i = 0; i < object->refs[group].capacity; i++)
                queued = reach_one(object->refs[group].slots[i], queued);
    }
    model.reachable_count = queued;
}

void model_lose(uint32_t operation)
{
    model_reach();
    for (int32_t i = 0; i < model.object_count; i++) {
        struct model_object *object = model_at(i);
        if (!object->freed && !model_is_reachable(object))
            object->lost_in = operation;
    }
}

size_t model_bytes_of(const struct model_object *object)
{
    if (!object->type)
        return object->weak_bytes;
    size_t bytes = object->type->size + object->bytes[BYTES_TAIL].capacity + object->bytes[BYTES_BUFFER].capacity;
    for (int group = GROUP_TAIL; group < GROUPS; group++)
        bytes += object->refs[group].capacity * sizeof(struct mm_ref);
    return bytes;
}

static void drop_references(struct model_object *object)
{
    for (int group = 0; group < GROUPS; group++)
        for (uint32_t i = 0; i < object->refs[group].capacity; i++)
            model_point(&object->refs[group].slots[i], MODEL_NONE);
}

void model_free(int32_t index)
{
    struct model_object *object = model_at(index);
    object->freed = true;
    model.objects_freed++;
    model.bytes_freed += model_bytes_of(object);
    drop_references(object);
    if (!object->type || object->type->weaklist == 0)
        return;
    for (size_t i = 0; i < model.weak_count; i++)
        if (model_at(model.weaks[i])->target == index)
            model_at(model.weaks[i])->cleared = true;
}

static bool is_unfinalized(const struct model_object *object)
{
    return MM_TRAITS & MM_TRAIT_FINALIZERS && object->type && object->type->finalize && !object->finalized;
}

static bool misses_callback(const struct model_object *weak)
{
    return weak->has_callback && weak->cleared && !weak->called && !weak->freed && !weak->returned;
}

/* A weak reference that outlived its target has had its callback. */
static const char *check_callbacks(bool reachable_only, int32_t *culprit)
{
    for (size_t i = 0; i < model.weak_count; i++) {
        const struct model_object *weak = model_at(model.weaks[i]);
        if (!misses_callback(weak) || (reachable_only && !model_is_reachable(weak)))
            continue;
        *culprit = model.weaks[i];
        return "the target is reclaimed, but the weak reference's callback has not been called";
    }
    return NULL;
}

const char *model_settle(int32_t *culprit)
{
    uint64_t freed_before = model.objects_freed;
    while (model.dying_count != 0) {
        int32_t index = model.dying[--model.dying_count];
        const struct model_object *object = model_at(index);
        if (object->freed || object->count != 0)
            continue;
        if (is_unfinalized(object)) {
            *culprit = index;
            return "no reference is left, but the finalizer has not been called";
        }
        model_free(index);
    }
    if (model.objects_freed == freed_before || model.weak_count == 0)
        return NULL;
    /* Where cycles are collected, a weak reference that is garbage may be gone already. */
    model_reach();
    return check_callbacks(MM_TRAITS & MM_TRAIT_CYCLES, culprit);
}

void model_ignore_counts(void)
{
    model.dying_count = 0;
}

static void free_all_lost(void)
{
    for (int32_t i = 0; i < model.object_count; i++)
        if (!model_at(i)->freed && !model_is_reachable(model_at(i)))
            model_free(i);
    model_ignore_counts();
}

/* Clears the references of what may be cleared, as CPython's tp_clear does: buffers go. The counts do the rest. */
static const char *clear_lost(int32_t *culprit)
{
    for (int32_t i = 0; i < model.object_count; i++) {
        struct model_object *object = model_at(i);
        if (object->freed || model_is_reachable(object) || !object->type)
            continue;
        for (size_t w = 0; w < model.weak_count; w++)
            if (model_at(model.weaks[w])->target == i)
                model_at(model.weaks[w])->cleared = true;
        if (object->type->flags & MM_TYPE_NO_CLEAR)
            continue;
        drop_references(object);
        model_resize(object, GROUP_BUFFER_0, 0);
        model_resize(object, GROUP_BUFFER_1, 0);
    }
    return model_settle(culprit);
}

const char *model_collect(bool by_counts, int32_t *culprit)
{
    model_reach();
    for (int32_t i = 0; i < model.object_count; i++) {
        const struct model_object *object = model_at(i);
        *culprit = i;
        if (object->freed || model_is_reachable(object) || !object->type)
            continue;
        /* What refers to nothing is no collector's business where counts are kept: it dies of its last reference. */
        if (is_unfinalized(object) && (!by_counts || mm_type_has_refs(object->type)))
            return "unreachable after a complete collection, but the finalizer has not been called";
    }
    const char *error = NULL;
    if (by_counts)
        error = clear_lost(culprit);
    else
        free_all_lost();
    model_reach();
    return error ? error : check_callbacks(true, culprit);
}

void model_garbage_add(int32_t index)
{
    model.garbage[model.garbage_count++] = index;
    model_at(index)->count++;
}

void model_garbage_clear(void)
{
    while (model.garbage_count != 0)
        unlink_one(model.garbage[--model.garbage_count]);
}
