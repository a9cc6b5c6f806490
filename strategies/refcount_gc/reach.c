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

/* ---- what to prefetch
 *
 * Few containers are in the cache, and need none. Of many, where the next few are is guessed from where the next is, as
 * objects that were made one after the other mostly lie one after the other. Of all, step 3 knows better: it goes the
 * way that the first pass went, which took notes. A wrong guess harms nobody. */

enum { PREFETCH_LINKS = 16 };

MM_INLINE void prefetch_after(const struct refcount_gc_link *link, enum refcount_gc_extent extent)
{
    if (extent == REFCOUNT_GC_FEW)
        return;
    uintptr_t stride = (uintptr_t)link->next - (uintptr_t)link;
    __builtin_prefetch((const void *)((uintptr_t)link + PREFETCH_LINKS * stride), 1);
}

/* Where the containers are that the first pass met, in its order, and after them those that step 3 moves back, which it
 * meets again: each once at most. 16 bytes are 1, and the first one's place is half of what there is, so that 32 GiB to
 * either side can be told. NULL: there was no memory for it. */
struct route {
    uint32_t *places;
    size_t length;
    uintptr_t origin;
};

enum { PLACE_BYTES = 16 };
#define ROUTE_FIRST ((uint64_t)1 << 31)

static struct route route_new(const struct refcount_gc_link *list)
{
    size_t most = refcount_gc_heap.containers_allocated - refcount_gc_heap.containers_freed;
    return (struct route){
        .places = malloc(2 * most * sizeof(uint32_t)),
        .origin = (uintptr_t)list->next - ROUTE_FIRST * PLACE_BYTES,
    };
}

static inline void route_note(struct route *route, const struct refcount_gc_link *link)
{
    if (route->places)
        route->places[route->length++] = (uint32_t)(((uintptr_t)link - route->origin) / PLACE_BYTES);
}

static inline void prefetch_on_route(const struct route *route, size_t at)
{
    if (at + PREFETCH_LINKS < route->length)
        __builtin_prefetch((const void *)(route->origin + (uintptr_t)PLACE_BYTES * route->places[at + PREFETCH_LINKS]),
                           1);
}

/* ---- steps 1 and 2 */

/* Step 1, for one container. */
static inline void copy_count(struct refcount_gc_link *link)
{
    struct refcount_gc_header *header = refcount_gc_header_of(link);
    link->references = refcount_gc_count(header) * REFERENCE + NO_REFERENCES;
    header->word |= REFCOUNT_GC_COLLECTING;
}

static inline void copy_count_once(struct refcount_gc_link *link)
{
    if (!(refcount_gc_header_of(link)->word & REFCOUNT_GC_COLLECTING))
        copy_count(link);
}

MM_INLINE void copy_counts(struct refcount_gc_link *list, enum refcount_gc_extent extent)
{
    for (struct refcount_gc_link *link = list->next; link != list; link = link->next) {
        prefetch_after(link, extent);
        copy_count(link);
    }
}

MM_INLINE void subtract_edge(struct mm_ref *field, void *context)
{
    (void)context;
    struct refcount_gc_header *target = refcount_gc_of(field->object);
    if (target->word & REFCOUNT_GC_COLLECTING)
        refcount_gc_link_of(target)->references -= REFERENCE;
}

MM_INLINE void subtract_edges(struct refcount_gc_link *list, enum refcount_gc_extent extent)
{
    for (struct refcount_gc_link *link = list->next; link != list; link = link->next) {
        prefetch_after(link, extent);
        refcount_gc_each_edge(refcount_gc_header_of(link), subtract_edge, NULL);
    }
}

/* Steps 1 and 2 in one, where all that is tracked is in the list: no mark is needed to know that a target is. */
MM_INLINE void copy_and_subtract_edge(struct mm_ref *field, void *context)
{
    (void)context;
    struct refcount_gc_header *target = refcount_gc_of(field->object);
    if (!refcount_gc_is_container(target->word) || !refcount_gc_is_tracked(refcount_gc_link_of(target)))
        return;
    copy_count_once(refcount_gc_link_of(target));
    refcount_gc_link_of(target)->references -= REFERENCE;
}

static struct route copy_and_subtract(struct refcount_gc_link *list)
{
    struct route route = route_new(list);
    for (struct refcount_gc_link *link = list->next; link != list; link = link->next) {
        prefetch_after(link, REFCOUNT_GC_ALL);
        route_note(&route, link);
        copy_count_once(link);
        refcount_gc_each_edge(refcount_gc_header_of(link), copy_and_subtract_edge, NULL);
    }
    return route;
}

/* ---- step 3 */

struct scan {
    struct refcount_gc_link *list;
    size_t reachable, moved_out, moved_back;
    bool has_special;    /* something special was moved out, and came back perhaps */
    struct route *route; /* NULL unless the list has all */
};

MM_INLINE void reach_edge(struct mm_ref *field, void *context)
{
    struct scan *scan = context;
    struct refcount_gc_header *target = refcount_gc_of(field->object);
    if (!(target->word & REFCOUNT_GC_COLLECTING))
        return;
    struct refcount_gc_link *link = refcount_gc_link_of(target);
    if (link->references % 2 == 0) {
        refcount_gc_list_move(link, scan->list);
        scan->moved_back++;
        if (scan->route)
            route_note(scan->route, link);
    } else if (link->references != NO_REFERENCES) {
        return;
    }
    link->references = NO_REFERENCES + REFERENCE;
}

/* `next` is read after the edges: they may have put something behind the last link. */
MM_INLINE struct scan scan_list(struct refcount_gc_link *list, struct refcount_gc_link *unreachable,
                                enum refcount_gc_extent extent, struct route *route)
{
    struct scan scan = {.list = list, .route = route};
    struct refcount_gc_link *previous = list, *link = list->next;
    refcount_gc_list_init(unreachable);
    while (link != list) {
        struct refcount_gc_header *header = refcount_gc_header_of(link);
        if (route)
            prefetch_on_route(route, scan.reachable + scan.moved_out);
        else
            prefetch_after(link, extent);
        if (link->references != NO_REFERENCES) {
            refcount_gc_each_edge(header, reach_edge, &scan);
            header->word &= ~(uint64_t)REFCOUNT_GC_COLLECTING;
            link->previous = previous;
            previous = link;
            scan.reachable++;
            link = link->next;
        } else {
            struct refcount_gc_link *next = link->next;
            previous->next = next;
            refcount_gc_list_append(unreachable, link);
            scan.moved_out++;
            scan.has_special |= header->word & REFCOUNT_GC_SPECIAL;
            link = next;
        }
    }
    list->previous = previous;
    return scan;
}

MM_INLINE struct scan find_in_part(struct refcount_gc_link *list, struct refcount_gc_link *unreachable,
                                   enum refcount_gc_extent extent)
{
    copy_counts(list, extent);
    subtract_edges(list, extent);
    return scan_list(list, unreachable, extent, NULL);
}

static struct scan find_in_all(struct refcount_gc_link *list, struct refcount_gc_link *unreachable)
{
    struct route route = copy_and_subtract(list);
    struct scan scan = scan_list(list, unreachable, REFCOUNT_GC_ALL, &route);
    free(route.places);
    return scan;
}

struct refcount_gc_reach refcount_gc_find_unreachable(struct refcount_gc_link *list,
                                                      struct refcount_gc_link *unreachable,
                                                      enum refcount_gc_extent extent)
{
    struct scan scan;
    if (extent == REFCOUNT_GC_ALL)
        scan = find_in_all(list, unreachable);
    else if (extent == REFCOUNT_GC_MANY)
        scan = find_in_part(list, unreachable, REFCOUNT_GC_MANY);
    else
        scan = find_in_part(list, unreachable, REFCOUNT_GC_FEW);
    return (struct refcount_gc_reach){
        .reachable = scan.reachable,
        .unreachable = scan.moved_out - scan.moved_back,
        .has_special = scan.has_special,
    };
}
