/* trash.c: refcount_gc's, on pymalloc. */
#include "mm.h"

#include "../refcount_gc/trash.c" /* NOLINT(bugprone-suspicious-include) */
