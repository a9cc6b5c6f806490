/* Buffers in bump memory. What lies behind the elements, up to the buffer's `bytes`, may be dirty after it shrank. */
#include "common/bump.h"

#include <errno.h>
#include <string.h>

#include "mm.h"

static const uint64_t FIELD_MASK = (UINT64_C(1) << 47) - 1;

static void buffer_init(const struct bump *bump, struct bump_buffer *buffer, size_t bytes, bool large)
{
    buffer->bytes = bytes & FIELD_MASK;
    buffer->large = large;
    buffer->epoch = bump->epoch & UINT16_MAX;
}

/* A block with its word; the elements are zero. NULL at the limit. */
static void *buffer_take(struct bump *bump, size_t bytes)
{
    size_t needed = sizeof(struct bump_buffer) + bump_round(bytes);
    bool large = needed > bump->large_bytes;
    struct bump_buffer *buffer = large ? bump_large_take(bump, needed) : bump_take(bump, needed);
    if (!buffer)
        return NULL;
    buffer_init(bump, buffer, (large ? bump_large_bytes(buffer) : needed) - sizeof *buffer, large);
    if (!large && !bump->free_is_zero)
        memset(buffer + 1, 0, bump_round(bytes));
    return buffer + 1;
}

/* Grows the last block of the chunk where it is; false if it is not the last, or there is no room. */
static bool buffer_extend(struct bump *bump, void *elements, size_t bytes)
{
    struct bump_buffer *buffer = bump_buffer_of(elements);
    uintptr_t end = (uintptr_t)elements + buffer->bytes;
    size_t more = bump_round(bytes) - buffer->bytes;
    if (end != bump->cur || more > bump->end - bump->cur)
        return false;
    if (!bump->free_is_zero)
        memset((void *)end, 0, more);
    bump->cur += more;
    buffer->bytes = (buffer->bytes + more) & FIELD_MASK;
    return true;
}

static int large_resize(struct bump *bump, void **elements, size_t old_bytes, size_t new_bytes)
{
    struct bump_buffer *buffer = bump_buffer_of(*elements);
    size_t room = buffer->bytes;
    buffer = bump_large_resize(bump, buffer, sizeof *buffer + new_bytes);
    if (!buffer)
        return -ENOMEM;
    buffer->bytes = (bump_large_bytes(buffer) - sizeof *buffer) & FIELD_MASK;
    if (new_bytes > old_bytes)
        memset((char *)(buffer + 1) + old_bytes, 0, (new_bytes < room ? new_bytes : room) - old_bytes);
    *elements = buffer + 1;
    return 0;
}

static int grow(struct bump *bump, void **elements, size_t old_bytes, size_t new_bytes)
{
    struct bump_buffer *buffer = bump_buffer_of(*elements);
    size_t room = buffer->bytes;
    if (new_bytes <= room || buffer_extend(bump, *elements, new_bytes)) {
        memset((char *)*elements + old_bytes, 0, (new_bytes < room ? new_bytes : room) - old_bytes);
        return 0;
    }
    void *copy = buffer_take(bump, new_bytes);
    if (!copy)
        return -ENOMEM;
    *elements = memcpy(copy, *elements, old_bytes);
    return 0;
}

static void buffer_drop(struct bump *bump, void **elements)
{
    struct bump_buffer *buffer = bump_buffer_of(*elements);
    if (buffer->large)
        bump_large_give(bump, buffer);
    *elements = NULL;
}

int bump_buffer_resize(struct bump *bump, void **elements, size_t old_bytes, size_t new_bytes)
{
    if (new_bytes > BUMP_BLOCK_MAX)
        return -ENOMEM;
    if (!*elements) {
        *elements = new_bytes ? buffer_take(bump, new_bytes) : NULL;
        return new_bytes && !*elements ? -ENOMEM : 0;
    }
    if (new_bytes == 0) {
        buffer_drop(bump, elements);
        return 0;
    }
    if (bump_buffer_of(*elements)->large)
        return large_resize(bump, elements, old_bytes, new_bytes);
    return new_bytes > old_bytes ? grow(bump, elements, old_bytes, new_bytes) : 0;
}

static size_t buffer_bytes(const void *elements)
{
    return elements ? sizeof(struct bump_buffer) + ((const struct bump_buffer *)elements - 1)->bytes : 0;
}

size_t bump_object_bytes(const struct mm_type *type, const void *object)
{
    const char *payload = object;
    size_t bytes = type->flags & MM_TYPE_TAGGED ? sizeof type : 0;
    bytes += mm_type_payload_bytes(type, mm_type_length(type, object));
    for (unsigned i = 0; i < type->refs_count; i++)
        bytes += buffer_bytes(((const struct mm_refs *)(const void *)(payload + type->ref_buffers[i]))->slots);
    for (unsigned i = 0; i < type->bytes_count; i++)
        bytes += buffer_bytes(((const struct mm_bytes *)(const void *)(payload + type->byte_buffers[i]))->bytes);
    return bump_round(bytes);
}
