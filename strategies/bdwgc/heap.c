/* For GC_set_markers_count. */
#define GC_THREADS
#define GC_NO_THREAD_REDIRECTS

#include <errno.h>
#include <gc/gc.h>
#include <gc/gc_inline.h>
#include <gc/gc_mark.h>

#include "common/common.h"
#include "internal.h"
#include "mm.h"

struct heap bdwgc_heap;
struct collector bdwgc_collector;
unsigned bdwgc_gc_kinds[BDWGC_KINDS];

enum {
    FREE_SPACE_DIVISOR,
    INCREMENTAL,
    FULL_FREQ,
    PAUSE_MS,
    MARKERS,
    LISTS,
    COLLECT_EVERY,
    PARAMS,
};

static const struct mm_param params[] = {
    [FREE_SPACE_DIVISOR] = {"free_space_divisor", 3, 1, 1000,
                            "GC_set_free_space_divisor: more collects more often, in a smaller heap"},
    [INCREMENTAL] = {"incremental", 0, 0, 1,
                     "1: GC_enable_incremental: generations by pages that were written to; stays on in a process"},
    [FULL_FREQ] = {"full_freq", 19, 0, 1 << 20, "incremental: partial collections between two full ones"},
    [PAUSE_MS] = {"pause_ms", 0, 0, 999998, "incremental: length of a pause that is aimed at, in ms; 0: any"},
    [MARKERS] = {"markers", 1, 1, 16,
                 "threads that mark, the program's own among them; fixed by the first heap of a process"},
    [LISTS] = {"lists", 1, 0, 1, "1: small cells from lists, inlined as in gc_inline.h; 0: a call of libgc for each"},
    [COLLECT_EVERY] = {"collect_every", 0, 0, 1 << 30, "for tests: collect at every nth allocation; 0: do not"},
    [PARAMS] = {.name = NULL},
};

const struct mm_strategy mm_strategy = {
    .name = "bdwgc",
    .summary = "Boehm's conservative mark-sweep collector, libgc",
    .traits = MM_TRAITS,
    .params = params,
};

/* libgc's own four kinds would do to allocate; ours tell objects from buffers, and from what libgc has for itself. */
static void make_kinds(void)
{
    for (enum bdwgc_kind kind = 0; kind < BDWGC_KINDS; kind++) {
        int scanned = bdwgc_is_scanned(kind);
        bdwgc_gc_kinds[kind] = GC_new_kind(GC_new_free_list(), GC_DS_LENGTH, scanned, scanned);
    }
}

/* The first cell of a kind has to come by GC_malloc_kind, which makes the kind's list of blocks to sweep, as
 * GC_generic_malloc_many does not: without that list, libgc 8.2.2 does not empty the kind's lists of free cells at a
 * collection, and what GC_free put there is handed out when its block is another's. 0 or -ENOMEM. */
static int prime_kinds(void)
{
    static bool is_primed[BDWGC_KINDS];
    for (enum bdwgc_kind kind = 0; kind < BDWGC_KINDS; kind++) {
        void *cell = is_primed[kind] ? NULL : GC_malloc_kind(BDWGC_GRANULE_BYTES, (int)bdwgc_gc_kinds[kind]);
        if (!cell && !is_primed[kind])
            return -ENOMEM;
        is_primed[kind] = true;
        GC_free(cell);
    }
    return 0;
}

static void GC_CALLBACK finalize_nothing(void *cell, void *data)
{
    (void)cell;
    (void)data;
}

/* libgc aborts if there is no memory for its first table of links or of finalizers: they are made while no limit holds.
 * 0 or -ENOMEM. */
static int prime_tables(void)
{
    static bool is_primed;
    if (is_primed)
        return 0;
    GC_hidden_pointer *link = GC_malloc_kind(sizeof *link, (int)bdwgc_gc_kinds[BDWGC_ATOMIC]);
    if (!link)
        return -ENOMEM;
    *link = GC_HIDE_POINTER(link);
    bdwgc_collector.out_of_memory = false;
    GC_register_finalizer_no_order(link, finalize_nothing, NULL, NULL, NULL);
    is_primed =
        !bdwgc_collector.out_of_memory && GC_general_register_disappearing_link((void **)link, link) == GC_SUCCESS;
    GC_unregister_disappearing_link((void **)link);
    GC_register_finalizer_no_order(link, NULL, NULL, NULL, NULL);
    GC_free(link);
    return is_primed ? 0 : -ENOMEM;
}

static void *note_out_of_memory(size_t bytes)
{
    (void)bytes;
    bdwgc_collector.out_of_memory = true;
    return NULL;
}

/* Before GC_INIT, and for good: pointers into the middle of an object count only on the stack, and no static data is
 * a root, of no library either: all that are not on the stack are listed. */
static void initialize(unsigned markers)
{
    GC_set_all_interior_pointers(0);
    GC_set_no_dls(1);
    GC_set_markers_count(markers);
    GC_INIT();
    GC_clear_roots();
    GC_register_displacement(sizeof(const struct mm_type *));
    GC_set_finalize_on_demand(1);
    GC_set_oom_fn(note_out_of_memory);
    GC_set_warn_proc(GC_ignore_warn_proc);
    make_kinds();
    bdwgc_events_open();
    if (markers > 1)
        GC_start_mark_threads();
}

static void apply(const int64_t values[PARAMS])
{
    static bool is_initialized;
    if (!is_initialized)
        initialize((unsigned)values[MARKERS]);
    is_initialized = true;
    GC_set_free_space_divisor((GC_word)values[FREE_SPACE_DIVISOR]);
    GC_set_full_freq((int)values[FULL_FREQ]);
    GC_set_time_limit(values[PAUSE_MS] ? (unsigned long)values[PAUSE_MS] : GC_TIME_UNLIMITED);
    if (values[INCREMENTAL])
        GC_enable_incremental();
    bdwgc_collector = (struct collector){
        .every = (size_t)values[COLLECT_EVERY],
        .until = (size_t)values[COLLECT_EVERY],
        .lists_used = values[LISTS] && !values[COLLECT_EVERY],
        .threshold = {1},
    };
    bdwgc_control_apply();
}

int mm_heap_open(const struct mm_config *config)
{
    int64_t values[PARAMS];
    int error = common_params_read(config, params, values);
    if (error)
        return error;
    bdwgc_heap = (struct heap){0};
    apply(values);
    bdwgc_count_open();
    error = prime_kinds();
    if (!error)
        error = prime_tables();
    if (!error)
        error = bdwgc_limit_open(config->heap_limit_bytes);
    if (error)
        mm_heap_close();
    return error;
}

/* libgc has no end. What is no longer referred to is found by a collection, and memory that it leaves free goes back to
 * the system. */
void mm_heap_close(void)
{
    bdwgc_heap.roots = NULL;
    bdwgc_death_close();
    bdwgc_control_close();
    bdwgc_limit_close();
    bdwgc_stack_clear();
    GC_gcollect_and_unmap();
    bdwgc_heap = (struct heap){0};
    bdwgc_collector = (struct collector){0};
}

size_t mm_collect(int generation)
{
    (void)generation; /* libgc has generations only where it is incremental, and chooses them itself */
    struct mm_stats before, after;
    mm_stats_get(&before);
    bdwgc_collect();
    mm_stats_get(&after);
    return after.objects_freed - before.objects_freed;
}

void mm_stats_get(struct mm_stats *stats)
{
    const struct collector *collector = &bdwgc_collector;
    *stats = (struct mm_stats){.footprint_bytes = bdwgc_held_bytes(), .peak_footprint_bytes = bdwgc_peak_bytes()};
    for (int i = 0; i < MM_GENERATIONS; i++) {
        stats->collections[i] = collector->collections[i];
        stats->collection_ns[i] = collector->collection_ns[i];
    }
    bdwgc_count_report(stats);
    stats->collected[MM_GENERATIONS - 1] = stats->objects_freed;
}

void mm_stats_reset_peak(void)
{
    bdwgc_peak_reset();
}

size_t mm_size_of(const struct mm_type *type, const void *object)
{
    void *payload = (void *)(uintptr_t)object;
    size_t bytes = GC_size((const char *)object - plain_tag_bytes(type));
    for (unsigned i = 0; i < type->refs_count; i++) {
        const struct mm_refs *refs = mm_refs_at(payload, type->ref_buffers[i]);
        bytes += refs->slots ? GC_size(refs->slots) : 0;
    }
    for (unsigned i = 0; i < type->bytes_count; i++) {
        const struct mm_bytes *buffer = mm_bytes_at(payload, type->byte_buffers[i]);
        bytes += buffer->bytes ? GC_size(buffer->bytes) : 0;
    }
    return bytes;
}

static bool cell_is_free(void *cell, enum bdwgc_kind kind, size_t granules)
{
    size_t bytes;
    if (GC_base(cell) != cell || (unsigned)GC_get_kind_and_size(cell, &bytes) != bdwgc_gc_kinds[kind])
        return false;
    const uint64_t *words = cell;
    for (size_t i = 1; bdwgc_is_scanned(kind) && i < bytes / sizeof *words; i++)
        if (words[i] != 0)
            return false;
    return bytes == granules * BDWGC_GRANULE_BYTES;
}

const char *mm_heap_check(void)
{
    for (enum bdwgc_kind kind = 0; kind < BDWGC_KINDS; kind++) {
        if (bdwgc_heap.lists[kind][BDWGC_LARGE].first)
            return "bdwgc: there is a list of large cells";
        for (size_t granules = 1; granules < BDWGC_CLASSES; granules++)
            for (void *cell = bdwgc_heap.lists[kind][granules].first; cell; cell = *(void **)cell)
                if (!cell_is_free(cell, kind, granules))
                    return "bdwgc: a list has something else than free cells of its kind and size";
    }
    for (const struct mm_root *root = bdwgc_heap.roots; root; root = root->previous)
        if (root->object && !GC_base(root->object))
            return "bdwgc: a root holds what is no object";
    return bdwgc_death_check();
}
