/* heap.c: opening and closing, parameters, the account. */
#include "internal.h"

#include "common/common.h"

struct heap refcount_gc_heap;

enum { THRESHOLD0, THRESHOLD1, THRESHOLD2, ENABLED, EXAMINES_NEW, SAVE_ALL, PARAMS };

static const struct mm_param params[] = {
    [THRESHOLD0] = {"threshold0", 700, 0, UINT32_MAX,
                    "a collection starts when containers allocated less those freed pass this; 0: never"},
    [THRESHOLD1] = {"threshold1", 10, 0, UINT32_MAX, "generation 1 is collected too after more collections of 0"},
    [THRESHOLD2] = {"threshold2", 10, 0, UINT32_MAX, "generation 2 is collected too after more collections of 1"},
    [ENABLED] = {"enabled", 1, 0, 1, "1: collections start by themselves; 0: only when asked for"},
    [EXAMINES_NEW] = {"examines_new", 0, 0, 1,
                      "1: a collection sees the object whose allocation started it (CPython 3.12); 0: not (3.11)"},
    [SAVE_ALL] = {"save_all", 0, 0, 1, "1: the unreachable is kept as garbage, not cleared (DEBUG_SAVEALL)"},
    [PARAMS] = {.name = NULL},
};

#ifdef BLOCKS_PYMALLOC
#define REFCOUNT_GC_NAME "refcount_gc_pymalloc"
#define REFCOUNT_GC_SUMMARY                                                                                            \
    "refcount_gc with pymalloc compiled in: CPython 3.11's collector and its small-object allocator"
#else
#define REFCOUNT_GC_NAME    "refcount_gc"
#define REFCOUNT_GC_SUMMARY "reference counting, and CPython 3.11's generational collector for cycles"
#endif

const struct mm_strategy mm_strategy = {
    .name = REFCOUNT_GC_NAME,
    .summary = REFCOUNT_GC_SUMMARY,
    .traits = MM_TRAITS,
    .params = params,
};

static void mark_set(struct heap *heap, size_t held_bytes)
{
    size_t mark = held_bytes + held_bytes / 256 + 64;
    heap->mark = mark < heap->limit_bytes ? mark : heap->limit_bytes;
    heap->left = heap->mark - held_bytes;
}

static bool hold(struct heap *heap, size_t bytes)
{
    size_t held = refcount_gc_held();
    if (bytes > heap->limit_bytes - held)
        return false;
    heap->peak_before = held > heap->peak_bytes ? held : heap->peak_bytes;
    heap->raised_at = heap->objects_allocated;
    heap->peak_bytes = held + bytes > heap->peak_before ? held + bytes : heap->peak_before;
    mark_set(heap, held + bytes);
    return true;
}

void refcount_gc_unhold_refused(size_t bytes)
{
    struct heap *heap = &refcount_gc_heap;
    heap->left += bytes;
    if (heap->raised_at != heap->objects_allocated)
        return;
    heap->peak_bytes = heap->peak_before;
    heap->raised_at = UINT64_MAX;
    mark_set(heap, refcount_gc_held());
}

/* Room is made where CPython would not: it has no limit to be reached. */
bool refcount_gc_make_room(void)
{
    const struct heap *heap = &refcount_gc_heap;
    if (!heap->enabled || heap->collecting)
        return false;
    refcount_gc_collect(MM_GENERATIONS - 1);
    return true;
}

bool refcount_gc_hold_slow(size_t bytes)
{
    struct heap *heap = &refcount_gc_heap;
    heap->left += bytes;
    return hold(heap, bytes) || (refcount_gc_make_room() && hold(heap, bytes));
}

void *refcount_gc_malloc_slow(size_t bytes)
{
    refcount_gc_unhold_refused(bytes);
    if (!refcount_gc_make_room() || !hold(&refcount_gc_heap, bytes))
        return NULL;
    void *block = blocks_malloc(bytes);
    if (!block)
        refcount_gc_unhold_refused(bytes);
    return block;
}

int mm_heap_open(const struct mm_config *config)
{
    int64_t values[PARAMS];
    int error = common_params_read(config, params, values);
    if (error)
        return error;
    struct heap *heap = &refcount_gc_heap;
    *heap = (struct heap){
        .limit_bytes = config->heap_limit_bytes ? config->heap_limit_bytes : SIZE_MAX / 2,
        .threshold = {(uint32_t)values[THRESHOLD0], (uint32_t)values[THRESHOLD1], (uint32_t)values[THRESHOLD2]},
        .enabled = values[ENABLED],
        .examines_new = values[EXAMINES_NEW],
        .save_all = values[SAVE_ALL],
    };
    for (int i = 0; i < REFCOUNT_GC_LISTS; i++)
        refcount_gc_list_init(&heap->lists[i]);
    mark_set(heap, 0);
    refcount_gc_trigger_update();
    return 0;
}

/* Clears every container, with a reference more so that it is there until that is through. What is left then is held
 * by no object: its block goes. */
void mm_heap_close(void)
{
    struct heap *heap = &refcount_gc_heap;
    struct refcount_gc_link all, cleared;
    heap->closing = true;
    heap->collecting = true;
    refcount_gc_cascade_break();
    mm_gc_garbage_clear();
    refcount_gc_list_init(&all);
    refcount_gc_list_init(&cleared);
    for (int i = 0; i < REFCOUNT_GC_LISTS; i++)
        refcount_gc_list_merge(&heap->lists[i], &all);
    while (!refcount_gc_list_is_empty(&all)) {
        struct refcount_gc_header *header = refcount_gc_header_of(all.next);
        refcount_gc_list_move(all.next, &cleared);
        refcount_gc_take(header);
        refcount_gc_clear(header);
        counted_drop(refcount_gc_payload(header));
    }
    while (!refcount_gc_list_is_empty(&cleared)) {
        struct refcount_gc_header *header = refcount_gc_header_of(cleared.next);
        refcount_gc_untrack(cleared.next);
        refcount_gc_free_buffers(header);
        refcount_gc_free_block(header);
    }
    blocks_close();
    *heap = (struct heap){0};
}

size_t mm_refcount(const void *object)
{
    return (size_t)refcount_gc_count(refcount_gc_of(object));
}

size_t mm_size_of(const struct mm_type *type, const void *object)
{
    void *payload = (void *)(uintptr_t)object;
    size_t bytes = sizeof(struct refcount_gc_header) + mm_type_payload_bytes(type, mm_type_length(type, object));
    if (refcount_gc_is_container(refcount_gc_of(object)->word))
        bytes += sizeof(struct refcount_gc_link);
    for (unsigned i = 0; i < type->refs_count; i++)
        bytes += mm_refs_at(payload, type->ref_buffers[i])->capacity * sizeof(struct mm_ref);
    for (unsigned i = 0; i < type->bytes_count; i++)
        bytes += mm_bytes_at(payload, type->byte_buffers[i])->capacity;
    return bytes;
}

void mm_stats_get(struct mm_stats *stats)
{
    const struct heap *heap = &refcount_gc_heap;
    uint64_t live_objects = heap->objects_allocated - heap->objects_freed;
    uint64_t live_containers = heap->containers_allocated - heap->containers_freed;
    uint64_t header_bytes =
        live_objects * sizeof(struct refcount_gc_header) + live_containers * sizeof(struct refcount_gc_link);
    size_t held = refcount_gc_held();
    *stats = (struct mm_stats){
        .objects_allocated = heap->objects_allocated,
        .bytes_allocated = held - header_bytes + heap->bytes_freed,
        .objects_freed = heap->objects_freed,
        .bytes_freed = heap->bytes_freed,
        .footprint_bytes = held,
        .peak_footprint_bytes = held > heap->peak_bytes ? held : heap->peak_bytes,
    };
    memcpy(stats->collections, heap->collections, sizeof heap->collections);
    memcpy(stats->collection_ns, heap->collection_ns, sizeof heap->collection_ns);
    memcpy(stats->collected, heap->collected, sizeof heap->collected);
    memcpy(stats->uncollectable, heap->uncollectable, sizeof heap->uncollectable);
}

void mm_stats_reset_peak(void)
{
    refcount_gc_heap.peak_bytes = refcount_gc_held();
    mark_set(&refcount_gc_heap, refcount_gc_heap.peak_bytes);
}
