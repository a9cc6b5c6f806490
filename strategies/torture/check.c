/* mm_heap_check: whether the judge's own books are in order. What the mutator did is judged elsewhere. */
#include "torture/torture.h"

static const char *block_check(const struct torture_object *object, const char *block, size_t bytes)
{
    const struct torture_space *space = &torture_heap.space;
    if (block < space->base || block + torture_block_bytes(bytes) > space->base + space->used)
        return "torture: a block is outside of the space";
    for (size_t i = 0; i < torture_block_bytes(bytes); i += TORTURE_GRANULE)
        if (torture_find(block + i) != object)
            return "torture: a part of a block is not known as its object's";
    return NULL;
}

static const char *object_check(const struct torture_object *object)
{
    const char *wrong = block_check(object, object->payload, torture_payload_bytes(object));
    for (size_t i = 0; !wrong && i < torture_buffer_count(object->type); i++) {
        const struct torture_buffer *buffer = &object->buffers[i];
        size_t bytes = buffer->capacity * torture_element_bytes(object->type, i);
        if (!buffer->block != !buffer->capacity)
            return "torture: a buffer has a block without capacity, or none with it";
        if (buffer->block)
            wrong = block_check(object, buffer->block, bytes);
    }
    if (!wrong && object->weak && object->weak->target && !torture_by_serial(object->weak->target))
        return "torture: a weak reference is not cleared, and its target is gone";
    return wrong;
}

static void target_check(struct mm_ref *field, struct torture_object *owner, void *context)
{
    (void)owner;
    const char **wrong = context;
    const void *value = torture_decode(field);
    const struct torture_object *target = value ? torture_find(value) : NULL;
    if (value && (!target || target->payload != value))
        *wrong = "torture: a field refers to no object";
}

static const char *objects_check(void)
{
    const struct heap *heap = &torture_heap;
    uint64_t bytes = 0, held_bytes = 0, serial = 0;
    const char *wrong = NULL;
    for (size_t i = 0; !wrong && i < heap->count; i++) {
        struct torture_object *object = &heap->objects[i];
        if (object->serial <= serial || object->serial >= heap->next_serial)
            return "torture: the records are not in the order of their serials";
        serial = object->serial;
        bytes += torture_object_bytes(object);
        held_bytes += torture_object_block_bytes(object);
        wrong = object_check(object);
        torture_visit(object, target_check, &wrong);
    }
    if (wrong)
        return wrong;
    if (held_bytes != heap->held_bytes || held_bytes > heap->limit_bytes || held_bytes > heap->peak_bytes)
        return "torture: the blocks do not add up to what is held, or are more than the limit or the peak";
    if (bytes != heap->counts.bytes_allocated - heap->counts.bytes_freed)
        return "torture: the objects' bytes do not add up to what is live";
    return NULL;
}

static const char *roots_check(void)
{
    const struct heap *heap = &torture_heap;
    for (size_t i = 0; i < heap->root_count; i++) {
        if (heap->roots[i].root->position != i)
            return "torture: a root does not know its place";
        if (heap->roots[i].held && !torture_by_serial(heap->roots[i].held))
            return "torture: a root holds an object that is gone";
    }
    return NULL;
}

const char *mm_heap_check(void)
{
    const struct heap *heap = &torture_heap;
    if (heap->count != heap->counts.objects_allocated - heap->counts.objects_freed)
        return "torture: there are not as many records as live objects";
    const char *wrong = objects_check();
    return wrong ? wrong : roots_check();
}
