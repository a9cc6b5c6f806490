/* buffer.c: buffers, the blocks of malloc's that belong to one field of one object. */
#include "internal.h"

#include <errno.h>

static int block_grow(struct refcount_mutator *mutator, void **block, size_t old_bytes, size_t new_bytes)
{
    if (!refcount_hold(mutator, new_bytes - old_bytes))
        return -ENOMEM;
    void *grown = realloc(*block, new_bytes);
    if (!grown) {
        refcount_refused_slow(mutator, new_bytes - old_bytes);
        return -ENOMEM;
    }
    refcount_hold_used(mutator);
    memset((char *)grown + old_bytes, 0, new_bytes - old_bytes);
    *block = grown;
    return 0;
}

/* A block that the allocator will not make smaller stays as large as it is: the account then says less than is held,
 * by what the allocator refused to take back. */
static void block_shrink(struct refcount_mutator *mutator, void **block, size_t old_bytes, size_t new_bytes)
{
    if (new_bytes == 0) {
        free(*block);
        *block = NULL;
    } else {
        void *smaller = realloc(*block, new_bytes);
        if (smaller)
            *block = smaller;
    }
    refcount_unhold(mutator, old_bytes - new_bytes);
}

int refcount_block_resize(void **block, size_t old_bytes, size_t new_bytes)
{
    struct refcount_mutator *mutator = refcount_mutator();
    if (new_bytes > old_bytes) {
        int error = block_grow(mutator, block, old_bytes, new_bytes);
        if (error)
            return error;
    } else if (new_bytes < old_bytes) {
        block_shrink(mutator, block, old_bytes, new_bytes);
    }
    /* A grown buffer counts its new size as allocated and the old as freed. */
    refcount_count_free(mutator, 0, new_bytes > old_bytes ? old_bytes : old_bytes - new_bytes, 0);
    return 0;
}

/* What a smaller buffer drops dies after the buffer is whole again: finalizers may look at it, and resize it. */
int refcount_refs_resize(void *owner, size_t offset, size_t capacity)
{
    struct mm_refs *refs = mm_refs_at(owner, offset);
    if (capacity > COUNTED_LENGTH_MAX)
        return -ENOMEM;
    struct refcount_header *dead = NULL;
    for (size_t i = capacity; i < refs->capacity; i++)
        dead = refcount_drop_later(&refs->slots[i], dead);
    void *block = refs->slots;
    int error = refcount_block_resize(&block, refs->capacity * sizeof *refs->slots, capacity * sizeof *refs->slots);
    if (error)
        return error;
    *refs = (struct mm_refs){block, capacity};
    if (dead)
        refcount_cascade_run(dead);
    return 0;
}

int refcount_bytes_resize(void *owner, size_t offset, size_t capacity)
{
    struct mm_bytes *bytes = mm_bytes_at(owner, offset);
    if (capacity > COUNTED_LENGTH_MAX)
        return -ENOMEM;
    void *block = bytes->bytes;
    int error = refcount_block_resize(&block, bytes->capacity, capacity);
    if (error)
        return error;
    *bytes = (struct mm_bytes){block, capacity};
    return 0;
}
