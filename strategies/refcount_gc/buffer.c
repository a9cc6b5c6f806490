/* buffer.c: buffers, the blocks of malloc's that belong to one field of one object. */
#include "internal.h"

#include <errno.h>

static int block_grow(void **block, size_t old_bytes, size_t new_bytes)
{
    void *grown = blocks_realloc(*block, new_bytes);
    if (!grown)
        return -ENOMEM;
    memset((char *)grown + old_bytes, 0, new_bytes - old_bytes);
    *block = grown;
    return 0;
}

/* A block that the allocator will not make smaller stays as large as it is: the account then says less than is held,
 * by what the allocator refused to take back. */
static void block_shrink(void **block, size_t new_bytes)
{
    if (new_bytes == 0) {
        blocks_free(*block);
        *block = NULL;
        return;
    }
    void *smaller = blocks_realloc(*block, new_bytes);
    if (smaller)
        *block = smaller;
}

/* What a larger block needs is accounted for by the caller, who can collect to make room. A grown buffer counts its new
 * size as allocated and the old as freed. */
int refcount_gc_block_resize(void **block, size_t old_bytes, size_t new_bytes)
{
    if (new_bytes > old_bytes) {
        if (block_grow(block, old_bytes, new_bytes))
            return -ENOMEM;
        refcount_gc_heap.bytes_freed += old_bytes;
        refcount_gc_heap.raised_at = UINT64_MAX;
    } else if (new_bytes < old_bytes) {
        block_shrink(block, new_bytes);
        refcount_gc_heap.bytes_freed += old_bytes - new_bytes;
        refcount_gc_unhold(old_bytes - new_bytes);
    }
    return 0;
}

static size_t excess(size_t wanted, size_t present)
{
    return wanted > present ? wanted - present : 0;
}

/* Accounts for what a buffer lacks. Making room may run finalizers, and those may resize this buffer: what was held for
 * it is put right after. */
static bool hold_for(const size_t *capacity, size_t element_bytes, size_t wanted)
{
    size_t asked = excess(wanted, *capacity);
    if (!refcount_gc_hold(asked * element_bytes))
        return false;
    size_t lacking = excess(wanted, *capacity);
    refcount_gc_unhold((asked - (lacking < asked ? lacking : asked)) * element_bytes);
    if (lacking <= asked)
        return true;
    refcount_gc_unhold(asked * element_bytes);
    return false;
}

/* The last first, as a Python list. The buffer is whole, and smaller by one, whenever an object dies: a finalizer may
 * look at it, and resize it. */
static void refs_shrink(struct mm_refs *refs, size_t capacity)
{
    bool outermost = refcount_gc_cascade_begin();
    while (refs->capacity > capacity) {
        void *object = refs->slots[--refs->capacity].object;
        refcount_gc_heap.bytes_freed += sizeof(struct mm_ref);
        refcount_gc_unhold(sizeof(struct mm_ref));
        refcount_gc_cascade_drop(object);
    }
    refcount_gc_cascade_end(outermost);
    void *block = refs->slots;
    block_shrink(&block, refs->capacity * sizeof(struct mm_ref));
    refs->slots = block;
}

/* What came of an attempt to grow a buffer. */
enum growth { GROWN, AT_LIMIT, REFUSED };

/* To `capacity` elements, if it has less. */
static enum growth refs_grow(struct mm_refs *refs, size_t capacity)
{
    if (!hold_for(&refs->capacity, sizeof(struct mm_ref), capacity))
        return AT_LIMIT;
    if (capacity <= refs->capacity)
        return GROWN;
    size_t old_bytes = refs->capacity * sizeof(struct mm_ref), new_bytes = capacity * sizeof(struct mm_ref);
    void *block = refs->slots;
    if (refcount_gc_block_resize(&block, old_bytes, new_bytes)) {
        refcount_gc_unhold_refused(new_bytes - old_bytes);
        return REFUSED;
    }
    *refs = (struct mm_refs){block, capacity};
    return GROWN;
}

static enum growth bytes_resize(struct mm_bytes *bytes, size_t capacity)
{
    if (!hold_for(&bytes->capacity, 1, capacity))
        return AT_LIMIT;
    void *block = bytes->bytes;
    if (refcount_gc_block_resize(&block, bytes->capacity, capacity)) {
        refcount_gc_unhold_refused(capacity - bytes->capacity);
        return REFUSED;
    }
    *bytes = (struct mm_bytes){block, capacity};
    return GROWN;
}

/* Making room may run finalizers, and those may have resized the buffer: it begins anew after that, and what is then
 * too much goes. The owner is there until that is through. */
int refcount_gc_refs_resize(struct mm_root *owner, size_t offset, size_t capacity)
{
    void *object = owner->object;
    struct mm_refs *refs = mm_refs_at(object, offset);
    if (capacity > COUNTED_LENGTH_MAX)
        return -ENOMEM;
    counted_take(object);
    enum growth growth = refs_grow(refs, capacity);
    if (growth == REFUSED && refcount_gc_make_room())
        growth = refs_grow(refs, capacity);
    if (growth == GROWN && capacity < refs->capacity)
        refs_shrink(refs, capacity);
    counted_drop(object);
    return growth == GROWN ? 0 : -ENOMEM;
}

int refcount_gc_bytes_resize(struct mm_root *owner, size_t offset, size_t capacity)
{
    void *object = owner->object;
    struct mm_bytes *bytes = mm_bytes_at(object, offset);
    if (capacity > COUNTED_LENGTH_MAX)
        return -ENOMEM;
    counted_take(object);
    enum growth growth = bytes_resize(bytes, capacity);
    if (growth == REFUSED && refcount_gc_make_room())
        growth = bytes_resize(bytes, capacity);
    counted_drop(object);
    return growth == GROWN ? 0 : -ENOMEM;
}
