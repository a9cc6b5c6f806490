/* weak.c: refcount_gc's, on pymalloc. */
#include "mm.h"

#include "../refcount_gc/weak.c" /* NOLINT(bugprone-suspicious-include) */
