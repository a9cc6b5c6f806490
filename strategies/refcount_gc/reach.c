/* reach.c: which containers of a list are reachable from outside it, as CPython's deduce_unreachable finds out.
 *
 * 1. Every container's `references` := its count, and it is marked COLLECTING.
 * 2. For each edge from a container of the list to one that is COLLECTING: one reference less. What is left is
 * references from outside: roots, other generations, untracked objects.
 * 3. Scan in list order. A container with references is reachable: its targets get references if they have none, its
 *    mark goes, its link is mended. One without may be unreachable: it goes to the end of `unreachable`, until an edge
 *    from a reachable one is found; then it returns to the end of the list, to be scanned again.
 *
 * While step 3 runs, the list is linked by `next` alone. `references` is twice the number and one more: being odd, it
 * tells a container not scanned yet from one that was moved out, where `previous` is an address again. */
#include "internal.h"

enum { REFERENCE = 2, NO_REFERENCES = 1 };

/* Objects that were made one after the other mostly lie one after the other: where the next few links are is guessed
 * from where the next is, and a wrong guess harms nobody. */
enum { PREFETCH_LINKS = 16 };

static inline void prefetch_after(const struct refcount_gc_link *link)
{
    uintptr_t stride = (uintptr_t)link->next - (uintptr_t)link;
    __builtin_prefetch((const void *)((uintptr_t)link + PREFETCH_LINKS * stride), 1);
}

/* Step 1, for one container; more than once does no harm. */
static inline void copy_count(struct refcount_gc_link *link)
{
    struct refcount_gc_header *header = refcount_gc_header_of(link);
    if (header->word & REFCOUNT_GC_COLLECTING)
        return;
    link->references = refcount_gc_count(header) * REFERENCE + NO_REFERENCES;
    header->word |= REFCOUNT_GC_COLLECTING;
}

static void copy_counts(struct refcount_gc_link *list)
{
    for (struct refcount_gc_link *link = list->next; link != list; link = link->next) {
        prefetch_after(link);
        copy_count(link);
    }
}

REFCOUNT_GC_INLINE void subtract_edge(struct mm_ref *field, void *context)
{
    (void)context;
    struct refcount_gc_header *target = refcount_gc_of(field->object);
    if (target->word & REFCOUNT_GC_COLLECTING)
        refcount_gc_link_of(target)->references -= REFERENCE;
}

static void subtract_edges(struct refcount_gc_link *list)
{
    for (struct refcount_gc_link *link = list->next; link != list; link = link->next) {
        prefetch_after(link);
        refcount_gc_each_edge(refcount_gc_header_of(link), subtract_edge, NULL);
    }
}

/* Steps 1 and 2 in one, where all that is tracked is in the list: no mark is needed to know that a target is. */
REFCOUNT_GC_INLINE void copy_and_subtract_edge(struct mm_ref *field, void *context)
{
    (void)context;
    struct refcount_gc_header *target = refcount_gc_of(field->object);
    if (!refcount_gc_is_container(target->word) || !refcount_gc_is_tracked(refcount_gc_link_of(target)))
        return;
    copy_count(refcount_gc_link_of(target));
    refcount_gc_link_of(target)->references -= REFERENCE;
}

static void copy_and_subtract(struct refcount_gc_link *list)
{
    for (struct refcount_gc_link *link = list->next; link != list; link = link->next) {
        prefetch_after(link);
        copy_count(link);
        refcount_gc_each_edge(refcount_gc_header_of(link), copy_and_subtract_edge, NULL);
    }
}

struct scan {
    struct refcount_gc_link *list;
    size_t reachable, moved_out, moved_back;
    bool has_special; /* something special was moved out, and came back perhaps */
};

REFCOUNT_GC_INLINE void reach_edge(struct mm_ref *field, void *context)
{
    struct scan *scan = context;
    struct refcount_gc_header *target = refcount_gc_of(field->object);
    if (!(target->word & REFCOUNT_GC_COLLECTING))
        return;
    struct refcount_gc_link *link = refcount_gc_link_of(target);
    if (link->references % 2 == 0) {
        refcount_gc_list_move(link, scan->list);
        scan->moved_back++;
    } else if (link->references != NO_REFERENCES) {
        return;
    }
    link->references = NO_REFERENCES + REFERENCE;
}

/* Step 3. `next` is read after the edges: they may have put something behind the last link. */
static struct scan scan_list(struct refcount_gc_link *list, struct refcount_gc_link *unreachable)
{
    struct scan scan = {.list = list};
    struct refcount_gc_link *previous = list, *link = list->next;
    while (link != list) {
        struct refcount_gc_header *header = refcount_gc_header_of(link);
        prefetch_after(link);
        if (link->references != NO_REFERENCES) {
            refcount_gc_each_edge(header, reach_edge, &scan);
            header->word &= ~(uint64_t)REFCOUNT_GC_COLLECTING;
            link->previous = previous;
            previous = link;
            scan.reachable++;
        } else {
            previous->next = link->next;
            refcount_gc_list_append(unreachable, link);
            scan.moved_out++;
            scan.has_special |= header->word & REFCOUNT_GC_SPECIAL;
        }
        link = previous->next;
    }
    list->previous = previous;
    return scan;
}

struct refcount_gc_reach refcount_gc_find_unreachable(struct refcount_gc_link *list,
                                                      struct refcount_gc_link *unreachable, bool has_all)
{
    if (has_all) {
        copy_and_subtract(list);
    } else {
        copy_counts(list);
        subtract_edges(list);
    }
    refcount_gc_list_init(unreachable);
    struct scan scan = scan_list(list, unreachable);
    return (struct refcount_gc_reach){
        .reachable = scan.reachable,
        .unreachable = scan.moved_out - scan.moved_back,
        .has_special = scan.has_special,
    };
}
