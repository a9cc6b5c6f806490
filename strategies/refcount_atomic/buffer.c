/* buffer.c: refcount's, with atomic counts. */
#include "mm.h"

#include "../refcount/buffer.c" /* NOLINT(bugprone-suspicious-include) */
