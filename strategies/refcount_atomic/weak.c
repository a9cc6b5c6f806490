/* weak.c: refcount's, with atomic counts. */
#include "mm.h"

#include "../refcount/weak.c" /* NOLINT(bugprone-suspicious-include) */
