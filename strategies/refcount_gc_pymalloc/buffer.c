/* buffer.c: refcount_gc's, on pymalloc. */
#include "mm.h"

#include "../refcount_gc/buffer.c" /* NOLINT(bugprone-suspicious-include) */
