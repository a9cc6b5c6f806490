/* allocate.c: cells from libgc, and buffers. */
#include <errno.h>
#include <gc/gc.h>
#include <gc/gc_inline.h>
#include <gc/gc_mark.h>
#include <string.h>

#include "common/common.h"
#include "internal.h"

/* From so much on, libgc's manual advises to say that there are pointers to the first page: a buffer's owner has one.
 */
#define LARGE_BUFFER_BYTES 100000

static void collect_if_due(void)
{
    struct collector *collector = &bdwgc_collector;
    if (!collector->every || --collector->until != 0)
        return;
    collector->until = collector->every;
    if (!collector->disabled)
        bdwgc_gcollect();
}

/* From a list that is filled before. NULL: there is no memory. */
static void *take_listed(enum bdwgc_kind kind, size_t granules)
{
    struct bdwgc_list *list = &bdwgc_heap.lists[kind][granules];
    if (!list->first)
        GC_generic_malloc_many(granules * BDWGC_GRANULE_BYTES, (int)bdwgc_gc_kinds[kind], &list->first);
    void **cell = list->first;
    if (!cell)
        return NULL;
    list->first = *cell;
    *cell = NULL;
    return cell;
}

static void *take_single(enum bdwgc_kind kind, size_t cell_bytes)
{
    int gc_kind = (int)bdwgc_gc_kinds[kind];
    if (kind >= BDWGC_OBJECT_KINDS && cell_bytes >= LARGE_BUFFER_BYTES)
        return GC_generic_malloc_ignore_off_page(cell_bytes, gc_kind);
    return GC_malloc_kind(cell_bytes, gc_kind);
}

void *bdwgc_cell_new(enum bdwgc_kind kind, size_t cell_bytes, size_t payload_bytes)
{
    collect_if_due();
    size_t granules = (cell_bytes + BDWGC_GRANULE_BYTES - 1) / BDWGC_GRANULE_BYTES;
    bool is_listed = bdwgc_collector.lists_used && granules - 1 < BDWGC_CLASSES - 1;
    void *cell = is_listed ? take_listed(kind, granules) : take_single(kind, cell_bytes);
    if (!cell)
        return NULL;
    if (!bdwgc_is_scanned(kind))
        memset(cell, 0, cell_bytes);
    bdwgc_count_new(kind, is_listed ? granules * BDWGC_GRANULE_BYTES : GC_size(cell), payload_bytes);
    return cell;
}

void bdwgc_cell_drop(enum bdwgc_kind kind, void *cell, size_t payload_bytes)
{
    bdwgc_count_undo(kind, GC_size(cell), payload_bytes);
    GC_free(cell);
}

/* ---- objects */

/* With its finalizer registered, if the type has one. */
static void *object_cell(const struct mm_type *type, size_t payload_bytes)
{
    enum bdwgc_kind kind = bdwgc_kind(type);
    void *cell = bdwgc_cell_new(kind, payload_bytes + plain_tag_bytes(type), payload_bytes);
    if (!cell || !type->finalize || bdwgc_finalizer_register(type, cell))
        return cell;
    bdwgc_cell_drop(kind, cell, payload_bytes);
    return NULL;
}

void *bdwgc_new_slow(const struct mm_type *type, size_t payload_bytes)
{
    void *cell = object_cell(type, payload_bytes);
    if (!cell && bdwgc_collect_at_limit())
        cell = object_cell(type, payload_bytes);
    if (!cell)
        return NULL;
    void *object = plain_tag(type, cell);
    bdwgc_death_call();
    __asm__ volatile("" : : "g"(object)); /* in sight of libgc until here */
    return object;
}

/* ---- buffers */

/* The same cell, if it has room for `new_bytes` and is not too large for it: as GC_realloc decides. */
static bool fits(void *buffer, size_t new_bytes)
{
    size_t room = buffer ? GC_size(buffer) : 0;
    return new_bytes <= room && new_bytes >= room / 2;
}

static void *buffer_move(enum bdwgc_kind kind, void *buffer, size_t old_bytes, size_t new_bytes)
{
    void *moved = bdwgc_cell_new(kind, new_bytes, new_bytes);
    if (!moved || !buffer)
        return moved;
    memcpy(moved, buffer, old_bytes < new_bytes ? old_bytes : new_bytes);
    GC_free(buffer);
    return moved;
}

/* One attempt: the new place of a buffer in `*place`, NULL for none. False at the limit. */
static bool buffer_try(enum bdwgc_kind kind, void *buffer, size_t old_bytes, size_t new_bytes, void **place)
{
    *place = NULL;
    if (new_bytes == 0) {
        GC_free(buffer);
    } else if (fits(buffer, new_bytes) || !(*place = buffer_move(kind, buffer, old_bytes, new_bytes))) {
        if (!fits(buffer, new_bytes) && new_bytes > old_bytes)
            return false;
        *place = buffer; /* less is never refused: what is there stays there */
        size_t low = old_bytes < new_bytes ? old_bytes : new_bytes;
        memset((char *)buffer + low, 0, (old_bytes < new_bytes ? new_bytes : old_bytes) - low);
        bdwgc_count_resize(kind, GC_size(buffer), old_bytes, new_bytes);
    }
    counts_resize(&bdwgc_collector.buffers, old_bytes, new_bytes);
    return true;
}

/* Finalizers may resize the same buffer: they are called before it is read, or after it is done. */
int bdwgc_refs_resize(struct mm_refs *refs, size_t capacity)
{
    const size_t slot_bytes = sizeof *refs->slots;
    void *place;
    if (capacity > BDWGC_LENGTH_MOST)
        return -ENOMEM;
    if (!buffer_try(BDWGC_SLOTS, refs->slots, refs->capacity * slot_bytes, capacity * slot_bytes, &place) &&
        (!bdwgc_collect_at_limit() ||
         !buffer_try(BDWGC_SLOTS, refs->slots, refs->capacity * slot_bytes, capacity * slot_bytes, &place)))
        return -ENOMEM;
    *refs = (struct mm_refs){place, capacity};
    bdwgc_death_call();
    return 0;
}

int bdwgc_bytes_resize(struct mm_bytes *bytes, size_t capacity)
{
    void *place;
    if (capacity > BDWGC_LENGTH_MOST)
        return -ENOMEM;
    if (!buffer_try(BDWGC_BUFFER, bytes->bytes, bytes->capacity, capacity, &place) &&
        (!bdwgc_collect_at_limit() || !buffer_try(BDWGC_BUFFER, bytes->bytes, bytes->capacity, capacity, &place)))
        return -ENOMEM;
    *bytes = (struct mm_bytes){place, capacity};
    bdwgc_death_call();
    return 0;
}
