/* check.c: refcount_gc's, on pymalloc. */
#include "mm.h"

#include "../refcount_gc/check.c" /* NOLINT(bugprone-suspicious-include) */
