/* heap.c: refcount's, with atomic counts. */
#include "mm.h"

#include "../refcount/heap.c" /* NOLINT(bugprone-suspicious-include) */
