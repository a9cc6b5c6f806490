/* free.c: refcount's, with atomic counts. */
#include "mm.h"

#include "../refcount/free.c" /* NOLINT(bugprone-suspicious-include) */
