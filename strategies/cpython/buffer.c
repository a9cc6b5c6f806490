/* buffer.c: buffers, blocks of PyMem_Malloc's that belong to one field of one object: what a list has its items in. */
#include "edge.h"

#include <errno.h>

/* A block that the allocator will not make smaller stays as large as it is: the account then says less than is held. */
static int block_move(void **block, size_t new_bytes)
{
    void *moved = PyMem_Realloc(*block, new_bytes);
    if (!moved)
        return -ENOMEM;
    *block = moved;
    return 0;
}

int cpython_block_resize(void **block, size_t old_bytes, size_t new_bytes)
{
    struct heap *heap = &cpython_heap;
    if (new_bytes > old_bytes) {
        if (!held_take(&heap->held, new_bytes - old_bytes))
            return -ENOMEM;
        if (block_move(block, new_bytes)) {
            held_refused_slow(&heap->held, new_bytes - old_bytes);
            return -ENOMEM;
        }
        memset((char *)*block + old_bytes, 0, new_bytes - old_bytes);
    } else if (new_bytes < old_bytes) {
        if (new_bytes == 0) {
            PyMem_Free(*block);
            *block = NULL;
        } else {
            block_move(block, new_bytes);
        }
        held_give(&heap->held, old_bytes - new_bytes);
    }
    counts_resize(&heap->counts, old_bytes, new_bytes);
    return 0;
}

void cpython_free_buffers(const struct mm_type *mm, void *payload)
{
    for (unsigned i = 0; i < mm->refs_count; i++) {
        struct mm_refs *refs = mm_refs_at(payload, mm->ref_buffers[i]);
        void *block = refs->slots;
        cpython_block_resize(&block, refs->capacity * sizeof *refs->slots, 0);
    }
    for (unsigned i = 0; i < mm->bytes_count; i++) {
        struct mm_bytes *bytes = mm_bytes_at(payload, mm->byte_buffers[i]);
        void *block = bytes->bytes;
        cpython_block_resize(&block, bytes->capacity, 0);
    }
}

/* The last first, as a Python list. The buffer is whole, and smaller by one, whenever an object dies: a finalizer may
 * look at it, and resize it. */
static void refs_shrink(struct mm_refs *refs, size_t capacity)
{
    cpython_cascade_begin();
    while (refs->capacity > capacity) {
        void *object = refs->slots[--refs->capacity].object;
        cpython_heap.counts.bytes_freed += sizeof(struct mm_ref);
        held_give(&cpython_heap.held, sizeof(struct mm_ref));
        counted_drop(object);
    }
    cpython_cascade_end();
    if (refs->capacity == 0) {
        PyMem_Free(refs->slots);
        refs->slots = NULL;
    } else {
        void *block = refs->slots;
        block_move(&block, refs->capacity * sizeof(struct mm_ref));
        refs->slots = block;
    }
}

int cpython_refs_resize(struct mm_root *owner, size_t offset, size_t capacity)
{
    void *object = owner->object;
    struct mm_refs *refs = mm_refs_at(object, offset);
    if (capacity < refs->capacity) {
        counted_take(object);
        refs_shrink(refs, capacity);
        counted_drop(object);
        return 0;
    }
    if (capacity > COUNTED_LENGTH_MAX)
        return -ENOMEM;
    void *block = refs->slots;
    if (cpython_block_resize(&block, refs->capacity * sizeof *refs->slots, capacity * sizeof *refs->slots))
        return -ENOMEM;
    *refs = (struct mm_refs){block, capacity};
    return 0;
}

int cpython_bytes_resize(struct mm_root *owner, size_t offset, size_t capacity)
{
    struct mm_bytes *bytes = mm_bytes_at(owner->object, offset);
    void *block = bytes->bytes;
    if (capacity > COUNTED_LENGTH_MAX || cpython_block_resize(&block, bytes->capacity, capacity))
        return -ENOMEM;
    *bytes = (struct mm_bytes){block, capacity};
    return 0;
}
