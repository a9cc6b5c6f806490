/* Reclaiming what is unreachable, in CPython's order: what a legacy finalizer keeps, weak references and their
 * callbacks, finalizers, another look at what they resurrected and what weak references they made; then the rest goes.
 * Finalizers and callbacks may allocate: then everything moves, trash too, and nothing is reclaimed until the
 * collection is over. */
#include <stdlib.h>

#include "torture/torture.h"

/* ---- legacy finalizers: trash in a cycle, or reached from one, is kept if it has one */

static bool is_legacy(const struct torture_object *object)
{
    return object->trash && object->type->finalize && object->type->flags & MM_TYPE_LEGACY;
}

static bool has_legacy(void)
{
    for (size_t i = 0; i < torture_heap.count; i++)
        if (is_legacy(&torture_heap.objects[i]))
            return true;
    return false;
}

static void degree_add(struct mm_ref *field, struct torture_object *owner, void *context)
{
    const struct torture_object *target = torture_target(field, owner);
    if (target)
        ((uint32_t *)context)[torture_index(target)]++;
}

/* Trash to which no trash refers is peeled off, again and again: what remains is in a cycle, or reached from one. */
struct peel {
    uint32_t *degrees, *free;
    size_t free_count;
};

static void peel_field(struct mm_ref *field, struct torture_object *owner, void *context)
{
    struct peel *peel = context;
    const struct torture_object *target = torture_target(field, owner);
    if (target && target->trash && --peel->degrees[torture_index(target)] == 0)
        peel->free[peel->free_count++] = (uint32_t)torture_index(target);
}

static void peel_run(struct peel *peel)
{
    struct heap *heap = &torture_heap;
    for (size_t i = 0; i < heap->count; i++)
        if (heap->objects[i].trash)
            torture_visit(&heap->objects[i], degree_add, peel->degrees);
    for (size_t i = 0; i < heap->count; i++)
        if (heap->objects[i].trash && peel->degrees[i] == 0)
            peel->free[peel->free_count++] = (uint32_t)i;
    while (peel->free_count)
        torture_visit(&heap->objects[peel->free[--peel->free_count]], peel_field, peel);
}

/* Takes the uncollectable out of the trash, and what they reach. Returns how many that is. */
static size_t legacy_keep(void)
{
    struct heap *heap = &torture_heap;
    struct peel peel = {.degrees = calloc(heap->count, sizeof *peel.degrees), .free = heap->pending};
    if (!peel.degrees) { /* it cannot be known which are: nothing goes until it can */
        for (size_t i = 0; i < heap->count; i++)
            heap->objects[i].trash = false;
        return 0;
    }
    peel_run(&peel);
    for (size_t i = 0; i < heap->count; i++)
        if (is_legacy(&heap->objects[i]) && peel.degrees[i])
            heap->objects[i].garbage = true;
    free(peel.degrees);
    torture_mark();
    size_t kept = 0;
    for (size_t i = 0; i < heap->count; i++) {
        struct torture_object *object = &heap->objects[i];
        kept += object->trash && object->reached;
        object->trash = object->trash && !object->reached;
    }
    return kept;
}

/* ---- finalizers */

/* Runs those of the trash, once each. True if there were any. */
static bool finalizers_run(void)
{
    bool any = false;
    for (size_t i = 0; i < torture_heap.count; i++) {
        struct torture_object *object = &torture_heap.objects[i];
        if (!object->trash || object->finalized || !object->type->finalize)
            continue;
        object->finalized = any = true;
        object->type->finalize(object->payload);
    }
    return any;
}

static void resurrected_keep(void)
{
    torture_mark();
    for (size_t i = 0; i < torture_heap.count; i++)
        if (torture_heap.objects[i].reached)
            torture_heap.objects[i].trash = false;
}

/* ---- the rest */

static void blocks_each(const struct torture_object *object, bool drop, size_t index)
{
    struct torture_space *space = &torture_heap.space;
    size_t bytes = torture_payload_bytes(object);
    if (drop)
        torture_space_drop(space, object->payload, bytes, object);
    else
        torture_space_own(space, object->payload, bytes, index);
    for (size_t i = 0; i < torture_buffer_count(object->type); i++) {
        const struct torture_buffer *buffer = &object->buffers[i];
        bytes = buffer->capacity * torture_element_bytes(object->type, i);
        if (buffer->block && drop)
            torture_space_drop(space, buffer->block, bytes, object);
        else if (buffer->block)
            torture_space_own(space, buffer->block, bytes, index);
    }
}

static void reclaim(struct torture_object *object)
{
    struct heap *heap = &torture_heap;
    torture_object_verify(object);
    counts_free(&heap->counts, torture_object_bytes(object));
    heap->held_bytes -= torture_object_block_bytes(object);
    blocks_each(object, true, 0);
    torture_record_free(object);
}

/* Records close ranks, so what survives changes its index, which the space's owners have to know. */
static size_t trash_reclaim(void)
{
    struct heap *heap = &torture_heap;
    size_t kept = 0, count = heap->count;
    for (size_t i = 0; i < count; i++) {
        if (heap->objects[i].trash) {
            reclaim(&heap->objects[i]);
            continue;
        }
        if (kept != i) {
            heap->objects[kept] = heap->objects[i];
            blocks_each(&heap->objects[kept], false, kept);
        }
        kept++;
    }
    heap->count = kept;
    return count - kept;
}

size_t torture_collect(size_t *uncollectable)
{
    struct heap *heap = &torture_heap;
    heap->collecting = true;
    heap->since_collection = 0;
    torture_mark();
    for (size_t i = 0; i < heap->count; i++)
        heap->objects[i].trash = !heap->objects[i].reached;
    size_t kept = has_legacy() ? legacy_keep() : 0;
    torture_weak_clear();
    if (finalizers_run()) {
        resurrected_keep();
        torture_weak_clear(); /* those that the finalizers made */
    }
    size_t reclaimed = trash_reclaim();
    torture_references_recount();
    heap->collecting = false;
    if (uncollectable)
        *uncollectable = kept;
    return reclaimed;
}
