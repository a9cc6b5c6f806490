/* weak.c: weak references, with CPython's rules (Objects/weakrefobject.c). */
#include "internal.h"

const struct mm_type refcount_gc_weak_type = {.name = "weak", .size = sizeof(struct refcount_gc_weak)};

/* Before all others if it has no callback, else behind the one that has none. */
static void weak_link(struct refcount_gc_weak *weak, struct mm_weaklist *list)
{
    struct refcount_gc_weak *first = list->first;
    if (first && !first->callback) {
        weak->previous = first;
        weak->next = first->next;
        first->next = weak;
    } else {
        weak->next = first;
        list->first = weak;
    }
    if (weak->next)
        weak->next->previous = weak;
}

void refcount_gc_weak_unlink(struct refcount_gc_weak *weak)
{
    if (!weak->target)
        return;
    if (weak->previous)
        weak->previous->next = weak->next;
    else
        refcount_gc_weaklist(refcount_gc_of(weak->target))->first = weak->next;
    if (weak->next)
        weak->next->previous = weak->previous;
    weak->target = NULL;
    weak->next = weak->previous = NULL;
}

/* The weak reference without a callback that the target has already, or NULL. */
static struct refcount_gc_weak *weak_shared(const struct mm_weaklist *list)
{
    struct refcount_gc_weak *first = list->first;
    return first && !first->callback && !refcount_gc_is_dead(refcount_gc_of(first)) ? first : NULL;
}

static struct refcount_gc_weak *weak_alloc(void)
{
    struct refcount_gc_header *header =
        refcount_gc_new_block(&refcount_gc_weak_type, REFCOUNT_GC_SPECIAL | REFCOUNT_GC_CONTAINER,
                              sizeof(struct refcount_gc_link), sizeof(struct refcount_gc_weak));
    if (!header)
        return NULL;
    refcount_gc_track_new(refcount_gc_link_of(header));
    return refcount_gc_payload(header);
}

/* The allocation may collect, and so run code that makes a shared one in the meantime. */
void *mm_weak_new(const struct mm_root *target, mm_weak_callback *callback, void *context, struct mm_root *out)
{
    struct mm_weaklist *list = refcount_gc_weaklist(refcount_gc_of(target->object));
    struct refcount_gc_weak *shared = callback ? NULL : weak_shared(list);
    if (!shared) {
        struct refcount_gc_weak *weak = weak_alloc();
        if (!weak)
            return NULL;
        shared = callback ? NULL : weak_shared(list);
        if (!shared) {
            weak->target = target->object;
            weak->callback = callback;
            weak->context = context;
            weak_link(weak, list);
            counted_deliver(out, weak);
            return weak;
        }
        counted_drop(weak);
    }
    mm_root_set(out, shared);
    return shared;
}

void *mm_weak_get(const void *weak, struct mm_root *out)
{
    void *target = ((const struct refcount_gc_weak *)weak)->target;
    if (target && refcount_gc_is_dead(refcount_gc_of(target)))
        target = NULL;
    mm_root_set(out, target);
    return target;
}

/* Empties the list: every weak reference in it reads NULL. Returns those with a callback to be called, in order, each
 * with a reference more so that it outlives the callbacks before its own; not those that are dying themselves. */
static struct refcount_gc_weak *weak_detach(struct mm_weaklist *list)
{
    struct refcount_gc_weak *called = NULL, **end = &called;
    for (struct refcount_gc_weak *weak = list->first, *next; weak; weak = next) {
        next = weak->next;
        weak->target = NULL;
        weak->next = weak->previous = NULL;
        if (!weak->callback || refcount_gc_is_dead(refcount_gc_of(weak)) || refcount_gc_heap.closing)
            continue;
        refcount_gc_take(refcount_gc_of(weak));
        *end = weak;
        end = &weak->next;
    }
    list->first = NULL;
    return called;
}

void refcount_gc_weak_forget(struct mm_weaklist *list)
{
    while (list->first)
        refcount_gc_weak_unlink(list->first);
}

void refcount_gc_weak_clear(struct mm_weaklist *list)
{
    for (struct refcount_gc_weak *weak = weak_detach(list), *next; weak; weak = next) {
        next = weak->next;
        mm_weak_callback *callback = weak->callback;
        weak->callback = NULL;
        weak->next = NULL;
        callback(weak, weak->context);
        counted_drop(weak);
    }
}
