/* check.c: the invariants, walked. What has to hold stands in space.h, cell.h, sweep.h and README.md; between
 * collections every reference of an allocated object leads to an allocated object, reachable or not. */
#include "cell.h"
#include "collect.h"
#include "death.h"
#include "mark.h"
#include "mm.h"
#include "space.h"
#include "sweep.h"
#include "walk.h"

/* ---- addresses: is there an object or a buffer, allocated? Nothing is followed before it is known to be ours */

/* The chunk that was asked for last, since references mostly stay near: without it a check would walk the list of
 * chunks once for each reference. NULL when a check begins. */
static const struct chunk *known_chunk;

static bool is_mapped(const struct chunk *chunk, bool *single)
{
    *single = false;
    if (chunk && chunk == known_chunk)
        return true;
    for (const struct chunk *c = marksweep_space.chunks; c; c = c->next)
        if (c == chunk) {
            known_chunk = chunk;
            return true;
        }
    for (const struct chunk *c = marksweep_space.singles; c; c = c->next)
        if (c == chunk)
            return *single = true;
    return false;
}

static bool is_cell(const void *payload)
{
    bool single;
    if ((uintptr_t)payload % 8 || !is_mapped(chunk_of(payload), &single))
        return false;
    if (single)
        return payload == single_cell(chunk_of(payload)) + MARKSWEEP_HEADER_BYTES;
    const struct block *block = block_of(payload);
    size_t offset = (size_t)((const char *)payload - block_start(block)) - block_header_bytes(block);
    if (block->state == BLOCK_SPAN)
        return offset == 0;
    size_t cell_bytes = block_cell_bytes(block);
    return block->state == BLOCK_CELLS && offset % cell_bytes == 0 && offset < cells_end(cell_bytes) &&
           marksweep_cell_in_use(block, offset);
}

static bool is_object(const void *payload)
{
    return is_cell(payload) && header_of(payload) && !cell_is_buffer(header_of(payload));
}

static bool is_buffer(const void *payload, size_t bytes)
{
    return is_cell(payload) && header_of(payload) == cell_buffer_header(bytes);
}

/* ---- the space */

struct sums {
    size_t held_bytes, held_free;
};

/* For a payload. */
static size_t cell_room(const void *payload)
{
    if (is_single(payload) || block_of(payload)->state == BLOCK_SPAN)
        return marksweep_large_bytes((const char *)payload - MARKSWEEP_HEADER_BYTES) - MARKSWEEP_HEADER_BYTES;
    return block_cell_bytes(block_of(payload)) - block_header_bytes(block_of(payload));
}

static const char *check_free_block(struct block *block, bool held, bool unheld)
{
    if (block->state != BLOCK_FREE)
        return held || unheld ? "marksweep: a block that is used is in a map of free ones" : NULL;
    if (held == unheld)
        return "marksweep: a free block is in neither map, or in both";
    if (block_has_bits(block_marks(block)) || block_has_bits(block_frozen(block)))
        return "marksweep: a free block has marks";
    return NULL;
}

/* Only cells have marks. */
static const char *check_marks(struct block *block)
{
    uint64_t *marks = block_marks(block);
    uint64_t rest[BLOCK_MARK_WORDS];
    for (size_t i = 0; i < BLOCK_MARK_WORDS; i++)
        rest[i] = marks[i];
    size_t cell_bytes = block_cell_bytes(block), header_bytes = block_header_bytes(block);
    for (size_t offset = 0; offset < cells_end(cell_bytes); offset += cell_bytes) {
        size_t granule = (offset + header_bytes) / GRANULE_BYTES;
        rest[granule / 64] &= ~((uint64_t)1 << (granule % 64));
    }
    return block_has_bits(rest) ? "marksweep: a mark belongs to no cell" : NULL;
}

static const char *check_used_block(struct chunk *chunk, size_t index)
{
    struct block *block = &chunk->blocks[index];
    if (block->state == BLOCK_CELLS) {
        if (block->lane >= MARKSWEEP_LANES || block_lane(block)->cell_bytes == 0)
            return "marksweep: a block's lane does not exist";
        return block->swept > BLOCK_BYTES ? "marksweep: a block is swept beyond its end" : check_marks(block);
    }
    if (block->state == BLOCK_SPAN) {
        if (block->blocks == 0 || index + block->blocks > CHUNK_BLOCKS)
            return "marksweep: a span has no blocks, or leaves its chunk";
        for (size_t i = 1; i < block->blocks; i++)
            if (chunk->blocks[index + i].state != BLOCK_SPAN_REST)
                return "marksweep: a span has a block that is none of its";
        return NULL;
    }
    if (block->state == BLOCK_SPAN_REST) {
        uint8_t before = chunk->blocks[index - 1].state;
        return before == BLOCK_SPAN || before == BLOCK_SPAN_REST ? NULL
                                                                 : "marksweep: a part of a span has no beginning";
    }
    return block->state == BLOCK_FREE ? NULL : "marksweep: a block has a state that does not exist";
}

static const char *check_chunk(struct chunk *chunk, struct sums *sums)
{
    size_t free[2] = {0, 0};
    for (size_t i = CHUNK_FIRST_BLOCK; i < CHUNK_BLOCKS; i++) {
        bool held = chunk->map[HELD][i / 64] >> (i % 64) & 1, unheld = chunk->map[UNHELD][i / 64] >> (i % 64) & 1;
        const char *message = check_free_block(&chunk->blocks[i], held, unheld);
        if (!message)
            message = check_used_block(chunk, i);
        if (message)
            return message;
        free[HELD] += held;
        free[UNHELD] += unheld;
    }
    if (free[HELD] != chunk->free[HELD] || free[UNHELD] != chunk->free[UNHELD])
        return "marksweep: a chunk's free blocks are miscounted";
    sums->held_free += free[HELD];
    sums->held_bytes += chunk->header_bytes + (CHUNK_USABLE - free[UNHELD]) * BLOCK_BYTES;
    return NULL;
}

static const char *check_hint(enum held held)
{
    const struct chunk *hint = marksweep_space.hint[held];
    for (const struct chunk *chunk = marksweep_space.chunks; chunk && chunk != hint; chunk = chunk->next)
        if (chunk->free[held])
            return "marksweep: a chunk before the hint has a free block";
    return NULL;
}

static const char *check_space(void)
{
    const struct space *space = &marksweep_space;
    struct sums sums = {.held_bytes = marksweep_mark_bytes() + marksweep_finalizable.bytes + marksweep_weaks.bytes};
    const struct chunk *previous = NULL;
    for (struct chunk *chunk = space->chunks; chunk; previous = chunk, chunk = chunk->next) {
        if (chunk->previous != previous || chunk != chunk_of(chunk))
            return "marksweep: the list of chunks is broken";
        const char *message = check_chunk(chunk, &sums);
        if (message)
            return message;
    }
    if (space->chunks_last != previous)
        return "marksweep: the list of chunks is broken at its end";
    previous = NULL;
    for (struct chunk *single = space->singles; single; previous = single, single = single->next) {
        if (single->previous != previous || single != chunk_of(single))
            return "marksweep: the list of singles is broken";
        sums.held_bytes += single->mapped_bytes;
    }
    if (sums.held_bytes != space->held_bytes || sums.held_free != space->held_free)
        return "marksweep: what is held is not the sum of its parts";
    if (space->held_bytes > space->limit_bytes || space->held_bytes > space->peak_bytes)
        return "marksweep: more is held than the limit or the peak says";
    const char *message = check_hint(HELD);
    return message ? message : check_hint(UNHELD);
}

/* ---- objects */

struct objects {
    uint64_t objects, bytes;
    size_t frozen, buffers, owned;
    const char *message;
};

static bool refers_well(const struct mm_ref *slots, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (slots[i].object && !is_object(slots[i].object))
            return false;
    return true;
}

static const char *check_buffers(const struct mm_type *type, void *object, size_t *owned)
{
    for (unsigned i = 0; i < type->refs_count; i++) {
        const struct mm_refs *refs = mm_refs_at(object, type->ref_buffers[i]);
        if (refs->capacity ? !is_buffer(refs->slots, refs->capacity * sizeof *refs->slots) : refs->slots != NULL)
            return "marksweep: a buffer of references is not what its owner says";
        if (!refers_well(refs->slots, refs->capacity))
            return "marksweep: a buffer refers to something that is not an object";
        *owned += refs->capacity != 0;
    }
    for (unsigned i = 0; i < type->bytes_count; i++) {
        const struct mm_bytes *bytes = mm_bytes_at(object, type->byte_buffers[i]);
        if (bytes->capacity ? !is_buffer(bytes->bytes, bytes->capacity) : bytes->bytes != NULL)
            return "marksweep: a buffer of bytes is not what its owner says";
        *owned += bytes->capacity != 0;
    }
    return NULL;
}

static const char *check_object(const struct mm_type *type, void *object, struct objects *objects)
{
    if (object_payload_bytes(type, object) > cell_room(object))
        return "marksweep: an object is larger than its cell";
    for (unsigned i = 0; i < type->ref_count; i++)
        if (!refers_well(mm_ref_at(object, type->refs[i]), 1))
            return "marksweep: a field refers to something that is not an object";
    if (type->tail == MM_TAIL_REFS && !refers_well(mm_tail_refs(type, object), mm_type_length(type, object)))
        return "marksweep: a tail refers to something that is not an object";
    const char *message = type->weaklist ? marksweep_weaklist_check(object, is_object) : NULL;
    return message ? message : check_buffers(type, object, &objects->owned);
}

static void visit(void *payload, uintptr_t header, void *context)
{
    struct objects *objects = context;
    if (objects->message)
        return;
    if (cell_is_buffer(header)) {
        objects->buffers++;
        if (cell_buffer_bytes(header) > cell_room(payload))
            objects->message = "marksweep: a buffer is larger than its cell";
        return;
    }
    const struct mm_type *type = cell_type(header);
    objects->message = check_object(type, payload, objects);
    objects->objects++;
    objects->bytes += marksweep_object_bytes(type, payload);
    objects->frozen += is_frozen(payload);
}

static const char *check_objects(void)
{
    struct objects objects = {0};
    marksweep_walk(WALK_IN_USE, NULL, (const char *)UINTPTR_MAX, visit, &objects);
    const struct common_counts counts = marksweep_counts();
    if (objects.message)
        return objects.message;
    if (objects.objects != counts.objects_allocated - counts.objects_freed)
        return "marksweep: there are not as many objects as were allocated and not freed";
    if (objects.bytes != counts.bytes_allocated - counts.bytes_freed)
        return "marksweep: there are not as many bytes as were allocated and not freed";
    if (objects.frozen != marksweep_collector.frozen)
        return "marksweep: the permanent set is miscounted";
    /* A buffer whose owner died in a collection that began after the buffer's making dies with it: never later. */
    return objects.buffers == objects.owned ? NULL : "marksweep: a buffer has no owner";
}

static const char *check_roots(void)
{
    for (const struct mm_root *root = marksweep_heap.roots; root; root = root->previous)
        if (root->object && !is_object(root->object))
            return "marksweep: a root refers to something that is not an object";
    return NULL;
}

/* ---- lanes */

static const char *check_lane(const struct marksweep_lane *lane)
{
    const char *next = lane->next, *limit = lane->limit, *end = lane->hole_end;
    if (!next && !end)
        return NULL;
    const struct block *block = block_of(next - (next == end));
    size_t cell_bytes = lane->cell_bytes;
    if (block->state != BLOCK_CELLS || block_lane(block) != lane || next > limit || limit > end ||
        (size_t)(limit - next) % cell_bytes || (size_t)(end - next) % cell_bytes ||
        (size_t)(end - block_start(block)) > block->swept || (size_t)(next - block_start(block)) % cell_bytes)
        return "marksweep: a cursor is not in a hole of its lane";
    for (const char *byte = next; byte < limit; byte++)
        if (*byte)
            return "marksweep: what the cursor goes through is not zeroed";
    return NULL;
}

static const char *check_lanes(void)
{
    const char *message = NULL;
    for (unsigned i = 0; i < MARKSWEEP_LANES && !message; i++)
        message = check_lane(&marksweep_heap.lanes[i]);
    return message;
}

const char *mm_heap_check(void)
{
    known_chunk = NULL;
    const char *message = check_space();
    if (!message)
        message = check_objects();
    if (!message)
        message = check_roots();
    if (!message)
        message = check_lanes();
    return message ? message : marksweep_death_check(is_object);
}
