/* next.h: the allocator behind ours, for what is not small: the next one that the dynamic linker knows. That is the C
 * library's, as for CPython, or another that is preloaded behind. */
#ifndef PYMALLOC_NEXT_H
#define PYMALLOC_NEXT_H

#include <stddef.h>

void *next_malloc(size_t bytes);
void *next_calloc(size_t count, size_t bytes);
void *next_realloc(void *block, size_t bytes);
void next_free(void *block);
void *next_memalign(size_t alignment, size_t bytes);
int next_posix_memalign(void **block, size_t alignment, size_t bytes);
size_t next_usable_size(void *block);

#endif
