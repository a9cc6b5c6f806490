/* collect.c: when a generation is collected, and what a collection does, step by step; see README.md. */
#include "internal.h"

#include <assert.h>

#include "common/common.h"

void refcount_gc_trigger_update(void)
{
    struct heap *heap = &refcount_gc_heap;
    bool may_start = heap->enabled && !heap->collecting && heap->threshold[0] != 0;
    heap->trigger = may_start ? heap->threshold[0] : SIZE_MAX;
}

/* A container of a MM_TYPE_UNTRACKS type is left out of collections once nothing that it holds is, or can come to be,
 * part of a cycle. An empty field may still be filled. */
static void see_trackable(struct mm_ref *field, void *trackable)
{
    struct refcount_gc_header *target = refcount_gc_of(field->object);
    if (!refcount_gc_is_container(target->word))
        return;
    bool may_untrack = target->word & REFCOUNT_GC_SPECIAL && target->word & REFCOUNT_GC_UNTRACKS;
    if (!may_untrack || refcount_gc_is_tracked(refcount_gc_link_of(target)))
        *(bool *)trackable = true;
}

static bool has_empty_field(const struct mm_type *type, void *object)
{
    for (unsigned i = 0; i < type->ref_count; i++)
        if (!mm_ref_at(object, type->refs[i])->object)
            return true;
    size_t length = type->tail == MM_TAIL_REFS ? mm_type_length(type, object) : 0;
    for (size_t i = 0; i < length; i++)
        if (!mm_tail_refs(type, object)[i].object)
            return true;
    return type->refs_count != 0;
}

static size_t untrack_finished(struct refcount_gc_link *list)
{
    size_t untracked = 0;
    for (struct refcount_gc_link *link = list->next, *next; link != list; link = next) {
        next = link->next;
        struct refcount_gc_header *header = refcount_gc_header_of(link);
        if (!(header->word & REFCOUNT_GC_SPECIAL) || !(header->word & REFCOUNT_GC_UNTRACKS))
            continue;
        bool trackable = has_empty_field(header->type, refcount_gc_payload(header));
        if (!trackable)
            refcount_gc_each_edge(header, see_trackable, &trackable);
        if (trackable)
            continue;
        refcount_gc_untrack(link);
        untracked++;
    }
    return untracked;
}

/* The generations up to g become one, at the end of g's list. */
static struct refcount_gc_link *merge_younger(struct heap *heap, int g)
{
    if (g + 1 < MM_GENERATIONS)
        heap->count[g + 1]++;
    for (int i = 0; i <= g; i++)
        heap->count[i] = 0;
    for (int i = 0; i < g; i++)
        refcount_gc_list_merge(&heap->lists[i], &heap->lists[g]);
    return &heap->lists[g];
}

/* The survivors join the next generation; the oldest one's stay, and are what a full collection is weighed against. */
static struct refcount_gc_link *promote(struct heap *heap, int g, size_t survivors)
{
    if (g == MM_GENERATIONS - 1) {
        heap->long_lived_pending = 0;
        heap->long_lived_total = survivors;
        return &heap->lists[g];
    }
    if (g == MM_GENERATIONS - 2)
        heap->long_lived_pending += survivors;
    refcount_gc_list_merge(&heap->lists[g], &heap->lists[g + 1]);
    return &heap->lists[g + 1];
}

/* As many containers as a first-level cache has room for, or so. */
enum { FEW_CONTAINERS = 1000 };

static enum refcount_gc_extent extent_of(const struct heap *heap, int g)
{
    if (g == MM_GENERATIONS - 1 && refcount_gc_list_is_empty(&heap->lists[REFCOUNT_GC_PERMANENT]))
        return REFCOUNT_GC_ALL;
    return g == 0 && heap->count[0] <= FEW_CONTAINERS ? REFCOUNT_GC_FEW : REFCOUNT_GC_MANY;
}

static struct refcount_gc_found collect(struct heap *heap, int g)
{
    struct refcount_gc_link unreachable;
    enum refcount_gc_extent extent = extent_of(heap, g);
    struct refcount_gc_link *young = merge_younger(heap, g);
    struct refcount_gc_reach reach = refcount_gc_find_unreachable(young, &unreachable, extent);
    size_t untracked = heap->has_untracks ? untrack_finished(young) : 0;
    struct refcount_gc_link *old = promote(heap, g, reach.reachable - untracked);
    return refcount_gc_reclaim(&unreachable, old, &reach);
}

/* Debug builds check the heap after every collection; a large heap only when a quarter as many objects were made since
 * the last time, so that a check's cost is spread over them. */
static void check_in_debug(const struct heap *heap)
{
#ifndef NDEBUG
    static uint64_t checked_at;
    uint64_t live = heap->objects_allocated - heap->objects_freed;
    if (live > 10000 && heap->objects_allocated - checked_at < live / 4)
        return;
    checked_at = heap->objects_allocated;
    assert(mm_heap_check() == NULL);
#else
    (void)heap;
#endif
}

/* A collection as the world sees it: a pause, and statistics. */
static size_t collect_in_pause(struct heap *heap, int g)
{
    heap->collecting = true;
    refcount_gc_trigger_update();
    refcount_gc_cascade_break();
    common_emit(&(struct mm_event){.kind = MM_EVENT_PAUSE_BEGIN, .cause = MM_PAUSE_COLLECTION, .generation = g});
    uint64_t start_ns = common_clock_ns();
    struct refcount_gc_found found = collect(heap, g);
    heap->collection_ns[g] += common_clock_ns() - start_ns;
    heap->collections[g]++;
    heap->collected[g] += found.collected;
    heap->uncollectable[g] += found.uncollectable;
    heap->collecting = false;
    refcount_gc_trigger_update();
    refcount_gc_cascade_break();
    common_emit(&(struct mm_event){.kind = MM_EVENT_PAUSE_END,
                                   .cause = MM_PAUSE_COLLECTION,
                                   .generation = g,
                                   .freed = found.collected,
                                   .uncollectable = found.uncollectable});
    check_in_debug(heap);
    return found.collected + found.uncollectable;
}

size_t refcount_gc_collect(int generation)
{
    struct heap *heap = &refcount_gc_heap;
    return heap->collecting ? 0 : collect_in_pause(heap, generation);
}

/* The oldest generation whose count is above its threshold; but the oldest of all only when those that wait to be
 * collected for the first time in it are a quarter of those that were, so that a growing heap costs linear time. */
static void collect_due(struct heap *heap)
{
    for (int g = MM_GENERATIONS - 1; g >= 0; g--) {
        if (heap->count[g] <= heap->threshold[g])
            continue;
        if (g == MM_GENERATIONS - 1 && heap->long_lived_pending < heap->long_lived_total / 4)
            continue;
        collect_in_pause(heap, g);
        return;
    }
}

void refcount_gc_trigger_slow(struct refcount_gc_link *link)
{
    struct heap *heap = &refcount_gc_heap;
    if (heap->examines_new) {
        refcount_gc_list_append(&heap->lists[0], link);
        collect_due(heap);
    } else {
        link->next = NULL;
        collect_due(heap);
        refcount_gc_list_append(&heap->lists[0], link);
    }
}

size_t mm_collect(int generation)
{
    int highest = MM_GENERATIONS - 1;
    return refcount_gc_collect(generation < 0 ? 0 : generation > highest ? highest : generation);
}
