/* collect.c: refcount_gc's, on pymalloc. */
#include "mm.h"

#include "../refcount_gc/collect.c" /* NOLINT(bugprone-suspicious-include) */
