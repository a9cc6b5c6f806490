/* allocator.h: where malloc really comes from in this process. */
#ifndef BENCH_ALLOCATOR_H
#define BENCH_ALLOCATOR_H

#include <stddef.h>

/* Writes a name and version, as the allocator itself gives them: "glibc 2.36", "mimalloc 2.0.9", "jemalloc 5.3.0",
 * "tcmalloc 2.10"; of one that does not, the name of the file that it was loaded from. */
void allocator_loaded(char *text, size_t size);

#endif
