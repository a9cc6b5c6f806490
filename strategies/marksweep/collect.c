#include "collect.h"

#include <stdio.h>
#include <stdlib.h>

#include "cell.h"
#include "common/common.h"
#include "common/watch.h"
#include "death.h"
#include "mark.h"
#include "mm.h"
#include "space.h"
#include "sweep.h"

struct collector marksweep_collector;

/* At each collection the heap's size goes down by this part of what is too much. */
#define HEAP_DECAY 16

/* The heap's size follows what is live up at once, and down by and by: where what is live swings, as it does when one
 * structure is dropped and the next is built, collections then fall where little is live. With a budget in proportion
 * to what is live now they would fall most often where it is most. */
static void heap_resize(size_t live_bytes)
{
    struct collector *collector = &marksweep_collector;
    size_t wanted = live_bytes + live_bytes / 100 * collector->growth_percent;
    if (wanted < collector->heap_bytes)
        wanted = collector->heap_bytes - (collector->heap_bytes - wanted) / HEAP_DECAY;
    collector->heap_bytes = wanted;
    collector->live_bytes = live_bytes;
    marksweep_budget_set();
}

void marksweep_budget_set(void)
{
    struct collector *collector = &marksweep_collector;
    size_t least = (size_t)collector->threshold[0] * 1024;
    size_t room = collector->heap_bytes - collector->live_bytes;
    collector->budget_bytes = least == 0 ? SIZE_MAX : room > least ? room : least;
}

/* Free blocks beyond what the mutator may use before the next collection, and a quarter more, go back to the system: a
 * quarter of them, so that a heap that swings does not give back what it takes again at once. */
static void give_back(void)
{
    const struct collector *collector = &marksweep_collector;
    size_t budget = collector->budget_bytes / BLOCK_BYTES, kept = budget + budget / 4;
    size_t free = marksweep_space.held_free;
    if (free > kept)
        marksweep_give_back((free - kept + 3) / 4, false);
}

/* What is marked is what lives, now. The rest is free as soon as it is swept. */
static void settle(void)
{
    struct common_counts *counts = &marksweep_heap.counts;
    counts->objects_freed = counts->objects_allocated - marksweep_marked.objects;
    counts->bytes_freed = counts->bytes_allocated - marksweep_marked.bytes;
    watch_survivors(is_marked);
    marksweep_weak_forget();
    marksweep_sweep_begin();
}

static void mark_anew(void)
{
    marksweep_sweep_reset();
    marksweep_mark_begin();
    marksweep_mark_roots();
}

/* Callbacks and finalizers run when all weak references are cleared and the free cells can be allocated again. */
static void cycle(void)
{
    mark_anew();
    bool callbacks = marksweep_weak_clear();
    bool finalizers = marksweep_finalize_find();
    settle();
    if (callbacks)
        marksweep_weak_call();
    if (!finalizers)
        return;
    marksweep_finalize_call();
    mark_anew();
    marksweep_death_postpone();
    settle();
}

static void debug_check(void)
{
#ifndef NDEBUG
    const char *message = mm_heap_check();
    if (message) {
        fprintf(stderr, "after a collection: %s\n", message);
        abort();
    }
#endif
}

size_t marksweep_collect(void)
{
    struct collector *collector = &marksweep_collector;
    if (collector->running)
        return 0;
    collector->running = true;
    uint64_t start_ns = common_clock_ns(), freed = marksweep_heap.counts.objects_freed;
    common_emit(&(struct mm_event){
        .kind = MM_EVENT_PAUSE_BEGIN, .cause = MM_PAUSE_COLLECTION, .generation = MM_GENERATIONS - 1});
    cycle();
    freed = marksweep_heap.counts.objects_freed - freed;
    collector->since_bytes = 0;
    heap_resize(marksweep_marked.bytes + marksweep_marked.headers * MARKSWEEP_HEADER_BYTES);
    give_back();
    collector->collections++;
    collector->collected += freed;
    collector->collection_ns += common_clock_ns() - start_ns;
    common_emit(&(struct mm_event){
        .kind = MM_EVENT_PAUSE_END, .cause = MM_PAUSE_COLLECTION, .generation = MM_GENERATIONS - 1, .freed = freed});
    collector->running = false;
    debug_check();
    return freed;
}

void marksweep_collect_if_due(void)
{
    struct collector *collector = &marksweep_collector;
    bool due = collector->since_bytes >= collector->budget_bytes;
    if (collector->every && --collector->until == 0) {
        collector->until = collector->every;
        due = true;
    }
    if (due && !collector->disabled)
        marksweep_collect();
}

bool marksweep_collect_at_limit(void)
{
    if (marksweep_collector.disabled || marksweep_collector.running)
        return false;
    marksweep_collect();
    return true;
}

/* ---- objects */

static void *object_try(const struct mm_type *type, size_t payload_bytes, struct table *table)
{
    if (table && !marksweep_table_reserve(table))
        return NULL;
    struct marksweep_lane *own = marksweep_lane_own(type);
    if (own)
        return marksweep_lane_cell(own);
    char *cell = marksweep_cell_new(payload_bytes + MARKSWEEP_HEADER_BYTES);
    if (!cell)
        return NULL;
    *(uintptr_t *)(void *)cell = (uintptr_t)type;
    counts_new(&marksweep_heap.counts, payload_bytes);
    return cell + MARKSWEEP_HEADER_BYTES;
}

void *marksweep_object_new(const struct mm_type *type, size_t payload_bytes, struct table *table)
{
    marksweep_collect_if_due();
    void *object = object_try(type, payload_bytes, table);
    if (!object && marksweep_collect_at_limit())
        object = object_try(type, payload_bytes, table);
    if (!object)
        return NULL;
    if (table)
        table_add(table, object);
    return object;
}

void *marksweep_new_slow(const struct mm_type *type, size_t payload_bytes)
{
    return marksweep_object_new(type, payload_bytes, type->finalize ? &marksweep_finalizable : NULL);
}
