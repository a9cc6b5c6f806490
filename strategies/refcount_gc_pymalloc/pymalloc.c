/* pymalloc.c: the allocator, compiled in. */
#include "../../allocators/pymalloc/pymalloc.c" /* NOLINT(bugprone-suspicious-include) */
#include "../../allocators/pymalloc/arena.c"    /* NOLINT(bugprone-suspicious-include) */
#include "../../allocators/pymalloc/map.c"      /* NOLINT(bugprone-suspicious-include) */
#include "../../allocators/pymalloc/system.c"   /* NOLINT(bugprone-suspicious-include) */
