/* tracer.h: system calls of a measuring process, counted in its iterations by reclaim-tracer (harness/tracer), which
 * stands between the command and the process and adds lines of its own to what the process says. */
#ifndef TRACER_H
#define TRACER_H

#include "driver/text.h"

/* Puts the tracer before the command line, and has the process mark its iterations. */
void tracer_begin(struct strings *arguments);

/* Those by which a program gets memory, and gives it back: they are told of even where they were not made. */
enum { TRACER_MEMORY_CALLS = 5 };
extern const char *const tracer_memory_calls[TRACER_MEMORY_CALLS];

#endif
