/* planted.h: programs that break a rule of the contract, each in one place, and what torture has to say of it. */
#ifndef UNIT_PLANTED_H
#define UNIT_PLANTED_H

#include <stddef.h>

#include "torture/violation.h"

struct planted {
    const char *name;
    const char *rule;   /* its name; NULL: nothing is wrong, torture has nothing to say */
    const char *object; /* "TYPE #NUMBER" as it stands in the line; NULL: any or none */
    void (*run)(void);  /* in a process of its own, with a heap that is open */
};

extern const struct planted planted[];
extern const size_t planted_count;

#endif
