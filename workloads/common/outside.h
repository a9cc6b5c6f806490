/* outside.h: memory of the harness's side of a workload: input, random draws, a parser's working memory.
 *
 * It comes straight from the system in whole pages, so that it is neither in the managed heap nor in the allocator
 * under test, and leaves both as they would be without it. For few and large pieces. */
#ifndef WORK_OUTSIDE_H
#define WORK_OUTSIDE_H

#include <stddef.h>

/* `count` zeroed elements of `element_bytes`; NULL if there is no more or the product overflows. No elements: still
 * something that can be freed. */
void *outside_new(size_t count, size_t element_bytes);

/* Gives back what outside_new made with the same arguments; NULL is nothing. */
void outside_free(void *memory, size_t count, size_t element_bytes);

/* A pool that is carved upwards and reset as a whole: for a library that wants malloc, realloc and free. Zeroed is
 * empty. Freeing a single piece does nothing. */
struct outside_pool {
    struct outside_chunk *chunks; /* the newest first */
    size_t used;                  /* of the newest, its header included */
};

void *outside_pool_alloc(struct outside_pool *pool, size_t bytes);
void *outside_pool_resize(struct outside_pool *pool, void *piece, size_t bytes); /* `piece` may be NULL */
void outside_pool_reset(struct outside_pool *pool); /* empties it, and keeps its newest chunk for the next use */
void outside_pool_close(struct outside_pool *pool);

#endif
