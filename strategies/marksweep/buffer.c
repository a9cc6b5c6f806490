/* buffer.c: buffers, each a cell of its own, marked through its owner. */
#include <errno.h>
#include <string.h>

#include "cell.h"
#include "collect.h"
#include "mm.h"
#include "space.h"
#include "sweep.h"

static bool is_large(const void *buffer)
{
    return buffer && (is_single(buffer) || block_of(buffer)->state == BLOCK_SPAN);
}

static char *buffer_cell(void *buffer)
{
    return (char *)buffer - MARKSWEEP_HEADER_BYTES;
}

/* A large one at once; a small one is found free when its block is swept, after the next collection. */
static void buffer_free(void *buffer)
{
    if (!buffer)
        return;
    if (is_large(buffer))
        marksweep_large_free(buffer_cell(buffer));
    else
        *cell_header(buffer) = 0;
}

/* The same cell, if it has room for `new_bytes` and is not too large for it. NULL: it has to be another one. */
static void *buffer_in_place(void *buffer, size_t old_bytes, size_t new_bytes)
{
    if (!buffer)
        return NULL;
    size_t cell_bytes = new_bytes + MARKSWEEP_HEADER_BYTES, room;
    char *cell = buffer_cell(buffer);
    if (is_large(buffer)) {
        room = marksweep_large_bytes(cell);
        if (cell_bytes <= MARKSWEEP_CELL_MOST || !(cell = marksweep_large_resize(cell, cell_bytes)))
            return NULL;
        size_t now = marksweep_large_bytes(cell);
        marksweep_collector.since_bytes += now > room ? now - room : 0;
    } else {
        room = block_cell_bytes(block_of(buffer));
        if (cell_bytes > room || cell_bytes < room / 2)
            return NULL;
    }
    buffer = cell + MARKSWEEP_HEADER_BYTES;
    size_t dirty = room - MARKSWEEP_HEADER_BYTES < new_bytes ? room - MARKSWEEP_HEADER_BYTES : new_bytes;
    if (dirty > old_bytes)
        memset((char *)buffer + old_bytes, 0, dirty - old_bytes);
    return buffer;
}

/* Does not collect. NULL: the limit is reached, and nothing has changed. */
static void *buffer_move(void *buffer, size_t old_bytes, size_t new_bytes)
{
    void *moved = buffer_in_place(buffer, old_bytes, new_bytes);
    if (!moved) {
        char *cell = marksweep_cell_new(new_bytes + MARKSWEEP_HEADER_BYTES);
        if (!cell)
            return NULL;
        moved = cell + MARKSWEEP_HEADER_BYTES;
        size_t kept = old_bytes < new_bytes ? old_bytes : new_bytes;
        if (kept)
            memcpy(moved, buffer, kept);
        buffer_free(buffer);
    }
    *cell_header(moved) = cell_buffer_header(new_bytes);
    return moved;
}

/* One attempt: the new place of a buffer in `*place`, NULL for none. False at the limit. */
static bool buffer_try(void *buffer, size_t old_bytes, size_t new_bytes, void **place)
{
    *place = NULL;
    if (new_bytes == 0)
        buffer_free(buffer);
    else if (!(*place = buffer_move(buffer, old_bytes, new_bytes))) {
        /* Less is never refused: what is there stays there. */
        if (new_bytes > old_bytes)
            return false;
        *cell_header(*place = buffer) = cell_buffer_header(new_bytes);
    }
    counts_resize(&marksweep_heap.counts, old_bytes, new_bytes);
    return true;
}

/* A collection may run finalizers, and they may resize the same buffer: it is read when there will be none. */
int marksweep_refs_resize(struct mm_refs *refs, size_t capacity)
{
    const size_t slot_bytes = sizeof *refs->slots;
    if (capacity > MARKSWEEP_LENGTH_MOST)
        return -ENOMEM;
    marksweep_collect_if_due();
    void *place;
    if (!buffer_try(refs->slots, refs->capacity * slot_bytes, capacity * slot_bytes, &place) &&
        (!marksweep_collect_at_limit() ||
         !buffer_try(refs->slots, refs->capacity * slot_bytes, capacity * slot_bytes, &place)))
        return -ENOMEM;
    *refs = (struct mm_refs){place, capacity};
    return 0;
}

int marksweep_bytes_resize(struct mm_bytes *bytes, size_t capacity)
{
    if (capacity > MARKSWEEP_LENGTH_MOST)
        return -ENOMEM;
    marksweep_collect_if_due();
    void *place;
    if (!buffer_try(bytes->bytes, bytes->capacity, capacity, &place) &&
        (!marksweep_collect_at_limit() || !buffer_try(bytes->bytes, bytes->capacity, capacity, &place)))
        return -ENOMEM;
    *bytes = (struct mm_bytes){place, capacity};
    return 0;
}
