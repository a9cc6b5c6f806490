/* free.c: refcount_gc's, on pymalloc. */
#include "mm.h"

#include "../refcount_gc/free.c" /* NOLINT(bugprone-suspicious-include) */
