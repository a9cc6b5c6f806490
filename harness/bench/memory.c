#include "bench/memory.h"

#include <sys/mman.h>

/* mmap refuses a length of 0. */
static size_t at_least_one(size_t bytes)
{
    return bytes ? bytes : 1;
}

void *memory_map(size_t bytes)
{
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    void *memory = mmap(NULL, at_least_one(bytes), PROT_READ | PROT_WRITE, flags, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

void memory_unmap(void *memory, size_t bytes)
{
    if (memory)
        munmap(memory, at_least_one(bytes));
}
