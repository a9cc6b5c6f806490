/* fitness.h: what makes a machine fit to measure on, each with what is to be done where it is not. */
#ifndef FITNESS_H
#define FITNESS_H

#include <stdbool.h>

enum fitness_verdict {
    FITNESS_FIT,
    FITNESS_UNFIT,   /* times are worse for it */
    FITNESS_LIMITED, /* times are not, but something cannot be measured */
    FITNESS_UNKNOWN,
};

struct fitness {
    const char *name;
    enum fitness_verdict verdict;
    char *seen;         /* a clause: what was found */
    const char *why;    /* what comes of it where it is unfit or limited */
    const char *advice; /* what to do then */
};

enum { FITNESS_CHECKS = 12 };

/* Fills all. With `wait` it watches for half a second what can only be seen over time; else that is unknown. */
void fitness_look(struct fitness fitness[FITNESS_CHECKS], bool wait);
void fitness_free(struct fitness fitness[FITNESS_CHECKS]);

#endif
