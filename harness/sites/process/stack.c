#define _GNU_SOURCE
#include "sites/process/stack.h"

#include <link.h>
#include <stdbool.h>
#include <unwind.h>

/* The linker's names for the ends of the executable's code. */
extern const char __executable_start[], etext[];

static uintptr_t load_bias, base;

/* The executable is the first that is reported. */
static int note_bias(struct dl_phdr_info *info, size_t bytes, void *context)
{
    (void)bytes;
    (void)context;
    load_bias = info->dlpi_addr;
    return 1;
}

void stack_open(const void *frame)
{
    base = (uintptr_t)frame;
    dl_iterate_phdr(note_bias, NULL);
}

/* A return address is behind its call: one less is in it, and so on its line. */
static inline bool add_call(uint64_t calls[], size_t *depth, uintptr_t back)
{
    if (back < (uintptr_t)__executable_start || back >= (uintptr_t)etext)
        return false;
    calls[(*depth)++] = back - 1 - load_bias;
    return true;
}

struct unwinding {
    uint64_t *calls;
    size_t depth;
};

static _Unwind_Reason_Code unwind_one(struct _Unwind_Context *context, void *user)
{
    struct unwinding *unwinding = user;
    add_call(unwinding->calls, &unwinding->depth, _Unwind_GetIP(context));
    return unwinding->depth == STACK_FRAMES || _Unwind_GetCFA(context) > base ? _URC_END_OF_STACK : _URC_NO_REASON;
}

static size_t unwind(uint64_t calls[])
{
    struct unwinding unwinding = {.calls = calls};
    _Unwind_Backtrace(unwind_one, &unwinding);
    return unwinding.depth;
}

/* A frame begins with the address of its caller's frame and the address to return to, on x86-64 and ARM64 alike. What
 * other code has there is not looked at: its return address ends the walk first. */
__attribute__((no_sanitize("address"))) size_t stack_take(const void *frame, uint64_t calls[])
{
    const uintptr_t *at = frame;
    size_t depth = 0;
    while (depth < STACK_FRAMES) {
        uintptr_t outer = at[0];
        if (!add_call(calls, &depth, at[1]) || outer <= (uintptr_t)at)
            return unwind(calls);
        if (outer >= base)
            break;
        at = (const uintptr_t *)outer;
    }
    return depth;
}
