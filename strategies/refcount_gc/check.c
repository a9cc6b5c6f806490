/* check.c: mm_heap_check. The lists, the counts against the references, the weak references, the account. */
#include "internal.h"

static const char *check_list(const struct refcount_gc_link *list)
{
    const struct refcount_gc_link *previous = list;
    for (const struct refcount_gc_link *link = list->next; link != list; previous = link, link = link->next)
        if (!link || link->previous != previous)
            return "refcount_gc: a list is broken";
    return list->previous == previous ? NULL : "refcount_gc: a list's end is not its last";
}

static const char *check_weak(struct refcount_gc_header *header)
{
    if (!header->type->weaklist)
        return NULL;
    const struct refcount_gc_weak *previous = NULL;
    const struct mm_weaklist *list = refcount_gc_weaklist(header);
    for (const struct refcount_gc_weak *weak = list->first; weak; previous = weak, weak = weak->next) {
        if (!refcount_gc_is_weak(refcount_gc_of(weak)))
            return "refcount_gc: something else is in a list of weak references";
        if (weak->target != refcount_gc_payload(header) || weak->previous != previous)
            return "refcount_gc: a list of weak references is broken";
        if (previous && !weak->callback)
            return "refcount_gc: a weak reference without a callback is not the first";
    }
    return NULL;
}

/* Between collections; what an unlucky one left behind would corrupt the next. */
static const char *check_object(struct refcount_gc_header *header)
{
    if (!refcount_gc_is_container(header->word))
        return "refcount_gc: what is tracked is no container";
    if (header->word & REFCOUNT_GC_COLLECTING)
        return "refcount_gc: an object is marked, and no collection runs";
    if (refcount_gc_is_dead(header))
        return "refcount_gc: a dead object is tracked";
    return check_weak(header);
}

/* As the collector counts: each container's references, less those from containers. Its `previous` is lent for that,
 * and mended after. */
static void lend_links(struct refcount_gc_link *list)
{
    for (struct refcount_gc_link *link = list->next; link != list; link = link->next) {
        link->references = refcount_gc_count(refcount_gc_header_of(link));
        refcount_gc_header_of(link)->word |= REFCOUNT_GC_COLLECTING;
    }
}

static inline void subtract(struct mm_ref *field, void *found_wrong)
{
    struct refcount_gc_header *target = refcount_gc_of(field->object);
    if (target->word & REFCOUNT_GC_COLLECTING && refcount_gc_link_of(target)->references-- == 0)
        *(bool *)found_wrong = true;
}

static void mend_links(struct refcount_gc_link *list)
{
    struct refcount_gc_link *previous = list;
    for (struct refcount_gc_link *link = list->next; link != list; previous = link, link = link->next) {
        link->previous = previous;
        refcount_gc_header_of(link)->word &= ~(uint64_t)REFCOUNT_GC_COLLECTING;
    }
}

static const char *check_references(struct heap *heap)
{
    bool wrong = false;
    for (int i = 0; i < REFCOUNT_GC_LISTS; i++)
        lend_links(&heap->lists[i]);
    for (int i = 0; i < REFCOUNT_GC_LISTS; i++)
        for (struct refcount_gc_link *link = heap->lists[i].next; link != &heap->lists[i]; link = link->next)
            refcount_gc_each_edge(refcount_gc_header_of(link), subtract, &wrong);
    for (int i = 0; i < REFCOUNT_GC_LISTS; i++)
        mend_links(&heap->lists[i]);
    return wrong ? "refcount_gc: an object has more references than are counted" : NULL;
}

static const char *check_account(const struct heap *heap, uint64_t tracked, uint64_t bytes)
{
    if (heap->objects_freed > heap->objects_allocated || heap->containers_freed > heap->containers_allocated)
        return "refcount_gc: more was freed than allocated";
    if (tracked > heap->containers_allocated - heap->containers_freed)
        return "refcount_gc: more containers are tracked than live";
    if (bytes > refcount_gc_held())
        return "refcount_gc: less is held than the tracked containers take";
    if (refcount_gc_held() > heap->limit_bytes)
        return "refcount_gc: more is held than the limit allows";
    return NULL;
}

/* While a collection runs the lists are its own. */
const char *mm_heap_check(void)
{
    struct heap *heap = &refcount_gc_heap;
    uint64_t tracked = 0, bytes = 0;
    if (heap->collecting)
        return NULL;
    for (int i = 0; i < REFCOUNT_GC_LISTS; i++) {
        struct refcount_gc_link *list = &heap->lists[i];
        const char *wrong = check_list(list);
        for (struct refcount_gc_link *link = list->next; !wrong && link != list; link = link->next) {
            struct refcount_gc_header *header = refcount_gc_header_of(link);
            wrong = check_object(header);
            tracked++;
            bytes += mm_size_of(header->type, refcount_gc_payload(header));
        }
        if (wrong)
            return wrong;
    }
    const char *wrong = check_references(heap);
    if (!wrong)
        wrong = check_account(heap, tracked, bytes);
    return wrong ? wrong : blocks_check();
}
