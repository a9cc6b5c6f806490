/* walk.h: every cell of the heap, one after the other. */
#ifndef MARKSWEEP_WALK_H
#define MARKSWEEP_WALK_H

#include <stdint.h>

enum walk {
    WALK_MARKED, /* cells that are marked */
    WALK_IN_USE, /* objects and buffers that are allocated and not yet reclaimed */
    WALK_ALL,    /* cells with a header that is not 0: what waits for its sweep is among them */
};

typedef void marksweep_visit(void *payload, uintptr_t header, void *context);

/* Visits the cells that lie, at least in part, in [low, high]. `visit` may mark, but neither allocate nor free. */
void marksweep_walk(enum walk which, const char *low, const char *high, marksweep_visit *visit, void *context);

#endif
