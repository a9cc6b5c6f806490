#include "system.h"

#include <errno.h>
#include <sys/mman.h>

void *pymalloc_map(size_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

void pymalloc_unmap(void *memory, size_t bytes)
{
    int error = errno;
    munmap(memory, bytes);
    errno = error;
}
