#define _GNU_SOURCE
#include "sites/process/stack.h"

#include <link.h>

/* The linker's names for the ends of the executable's code. */
extern const char __executable_start[], etext[];

static uintptr_t load_bias;

/* The executable is the first that is reported. */
static int note_bias(struct dl_phdr_info *info, size_t bytes, void *context)
{
    (void)bytes;
    (void)context;
    load_bias = info->dlpi_addr;
    return 1;
}

void stack_open(void)
{
    dl_iterate_phdr(note_bias, NULL);
}

/* A frame begins with the address of its caller's frame and the address to return to, on x86-64 and ARM64 alike. What a
 * frame of other code holds is not looked at: its return address ends the walk first.
 *
 * A return address is behind its call: one less is in it, and so on its line. */
__attribute__((no_sanitize("address"))) size_t stack_take(const void *frame, uint64_t calls[])
{
    const uintptr_t *at = frame;
    size_t depth = 0;
    while (depth < STACK_FRAMES) {
        uintptr_t outer = at[0], back = at[1];
        if (back < (uintptr_t)__executable_start || back >= (uintptr_t)etext)
            break;
        calls[depth++] = back - 1 - load_bias;
        if (outer <= (uintptr_t)at)
            break;
        at = (const uintptr_t *)outer;
    }
    return depth;
}
