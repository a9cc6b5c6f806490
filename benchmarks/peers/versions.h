/* versions.h: which allocators and libraries are measured, as they are really loaded. */
#ifndef VERSIONS_H
#define VERSIONS_H

#include "driver/catalogue.h"

/* One text each, "mimalloc 2.0.9": allocators as a measuring process finds them when they are preloaded, then the
 * libraries that strategies are linked with. What is not on this machine is not among them. */
void versions_find(const struct catalogue *catalogue, struct strings *versions);

#endif
