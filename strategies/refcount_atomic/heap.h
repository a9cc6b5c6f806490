/* refcount_atomic: reference counting with atomic counts, so that threads may copy and drop references to the same
 * objects at once. All but the account and the locks is refcount's: README.md says what differs. */
#ifndef REFCOUNT_ATOMIC_HEAP_H
#define REFCOUNT_ATOMIC_HEAP_H

#define REFCOUNT_ATOMIC
#include "../refcount/heap.h" /* IWYU pragma: export */

#endif
