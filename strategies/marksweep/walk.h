/* walk.h: every cell of the heap, one after the other. */
#ifndef MARKSWEEP_WALK_H
#define MARKSWEEP_WALK_H

#include <stdint.h>

enum walk {
    WALK_MARKED, /* cells that are marked */
    WALK_IN_USE, /* objects and buffers that are allocated and not yet reclaimed */
    WALK_FROZEN, /* objects of the permanent set */
};

typedef void marksweep_visit(void *payload, uintptr_t header, void *context);

/* Visits the cells that lie, at least in part, in [low, high]. `visit` may mark, but neither allocate nor free. */
void marksweep_walk(enum walk which, const char *low, const char *high, marksweep_visit *visit, void *context);

#endif
