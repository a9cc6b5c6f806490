/* contenders.h: the allocators that are compared, all in one process, each called through a pair of function pointers.
 *
 * The others' are opened as private libraries, not preloaded, so that all of them are there at once. Where an
 * allocator's library is absent, its rows are. */
#ifndef CONTENDERS_H
#define CONTENDERS_H

#include <stdbool.h>
#include <stddef.h>

enum contender_name { GLIBC, MIMALLOC, TCMALLOC, JEMALLOC, PYOBJECT, PYMALLOC, PYMALLOC_FAST, CONTENDERS };

struct contender {
    const char *name;
    void *(*malloc)(size_t bytes); /* NULL: not on this machine */
    void (*free)(void *block);
};

extern struct contender contenders[CONTENDERS];

/* Starts the program anew, once, with more room for thread-local memory of libraries that are opened late: jemalloc's
 * does not fit what glibc leaves by default. */
void contenders_make_room(char **arguments);

/* Opens what there is; says on stderr what is not. With `own`, the process's own malloc alone: glibc's, or what is
 * preloaded. */
void contenders_open(bool own);

#endif
