/* dead.h: whether this strategy listens to mm_dead.
 *
 * A walk over a structure that has no other purpose than to say mm_dead of each part goes under
 * `if (WORK_SAYS_DEAD)`: the strategies that free by themselves do not pay for it, and the dying structure's last
 * root is dropped after it, which is where those free. */
#ifndef WORK_DEAD_H
#define WORK_DEAD_H

#include "mm.h"

enum { WORK_SAYS_DEAD = (MM_TRAITS & (MM_TRAIT_EXPLICIT_FREE | MM_TRAIT_CHECKS)) != 0 };

#endif
