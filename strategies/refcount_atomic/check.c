/* check.c: refcount's, with atomic counts. */
#include "mm.h"

#include "../refcount/check.c" /* NOLINT(bugprone-suspicious-include) */
