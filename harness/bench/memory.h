/* memory.h: memory of the harness's own, straight from the system.
 *
 * What the harness keeps while a workload runs is not taken from malloc: it would share blocks and free lists with the
 * allocator under test. */
#ifndef BENCH_MEMORY_H
#define BENCH_MEMORY_H

#include <stddef.h>

/* Zeroed; a page is taken from the system when it is first touched. NULL when there is no more. */
void *memory_map(size_t bytes);

/* Gives back what memory_map(bytes) returned; NULL is allowed. */
void memory_unmap(void *memory, size_t bytes);

#endif
