/* collect.h: when to collect, and the course of a collection. */
#ifndef MARKSWEEP_COLLECT_H
#define MARKSWEEP_COLLECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mm.h"

struct table;

struct collector {
    size_t since_bytes;                 /* of cells, handed to the allocator since the last collection */
    size_t budget_bytes;                /* so many until the next one */
    uint32_t threshold[MM_GENERATIONS]; /* mm_gc_set_threshold: [0] is the least budget in KiB; 0: none, no collection
                                           before the limit */
    size_t growth_percent;              /* of what is live: the budget, where it is more than the least */
    size_t every;                       /* 0, or: collect at every so many allocations */
    size_t until;                       /* allocations until then */
    size_t frozen;                      /* objects in the permanent set */
    bool disabled;
    bool running;
    size_t live_bytes; /* of cells, after the last collection */
    size_t heap_bytes; /* what the heap may grow to: live and budget, unless the least budget is more */
    uint64_t collections, collection_ns, collected;
};

extern struct collector marksweep_collector;

/* Collects everything, unless a collection is running. Returns how many objects were found unreachable. */
size_t marksweep_collect(void);

/* Once before an allocation that is not on the fast path: collects if it is time to. */
void marksweep_collect_if_due(void);

/* After an allocation has failed: collects, where automatic collections are on; true if trying again makes sense. */
bool marksweep_collect_at_limit(void);

/* From `threshold`, `heap_bytes` and `live_bytes`. */
void marksweep_budget_set(void);

/* An object, registered in a table (or NULL). Collects if it is time to, or at the limit. NULL: at the limit. */
void *marksweep_object_new(const struct mm_type *type, size_t payload_bytes, struct table *table);

#endif
