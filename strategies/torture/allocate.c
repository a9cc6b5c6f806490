/* Allocation, and what comes before each: a collection, and a move of everything. */
#include <errno.h>
#include <string.h>

#include "torture/torture.h"

/* Longer ones fail before their sizes can overflow. */
static const size_t LENGTH_MAX = (size_t)1 << 40;

static void hold(size_t more, size_t less)
{
    struct heap *heap = &torture_heap;
    heap->held_bytes += more;
    heap->held_bytes -= less;
    if (heap->held_bytes > heap->peak_bytes)
        heap->peak_bytes = heap->held_bytes;
}

static bool limit_allows(size_t more, size_t less)
{
    size_t left = torture_heap.limit_bytes - torture_heap.held_bytes + less;
    return more <= left;
}

/* Collects when it is time to, or when the limit would be passed; else checks what was promised. */
static void collect_before(size_t more, size_t less)
{
    struct heap *heap = &torture_heap;
    if (heap->collecting)
        return;
    heap->since_collection++;
    bool due = heap->threshold[0] && heap->since_collection >= heap->threshold[0];
    if (heap->enabled && (due || !limit_allows(more, less)))
        torture_collect(NULL);
    else if (heap->dead_pending)
        torture_mark();
}

/* What comes before an allocation of `more` bytes of blocks in place of `less`. False: it has to fail. */
static bool allocation_begin(size_t more, size_t less)
{
    struct heap *heap = &torture_heap;
    heap->allocations++;
    collect_before(more, less);
    bool due = heap->allocations % heap->every == 0;
    if ((due || !torture_space_has_room(&heap->space, more)) && !torture_move(limit_allows(more, less) ? more : 0))
        return false;
    return limit_allows(more, less) && (more <= less || heap->allocations != heap->fail_at);
}

/* ---- objects */

struct torture_object *torture_object_new(const struct mm_type *type, size_t length)
{
    struct heap *heap = &torture_heap;
    size_t bytes = mm_type_payload_bytes(type, length);
    size_t block_bytes = torture_block_bytes(bytes);
    if (length > LENGTH_MAX || !allocation_begin(block_bytes, 0))
        return NULL;
    struct torture_object *object = torture_record_new(type);
    if (!object)
        return NULL;
    object->length = length;
    object->payload = torture_space_take(&heap->space, bytes, torture_index(object));
    if (type->tail != MM_TAIL_NONE)
        memcpy(object->payload, &length, sizeof length);
    hold(block_bytes, 0);
    counts_new(&heap->counts, bytes);
    return object;
}

void *torture_deliver(const struct torture_object *object, struct mm_root *out)
{
    if (!object)
        return NULL;
    torture_root_set(out, object->payload);
    return object->payload;
}

static bool offsets_fit(const uint16_t *offsets, size_t count, size_t field_bytes, size_t size)
{
    for (size_t i = 0; i < count; i++)
        if (offsets[i] % 8 || offsets[i] + field_bytes > size)
            return false;
    return true;
}

/* What every strategy relies on in a type. */
static const char *type_wrong(const struct mm_type *type, bool tail)
{
    if (tail != (type->tail != MM_TAIL_NONE))
        return tail ? "mm_new_tail: the type has no tail" : "mm_new: the type has a tail";
    if (tail && type->size < sizeof(size_t))
        return "the type has a tail and no room for `length`";
    if (type->size % 8 && type->tail != MM_TAIL_BYTES)
        return "the type's size is not a multiple of 8";
    if (type->size == 0 && !(type->flags & MM_TYPE_TAGGED))
        return "the type's size is 0 and it is not tagged: its objects might be at one address";
    if (type->weaklist % 8 || (type->weaklist && type->weaklist + sizeof(struct mm_weaklist) > type->size))
        return "the type's weaklist is not in its payload";
    if (!offsets_fit(type->refs, type->ref_count, sizeof(struct mm_ref), type->size) ||
        !offsets_fit(type->ref_buffers, type->refs_count, sizeof(struct mm_refs), type->size) ||
        !offsets_fit(type->byte_buffers, type->bytes_count, sizeof(struct mm_bytes), type->size))
        return "a field of the type is not in its payload";
    return NULL;
}

static void *new_checked(const struct mm_type *type, bool tail, size_t length, struct mm_root *out)
{
    torture_root_get(out);
    const char *wrong = type_wrong(type, tail);
    if (wrong) {
        const struct torture_object none = {.type = type};
        torture_violate(TORTURE_TYPE, &none, wrong);
    }
    return torture_deliver(torture_object_new(type, length), out);
}

void *torture_new(const struct mm_type *type, struct mm_root *out)
{
    return new_checked(type, false, 0, out);
}

void *torture_new_tail(const struct mm_type *type, size_t length, struct mm_root *out)
{
    return new_checked(type, true, length, out);
}

/* ---- buffers: one that is resized is a new block always */

static void elements_copy(char *to, const char *from, size_t bytes, bool refs)
{
    if (!refs) {
        if (bytes)
            memcpy(to, from, bytes);
        return;
    }
    const struct mm_ref *source = (const struct mm_ref *)(const void *)from;
    struct mm_ref *target = (struct mm_ref *)(void *)to;
    for (size_t i = 0; i < bytes / sizeof *target; i++)
        torture_encode(&target[i], torture_decode(&source[i]));
}

/* References beyond the new end go. */
static void slots_drop(const struct torture_object *object, size_t index, size_t capacity)
{
    struct mm_ref *slots = (struct mm_ref *)(void *)object->buffers[index].block;
    size_t old = object->buffers[index].capacity;
    for (size_t i = capacity; index < object->type->refs_count && i < old; i++)
        torture_reference_drop(torture_target(&slots[i], object));
}

static void buffer_replace(struct torture_object *object, size_t index, size_t capacity)
{
    struct heap *heap = &torture_heap;
    struct torture_buffer *buffer = &object->buffers[index];
    size_t element_bytes = torture_element_bytes(object->type, index);
    size_t old_bytes = buffer->capacity * element_bytes, new_bytes = capacity * element_bytes;
    char *old = buffer->block;
    slots_drop(object, index, capacity);
    buffer->block = capacity ? torture_space_take(&heap->space, new_bytes, torture_index(object)) : NULL;
    size_t kept_bytes = new_bytes < old_bytes ? new_bytes : old_bytes;
    elements_copy(buffer->block, old, kept_bytes, index < object->type->refs_count);
    if (old)
        torture_space_drop(&heap->space, old, old_bytes, object);
    if (capacity > buffer->capacity)
        buffer->born = ++heap->clock;
    buffer->capacity = capacity;
    *torture_buffer_field(object->type, object->payload, index) =
        (struct torture_buffer_field){buffer->block, capacity};
    hold(buffer->block ? torture_block_bytes(new_bytes) : 0, old ? torture_block_bytes(old_bytes) : 0);
    counts_resize(&heap->counts, old_bytes, new_bytes);
}

static int resize(struct mm_root *owner, size_t index, size_t capacity)
{
    struct torture_object *object = torture_expect(torture_root_get(owner));
    torture_object_verify(object);
    if (capacity > LENGTH_MAX)
        return -ENOMEM;
    size_t element_bytes = torture_element_bytes(object->type, index);
    const struct torture_buffer *buffer = &object->buffers[index];
    size_t less = buffer->block ? torture_block_bytes(buffer->capacity * element_bytes) : 0;
    size_t more = capacity ? torture_block_bytes(capacity * element_bytes) : 0;
    uint64_t serial = object->serial;
    if (!allocation_begin(more, less))
        return -ENOMEM;
    buffer_replace(torture_by_serial(serial), index, capacity);
    return 0;
}

/* Which buffer it is, by its offset among those of its kind. */
static size_t buffer_index(const struct torture_object *object, const uint16_t *offsets, size_t count, size_t offset)
{
    for (size_t i = 0; i < count; i++)
        if (offsets[i] == offset)
            return i;
    torture_violate(TORTURE_FIELD, object, "at this offset is no buffer of this kind");
}

int torture_refs_resize(struct mm_root *owner, size_t offset, size_t capacity)
{
    const struct torture_object *object = torture_expect(torture_root_get(owner));
    const struct mm_type *type = object->type;
    return resize(owner, buffer_index(object, type->ref_buffers, type->refs_count, offset), capacity);
}

int torture_bytes_resize(struct mm_root *owner, size_t offset, size_t capacity)
{
    const struct torture_object *object = torture_expect(torture_root_get(owner));
    const struct mm_type *type = object->type;
    size_t index = buffer_index(object, type->byte_buffers, type->bytes_count, offset);
    return resize(owner, type->refs_count + index, capacity);
}
