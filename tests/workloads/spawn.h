/* spawn.h: runs a program and keeps what it prints. */
#ifndef SPAWN_H
#define SPAWN_H

#include <stddef.h>

struct spawned {
    char *output; /* of stdout, with a 0 behind it; the caller frees it */
    size_t bytes;
    int status; /* its exit status; 128 and the signal if one ended it */
};

/* `arguments` ends with NULL; the first is the program. stderr stays this process's, or goes nowhere if `quiet`. 0, or
 * a negative errno. */
int spawn(char *const arguments[], int quiet, struct spawned *result);

#endif
