/* count.c: how much is live.
 *
 * libgc does not count what it frees; most of that is found free only when memory is allocated. But it can list the
 * cells that a collection marked, and keeps the marks until the next one begins. So what is handed out is counted by
 * kind and size of the cell, and what a collection left alive is counted when somebody asks, and not before: listing
 * it costs a third of marking it. What was freed is the difference.
 *
 * Bytes of live payloads: as many for a cell as for the average of its kind and size. That is exact where payloads of
 * one size are in them, as it is without tails and buffers. */
#include <gc/gc.h>
#include <gc/gc_mark.h>
#include <string.h>

#include "common/common.h"
#include "common/watch.h"
#include "internal.h"

enum {
    GC_KINDS_MOST = 16,           /* MAXOBJKINDS in libgc's gc_priv.h */
    LARGE_CLASSES = 4 * (64 - 8), /* of cells that have no list: four to each doubling, from 256 bytes on */
    TALLIES = BDWGC_CLASSES + LARGE_CLASSES,
};

struct tally {
    uint64_t cells, cell_bytes;
};

static struct {
    struct tally marked[BDWGC_KINDS][TALLIES];
    struct {
        uint64_t cell_bytes, bytes;
    } large[BDWGC_KINDS][LARGE_CLASSES]; /* handed out: cells, and payloads in them */
    struct mm_stats then;                /* what was allocated when the last collection had marked */
    uint64_t buffers_freed;              /* bytes freed with buffers, then */
    uint64_t objects_freed, bytes_freed; /* by collections, as of the last count */
    bool is_due;                         /* a collection has marked since the last count */
    bool in_collection;                  /* libgc's lock is held */
    bool is_marking;                     /* and the marks are not what they will be */
} count;

/* The class of a cell that has a list, else BDWGC_CLASSES and more. */
static size_t class_of(size_t cell_bytes)
{
    if (cell_bytes < BDWGC_CLASSES * BDWGC_GRANULE_BYTES)
        return cell_bytes / BDWGC_GRANULE_BYTES;
    size_t log = 63u - (size_t)__builtin_clzll(cell_bytes);
    return BDWGC_CLASSES + 4 * (log - 8) + (cell_bytes >> (log - 2)) % 4;
}

void bdwgc_count_open(void)
{
    memset(&count, 0, sizeof count);
}

/* Adds to what was handed out; numbers below 0 wrap around. */
static void add(enum bdwgc_kind kind, size_t cell_bytes, uint64_t cells, uint64_t bytes)
{
    size_t size_class = class_of(cell_bytes);
    struct bdwgc_list *list = &bdwgc_heap.lists[kind][size_class < BDWGC_CLASSES ? size_class : BDWGC_LARGE];
    list->cells += cells;
    list->bytes += bytes;
    if (size_class < BDWGC_CLASSES)
        return;
    count.large[kind][size_class - BDWGC_CLASSES].cell_bytes += cells * cell_bytes;
    count.large[kind][size_class - BDWGC_CLASSES].bytes += bytes;
}

void bdwgc_count_new(enum bdwgc_kind kind, size_t cell_bytes, size_t payload_bytes)
{
    add(kind, cell_bytes, 1, payload_bytes);
}

void bdwgc_count_undo(enum bdwgc_kind kind, size_t cell_bytes, size_t payload_bytes)
{
    add(kind, cell_bytes, (uint64_t)-1, 0 - (uint64_t)payload_bytes);
}

void bdwgc_count_resize(enum bdwgc_kind kind, size_t cell_bytes, size_t old_bytes, size_t new_bytes)
{
    add(kind, cell_bytes, 0, new_bytes - old_bytes);
}

static void report_allocated(struct mm_stats *stats)
{
    stats->objects_allocated = 0;
    stats->bytes_allocated = bdwgc_collector.buffers.bytes_allocated;
    for (int kind = 0; kind < BDWGC_OBJECT_KINDS; kind++)
        for (int size_class = 0; size_class < BDWGC_CLASSES; size_class++) {
            stats->objects_allocated += bdwgc_heap.lists[kind][size_class].cells;
            stats->bytes_allocated += bdwgc_heap.lists[kind][size_class].bytes;
        }
}

/* ---- what is marked */

struct visit {
    bdwgc_visit *visit;
    void *context;
    int kinds[GC_KINDS_MOST]; /* ours by libgc's number, or -1 */
};

static void GC_CALLBACK visit_one(void *cell, size_t cell_bytes, void *context)
{
    const struct visit *visit = context;
    int kind = visit->kinds[GC_get_kind_and_size(cell, NULL)];
    if (kind >= 0)
        visit->visit(cell, cell_bytes, (enum bdwgc_kind)kind, visit->context);
}

static void *GC_CALLBACK visit_all(void *visit)
{
    GC_enumerate_reachable_objects_inner(visit_one, visit);
    return NULL;
}

void bdwgc_visit_marked(bdwgc_visit *function, void *context)
{
    struct visit visit = {function, context, {0}};
    memset(visit.kinds, -1, sizeof visit.kinds);
    for (int kind = 0; kind < BDWGC_KINDS; kind++)
        visit.kinds[bdwgc_gc_kinds[kind]] = kind;
    if (count.in_collection)
        visit_all(&visit);
    else
        GC_call_with_alloc_lock(visit_all, &visit);
}

static void tally_one(void *cell, size_t cell_bytes, enum bdwgc_kind kind, void *context)
{
    (void)cell;
    (void)context;
    struct tally *tally = &count.marked[kind][class_of(cell_bytes)];
    tally->cells++;
    tally->cell_bytes += cell_bytes;
}

/* ---- what is live */

static uint64_t payload_bytes(int kind, size_t size_class)
{
    uint64_t marked_bytes = count.marked[kind][size_class].cell_bytes, cell_bytes, bytes;
    if (marked_bytes == 0)
        return 0;
    if (size_class < BDWGC_CLASSES) {
        cell_bytes = bdwgc_heap.lists[kind][size_class].cells * size_class * BDWGC_GRANULE_BYTES;
        bytes = bdwgc_heap.lists[kind][size_class].bytes;
    } else {
        cell_bytes = count.large[kind][size_class - BDWGC_CLASSES].cell_bytes;
        bytes = count.large[kind][size_class - BDWGC_CLASSES].bytes;
    }
    return cell_bytes ? (uint64_t)((double)bytes * ((double)marked_bytes / (double)cell_bytes) + 0.5) : 0;
}

/* What was once found dead stays so, though a stale word may refer to it again before its memory is used anew. */
static void raise_to(uint64_t *freed, uint64_t allocated, uint64_t live)
{
    if (live < allocated && allocated - live > *freed)
        *freed = allocated - live;
}

static void count_live(void)
{
    if (!count.is_due || count.is_marking)
        return;
    count.is_due = false;
    memset(count.marked, 0, sizeof count.marked);
    bdwgc_visit_marked(tally_one, NULL);
    uint64_t objects = 0, bytes = 0;
    for (int kind = 0; kind < BDWGC_KINDS; kind++)
        for (size_t size_class = 0; size_class < TALLIES; size_class++) {
            objects += kind < BDWGC_OBJECT_KINDS ? count.marked[kind][size_class].cells : 0;
            bytes += payload_bytes(kind, size_class);
        }
    raise_to(&count.objects_freed, count.then.objects_allocated, objects);
    raise_to(&count.bytes_freed, count.then.bytes_allocated - count.buffers_freed, bytes);
}

void bdwgc_count_begin(void)
{
    count.in_collection = count.is_marking = true;
}

/* An object's address may be within its cell, behind a tag. */
static bool is_marked(const void *object)
{
    const void *cell = GC_base((void *)(uintptr_t)object);
    return cell && GC_is_marked(cell);
}

/* Where libgc is incremental, marks change between collections: what it marked is counted at once. */
void bdwgc_count_marked(void)
{
    report_allocated(&count.then);
    count.buffers_freed = bdwgc_collector.buffers.bytes_freed;
    count.is_marking = false;
    count.is_due = true;
    watch_survivors(is_marked);
    if (GC_is_incremental_mode())
        count_live();
}

void bdwgc_count_end(void)
{
    count.in_collection = false;
}

void bdwgc_count_report(struct mm_stats *stats)
{
    count_live();
    report_allocated(stats);
    uint64_t bytes_freed = count.bytes_freed + bdwgc_collector.buffers.bytes_freed;
    stats->objects_freed = count.objects_freed;
    stats->bytes_freed = bytes_freed < stats->bytes_allocated ? bytes_freed : stats->bytes_allocated;
}
