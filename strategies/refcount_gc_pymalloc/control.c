/* control.c: refcount_gc's, on pymalloc. */
#include "mm.h"

#include "../refcount_gc/control.c" /* NOLINT(bugprone-suspicious-include) */
