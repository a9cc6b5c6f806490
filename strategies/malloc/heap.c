#include "mm.h"

#include <errno.h>

#include "common/common.h"

struct heap malloc_heap;

const struct mm_strategy mm_strategy = {
    .name = "malloc",
    .summary = "hand-placed frees: each object is freed where the programmer says that it dies",
    .traits = MM_TRAITS,
};

int mm_heap_open(const struct mm_config *config)
{
    int error = common_params_read(config, NULL, NULL);
    if (error)
        return error;
    malloc_heap = (struct heap){0};
    held_open(&malloc_heap.held, config->heap_limit_bytes, &malloc_heap.counts.bytes_allocated);
    return 0;
}

/* What the programmer forgot to free cannot be found: no list of objects is kept. */
void mm_heap_close(void)
{
    malloc_heap = (struct heap){0};
}

const char *mm_heap_check(void)
{
    const struct heap *heap = &malloc_heap;
    if (heap->counts.objects_freed > heap->counts.objects_allocated)
        return "malloc: more objects were freed than allocated";
    if (heap->counts.bytes_freed > heap->counts.bytes_allocated)
        return "malloc: more bytes were freed than allocated";
    if (held_bytes(&heap->held) > heap->held.limit)
        return "malloc: more is held than the limit allows";
    return NULL;
}

size_t mm_collect(int generation)
{
    (void)generation;
    return 0;
}

void mm_stats_get(struct mm_stats *stats)
{
    *stats = (struct mm_stats){
        .footprint_bytes = held_bytes(&malloc_heap.held),
        .peak_footprint_bytes = held_peak(&malloc_heap.held),
    };
    common_counts_report(&malloc_heap.counts, stats);
}

void mm_stats_reset_peak(void)
{
    held_reset_peak(&malloc_heap.held);
}

size_t mm_size_of(const struct mm_type *type, const void *object)
{
    void *payload = (void *)(uintptr_t)object;
    size_t bytes = plain_tag_bytes(type) + mm_type_payload_bytes(type, mm_type_length(type, object));
    for (unsigned i = 0; i < type->refs_count; i++)
        bytes += mm_refs_at(payload, type->ref_buffers[i])->capacity * sizeof(struct mm_ref);
    for (unsigned i = 0; i < type->bytes_count; i++)
        bytes += mm_bytes_at(payload, type->byte_buffers[i])->capacity;
    return bytes;
}

int malloc_buffer_resize(void **buffer, size_t old_bytes, size_t new_bytes)
{
    struct heap *heap = &malloc_heap;
    if (new_bytes > old_bytes && !held_take(&heap->held, new_bytes - old_bytes))
        return -ENOMEM;
    if (new_bytes == 0) {
        free(*buffer);
        *buffer = NULL;
    } else {
        void *resized = realloc(*buffer, new_bytes);
        if (!resized) {
            if (new_bytes > old_bytes)
                held_refused_slow(&heap->held, new_bytes - old_bytes);
            return -ENOMEM;
        }
        *buffer = resized;
    }
    if (new_bytes > old_bytes)
        memset((char *)*buffer + old_bytes, 0, new_bytes - old_bytes);
    else
        held_give(&heap->held, old_bytes - new_bytes);
    counts_resize(&heap->counts, old_bytes, new_bytes);
    return 0;
}

void malloc_free_buffers(const struct mm_type *type, void *object)
{
    for (unsigned i = 0; i < type->refs_count; i++) {
        struct mm_refs *refs = mm_refs_at(object, type->ref_buffers[i]);
        void *buffer = refs->slots;
        malloc_buffer_resize(&buffer, refs->capacity * sizeof *refs->slots, 0);
    }
    for (unsigned i = 0; i < type->bytes_count; i++) {
        struct mm_bytes *bytes = mm_bytes_at(object, type->byte_buffers[i]);
        void *buffer = bytes->bytes;
        malloc_buffer_resize(&buffer, bytes->capacity, 0);
    }
}
