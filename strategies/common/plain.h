/* plain.h: roots and references as plain pointers, for strategies that never look for what is reachable. */
#ifndef COMMON_PLAIN_H
#define COMMON_PLAIN_H

struct mm_root {
    void *object;
};

static inline void mm_root_push(struct mm_root *root)
{
    root->object = NULL;
}

static inline void mm_root_pop(struct mm_root *root)
{
    (void)root;
}

#include "common/pointers.h"

#endif
