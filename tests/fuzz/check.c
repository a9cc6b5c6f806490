/* Comparing the heap with the model. */
#include <inttypes.h>

#include "driver.h"

static size_t queued;

/* The real side of model object `index` is at `real`; the first to say so queues it. */
static void meet(int32_t index, void *real, uint32_t walk)
{
    if ((index == MODEL_NONE) != (real == NULL))
        driver_fail("a reference is %s where the model has %s", real ? "not NULL" : "NULL",
                    index == MODEL_NONE ? "NULL" : "an object");
    if (index == MODEL_NONE)
        return;
    struct model_object *object = model_at(index);
    if (object->walked == walk) {
        if (object->address != real)
            driver_fail("object %" PRId32 " is in two places", index);
        return;
    }
    object->walked = walk;
    object->address = real;
    model.queue[queued++] = index;
}

static void check_refcount(const struct model_object *object, int32_t index)
{
#if MM_TRAITS & MM_TRAIT_COUNTS
    size_t count = mm_refcount(object->address);
    bool exact = driver.exact && driver.frozen == 0;
    if (count < object->held || count > object->count || (exact && count != object->count))
        driver_fail("object %" PRId32 " has a reference count of %zu instead of %" PRIu32, index, count, object->count);
#else
    (void)object;
    (void)index;
#endif
}

#if MM_TRAITS & MM_TRAIT_WEAK
/* What a weak reference must read: its target, NULL, or either. One that was garbage itself and was resurrected may
 * have been cleared, as CPython does it, though its target lived all the time. */
static void check_weak_value(const struct model_object *weak, int32_t index, const void *value)
{
    const struct model_object *target = model_at(weak->target);
    bool must_be_null = weak->cleared || target->freed;
    bool reachable = model_is_reachable(target) && !target->returned && !weak->returned;
    bool must_be_target = !must_be_null && (reachable || !DRIVER_TRACES);
    if (must_be_null && value)
        driver_fail("weak reference %" PRId32 " does not read NULL, but its target is reclaimed", index);
    if (must_be_target && !value)
        driver_fail("weak reference %" PRId32 " reads NULL, but its target is live", index);
    if (value && kind_serial(target->type, value) != weak->target)
        driver_fail("weak reference %" PRId32 " refers to another object", index);
}

static void check_weak(struct model_object *weak, int32_t index)
{
    struct mm_root root;
    mm_root_push(&root);
    void *value = mm_weak_get(weak->address, &root);
    if (mm_root_get(&root) != value)
        driver_fail("mm_weak_get returned the target but did not deliver it");
    check_weak_value(weak, index, value);
    mm_root_pop(&root);
    if (!value)
        weak->cleared = true;
    /* Cleared while it was garbage itself, and resurrected, it has had no callback. */
    bool excused = weak->returned && weak->cleared;
    if (weak->has_callback && weak->cleared != weak->called && !excused)
        driver_fail("weak reference %" PRId32 " %s, but its callback was %s", index,
                    weak->cleared ? "reads NULL" : "has its target", weak->called ? "called" : "not called");
}
#else
static void check_weak(const struct model_object *weak, int32_t index)
{
    (void)weak;
    driver_fail("weak reference %" PRId32 " exists, but this strategy has none", index);
}
#endif

static void check_object(int32_t index, uint32_t walk)
{
    struct model_object *object = model_at(index);
    if (!object->type) {
        check_weak(object, index);
        return;
    }
    const char *error = kind_check(object, index, object->address);
    if (error)
        driver_fail("object %" PRId32 " (%s): %s", index, object->type->name, error);
    if (mm_size_of(object->type, object->address) < model_bytes_of(object))
        driver_fail("mm_size_of object %" PRId32 " is less than its payload", index);
    check_refcount(object, index);
    for (int group = 0; group < GROUPS; group++)
        for (uint32_t i = 0; i < object->refs[group].capacity; i++)
            meet(object->refs[group].slots[i],
                 mm_get(kind_ref(object->type, object->address, (enum model_group)group, i)), walk);
}

void driver_check(void)
{
    model_reach();
    uint32_t walk = model.walk;
    size_t expected = model.reachable_count;
    queued = 0;
    for (size_t i = 0; i < model.root_count; i++)
        meet(model.roots[i], mm_root_get(driver.roots[i]), walk);
    for (size_t done = 0; done < queued; done++)
        check_object(model.queue[done], walk);
    if (queued > expected)
        driver_fail("%zu objects are reachable instead of %zu", queued, expected);
    const char *error = mm_heap_check();
    if (error)
        driver_fail("mm_heap_check: %s", error);
    driver_check_stats(true);
}

/* How many objects are reclaimed: exactly known, or between what must be and what may be. */
static void check_freed(const struct mm_stats *stats, bool reached)
{
    bool exact = !DRIVER_TRACES || (driver.exact && (MM_TRAITS & MM_TRAIT_PROMPT));
    uint64_t least = model.objects_freed;
    uint64_t most = exact ? least : model.objects_allocated - (reached ? model.reachable_count : 0);
    if (stats->objects_freed < least || stats->objects_freed > most)
        driver_fail("%" PRIu64 " objects are freed instead of %" PRIu64 " to %" PRIu64, stats->objects_freed, least,
                    most);
    if (exact && stats->bytes_freed != model.bytes_freed)
        driver_fail("%" PRIu64 " bytes are freed instead of %" PRIu64, stats->bytes_freed, model.bytes_freed);
}

void driver_check_stats(bool reached)
{
    struct mm_stats stats;
    mm_stats_get(&stats);
    if (stats.objects_allocated != model.objects_allocated)
        driver_fail("%" PRIu64 " objects are allocated instead of %" PRIu64, stats.objects_allocated,
                    model.objects_allocated);
    if (stats.bytes_allocated != model.bytes_allocated)
        driver_fail("%" PRIu64 " bytes are allocated instead of %" PRIu64, stats.bytes_allocated,
                    model.bytes_allocated);
    check_freed(&stats, reached);
    if (driver.heap_limit_bytes && stats.footprint_bytes > driver.heap_limit_bytes)
        driver_fail("the footprint of %" PRIu64 " bytes passes the limit of %zu", stats.footprint_bytes,
                    driver.heap_limit_bytes);
    if (driver.heap_limit_bytes && stats.peak_footprint_bytes > driver.heap_limit_bytes)
        driver_fail("the peak footprint of %" PRIu64 " bytes passes the limit of %zu", stats.peak_footprint_bytes,
                    driver.heap_limit_bytes);
    if (stats.peak_footprint_bytes < stats.footprint_bytes)
        driver_fail("the peak footprint is less than the footprint");
    if (driver.pauses != 0)
        driver_fail("%d pauses have begun and not ended", driver.pauses);
}
