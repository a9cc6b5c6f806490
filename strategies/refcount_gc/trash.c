/* trash.c: what becomes of the unreachable, in CPython's order.
 *
 * What legacy finalizers can reach is left alone. Weak references to the rest are cleared, then their callbacks run;
 * then the finalizers; what they resurrected is found and left alone; what remains is cleared, and dies of it. */
#include "internal.h"

#include "common/common.h"

struct trash {
    bool has_finalizers, has_weak; /* something among it has a finalizer that has not run; is or has a weak reference */
};

static bool is_legacy(const struct refcount_gc_header *header)
{
    return header->word & REFCOUNT_GC_SPECIAL && header->type->flags & MM_TYPE_LEGACY;
}

static void trash_note(struct trash *trash, struct refcount_gc_header *header)
{
    if (!(header->word & REFCOUNT_GC_SPECIAL))
        return;
    const struct mm_type *type = header->type;
    trash->has_finalizers |= type->finalize && !(header->word & REFCOUNT_GC_FINALIZED);
    trash->has_weak |= refcount_gc_is_weak(header) || (type->weaklist && refcount_gc_weaklist(header)->first);
}

static void finalizers_reach(struct mm_ref *field, void *finalizers)
{
    struct refcount_gc_header *target = refcount_gc_of(field->object);
    if (!(target->word & REFCOUNT_GC_COLLECTING))
        return;
    target->word &= ~(uint64_t)REFCOUNT_GC_COLLECTING;
    refcount_gc_list_move(refcount_gc_link_of(target), finalizers);
}

/* Moves those with a legacy finalizer, and then what they reach, to `finalizers`. */
static struct trash set_legacy_apart(struct refcount_gc_link *unreachable, struct refcount_gc_link *finalizers)
{
    struct trash trash = {0};
    for (struct refcount_gc_link *link = unreachable->next, *next; link != unreachable; link = next) {
        next = link->next;
        struct refcount_gc_header *header = refcount_gc_header_of(link);
        trash_note(&trash, header);
        if (!is_legacy(header))
            continue;
        header->word &= ~(uint64_t)REFCOUNT_GC_COLLECTING;
        refcount_gc_list_move(link, finalizers);
    }
    for (struct refcount_gc_link *link = finalizers->next; link != finalizers; link = link->next)
        refcount_gc_each_edge(refcount_gc_header_of(link), finalizers_reach, finalizers);
    return trash;
}

/* Clears the weak references to one object. Those with a callback that are not unreachable themselves go to `called`,
 * with a reference more so that they live until it runs. */
static void clear_weak_to(struct refcount_gc_header *header, struct refcount_gc_link *called)
{
    if (!header->type->weaklist)
        return;
    struct mm_weaklist *list = refcount_gc_weaklist(header);
    for (struct refcount_gc_weak *weak = list->first; weak; weak = list->first) {
        struct refcount_gc_header *weak_header = refcount_gc_of(weak);
        refcount_gc_weak_unlink(weak);
        if (!weak->callback || weak_header->word & REFCOUNT_GC_COLLECTING)
            continue;
        refcount_gc_take(weak_header);
        refcount_gc_list_move(refcount_gc_link_of(weak_header), called);
    }
}

/* All are cleared before the first callback runs, so that none can see what is unreachable. Returns how many weak
 * references died of their callback: CPython counts them as collected. */
static size_t clear_weak(struct refcount_gc_link *unreachable, struct refcount_gc_link *old)
{
    struct refcount_gc_link called;
    refcount_gc_list_init(&called);
    for (struct refcount_gc_link *link = unreachable->next; link != unreachable; link = link->next) {
        struct refcount_gc_header *header = refcount_gc_header_of(link);
        if (!(header->word & REFCOUNT_GC_SPECIAL))
            continue;
        if (refcount_gc_is_weak(header))
            refcount_gc_weak_unlink(refcount_gc_payload(header));
        else
            clear_weak_to(header, &called);
    }
    size_t died = 0;
    while (!refcount_gc_list_is_empty(&called)) {
        struct refcount_gc_link *link = called.next;
        struct refcount_gc_weak *weak = refcount_gc_payload(refcount_gc_header_of(link));
        mm_weak_callback *callback = weak->callback;
        callback(weak, weak->context);
        counted_drop(weak);
        if (called.next == link)
            refcount_gc_list_move(link, old);
        else
            died++;
    }
    return died;
}

/* Each once in its life. They may drop each other, and resurrect. */
static void finalize(struct refcount_gc_link *unreachable)
{
    struct refcount_gc_link seen;
    refcount_gc_list_init(&seen);
    while (!refcount_gc_list_is_empty(unreachable)) {
        struct refcount_gc_link *link = unreachable->next;
        struct refcount_gc_header *header = refcount_gc_header_of(link);
        refcount_gc_list_move(link, &seen);
        if (!(header->word & REFCOUNT_GC_SPECIAL) || header->word & REFCOUNT_GC_FINALIZED || !header->type->finalize)
            continue;
        header->word |= REFCOUNT_GC_FINALIZED;
        refcount_gc_take(header);
        header->type->finalize(refcount_gc_payload(header));
        counted_drop(refcount_gc_payload(header));
    }
    refcount_gc_list_merge(&seen, unreachable);
}

/* What is reachable from outside `unreachable` now goes to `old`; `unreachable` keeps the rest, in order. */
static void set_resurrected_apart(struct refcount_gc_link *unreachable, struct refcount_gc_link *old)
{
    struct refcount_gc_link still;
    for (struct refcount_gc_link *link = unreachable->next; link != unreachable; link = link->next)
        refcount_gc_header_of(link)->word &= ~(uint64_t)REFCOUNT_GC_COLLECTING;
    refcount_gc_find_unreachable(unreachable, &still, REFCOUNT_GC_MANY);
    refcount_gc_list_merge(unreachable, old);
    refcount_gc_list_merge(&still, unreachable);
}

static size_t length(const struct refcount_gc_link *list)
{
    size_t count = 0;
    for (const struct refcount_gc_link *link = list->next; link != list; link = link->next)
        count++;
    return count;
}

/* Clears each, with a reference more so that it is there until its clearing is through. What lives on goes to `old`:
 * it may die of another's clearing. */
static void clear_all(struct refcount_gc_link *unreachable, struct refcount_gc_link *old)
{
    while (!refcount_gc_list_is_empty(unreachable)) {
        struct refcount_gc_link *link = unreachable->next;
        struct refcount_gc_header *header = refcount_gc_header_of(link);
        bool clears = !(header->word & REFCOUNT_GC_SPECIAL) || !(header->type->flags & MM_TYPE_NO_CLEAR);
        if (refcount_gc_heap.save_all) {
            refcount_gc_garbage_add(header);
        } else if (clears) {
            refcount_gc_take(header);
            refcount_gc_clear(header);
            counted_drop(refcount_gc_payload(header));
        }
        if (unreachable->next == link) {
            header->word &= ~(uint64_t)REFCOUNT_GC_COLLECTING;
            refcount_gc_list_move(link, old);
        }
    }
}

static inline void see_outside(struct mm_ref *field, void *closed)
{
    if (!(refcount_gc_of(field->object)->word & REFCOUNT_GC_COLLECTING))
        *(bool *)closed = false;
}

/* Whether all that the unreachable refer to is unreachable too. */
static bool is_closed(struct refcount_gc_link *unreachable)
{
    bool closed = true;
    for (struct refcount_gc_link *link = unreachable->next; closed && link != unreachable; link = link->next)
        refcount_gc_each_edge(refcount_gc_header_of(link), see_outside, &closed);
    return closed;
}

/* They are the programmer's to deal with, who finds them in `garbage`. One that there is no memory for is found again
 * by the next collection of its generation. */
static size_t keep_legacy(struct refcount_gc_link *finalizers, struct refcount_gc_link *old)
{
    size_t uncollectable = 0;
    for (struct refcount_gc_link *link = finalizers->next; link != finalizers; link = link->next) {
        struct refcount_gc_header *header = refcount_gc_header_of(link);
        uncollectable++;
        if (refcount_gc_heap.save_all || is_legacy(header))
            refcount_gc_garbage_add(header);
    }
    refcount_gc_list_merge(finalizers, old);
    return uncollectable;
}

/* Steps that run the mutator's code, or look for objects of which it runs code. Returns how many weak references died.
 */
static size_t reclaim_special(struct refcount_gc_link *unreachable, struct refcount_gc_link *old,
                              struct refcount_gc_link *finalizers)
{
    size_t died = 0;
    struct trash trash = set_legacy_apart(unreachable, finalizers);
    if (trash.has_weak)
        died = clear_weak(unreachable, old);
    if (trash.has_finalizers)
        finalize(unreachable);
    if (trash.has_weak || trash.has_finalizers)
        set_resurrected_apart(unreachable, old);
    return died;
}

/* Where none of the mutator's code ran, nothing was resurrected, and the look for it would change nothing. Where none
 * will run, nobody sees in which order things die: what holds nothing else is freed as it is. */
struct refcount_gc_found refcount_gc_reclaim(struct refcount_gc_link *unreachable, struct refcount_gc_link *old,
                                             const struct refcount_gc_reach *reach)
{
    struct refcount_gc_link finalizers;
    struct refcount_gc_found found = {.collected = reach->unreachable};
    refcount_gc_list_init(&finalizers);
    if (reach->has_special) {
        found.collected = reclaim_special(unreachable, old, &finalizers);
        found.collected += length(unreachable);
    }
    if (!reach->has_special && !refcount_gc_heap.save_all && !BLOCKS_SHOW_ORDER && is_closed(unreachable))
        refcount_gc_free_closed(unreachable);
    else
        clear_all(unreachable, old);
    found.uncollectable = keep_legacy(&finalizers, old);
    return found;
}
