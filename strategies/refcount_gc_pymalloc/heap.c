/* heap.c: refcount_gc's, on pymalloc. */
#include "mm.h"

#include "../refcount_gc/heap.c" /* NOLINT(bugprone-suspicious-include) */
