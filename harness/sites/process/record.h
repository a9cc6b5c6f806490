/* record.h: what is live, and which chain of calls made it.
 *
 * A block is an object or a buffer. A buffer belongs to the chain that grew it last, as a block that was reallocated
 * does in Python's tracemalloc. Bytes are the payload's, as in struct mm_stats. */
#ifndef SITES_RECORD_H
#define SITES_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of a chain of calls. */
struct record_counts {
    uint64_t live_blocks, live_bytes; /* now */
    uint64_t made_blocks, made_bytes; /* so far */
};

/* Of all. A strategy whose statistics say otherwise did not tell of every death. */
extern struct record_totals {
    uint64_t objects_made, bytes_made;
    uint64_t objects_live, bytes_live;
} record_totals;

/* Nothing is recorded before, nor after record_stop; what was recorded stays until the process ends. Chains of calls
 * end at `frame`, the caller's. */
void record_start(const void *frame);
void record_stop(void);

/* Called by the contract's functions as the workload sees them (watched/mm.h). */
void record_object(const void *object, size_t bytes);
void record_buffer(const void *owner, size_t offset, size_t bytes);
void record_region_begin(void);
void record_region_end(void); /* what was made since the last begin is dead */

/* The chains so far, by their numbers from 0 on: in the order in which they were first seen. */
size_t record_chains(void);
const uint64_t *record_chain(size_t number, size_t *depth);

/* Copies the counts of all chains, by number. */
void record_copy(struct record_counts counts[]);

#endif
