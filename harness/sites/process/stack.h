/* stack.h: who called whom.
 *
 * `sites-<strategy>` is compiled with frame pointers, and without calls that replace their caller's frame, so that the
 * chain from an allocation to the repetition is found in a few loads. Where it leads through other code (a parser that
 * calls back), it is unwound by that code's tables instead, at a microsecond a frame. */
#ifndef SITES_STACK_H
#define SITES_STACK_H

#include <stddef.h>
#include <stdint.h>

enum { STACK_FRAMES = 64 };

/* Once, first: chains end at `frame`, the repetition's. */
void stack_open(const void *frame);

/* Addresses of calls in the executable, the innermost first, as they are in its file: `frame` is that of the function
 * whose caller comes first; its own callees may come before that. At most STACK_FRAMES, the outermost left out. */
size_t stack_take(const void *frame, uint64_t calls[]);

#endif
