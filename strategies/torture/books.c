/* Records of objects: made, found, measured, given up. */
#include <stdlib.h>
#include <string.h>

#include "torture/torture.h"

/* As large as the weak references of the counting strategies, so that bytes are the same. */
const struct mm_type torture_weak_type = {.name = "weak", .size = 40};

size_t torture_index(const struct torture_object *object)
{
    return (size_t)(object - torture_heap.objects);
}

struct torture_object *torture_find(const void *address)
{
    const struct torture_space *space = &torture_heap.space;
    uintptr_t offset = (uintptr_t)address - (uintptr_t)space->base;
    if (!space->base || offset >= space->used)
        return NULL;
    uint32_t owner = space->owners[offset / TORTURE_GRANULE];
    return owner ? &torture_heap.objects[owner - 1] : NULL;
}

struct torture_object *torture_by_serial(uint64_t serial)
{
    size_t low = 0, high = torture_heap.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        struct torture_object *object = &torture_heap.objects[middle];
        if (object->serial == serial)
            return object;
        if (object->serial < serial)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* A finalizer may use what is dead: that is how it resurrects. */
void torture_expect_alive(const struct torture_object *object)
{
    if (object->dead && !(object->trash && torture_heap.collecting))
        torture_violate(TORTURE_DEAD_USED, object, NULL);
    if (object->orphan && !torture_heap.collecting)
        torture_violate(TORTURE_UNOWNED, object, NULL);
}

struct torture_object *torture_expect(const void *object)
{
    struct torture_object *record = torture_find(object);
    if (!record || record->payload != object)
        torture_violate_address(TORTURE_VALUE, object);
    torture_expect_alive(record);
    return record;
}

uint64_t torture_expect_value(const void *value)
{
    return value ? torture_expect(value)->serial : 0;
}

bool torture_is_of_type(const struct torture_object *object, const struct mm_type *type)
{
    const struct mm_type *own = object->type;
    return own == type || (strcmp(own->name, type->name) == 0 && own->size == type->size && own->tail == type->tail &&
                           own->flags == type->flags && !own->finalize == !type->finalize);
}

size_t torture_buffer_count(const struct mm_type *type)
{
    return (size_t)type->refs_count + type->bytes_count;
}

size_t torture_element_bytes(const struct mm_type *type, size_t buffer)
{
    return buffer < type->refs_count ? sizeof(struct mm_ref) : 1;
}

size_t torture_payload_bytes(const struct torture_object *object)
{
    return mm_type_payload_bytes(object->type, object->length);
}

size_t torture_object_bytes(const struct torture_object *object)
{
    size_t bytes = torture_payload_bytes(object);
    for (size_t i = 0; i < torture_buffer_count(object->type); i++)
        bytes += object->buffers[i].capacity * torture_element_bytes(object->type, i);
    return bytes;
}

size_t torture_object_block_bytes(const struct torture_object *object)
{
    size_t bytes = torture_block_bytes(torture_payload_bytes(object));
    for (size_t i = 0; i < torture_buffer_count(object->type); i++)
        if (object->buffers[i].block)
            bytes += torture_block_bytes(object->buffers[i].capacity * torture_element_bytes(object->type, i));
    return bytes;
}

void torture_poison(struct torture_object *object)
{
    torture_object_verify(object);
    memset(object->payload, TORTURE_POISON, torture_payload_bytes(object));
    object->poisoned = true;
}

static bool records_grow(void)
{
    struct heap *heap = &torture_heap;
    if (heap->count < heap->capacity)
        return true;
    size_t capacity = heap->capacity ? heap->capacity * 2 : 64;
    if (capacity >= TORTURE_NONE)
        return false;
    struct torture_object *objects = realloc(heap->objects, capacity * sizeof *objects);
    if (objects)
        heap->objects = objects;
    uint32_t *pending = realloc(heap->pending, capacity * sizeof *pending);
    if (pending)
        heap->pending = pending;
    if (!objects || !pending)
        return false;
    heap->capacity = capacity;
    return true;
}

struct torture_object *torture_record_new(const struct mm_type *type)
{
    if (!records_grow())
        return NULL;
    size_t buffer_count = torture_buffer_count(type);
    struct torture_buffer *buffers = NULL;
    struct torture_weak *weak = NULL;
    if (buffer_count && !(buffers = calloc(buffer_count, sizeof *buffers)))
        return NULL;
    if (type == &torture_weak_type && !(weak = calloc(1, sizeof *weak)))
        return NULL;
    struct torture_object *object = &torture_heap.objects[torture_heap.count++];
    *object = (struct torture_object){
        .type = type,
        .serial = torture_heap.next_serial++,
        .born = ++torture_heap.clock,
        .buffers = buffers,
        .weak = weak,
    };
    return object;
}

void torture_record_free(struct torture_object *object)
{
    free(object->buffers);
    free(object->weak);
}
