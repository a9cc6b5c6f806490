#include "death.h"

#include "cell.h"
#include "collect.h"
#include "mark.h"
#include "mm.h"

/* The target's weaklist holds the one weak reference without a callback that all who want such a one share. */
struct weak {
    void *target; /* NULL: it is gone. No reference: the type does not list it */
    mm_weak_callback *callback;
    void *context;
};

static const struct mm_type weak_type = {.name = "weak", .size = sizeof(struct weak)};

struct table marksweep_finalizable, marksweep_weaks;

static void **weak_shared(void *target)
{
    const struct mm_type *type = object_type(target);
    return &((struct mm_weaklist *)(void *)((char *)target + type->weaklist))->first;
}

/* The allocation may collect, and so run code that makes the shared one in the meantime: the new one is garbage then.
 */
void *mm_weak_new(const struct mm_root *target, mm_weak_callback *callback, void *context, struct mm_root *out)
{
    struct weak *weak = callback ? NULL : *weak_shared(target->object);
    if (!weak) {
        weak = marksweep_object_new(&weak_type, sizeof *weak, &marksweep_weaks);
        if (!weak)
            return NULL;
        if (!callback && *weak_shared(target->object)) {
            marksweep_weaks.count--;
            return out->object = *weak_shared(target->object);
        }
        *weak = (struct weak){target->object, callback, context};
        if (!callback)
            *weak_shared(target->object) = weak;
    }
    return out->object = weak;
}

void *mm_weak_get(const void *weak, struct mm_root *out)
{
    return out->object = ((const struct weak *)weak)->target;
}

/* ---- weak references */

static void weak_unlink(struct weak *weak)
{
    void **shared = weak_shared(weak->target);
    if (*shared == weak)
        *shared = NULL;
    weak->target = NULL;
}

bool marksweep_weak_clear(void)
{
    bool due = false;
    for (size_t i = 0; i < marksweep_weaks.count; i++) {
        struct weak *weak = entry_object(marksweep_weaks.entries[i]);
        if (is_marked(weak->target))
            continue;
        weak_unlink(weak);
        if (weak->callback && is_marked(weak)) {
            marksweep_weaks.entries[i] |= ENTRY_DUE;
            due = true;
        } else {
            marksweep_weaks.entries[i] = 0;
        }
    }
    return due;
}

/* Callbacks may make weak references, and so move the table. */
void marksweep_weak_call(void)
{
    for (size_t i = marksweep_weaks.count; i-- > 0;) {
        uintptr_t entry = marksweep_weaks.entries[i];
        if (!(entry & ENTRY_DUE))
            continue;
        marksweep_weaks.entries[i] = 0;
        struct weak *weak = entry_object(entry);
        weak->callback(weak, weak->context);
    }
    marksweep_table_compact(&marksweep_weaks);
}

void marksweep_weak_forget(void)
{
    for (size_t i = 0; i < marksweep_weaks.count; i++) {
        uintptr_t entry = marksweep_weaks.entries[i];
        struct weak *weak = entry_object(entry);
        if (!entry || is_marked(weak))
            continue;
        weak_unlink(weak);
        marksweep_weaks.entries[i] = 0;
    }
    marksweep_table_compact(&marksweep_weaks);
}

/* ---- finalizers */

bool marksweep_finalize_find(void)
{
    struct table *table = &marksweep_finalizable;
    bool found = false;
    for (size_t i = 0; i < table->count; i++) {
        if (is_marked(entry_object(table->entries[i])))
            continue;
        table->entries[i] |= ENTRY_DUE;
        found = true;
    }
    for (size_t i = 0; found && i < table->count; i++)
        if (table->entries[i] & ENTRY_DUE)
            marksweep_mark_from(entry_object(table->entries[i]));
    return found;
}

/* Finalizers may make objects with finalizers, and so move the table. */
void marksweep_finalize_call(void)
{
    struct table *table = &marksweep_finalizable;
    for (size_t i = 0; i < table->count; i++) {
        uintptr_t entry = table->entries[i];
        if (!(entry & ENTRY_DUE))
            continue;
        table->entries[i] = 0;
        void *object = entry_object(entry);
        object_type(object)->finalize(object);
    }
    marksweep_table_compact(table);
}

/* ---- the second marking */

/* Marks targets that a callback waits for. What they reach may be a weak reference with a callback, so: until there is
 * no more. */
static bool keep_targets(void)
{
    bool kept = false;
    for (size_t i = 0; i < marksweep_weaks.count; i++) {
        struct weak *weak = entry_object(marksweep_weaks.entries[i]);
        if (!weak->callback || !is_marked(weak) || is_marked(weak->target))
            continue;
        marksweep_mark_from(weak->target);
        kept = true;
    }
    return kept;
}

void marksweep_death_postpone(void)
{
    for (size_t i = 0; i < marksweep_finalizable.count; i++)
        marksweep_mark_from(entry_object(marksweep_finalizable.entries[i]));
    while (keep_targets()) {
    }
    marksweep_weak_clear();
}

/* ---- invariants */

const char *marksweep_weaklist_check(const void *object, bool (*is_object)(const void *object))
{
    const struct weak *shared = *weak_shared((void *)(uintptr_t)object);
    if (!shared)
        return NULL;
    if (!is_object(shared) || object_type(shared) != &weak_type)
        return "marksweep: a list of weak references has something else";
    return shared->callback || shared->target != object ? "marksweep: a weak reference is in the wrong list" : NULL;
}

static const char *weak_check(const struct weak *weak, bool (*is_object)(const void *object))
{
    if (!is_object(weak) || object_type(weak) != &weak_type)
        return "marksweep: something else is in the table of weak references";
    if (!is_object(weak->target))
        return "marksweep: the target of a weak reference is gone, and it was not told";
    if (!weak->callback && *weak_shared(weak->target) != weak)
        return "marksweep: two weak references without callback have one target";
    return NULL;
}

const char *marksweep_death_check(bool (*is_object)(const void *object))
{
    for (size_t i = 0; i < marksweep_weaks.count; i++) {
        const char *message = weak_check(entry_object(marksweep_weaks.entries[i]), is_object);
        if (message)
            return message;
    }
    for (size_t i = 0; i < marksweep_finalizable.count; i++) {
        const void *object = entry_object(marksweep_finalizable.entries[i]);
        if (!is_object(object) || !object_type(object)->finalize)
            return "marksweep: an object without a finalizer is in their table";
    }
    return NULL;
}
