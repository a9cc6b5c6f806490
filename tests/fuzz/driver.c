#include "driver.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct driver driver;
bool fuzz_trace;

uint8_t driver_byte(void)
{
    return driver.at < driver.size ? driver.data[driver.at++] : 0;
}

size_t driver_below(size_t below)
{
    return driver_byte() % below;
}

void driver_fail(const char *format, ...)
{
    va_list list;
    fprintf(stderr, "fuzz-%s: operation %" PRIu32 " (%s%s): ", mm_strategy.name, driver.operation,
            driver.name ? driver.name : "?", driver.events_depth ? ", in a finalizer or callback" : "");
    va_start(list, format);
    vfprintf(stderr, format, list);
    va_end(list);
    fputc('\n', stderr);
    abort();
}

/* ---- roots */

size_t driver_push(struct mm_root *root)
{
    size_t index = model.root_count++;
    model.roots[index] = MODEL_NONE;
    driver.roots[index] = root;
    mm_root_push(root);
    if (mm_root_get(root) != NULL)
        driver_fail("a pushed root does not hold NULL");
    return index;
}

void driver_pop(void)
{
    size_t index = model.root_count - 1;
    model_point(&model.roots[index], MODEL_NONE);
    model.root_count = index;
    mm_root_pop(driver.roots[index]);
    driver_settle();
}

size_t driver_choose_root(void)
{
    return DRIVER_GRAVES + driver_below(model.root_count - DRIVER_GRAVES);
}

/* ---- finding objects */

static struct place place_at(int32_t index, void *real)
{
    if ((index == MODEL_NONE) != (real == NULL))
        driver_fail("%s where the model has %s", real ? "an object" : "NULL", real ? "NULL" : "an object");
    if (index != MODEL_NONE) {
        const struct model_object *object = model_at(index);
        if (object->type && kind_serial(object->type, real) != index)
            driver_fail("object %" PRId32 " (%s) is not where the model has it", index, object->type->name);
    }
    return (struct place){index, real};
}

struct place driver_in_root(size_t root)
{
    return place_at(model.roots[root], mm_root_get(driver.roots[root]));
}

/* The `n`th reference of an object, over all groups. */
static struct slot slot_at(struct place place, size_t n)
{
    struct model_object *object = model_at(place.index);
    for (int group = 0; group < GROUPS; group++) {
        if (n < object->refs[group].capacity)
            return (struct slot){&object->refs[group].slots[n],
                                 kind_ref(object->type, place.real, (enum model_group)group, n)};
        n -= object->refs[group].capacity;
    }
    return (struct slot){NULL, NULL};
}

static size_t count_slots(const struct model_object *object)
{
    size_t count = 0;
    for (int group = 0; group < GROUPS; group++)
        count += object->refs[group].capacity;
    return count;
}

static struct slot any_slot(struct place place)
{
    size_t count = place.index == MODEL_NONE ? 0 : count_slots(model_at(place.index));
    if (count == 0)
        return (struct slot){NULL, NULL};
    return slot_at(place, driver_below(count));
}

struct place driver_find(void)
{
    uint8_t choice = driver_byte();
    struct place place = driver_in_root((choice >> 3) % model.root_count);
    for (size_t steps = choice & 7; steps > 2 && place.index != MODEL_NONE; steps--) {
        struct slot slot = any_slot(place);
        if (!slot.model || *slot.model == MODEL_NONE)
            break;
        place = place_at(*slot.model, mm_get(slot.real));
    }
    return place;
}

struct place driver_find_object(void)
{
    struct place place = driver_find();
    if (place.index != MODEL_NONE && !model_at(place.index)->type)
        return (struct place){MODEL_NONE, NULL};
    return place;
}

struct slot driver_choose_slot(struct place place)
{
    struct slot slot = any_slot(place);
    if (slot.model && !driver_may_write(model_at(place.index), slot.model))
        return (struct slot){NULL, NULL};
    return slot;
}

bool driver_may_write(const struct model_object *object, const int32_t *slot)
{
    if (!(object->type->flags & MM_TYPE_UNTRACKS))
        return true;
    return *slot == MODEL_NONE && !object->sealed;
}

/* ---- what all operations do */

/* The programmer knows what has just become unreachable, and says so. Where objects are freed by this word alone, it
 * is given for all of them; else it is given where addresses are known and nobody can bring the object back. */
static void declare_dead(void)
{
    bool explicit = MM_TRAITS & MM_TRAIT_EXPLICIT_FREE;
    if (!explicit && (!(driver.profile & PROFILE_DEAD) || driver.profile & (PROFILE_FINALIZED | PROFILE_WEAK)))
        return;
    if (MM_TRAITS & MM_TRAIT_MOVES)
        return; /* the operation `declare` does it, with addresses from a walk */
    if (!model.unlinked)
        return;
    model.unlinked = false;
    model_reach();
    for (int32_t i = 0; i < model.object_count; i++) {
        struct model_object *object = model_at(i);
        if (object->freed || object->dead || model_is_reachable(object))
            continue;
        object->dead = true;
        mm_dead(object->type, object->address);
        if (explicit)
            model_free(i);
    }
}

static void look_for_collections(void)
{
    struct mm_stats stats;
    uint64_t collections = 0;
    mm_stats_get(&stats);
    for (int i = 0; i < MM_GENERATIONS; i++)
        collections += stats.collections[i];
    if (collections != driver.collections && DRIVER_TRACES)
        driver.exact = false;
    driver.collections = collections;
}

#if MM_TRAITS & MM_TRAIT_COLLECTOR
/* A collection may have found uncollectable objects: they are reachable from its list now. */
static void look_for_garbage(void)
{
    static void *garbage[MODEL_OBJECTS];
    size_t count = mm_gc_garbage(garbage, MODEL_OBJECTS);
    if (count < model.garbage_count)
        driver_fail("the collector's garbage went from %zu to %zu objects", model.garbage_count, count);
    if (count > model.garbage_count)
        model_lose(driver.operation);
    for (size_t i = model.garbage_count; i < count; i++) {
        int32_t serial = kind_finalized_serial(garbage[i]);
        if (serial == MODEL_NONE || model_at(serial)->freed)
            driver_fail("entry %zu of the collector's garbage is no live object", i);
        const struct model_object *object = model_at(serial);
        if (!object->type || !(object->type->flags & MM_TYPE_LEGACY))
            driver_fail("object %" PRId32 " is in the collector's garbage but has no legacy finalizer", serial);
        if (object->lost_in != driver.operation)
            driver_fail("object %" PRId32 " is in the collector's garbage but was never unreachable", serial);
        model_garbage_add(serial);
    }
}
#else
static void look_for_garbage(void) {}
#endif

void driver_settle(void)
{
    if (driver.events_depth != 0)
        return;
    driver.interfered = false;
    declare_dead();
    look_for_collections();
    look_for_garbage();
    int32_t culprit = MODEL_NONE;
    const char *error = NULL;
    if (MM_TRAITS & MM_TRAIT_PROMPT)
        error = model_settle(&culprit);
    else
        model_ignore_counts();
    if (error)
        driver_fail("object %" PRId32 ": %s", culprit, error);
    driver_check_stats(false);
}

/* The array has to begin where the frame does: a sanitizer would put something between. */
__attribute__((noinline, no_sanitize("address", "undefined"))) void driver_wipe_stack(void)
{
    if (!(MM_TRAITS & MM_TRAIT_CONSERVATIVE))
        return;
    char below[1 << 14];
    memset(below, 0, sizeof below);
    __asm__ volatile("" : : "r"(below) : "memory");
}

void driver_expect_failure(void)
{
    driver.failures++;
    if (!driver.can_fail)
        driver_fail("an allocation failed, but there is no heap limit");
}

/* ---- allocation */

const struct kind *driver_choose_kind(void)
{
    const struct kind *kind = &kinds[driver_below(kind_count)];
    bool finalized = kind->option == KIND_FINALIZED && !(driver.profile & PROFILE_FINALIZED);
    bool large = kind->option == KIND_LARGE && !(driver.profile & PROFILE_LARGE);
    if (finalized || large || (kind->needs & ~MM_TRAITS))
        return kind_pair;
    return kind;
}

size_t driver_choose_length(const struct kind *kind)
{
    if (kind->type->tail == MM_TAIL_NONE)
        return 0;
    uint8_t byte = driver_byte();
    if (byte < 250 || !(driver.profile & PROFILE_LARGE))
        return byte % 16 == 15 ? byte : byte % 16;
    return (size_t)(byte - 249) * 1100;
}

static const char *check_fresh(const struct mm_type *type, size_t length, const void *object)
{
    const unsigned char *bytes = object;
    size_t start = 0;
    if (type->tail != MM_TAIL_NONE) {
        if (mm_type_length(type, object) != length)
            return "has another length than was asked for";
        start = sizeof(size_t);
    }
    for (size_t i = start; i < mm_type_payload_bytes(type, length); i++)
        if (bytes[i] != 0)
            return "is not zeroed";
    return (uintptr_t)object % sizeof(void *) == 0 ? NULL : "is not aligned";
}

static void enter_new(const struct kind *kind, size_t length, size_t root, void *object)
{
    const char *error = check_fresh(kind->type, length, object);
    if (error)
        driver_fail("a new %s %s", kind->type->name, error);
    if (mm_root_get(driver.roots[root]) != object)
        driver_fail("a new %s was returned but not delivered into the root", kind->type->name);
    int32_t index = model_add(kind->type, length);
    struct model_object *entry = model_at(index);
    entry->region = (uint16_t)driver.region_count;
    entry->behaviour = kind->option == KIND_FINALIZED ? driver_byte() : 0;
    entry->address = object;
    kind_mark(kind->type, object, index);
    model_point(&model.roots[root], index);
}

bool driver_new(const struct kind *kind, size_t length, size_t root)
{
    /* The old reference is dropped while mm_new works, so the model drops it before; a failure puts it back. */
    int32_t old = model.roots[root];
    size_t slots = kind->type->ref_count + (kind->type->tail == MM_TAIL_REFS ? length : 0);
    if (!model_has_room(slots))
        return false;
    model_point(&model.roots[root], MODEL_NONE);
    /* Of eight objects one is made as by who does not know its type. */
    void *object = kind_new(kind, length, model.objects_allocated % 8 != 0, driver.roots[root]);
    if (object) {
        enter_new(kind, length, root, object);
    } else {
        driver_expect_failure();
        model_point(&model.roots[root], old);
        driver_in_root(root);
    }
    driver_settle();
    return object != NULL;
}

/* ---- references */

void driver_root_set(size_t root, struct place value)
{
    model_point(&model.roots[root], value.index);
    mm_root_set(driver.roots[root], value.real);
    driver_settle();
}

void driver_set(struct place object, struct slot slot, struct place value)
{
    model_point(slot.model, value.index);
    mm_set(object.real, slot.real, value.real);
    driver_settle();
}
