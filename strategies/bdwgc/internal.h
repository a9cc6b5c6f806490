/* internal.h: what the parts of this strategy share. */
#ifndef BDWGC_INTERNAL_H
#define BDWGC_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/counts.h"
#include "mm.h"

/* This strategy's kinds as libgc numbers them. */
extern unsigned bdwgc_gc_kinds[BDWGC_KINDS];

struct collector {
    struct common_counts buffers; /* bytes: as buffers grow and shrink */
    size_t every, until;          /* 0, or: collect at every so many allocations, and how many until then */
    bool lists_used;              /* false: every object is a call of libgc */
    uint32_t threshold[MM_GENERATIONS];
    bool disabled, off; /* as asked for; as libgc was told */
    bool out_of_memory; /* libgc could not give something since this was cleared */
    uint64_t collections[MM_GENERATIONS], collection_ns[MM_GENERATIONS];
};

extern struct collector bdwgc_collector;

/* ---- collect.c: libgc's events, and collections that are asked for */

/* Once for a process. */
void bdwgc_events_open(void);

/* Overwrites what is left on the stack below the caller. Before a collection that is asked for; libgc itself does some
 * of that when it allocates. */
void bdwgc_stack_clear(void);

/* A collection by libgc, whether or not automatic ones are on. Nothing of ours is called in it. */
void bdwgc_gcollect(void);

/* That, the callbacks and finalizers that are due after it, and another one if there were any; whose callbacks are
 * called too, while its finalizers wait for the next time. */
void bdwgc_collect(void);

/* After an allocation has failed: collects, where automatic collections are on; true if trying again makes sense. */
bool bdwgc_collect_at_limit(void);

/* ---- count.c: how much is live, by what a collection marked */

void bdwgc_count_open(void);

/* A cell that did not come from a list was handed out. */
void bdwgc_count_new(enum bdwgc_kind kind, size_t cell_bytes, size_t payload_bytes);

/* And was not needed. */
void bdwgc_count_undo(enum bdwgc_kind kind, size_t cell_bytes, size_t payload_bytes);

/* The payload of a cell is another number of bytes now. */
void bdwgc_count_resize(enum bdwgc_kind kind, size_t cell_bytes, size_t old_bytes, size_t new_bytes);

/* In a collection: it will change the marks; it has set them all; it is over. */
void bdwgc_count_begin(void);
void bdwgc_count_marked(void);
void bdwgc_count_end(void);

/* Fills in objects and bytes, allocated and freed: counts what the last collection left alive, unless it was. */
void bdwgc_count_report(struct mm_stats *stats);

/* Calls for the cells of this strategy's kinds that the last collection marked. */
typedef void bdwgc_visit(void *cell, size_t cell_bytes, enum bdwgc_kind kind, void *context);
void bdwgc_visit_marked(bdwgc_visit *visit, void *context);

/* ---- allocate.c */

/* A cell for a payload, zeroed, counted; NULL at the limit. It may collect, and does not call anything of the
 * workload's. */
void *bdwgc_cell_new(enum bdwgc_kind kind, size_t cell_bytes, size_t payload_bytes);

/* Gives it back, as if it had never been: nobody has seen it. */
void bdwgc_cell_drop(enum bdwgc_kind kind, void *cell, size_t payload_bytes);

/* ---- death.c: weak references and finalizers */

/* False if there is no memory for it. */
bool bdwgc_finalizer_register(const struct mm_type *type, void *cell);

/* A collection has marked, and finalizers have not changed that yet: which callbacks are due? */
void bdwgc_death_find(void);

/* Calls what is due, unless that is being done already. True if anything was called. */
bool bdwgc_death_call(void);

/* The callbacks alone. */
void bdwgc_death_call_back(void);

/* True while callbacks and finalizers are being called. */
bool bdwgc_death_is_called(void);

/* Forgets all weak references and finalizers, and calls none. */
void bdwgc_death_close(void);

/* NULL, or what does not hold. */
const char *bdwgc_death_check(void);

/* ---- limit.c: what is held */

/* Sets the limit (0: none), also where an earlier heap of this process had more. 0 or -ENOMEM. */
int bdwgc_limit_open(size_t limit_bytes);
void bdwgc_limit_close(void);

size_t bdwgc_held_bytes(void);
size_t bdwgc_peak_bytes(void);
void bdwgc_peak_reset(void);
/* Before a collection, and when the heap has grown. */
void bdwgc_peak_note(void);

/* ---- control.c */

/* Tells libgc whether to collect by itself, by `disabled` and `threshold`. */
void bdwgc_control_apply(void);
void bdwgc_control_close(void);

#endif
