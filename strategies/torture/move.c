/* Moving: everything that exists is laid anew into fresh memory, and every reference rewritten. Being the one place
 * that looks at each object, it also checks what the mutator may have done to it. */
#include <string.h>

#include "torture/torture.h"

struct torture_buffer_field *torture_buffer_field(const struct mm_type *type, char *payload, size_t buffer)
{
    size_t offset =
        buffer < type->refs_count ? type->ref_buffers[buffer] : type->byte_buffers[buffer - type->refs_count];
    return (struct torture_buffer_field *)(void *)(payload + offset);
}

void torture_object_verify(const struct torture_object *object)
{
    if (!torture_guard_intact(object->payload, torture_payload_bytes(object)))
        torture_violate(TORTURE_BOUNDS, object, "behind the object");
    for (size_t i = 0; i < torture_buffer_count(object->type); i++) {
        const struct torture_buffer *buffer = &object->buffers[i];
        size_t bytes = buffer->capacity * torture_element_bytes(object->type, i);
        if (buffer->block && !torture_guard_intact(buffer->block, bytes))
            torture_violate(TORTURE_BOUNDS, object, "behind a buffer of it");
        const struct torture_buffer_field *field = torture_buffer_field(object->type, object->payload, i);
        if (!object->poisoned && (field->block != buffer->block || field->capacity != buffer->capacity))
            torture_violate(TORTURE_BUFFER, object, NULL);
    }
    if (!object->poisoned && mm_type_length(object->type, object->payload) != object->length)
        torture_violate(TORTURE_LENGTH, object, NULL);
}

static char *copy_block(struct torture_space *to, const char *block, size_t bytes, size_t index)
{
    char *copy = torture_space_take(to, bytes, index);
    if (bytes)
        memcpy(copy, block, bytes);
    return copy;
}

static void object_copy(struct torture_space *to, struct torture_object *object)
{
    size_t index = torture_index(object);
    char *payload = copy_block(to, object->payload, torture_payload_bytes(object), index);
    for (size_t i = 0; i < torture_buffer_count(object->type); i++) {
        struct torture_buffer *buffer = &object->buffers[i];
        if (!buffer->block)
            continue;
        size_t bytes = buffer->capacity * torture_element_bytes(object->type, i);
        buffer->block = copy_block(to, buffer->block, bytes, index);
        if (!object->poisoned)
            torture_buffer_field(object->type, payload, i)->block = buffer->block;
    }
    object->payload = payload;
}

/* While all is still in the old space, each field's code is replaced by the target's index + 1; when all is in the new
 * one, that by the new code. */
static void field_to_index(struct mm_ref *field, struct torture_object *owner, void *context)
{
    (void)context;
    const struct torture_object *target = torture_target(field, owner);
    field->object = target ? (void *)(uintptr_t)(torture_index(target) + 1) : NULL;
}

static void field_from_index(struct mm_ref *field, struct torture_object *owner, void *context)
{
    (void)owner;
    (void)context;
    uintptr_t index = (uintptr_t)field->object;
    torture_encode(field, index ? torture_heap.objects[index - 1].payload : NULL);
}

bool torture_move(size_t extra)
{
    struct heap *heap = &torture_heap;
    struct torture_space from = heap->space, to;
    size_t slack = heap->every > 1 ? heap->held_bytes + (1 << 16) : 0;
    if (!torture_space_open(&to, heap->held_bytes + extra + slack))
        return false;
    for (size_t i = 0; i < heap->count; i++)
        torture_object_verify(&heap->objects[i]);
    for (size_t i = 0; i < heap->count; i++)
        torture_visit(&heap->objects[i], field_to_index, NULL);
    for (size_t i = 0; i < heap->count; i++)
        object_copy(&to, &heap->objects[i]);
    heap->space = to;
    for (size_t i = 0; i < heap->count; i++)
        torture_visit(&heap->objects[i], field_from_index, NULL);
    torture_space_retire(&from);
    return true;
}
