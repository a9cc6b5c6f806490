/* system.h: memory from the system, for what an allocator that is `malloc` itself cannot ask of malloc. */
#ifndef PYMALLOC_SYSTEM_H
#define PYMALLOC_SYSTEM_H

#include <stddef.h>

/* Zeroed and page-aligned; NULL if there is none. `bytes` is rounded up to pages by the system. */
void *pymalloc_map(size_t bytes);

/* Gives all of it back. Leaves errno as it is: free() may not change it. */
void pymalloc_unmap(void *memory, size_t bytes);

#endif
