/* reach.c: refcount_gc's, on pymalloc. */
#include "mm.h"

#include "../refcount_gc/reach.c" /* NOLINT(bugprone-suspicious-include) */
