/* stack.h: who called whom, by frame pointers.
 *
 * `sites-<strategy>` is compiled with them, and without calls that replace their caller's frame, so that the chain from
 * an allocation to main is whole; it ends where code begins that is not this executable's. */
#ifndef SITES_STACK_H
#define SITES_STACK_H

#include <stddef.h>
#include <stdint.h>

enum { STACK_FRAMES = 48 };

/* Finds out where the executable lies. Once, first. */
void stack_open(void);

/* Addresses of calls, the innermost first, as they are in the executable's file: `frame` is that of the function whose
 * caller comes first. At most STACK_FRAMES, the outermost left out. */
size_t stack_take(const void *frame, uint64_t calls[]);

#endif
