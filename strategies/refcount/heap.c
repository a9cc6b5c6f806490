#include "internal.h"

#include <assert.h>

#include "common/common.h"

#ifdef REFCOUNT_ATOMIC
#define REFCOUNT_NAME    "refcount_atomic"
#define REFCOUNT_SUMMARY "reference counting with atomic counts, so that threads may share objects; leaks cycles"
#else
#define REFCOUNT_NAME    "refcount"
#define REFCOUNT_SUMMARY "reference counting: an object is freed when its last reference goes; leaks cycles"
#endif

const struct mm_strategy mm_strategy = {
    .name = REFCOUNT_NAME,
    .summary = REFCOUNT_SUMMARY,
    .traits = MM_TRAITS,
};

size_t mm_collect(int generation)
{
    (void)generation;
    assert(mm_heap_check() == NULL);
    return 0;
}

size_t mm_refcount(const void *object)
{
    return (size_t)(word_count(refcount_read(refcount_of(object))));
}

size_t mm_size_of(const struct mm_type *type, const void *object)
{
    void *payload = (void *)(uintptr_t)object;
    size_t bytes = word_typed_bytes(refcount_read(refcount_of(object))) + sizeof(struct refcount_header) +
                   mm_type_payload_bytes(type, mm_type_length(type, object));
    for (unsigned i = 0; i < type->refs_count; i++)
        bytes += mm_refs_at(payload, type->ref_buffers[i])->capacity * sizeof(struct mm_ref);
    for (unsigned i = 0; i < type->bytes_count; i++)
        bytes += mm_bytes_at(payload, type->byte_buffers[i])->capacity;
    return bytes;
}
