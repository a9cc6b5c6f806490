#include "driver/tracer.h"

#include <stdlib.h>

#include "driver/catalogue.h"

const char *const tracer_memory_calls[TRACER_MEMORY_CALLS] = {"brk", "madvise", "mmap", "mremap", "munmap"};

void tracer_begin(struct strings *arguments)
{
    struct strings words = {0};
    char *home = catalogue_home();
    strings_take(&words, must_print("%s/reclaim-tracer", home));
    for (size_t i = 0; i < arguments->count; i++)
        strings_add(&words, arguments->items[i]);
    strings_add(&words, "--marks");
    strings_free(arguments);
    *arguments = words;
    free(home);
}
