/* weak.c: weak references, with CPython's rules for callbacks (PyObject_ClearWeakRefs).
 *
 * The lock guards every weak list and every `target`; where one mutator is all there is, it is nothing. */
#include "internal.h"

const struct mm_type refcount_weak_type = {.name = "weak", .size = sizeof(struct refcount_weak)};

static struct mm_weaklist *weaklist_of(void *target)
{
    return (struct mm_weaklist *)(void *)((char *)target + (*refcount_type(refcount_of(target)))->weaklist);
}

/* Who dies looks at the first without the lock (refcount_weak_clear). */
static void set_first(struct mm_weaklist *list, struct refcount_weak *weak)
{
    __atomic_store_n(&list->first, weak, __ATOMIC_RELEASE);
}

/* Before all others if it has no callback, else behind the one that has none. */
static void weak_link(struct refcount_weak *weak, struct mm_weaklist *list)
{
    struct refcount_weak *first = list->first;
    if (first && !first->callback) {
        weak->previous = first;
        weak->next = first->next;
        first->next = weak;
    } else {
        weak->next = first;
        set_first(list, weak);
    }
    if (weak->next)
        weak->next->previous = weak;
}

void refcount_weak_unlink(struct refcount_weak *weak)
{
    refcount_lock();
    if (weak->target) {
        if (weak->previous)
            weak->previous->next = weak->next;
        else
            set_first(weaklist_of(weak->target), weak->next);
        if (weak->next)
            weak->next->previous = weak->previous;
    }
    refcount_unlock();
}

/* The weak reference without a callback that `list` has already, with a reference more; or NULL. */
static struct refcount_weak *weak_share(struct mm_weaklist *list)
{
    struct refcount_weak *first = list->first;
    if (!first || first->callback || !refcount_try_take(refcount_of(first)))
        return NULL;
    return first;
}

/* Where two threads make one without a callback at once, or the old one is dying, the second has one of its own. */
void *mm_weak_new(const struct mm_root *target, mm_weak_callback *callback, void *context, struct mm_root *out)
{
    struct mm_weaklist *list = weaklist_of(target->object);
    struct refcount_weak *weak = NULL;
    if (!callback) {
        refcount_lock();
        weak = weak_share(list);
        refcount_unlock();
    }
    if (!weak) {
        const uint64_t word = WORD_SPECIAL | WORD_TYPED;
        struct refcount_header *header = refcount_new_block(word, sizeof *weak);
        if (!header)
            return NULL;
        weak = refcount_new_object(header, &refcount_weak_type, word, sizeof *weak);
        weak->target = target->object;
        weak->callback = callback;
        weak->context = context;
        refcount_lock();
        weak_link(weak, list);
        refcount_unlock();
    }
    counted_deliver(out, weak);
    return weak;
}

void *mm_weak_get(const void *weak, struct mm_root *out)
{
    refcount_lock();
    void *target = ((const struct refcount_weak *)weak)->target;
    if (target && !refcount_try_take(refcount_of(target)))
        target = NULL;
    refcount_unlock();
    counted_deliver(out, target);
    return target;
}

/* Empties the list: every weak reference in it reads NULL. Returns those with a callback to be called, in order, each
 * with a reference more so that it outlives the callbacks before its own; not those that are dying themselves. */
static struct refcount_weak *weak_detach(struct mm_weaklist *list)
{
    struct refcount_weak *called = NULL, **end = &called;
    refcount_lock();
    for (struct refcount_weak *weak = list->first, *next; weak; weak = next) {
        next = weak->next;
        weak->target = NULL;
        weak->next = weak->previous = NULL;
        if (!weak->callback || !refcount_try_take(refcount_of(weak)))
            continue;
        *end = weak;
        end = &weak->next;
    }
    set_first(list, NULL);
    refcount_unlock();
    return called;
}

void refcount_weak_forget(struct mm_weaklist *list)
{
    refcount_lock();
    for (struct refcount_weak *weak = list->first, *next; weak; weak = next) {
        next = weak->next;
        weak->target = NULL;
        weak->next = weak->previous = NULL;
    }
    set_first(list, NULL);
    refcount_unlock();
}

/* Only a finalizer can make a weak reference to what dies, and a legacy one runs after this: where there is none, no
 * other thread makes one. */
void refcount_weak_clear(struct mm_weaklist *list)
{
    if (!__atomic_load_n(&list->first, __ATOMIC_ACQUIRE))
        return;
    for (struct refcount_weak *weak = weak_detach(list), *next; weak; weak = next) {
        next = weak->next;
        mm_weak_callback *callback = weak->callback;
        weak->callback = NULL;
        callback(weak, weak->context);
        counted_drop(weak);
    }
}
