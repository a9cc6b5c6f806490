/* fast_pools.h: what all threads share: pools, their arenas, the map, and the depot. Each call takes the lock, once for
 * many blocks.
 *
 * A bundle is the list of a full bin. The depot keeps bundles as they are, so that a bin is emptied or filled without a
 * look at its blocks; when it has an arena's worth of them, blocks go back to their pools one by one. */
#ifndef PYMALLOC_FAST_POOLS_H
#define PYMALLOC_FAST_POOLS_H

#include <stddef.h>

/* A list of `count` free blocks of a class, at most as many as a bin takes: a bundle; or what the first used pool has;
 * or a few new ones. NULL if the system has no more memory. */
void *fast_pools_take(unsigned size_class, size_t *count);

void fast_pools_give_bundle(unsigned size_class, void *bundle);

/* A list of blocks of any pools, or NULL. */
void fast_pools_give(void *list);

/* Empties the depot into the pools. */
void fast_pools_trim(void);

/* Gives every arena back, whatever is still in use. */
void fast_pools_close(void);

/* With blocks that are not in them. */
size_t fast_pools_in_use(void);

/* NULL if the invariants hold, else a sentence that says which does not. */
const char *fast_pools_check(void);
const char *fast_pools_check_list(const void *list, unsigned size_class, size_t count);

#endif
