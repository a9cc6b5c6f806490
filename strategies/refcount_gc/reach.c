/* reach.c: which containers of a list are reachable from outside it, as CPython's deduce_unreachable finds out.
 *
 * 1. Every container's `references` := its count, and it is marked COLLECTING.
 * 2. For each edge from a container of the list to one that is COLLECTING: references--. What is left is references
 *    from outside: roots, other generations, untracked objects.
 * 3. Scan in list order. A container with references is reachable: its targets get references if they have none, its
 *    mark goes, its link is mended. One without may be unreachable: it goes to the end of `unreachable`, until an edge
 *    from a reachable one is found; then it returns to the end of the list, to be scanned again.
 *
 * While step 3 runs, the list is linked by `next` alone, and `unreachable` has bit 0 set in every `next`: that tells a
 * container moved out from one not yet scanned. */
#include "internal.h"

#define MOVED_OUT ((uintptr_t)1)

static inline struct refcount_gc_link *moved_out(struct refcount_gc_link *next)
{
    return (struct refcount_gc_link *)((uintptr_t)next | MOVED_OUT);
}

static inline bool is_moved_out(const struct refcount_gc_link *link)
{
    return (uintptr_t)link->next & MOVED_OUT;
}

static inline struct refcount_gc_link *next_moved_out(const struct refcount_gc_link *link)
{
    return (struct refcount_gc_link *)((uintptr_t)link->next & ~MOVED_OUT);
}

static void copy_counts(struct refcount_gc_link *list)
{
    for (struct refcount_gc_link *link = list->next; link != list; link = link->next) {
        struct refcount_gc_header *header = refcount_gc_header_of(link);
        link->references = refcount_gc_count(header);
        header->word |= REFCOUNT_GC_COLLECTING;
    }
}

REFCOUNT_GC_INLINE void subtract_edge(struct mm_ref *field, void *context)
{
    (void)context;
    struct refcount_gc_header *target = refcount_gc_of(field->object);
    if (target->word & REFCOUNT_GC_COLLECTING)
        refcount_gc_link_of(target)->references--;
}

static void subtract_edges(struct refcount_gc_link *list)
{
    for (struct refcount_gc_link *link = list->next; link != list; link = link->next)
        refcount_gc_each_edge(refcount_gc_header_of(link), subtract_edge, NULL);
}

/* Takes a link out of `unreachable` and puts it at the end of `list`. */
static void move_back(struct refcount_gc_link *link, struct refcount_gc_link *list)
{
    struct refcount_gc_link *previous = link->previous, *next = next_moved_out(link);
    previous->next = link->next;
    next->previous = previous;
    refcount_gc_list_append(list, link);
    link->references = 1;
}

REFCOUNT_GC_INLINE void reach_edge(struct mm_ref *field, void *list)
{
    struct refcount_gc_header *target = refcount_gc_of(field->object);
    if (!(target->word & REFCOUNT_GC_COLLECTING))
        return;
    struct refcount_gc_link *link = refcount_gc_link_of(target);
    if (is_moved_out(link))
        move_back(link, list);
    else if (link->references == 0)
        link->references = 1;
}

static void move_out(struct refcount_gc_link *link, struct refcount_gc_link *unreachable)
{
    struct refcount_gc_link *last = unreachable->previous;
    last->next = moved_out(link);
    link->previous = last;
    link->next = moved_out(unreachable);
    unreachable->previous = link;
}

/* Step 3. `next` is read after the edges: they may have put something behind the last link. */
static size_t scan(struct refcount_gc_link *list, struct refcount_gc_link *unreachable)
{
    size_t reachable = 0;
    struct refcount_gc_link *previous = list, *link = list->next;
    while (link != list) {
        if (link->references) {
            struct refcount_gc_header *header = refcount_gc_header_of(link);
            refcount_gc_each_edge(header, reach_edge, list);
            header->word &= ~(uint64_t)REFCOUNT_GC_COLLECTING;
            link->previous = previous;
            previous = link;
            reachable++;
        } else {
            previous->next = link->next;
            move_out(link, unreachable);
        }
        link = previous->next;
    }
    list->previous = previous;
    return reachable;
}

size_t refcount_gc_find_unreachable(struct refcount_gc_link *list, struct refcount_gc_link *unreachable)
{
    copy_counts(list);
    subtract_edges(list);
    refcount_gc_list_init(unreachable);
    size_t reachable = scan(list, unreachable);
    unreachable->next = next_moved_out(unreachable);
    for (struct refcount_gc_link *link = unreachable->next; link != unreachable; link = link->next)
        link->next = next_moved_out(link);
    return reachable;
}
