/* memory.h: memory of the harness's own, straight from the system.
 *
 * What the harness keeps is not taken from malloc: it would share blocks and free lists with the allocator under test.
 */
#ifndef BENCH_MEMORY_H
#define BENCH_MEMORY_H

#include <stddef.h>

/* Zeroed; a page is taken from the system when it is first touched. NULL when there is no more. */
void *memory_map(size_t bytes);

/* Gives back what memory_map(bytes) returned; NULL is allowed. */
void memory_unmap(void *memory, size_t bytes);

/* For what lives until the process ends: small things, zeroed, never given back. NULL, after a message, when there is
 * no more. */
void *memory_keep(size_t bytes);

/* The same for a text, as printf makes it. */
char *memory_keep_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
