/* death.c: weak references as disappearing links of libgc, finalizers as its finalizers without order.
 *
 * libgc clears a link as soon as its target was not marked, before finalizers keep anything alive: as CPython clears
 * weak references. It has no callbacks for that. Those of ours with one are in a table, which is looked through when
 * marking has ended and nothing is kept for a finalizer yet: a callback is due if its target is not marked and the
 * weak reference itself is. */
#include <gc/gc.h>
#include <gc/gc_mark.h>
#include <gc/javaxfc.h>
#include <string.h>

#include "internal.h"

/* A cell that libgc does not scan. */
struct weak {
    GC_hidden_pointer target; /* 0: it is gone */
    mm_weak_callback *callback;
    void *context;
};

#define ENTRY_DUE ((uintptr_t)1)

static struct {
    uintptr_t *entries; /* weak references with callbacks that were not called, in the order of their making; or 0 */
    size_t count, capacity;
    bool is_due;    /* some have ENTRY_DUE */
    bool is_called; /* callbacks and finalizers are being called */
    bool is_closing;
} death;

static struct weak *entry_weak(uintptr_t entry)
{
    return (struct weak *)(entry & ~ENTRY_DUE);
}

static void *weak_target(const struct weak *weak)
{
    return weak->target ? GC_REVEAL_POINTER(weak->target) : NULL;
}

/* ---- weak references */

static void compact(void)
{
    size_t kept = 0;
    for (size_t i = 0; i < death.count; i++)
        if (death.entries[i])
            death.entries[kept++] = death.entries[i];
    death.count = kept;
}

/* Makes room for one more entry, in memory that libgc neither scans nor frees. */
static bool reserve(void)
{
    if (death.count < death.capacity)
        return true;
    compact();
    if (death.count < death.capacity / 2)
        return true;
    size_t capacity = death.capacity ? 2 * death.capacity : 16;
    uintptr_t *entries = GC_malloc_atomic_uncollectable(capacity * sizeof *entries);
    if (!entries)
        return false;
    if (death.count)
        memcpy(entries, death.entries, death.count * sizeof *entries);
    GC_free(death.entries);
    death.entries = entries;
    death.capacity = capacity;
    return true;
}

/* NULL: at the limit. */
static struct weak *weak_make(void *target, mm_weak_callback *callback, void *context)
{
    if (callback && !reserve())
        return NULL;
    struct weak *weak = bdwgc_cell_new(BDWGC_ATOMIC, sizeof *weak, sizeof *weak);
    if (!weak)
        return NULL;
    *weak = (struct weak){GC_HIDE_POINTER(target), callback, context};
    if (GC_general_register_disappearing_link((void **)&weak->target, GC_base(target)) != GC_SUCCESS) {
        bdwgc_cell_drop(BDWGC_ATOMIC, weak, sizeof *weak);
        return NULL;
    }
    if (callback)
        death.entries[death.count++] = (uintptr_t)weak;
    return weak;
}

void *mm_weak_new(const struct mm_root *target, mm_weak_callback *callback, void *context, struct mm_root *out)
{
    struct weak *weak = weak_make(target->object, callback, context);
    if (!weak && bdwgc_collect_at_limit())
        weak = weak_make(target->object, callback, context);
    if (!weak)
        return NULL;
    out->object = weak;
    bdwgc_death_call();
    return weak;
}

void *mm_weak_get(const void *weak, struct mm_root *out)
{
    return out->object = weak_target(weak);
}

void bdwgc_death_find(void)
{
    for (size_t i = 0; i < death.count; i++) {
        const struct weak *weak = entry_weak(death.entries[i]);
        if (!weak || death.entries[i] & ENTRY_DUE)
            continue;
        if (!GC_is_marked(weak))
            death.entries[i] = 0;
        else if (!GC_is_marked(GC_base(weak_target(weak)))) {
            death.entries[i] |= ENTRY_DUE;
            death.is_due = true;
        }
    }
}

/* Newest first. They may make weak references, and so move the table, or collect, and so make others due. */
static void call_callbacks(void)
{
    while (death.is_due) {
        death.is_due = false;
        for (size_t i = death.count; i-- > 0;) {
            struct weak *weak = entry_weak(death.entries[i]);
            if (!(death.entries[i] & ENTRY_DUE))
                continue;
            death.entries[i] = 0;
            weak->callback(weak, weak->context);
        }
    }
}

/* ---- finalizers */

static void GC_CALLBACK finalize(void *cell, void *type_data)
{
    const struct mm_type *type = type_data;
    if (!death.is_closing)
        type->finalize((char *)cell + plain_tag_bytes(type));
}

bool bdwgc_finalizer_register(const struct mm_type *type, void *cell)
{
    bdwgc_collector.out_of_memory = false;
    GC_register_finalizer_no_order(cell, finalize, (void *)(uintptr_t)type, NULL, NULL);
    return !bdwgc_collector.out_of_memory;
}

/* ---- both */

bool bdwgc_death_is_called(void)
{
    return death.is_called;
}

void bdwgc_death_call_back(void)
{
    if (death.is_called)
        return;
    death.is_called = true;
    call_callbacks();
    death.is_called = false;
}

bool bdwgc_death_call(void)
{
    if (death.is_called || (!death.is_due && !GC_should_invoke_finalizers()))
        return false;
    death.is_called = true;
    call_callbacks();
    GC_invoke_finalizers();
    call_callbacks();
    death.is_called = false;
    return true;
}

void bdwgc_death_close(void)
{
    death.is_closing = true;
    GC_finalize_all();
    GC_free(death.entries);
    memset(&death, 0, sizeof death);
}

const char *bdwgc_death_check(void)
{
    for (size_t i = 0; i < death.count; i++) {
        struct weak *weak = entry_weak(death.entries[i]);
        if (weak && (GC_base(weak) != weak || !weak->callback))
            return "bdwgc: something else is in the table of weak references";
        if (weak && !(death.entries[i] & ENTRY_DUE) && !weak->target)
            return "bdwgc: the target of a weak reference is gone, and its callback is not due";
    }
    return NULL;
}
