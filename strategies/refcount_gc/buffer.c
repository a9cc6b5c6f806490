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

int refcount_gc_refs_resize(struct mm_root *owner, size_t offset, size_t capacity)
{
    void *object = owner->object;
    struct mm_refs *refs = mm_refs_at(object, offset);
    if (capacity < refs->capacity) {
        counted_take(object);
        refs_shrink(refs, capacity);
        counted_drop(object);
        return 0;
    }
    if (capacity > COUNTED_LENGTH_MAX || !hold_for(&refs->capacity, sizeof(struct mm_ref), capacity))
        return -ENOMEM;
    size_t old_bytes = refs->capacity * sizeof(struct mm_ref), new_bytes = capacity * sizeof(struct mm_ref);
    void *block = refs->slots;
    if (refcount_gc_block_resize(&block, old_bytes, new_bytes)) {
        refcount_gc_unhold(new_bytes - old_bytes);
        return -ENOMEM;
    }
    *refs = (struct mm_refs){block, capacity};
    return 0;
}

int refcount_gc_bytes_resize(struct mm_root *owner, size_t offset, size_t capacity)
{
    struct mm_bytes *bytes = mm_bytes_at(owner->object, offset);
    if (capacity > COUNTED_LENGTH_MAX || !hold_for(&bytes->capacity, 1, capacity))
        return -ENOMEM;
    void *block = bytes->bytes;
    if (refcount_gc_block_resize(&block, bytes->capacity, capacity)) {
        refcount_gc_unhold(excess(capacity, bytes->capacity));
        return -ENOMEM;
    }
    *bytes = (struct mm_bytes){block, capacity};
    return 0;
}
