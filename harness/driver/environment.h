/* environment.h: the environment of a process that is started. */
#ifndef ENVIRONMENT_H
#define ENVIRONMENT_H

#include "driver/text.h"

struct environment {
    struct strings items; /* "NAME=value" */
};

struct environment environment_copy(void);
/* value NULL: removes it. */
void environment_set(struct environment *environment, const char *name, const char *value);
void environment_free(struct environment *environment);

#endif
