/* refcount_gc_pymalloc: refcount_gc with CPython's small-object allocator compiled in, as CPython has the two together.
 * All is refcount_gc's, but where blocks come from. */
#ifndef REFCOUNT_GC_PYMALLOC_HEAP_H
#define REFCOUNT_GC_PYMALLOC_HEAP_H

#define BLOCKS_PYMALLOC
#include "../refcount_gc/heap.h" /* IWYU pragma: export */

#endif
