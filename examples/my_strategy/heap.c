#include "mm.h"

#include <stdlib.h>

#include "common/common.h"

struct heap my_strategy_heap;

/* Memory from the system's allocator that is cut into cells, and one that is a cell of its own. */
struct my_strategy_chunk {
    struct my_strategy_chunk *next;
    size_t bytes;
    _Alignas(16) char cells[];
};

struct my_strategy_block {
    struct my_strategy_block *next, *before;
    size_t bytes;
    _Alignas(16) char memory[];
};

enum { CHUNK_KIB };
static const struct mm_param params[] = {
    [CHUNK_KIB] = {"chunk_kib", 64, 4, 1 << 20, "memory taken from the system's allocator at a time, in KiB"},
    {.name = NULL},
};

const struct mm_strategy mm_strategy = {
    .name = "my_strategy",
    .summary = "hand-placed frees onto free lists of its own, one per size",
    .traits = MM_TRAITS,
    .params = params,
};

/* ---- the heap */

int mm_heap_open(const struct mm_config *config)
{
    int64_t values[1];
    int error = common_params_read(config, params, values);
    if (error)
        return error;
    my_strategy_heap = (struct heap){
        .chunk_bytes = (size_t)values[CHUNK_KIB] * 1024,
        .limit_bytes = config->heap_limit_bytes ? config->heap_limit_bytes : SIZE_MAX,
    };
    return 0;
}

void mm_heap_close(void)
{
    struct heap *heap = &my_strategy_heap;
    for (struct my_strategy_chunk *chunk = heap->chunks, *next; chunk; chunk = next) {
        next = chunk->next;
        free(chunk);
    }
    for (struct my_strategy_block *block = heap->blocks, *next; block; block = next) {
        next = block->next;
        free(block);
    }
    *heap = (struct heap){0};
}

/* malloc within the heap's limit; NULL at it. */
static void *hold(size_t bytes)
{
    struct heap *heap = &my_strategy_heap;
    if (bytes > heap->limit_bytes - heap->footprint_bytes)
        return NULL;
    void *memory = malloc(bytes);
    if (!memory)
        return NULL;
    heap->footprint_bytes += bytes;
    if (heap->footprint_bytes > heap->peak_bytes)
        heap->peak_bytes = heap->footprint_bytes;
    return memory;
}

static void *take_block(size_t bytes)
{
    struct my_strategy_block *block = hold(sizeof *block + bytes);
    if (!block)
        return NULL;
    struct my_strategy_block *first = my_strategy_heap.blocks;
    *block = (struct my_strategy_block){.next = first, .bytes = sizeof *block + bytes};
    if (first)
        first->before = block;
    my_strategy_heap.blocks = block;
    return block->memory;
}

void my_strategy_give_block(void *memory)
{
    struct heap *heap = &my_strategy_heap;
    struct my_strategy_block *block =
        (struct my_strategy_block *)(void *)((char *)memory - offsetof(struct my_strategy_block, memory));
    heap->footprint_bytes -= block->bytes;
    if (block->next)
        block->next->before = block->before;
    if (block->before)
        block->before->next = block->next;
    else
        heap->blocks = block->next;
    free(block);
}

/* What is left of the old chunk is lost, less than a cell of the largest class. */
void *my_strategy_take_slow(size_t bytes)
{
    struct heap *heap = &my_strategy_heap;
    if (bytes > MY_STRATEGY_CELL_MAX)
        return bytes > PTRDIFF_MAX / 2 ? NULL : take_block(bytes);
    bytes = (bytes + MY_STRATEGY_STEP_BYTES - 1) / MY_STRATEGY_STEP_BYTES * MY_STRATEGY_STEP_BYTES;
    if ((size_t)(heap->end - heap->fresh) < bytes) {
        struct my_strategy_chunk *chunk = hold(heap->chunk_bytes);
        if (!chunk)
            return NULL;
        *chunk = (struct my_strategy_chunk){.next = heap->chunks, .bytes = heap->chunk_bytes};
        heap->chunks = chunk;
        heap->fresh = chunk->cells;
        heap->end = (char *)chunk + heap->chunk_bytes;
    }
    void *cell = heap->fresh;
    heap->fresh += bytes;
    return cell;
}

/* ---- buffers */

int my_strategy_resize(void **buffer, size_t old_bytes, size_t new_bytes)
{
    void *resized = NULL;
    if (new_bytes && !(resized = my_strategy_take(new_bytes)))
        return -ENOMEM;
    size_t kept = old_bytes < new_bytes ? old_bytes : new_bytes;
    if (kept)
        memcpy(resized, *buffer, kept);
    if (new_bytes > kept)
        memset((char *)resized + kept, 0, new_bytes - kept);
    if (old_bytes)
        my_strategy_give(*buffer, old_bytes);
    counts_resize(&my_strategy_heap.counts, old_bytes, new_bytes);
    *buffer = resized;
    return 0;
}

void my_strategy_free_buffers(const struct mm_type *type, void *object)
{
    for (unsigned i = 0; i < type->refs_count; i++) {
        struct mm_refs *refs = mm_refs_at(object, type->ref_buffers[i]);
        void *buffer = refs->slots;
        my_strategy_resize(&buffer, refs->capacity * sizeof *refs->slots, 0);
    }
    for (unsigned i = 0; i < type->bytes_count; i++) {
        struct mm_bytes *bytes = mm_bytes_at(object, type->byte_buffers[i]);
        void *buffer = bytes->bytes;
        my_strategy_resize(&buffer, bytes->capacity, 0);
    }
}

/* ---- what the harness asks */

size_t mm_collect(int generation)
{
    (void)generation;
    return 0;
}

void mm_stats_get(struct mm_stats *stats)
{
    *stats = (struct mm_stats){
        .footprint_bytes = my_strategy_heap.footprint_bytes,
        .peak_footprint_bytes = my_strategy_heap.peak_bytes,
    };
    common_counts_report(&my_strategy_heap.counts, stats);
}

void mm_stats_reset_peak(void)
{
    my_strategy_heap.peak_bytes = my_strategy_heap.footprint_bytes;
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

static bool in_a_chunk(const void *memory)
{
    for (const struct my_strategy_chunk *chunk = my_strategy_heap.chunks; chunk; chunk = chunk->next)
        if ((const char *)memory >= chunk->cells && (const char *)memory < (const char *)chunk + chunk->bytes)
            return true;
    return false;
}

const char *mm_heap_check(void)
{
    const struct heap *heap = &my_strategy_heap;
    size_t held = 0;
    for (const struct my_strategy_chunk *chunk = heap->chunks; chunk; chunk = chunk->next)
        held += chunk->bytes;
    for (const struct my_strategy_block *block = heap->blocks; block; block = block->next)
        held += block->bytes;
    if (held != heap->footprint_bytes)
        return "my_strategy: the footprint is not the sum of what is held";
    if (held > heap->limit_bytes)
        return "my_strategy: more is held than the limit allows";
    for (size_t class = 0; class < MY_STRATEGY_CLASSES; class ++)
        for (const struct my_strategy_cell *cell = heap->lists[class]; cell; cell = cell->next)
            if (!in_a_chunk(cell))
                return "my_strategy: a cell on a free list is in no chunk";
    if (heap->counts.objects_freed > heap->counts.objects_allocated)
        return "my_strategy: more objects were freed than allocated";
    return NULL;
}
