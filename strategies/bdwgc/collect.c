/* collect.c: libgc's events as pauses, roots that are not on the stack, collections that are asked for. */
#include <gc/gc.h>
#include <gc/gc_mark.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/common.h"
#include "internal.h"

enum { STACK_CLEAR_BYTES = 1 << 16 };

/* libgc tells a collection as START, PRE_STOP_WORLD, MARK_START, MARK_END, POST_START_WORLD, RECLAIM_START,
 * RECLAIM_END, END; one that it makes by itself where it is incremental, without the first and the last; and one that
 * takes longer than it may, and goes on later, ends with POST_START_WORLD without MARK_END. */
static struct {
    bool is_open, has_start, has_marked, is_full;
    uint64_t start_ns;
} pause;

static GC_push_other_roots_proc push_others;

static int generation(void)
{
    return pause.is_full || !GC_is_incremental_mode() ? MM_GENERATIONS - 1 : 0;
}

static void pause_begin(bool has_start)
{
    pause.is_open = true;
    pause.has_start = has_start;
    pause.has_marked = false;
    pause.start_ns = common_clock_ns();
    bdwgc_peak_note();
    bdwgc_count_begin();
    common_emit(
        &(struct mm_event){.kind = MM_EVENT_PAUSE_BEGIN, .cause = MM_PAUSE_COLLECTION, .generation = generation()});
}

/* What it freed is counted after it: a program that does not ask would not wait for that. */
static void pause_end(void)
{
    int which = generation();
    bdwgc_collector.collection_ns[which] += common_clock_ns() - pause.start_ns;
    common_emit(&(struct mm_event){.kind = MM_EVENT_PAUSE_END,
                                   .cause = MM_PAUSE_COLLECTION,
                                   .generation = which,
                                   .freed = pause.has_marked ? MM_FREED_UNKNOWN : 0});
    if (pause.has_marked) {
        bdwgc_collector.collections[which]++;
        bdwgc_count_marked();
        pause.is_full = false;
    }
    bdwgc_count_end();
    pause.is_open = false;
}

static void GC_CALLBACK on_event(GC_EventType event)
{
    switch (event) {
    case GC_EVENT_START: pause_begin(true); break;
    case GC_EVENT_PRE_STOP_WORLD:
        if (!pause.is_open)
            pause_begin(false);
        break;
    case GC_EVENT_MARK_END:
        pause.has_marked = true;
        bdwgc_death_find();
        break;
    case GC_EVENT_POST_START_WORLD:
        if (!pause.has_marked)
            pause_end();
        break;
    case GC_EVENT_RECLAIM_END:
        if (!pause.has_start)
            pause_end();
        break;
    case GC_EVENT_END: pause_end(); break;
    default: break;
    }
}

static void GC_CALLBACK on_full(void)
{
    pause.is_full = true;
}

/* Cells that wait in lists are not marked: libgc finds them free again, and links them anew. */
static void lists_drop(void)
{
    for (enum bdwgc_kind kind = 0; kind < BDWGC_KINDS; kind++)
        for (size_t granules = 0; granules < BDWGC_CLASSES; granules++)
            bdwgc_heap.lists[kind][granules].first = NULL;
}

static void GC_CALLBACK push_roots(void)
{
    lists_drop();
    for (struct mm_root *root = bdwgc_heap.roots; root; root = root->previous)
        GC_push_all_eager(&root->object, &root->object + 1);
    if (push_others)
        push_others();
}

static void GC_CALLBACK on_resize(GC_word heap_bytes)
{
    (void)heap_bytes;
    bdwgc_peak_note();
    common_emit(&(struct mm_event){.kind = MM_EVENT_HEAP_GROWN});
}

void bdwgc_events_open(void)
{
    push_others = GC_get_push_other_roots();
    GC_set_push_other_roots(push_roots);
    GC_set_on_collection_event(on_event);
    GC_set_start_callback(on_full);
    GC_set_on_heap_resize(on_resize);
}

/* ---- asked for */

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

/* What calls left behind below the stack's end would look like references to what is called next. */
__attribute__((noinline)) void bdwgc_stack_clear(void)
{
    char below[STACK_CLEAR_BYTES];
    memset(below, 0, sizeof below);
    __asm__ volatile("" : : "r"(below) : "memory");
}

void bdwgc_gcollect(void)
{
    bool off = bdwgc_collector.off;
    if (off)
        GC_enable();
    bdwgc_stack_clear();
    GC_gcollect();
    if (off)
        GC_disable();
    debug_check();
}

void bdwgc_collect(void)
{
    bdwgc_gcollect();
    if (!bdwgc_death_call())
        return;
    bdwgc_gcollect();
    bdwgc_death_call_back();
}

bool bdwgc_collect_at_limit(void)
{
    if (bdwgc_collector.disabled || bdwgc_death_is_called())
        return false;
    bdwgc_collect();
    return true;
}
