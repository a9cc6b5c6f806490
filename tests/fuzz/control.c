/* The operations that are not on the graph: collections, weak references, regions, control, mm_dead. */
#include <inttypes.h>
#include <stdio.h>

#include "driver.h"

static const struct place nothing = {MODEL_NONE, NULL};

/* ---- collections */

static void collect_once(int generation)
{
    size_t found = mm_collect(generation);
    if (!DRIVER_TRACES && found != 0)
        driver_fail("mm_collect found %zu objects, but this strategy has no collector", found);
    driver_settle();
}

static uint64_t objects_freed(void)
{
    struct mm_stats stats;
    mm_stats_get(&stats);
    return stats.objects_freed;
}

/* Whether a conservative strategy took some word for a reference to what is unreachable. If not, it is held to all that
 * a precise one is; and that most often, or else it keeps what no word refers to. */
static bool keeps_garbage(void)
{
    enum { ENOUGH = 400 };
    static uint64_t collections, kept; /* of all inputs */
    if (!(MM_TRAITS & MM_TRAIT_CONSERVATIVE))
        return false;
    model_reach();
    bool keeps = objects_freed() != model.objects_allocated - model.reachable_count;
    collections++;
    kept += keeps;
    if (collections >= ENOUGH && kept > collections / 2)
        driver_fail("garbage was kept in %" PRIu64 " of %" PRIu64 " complete collections", kept, collections);
    return keeps;
}

__attribute__((noinline)) static void collect_all(void)
{
    uint64_t events, freed;
    int rounds = 0;
    do {
        events = driver.events;
        freed = objects_freed();
        collect_once(MM_GENERATIONS - 1);
        if (++rounds > 1000)
            driver_fail("complete collections do not come to an end");
    } while (driver.events != events || objects_freed() != freed);
    /* Without memory the collector may not be able to keep its garbage: then it finds it again another time. */
    bool is_limited = driver.injects && !driver.ending;
    if (!DRIVER_TRACES || driver.frozen != 0 || is_limited || keeps_garbage()) {
        driver_check();
        return;
    }
    int32_t culprit = MODEL_NONE;
    const char *error = model_collect(MM_TRAITS & MM_TRAIT_COUNTS, &culprit);
    if (error)
        driver_fail("object %" PRId32 ": %s", culprit, error);
    driver.exact = true;
    if (objects_freed() != model.objects_freed)
        driver_fail("after complete collections %" PRIu64 " objects are freed instead of %" PRIu64, objects_freed(),
                    model.objects_freed);
    driver_check();
}

void driver_collect_all(void)
{
    driver_wipe_stack();
    collect_all();
}

static void collect(void)
{
    collect_once((int)driver_below(MM_GENERATIONS));
}

/* ---- weak references */

#if MM_TRAITS & MM_TRAIT_WEAK
/* A weak reference without a callback may be an older one to the same target. */
static int32_t find_shared(int32_t target, const void *real)
{
    for (size_t i = model.weak_count; i-- > 0;) {
        const struct model_object *weak = model_at(model.weaks[i]);
        bool same_place = MM_TRAITS & MM_TRAIT_MOVES || weak->address == real;
        if (weak->target == target && !weak->has_callback && !weak->freed && same_place)
            return model.weaks[i];
    }
    driver_fail("a weak reference was returned, but none was allocated or existed before");
}

static void enter_weak(int32_t target, bool has_callback, size_t root)
{
    struct mm_stats stats;
    mm_stats_get(&stats);
    int32_t index;
    if (stats.objects_allocated == model.objects_allocated) {
        if (has_callback)
            driver_fail("a weak reference with a callback is not an object of its own");
        index = find_shared(target, mm_root_get(driver.roots[root]));
    } else {
        index = model_add(NULL, 0);
        struct model_object *weak = model_at(index);
        weak->target = target;
        weak->has_callback = has_callback;
        weak->region = (uint16_t)driver.region_count;
        weak->weak_bytes = (uint32_t)(stats.bytes_allocated - model.bytes_allocated);
        weak->address = mm_root_get(driver.roots[root]);
        model.bytes_allocated = stats.bytes_allocated;
        model.weaks[model.weak_count++] = index;
    }
    model_point(&model.roots[root], index);
}

void driver_weak_new(size_t target, size_t out)
{
    int32_t serial = model.roots[target];
    if (model.weak_count == MODEL_WEAKS || !model_has_room(0) || serial == MODEL_NONE || out == target)
        return;
    if (!model_at(serial)->type || model_at(serial)->type->weaklist == 0)
        return;
    bool has_callback = driver_byte() % 2 == 0;
    int32_t old = model.roots[out];
    model_point(&model.roots[out], MODEL_NONE);
    /* The callback's context: where enter_weak puts the index. */
    void *weak = mm_weak_new(driver.roots[target], has_callback ? events_callback : NULL,
                             &model.weaks[model.weak_count], driver.roots[out]);
    if (weak) {
        enter_weak(serial, has_callback, out);
    } else {
        driver_expect_failure();
        model_point(&model.roots[out], old);
    }
    driver_settle();
}

static void weak_new(void)
{
    if (model.root_count > MODEL_ROOTS - 8)
        return;
    struct mm_root target;
    size_t out = driver_choose_root(), index = driver_push(&target);
    driver_root_set(index, driver_find_object());
    driver_weak_new(index, out);
    driver_pop();
}

/* Reading a weak reference may bring back what is lost but not yet collected. */
static void weak_get(void)
{
    struct place place = driver_find();
    size_t root = driver_choose_root();
    if (place.index == MODEL_NONE || model_at(place.index)->type || model.root_count > MODEL_ROOTS - 8)
        return;
    struct mm_root holder;
    size_t index = driver_push(&holder);
    void *value = mm_weak_get(place.real, &holder);
    const struct model_object *weak = model_at(place.index);
    if (value && (weak->cleared || model_at(weak->target)->freed))
        driver_fail("weak reference %" PRId32 " does not read NULL, but its target is reclaimed", place.index);
    model_point(&model.roots[index], value ? weak->target : MODEL_NONE);
    driver_settle();
    driver_root_set(root, driver_in_root(index));
    driver_pop();
}
#else
void driver_weak_new(size_t target, size_t out)
{
    (void)target;
    (void)out;
}

static void weak_new(void) {}

static void weak_get(void) {}
#endif

/* ---- regions */

/* What is frozen is not collected, garbage or not, and may refer into a region. */
static void unfreeze(void)
{
#if MM_TRAITS & MM_TRAIT_COLLECTOR
    mm_gc_unfreeze();
    driver.frozen = 0;
#endif
}

static void region_begin(void)
{
    if (driver.region_count == DRIVER_REGIONS)
        return;
    mm_region_begin(&driver.regions[driver.region_count++]);
}

/* Drops the references from objects and roots outside the last region into it, so that its promise holds. One pass;
 * true if there were any. */
static bool cut_region(void)
{
    bool any = false;
    for (size_t i = 0; i < model.root_count; i++) {
        if (model.roots[i] == MODEL_NONE || model_at(model.roots[i])->region != driver.region_count)
            continue;
        driver_root_set(i, nothing);
        any = true;
    }
    driver_check(); /* for the addresses */
    for (int32_t i = 0; i < model.object_count; i++) {
        struct model_object *object = model_at(i);
        if (!model_is_reachable(object) || object->region == driver.region_count || !object->type)
            continue;
        for (int group = 0; group < GROUPS; group++)
            for (uint32_t s = 0; s < object->refs[group].capacity; s++) {
                int32_t *slot = &object->refs[group].slots[s];
                if (*slot == MODEL_NONE || model_at(*slot)->region != driver.region_count)
                    continue;
                struct mm_ref *real = kind_ref(object->type, object->address, (enum model_group)group, s);
                object->sealed = true;
                driver_set((struct place){i, object->address}, (struct slot){slot, real}, nothing);
                model_reach();
                any = true;
            }
    }
    return any;
}

static void free_region(void)
{
    for (int32_t i = 0; i < model.object_count; i++)
        if (!model_at(i)->freed && model_at(i)->region == driver.region_count)
            model_free(i);
    model_ignore_counts();
}

void driver_region_end(void)
{
    bool comes_back = (MM_TRAITS & (MM_TRAIT_FINALIZERS | MM_TRAIT_WEAK)) != 0;
    bool has_garbage = DRIVER_TRACES && comes_back;
    unfreeze();
    do {
        while (cut_region())
            ;
        /* What is lost, refers into the region and could come back has to be gone before. */
        if (has_garbage)
            driver_collect_all();
    } while (has_garbage && cut_region());
    mm_region_end(&driver.regions[driver.region_count - 1]);
    if (MM_TRAITS & MM_TRAIT_REGIONS)
        free_region();
    driver.region_count--;
    driver_settle();
    for (int32_t i = 0; i < model.object_count; i++)
        if (model_at(i)->region > driver.region_count)
            model_at(i)->region = UINT16_MAX; /* gone, or garbage: of no region any more */
}

static void region_end(void)
{
    if (driver.region_count > driver.region_floor)
        driver_region_end();
}

/* ---- mm_dead where objects move: declared with addresses from a walk, before anything can move them */

static void declare(void)
{
    bool comes_back = driver.profile & (PROFILE_FINALIZED | PROFILE_WEAK) || driver.frozen != 0;
    if (!(MM_TRAITS & MM_TRAIT_MOVES) || comes_back)
        return;
    driver_check();
    size_t root = driver_choose_root();
    model_point(&model.roots[root], MODEL_NONE);
    uint32_t reachable_before = model.walk;
    model_reach();
    for (int32_t i = 0; i < model.object_count; i++) {
        struct model_object *object = model_at(i);
        if (object->reached != reachable_before)
            continue;
        object->dead = true;
        mm_dead(object->type, object->address);
    }
    mm_root_set(driver.roots[root], NULL);
    driver_settle();
    collect_once(0); /* the promise is looked at now, before a freeze makes the dead stay */
}

/* ---- the collector's control */

#if MM_TRAITS & MM_TRAIT_COLLECTOR
static void enable(void)
{
    bool wanted = driver_byte() % 4 != 0;
    if (wanted)
        mm_gc_enable();
    else
        mm_gc_disable();
    if (mm_gc_is_enabled() != wanted)
        driver_fail("mm_gc_is_enabled says %d", !wanted);
}

static void threshold(void)
{
    uint32_t wanted[MM_GENERATIONS], got[MM_GENERATIONS];
    for (int i = 0; i < MM_GENERATIONS; i++)
        wanted[i] = driver_byte() % 12;
    mm_gc_set_threshold(wanted);
    mm_gc_get_threshold(got);
    for (int i = 0; i < MM_GENERATIONS; i++)
        if (got[i] != wanted[i])
            driver_fail("the threshold of generation %d is %" PRIu32 " instead of %" PRIu32, i, got[i], wanted[i]);
}

static void freeze(void)
{
    if (driver_byte() % 2 == 0)
        mm_gc_freeze();
    else
        mm_gc_unfreeze();
    driver.frozen = mm_gc_freeze_count();
    if (driver.frozen > model.objects_allocated - model.objects_freed && !(MM_TRAITS & MM_TRAIT_CONSERVATIVE))
        driver_fail("%zu objects are frozen, more than there are", driver.frozen);
}

static void get_objects(void)
{
    static void *objects[MODEL_OBJECTS];
    size_t count = mm_gc_get_objects((int)driver_below(MM_GENERATIONS + 1) - 1, objects, MODEL_OBJECTS);
    /* A conservative strategy may take a free cell for an object. */
    if (count > model.objects_allocated - model.objects_freed && !(MM_TRAITS & MM_TRAIT_CONSERVATIVE))
        driver_fail("mm_gc_get_objects gives %zu objects, more than there are", count);
    for (size_t i = 0; i < count; i++)
        if (!objects[i])
            driver_fail("mm_gc_get_objects gives NULL");
}

static void garbage_clear(void)
{
    model_garbage_clear();
    mm_gc_garbage_clear();
    driver_settle();
}
#else
static void enable(void) {}

static void threshold(void) {}

static void freeze(void) {}

static void get_objects(void) {}

static void garbage_clear(void) {}
#endif

const struct operation control_operations[] = {
    {"collect", 4, collect, 0, 0},
    {"collect_all", 2, driver_collect_all, 0, 0},
    {"check", 3, driver_check, 0, 0},
    {"weak_new", 8, weak_new, PROFILE_WEAK, MM_TRAIT_WEAK},
    {"weak_get", 8, weak_get, PROFILE_WEAK, MM_TRAIT_WEAK},
    {"region_begin", 4, region_begin, PROFILE_REGIONS, 0},
    {"region_end", 4, region_end, PROFILE_REGIONS, 0},
    {"declare", 4, declare, PROFILE_DEAD, MM_TRAIT_MOVES},
    {"enable", 2, enable, PROFILE_CONTROL, MM_TRAIT_COLLECTOR},
    {"threshold", 2, threshold, PROFILE_CONTROL, MM_TRAIT_COLLECTOR},
    {"freeze", 2, freeze, PROFILE_CONTROL, MM_TRAIT_COLLECTOR},
    {"get_objects", 1, get_objects, PROFILE_CONTROL, MM_TRAIT_COLLECTOR},
    {"garbage_clear", 1, garbage_clear, PROFILE_CONTROL, MM_TRAIT_COLLECTOR},
    {NULL, 0, NULL, 0, 0},
};
