/* free.c: what follows when the last reference goes.
 *
 * The dead wait in a list threaded through their counts, so that a chain of any length is freed in a loop: no recursion
 * and no memory. The order is that of a recursive free that visits a node before its children, fields in their order:
 * they are dropped from the last to the first, each put before the others. */
#include "internal.h"

#include <assert.h>

#include "common/common.h"

/* Finalizers and callbacks nested deeper than this leave their dead to the outermost cascade, as CPython's trashcan
 * does: code outside the strategy is the only way left to recur. */
#define REFCOUNT_NESTING_MAX 50

static void cascade_announce_slow(struct refcount_cascade *cascade)
{
    if (cascade->announced)
        return;
    cascade->announced = true;
    common_emit(&(struct mm_event){.kind = MM_EVENT_PAUSE_BEGIN, .cause = MM_PAUSE_CASCADE});
}

static void cascade_end_slow(struct refcount_mutator *mutator)
{
    mutator->cascade.announced = false;
    uint64_t freed = mutator->objects_freed - (mutator->cascade.mark - MM_CASCADE);
    common_emit(&(struct mm_event){.kind = MM_EVENT_PAUSE_END, .cause = MM_PAUSE_CASCADE, .freed = freed});
}

/* Runs the finalizer, once in an object's life. True if the object lives on because of it. */
static bool finalize(struct refcount_header *header, const struct mm_type *type, struct refcount_cascade *cascade)
{
    if (!type->finalize || refcount_read(header) & REFCOUNT_FINALIZED)
        return false;
    refcount_write(header, REFCOUNT_SPECIAL | REFCOUNT_FINALIZED);
    cascade->nesting++;
    type->finalize(refcount_payload(header));
    cascade->nesting--;
    if (!refcount_drop(header))
        return true;
    refcount_push_dead(header, NULL);
    return false;
}

static struct refcount_header *drop_slots(struct mm_ref *slots, size_t count, struct refcount_header *dead)
{
    for (size_t i = 0; i < count; i++)
        dead = refcount_drop_later(&slots[i], dead);
    return dead;
}

/* Drops everything that an object refers to and frees its buffers. The last of the fields is dropped first, as said
 * above, so that the first dies first; buffers and tails die from their last slot on, as Python's lists and tuples. */
static struct refcount_header *drop_all(void *object, const struct mm_type *type, struct refcount_header *dead)
{
    if (type->tail == MM_TAIL_REFS)
        dead = drop_slots(mm_tail_refs(type, object), mm_type_length(type, object), dead);
    for (unsigned i = type->bytes_count; i-- > 0;) {
        struct mm_bytes *bytes = mm_bytes_at(object, type->byte_buffers[i]);
        void *block = bytes->bytes;
        refcount_block_resize(&block, bytes->capacity, 0);
    }
    for (unsigned i = type->refs_count; i-- > 0;) {
        struct mm_refs *refs = mm_refs_at(object, type->ref_buffers[i]);
        dead = drop_slots(refs->slots, refs->capacity, dead);
        void *block = refs->slots;
        refcount_block_resize(&block, refs->capacity * sizeof *refs->slots, 0);
    }
    for (unsigned i = type->ref_count; i-- > 0;)
        dead = refcount_drop_later(mm_ref_at(object, type->refs[i]), dead);
    return dead;
}

static inline void free_block(struct refcount_mutator *mutator, struct refcount_header *header, size_t payload_bytes)
{
    refcount_count_free(mutator, 1, payload_bytes);
    refcount_unhold(mutator, sizeof *header + payload_bytes);
    refcount_list_remove(header);
    free(header);
}

/* CPython's order: finalizer, weak references, legacy finalizer, references, memory. */
static struct refcount_header *free_special(struct refcount_mutator *mutator, struct refcount_header *header,
                                            struct refcount_header *dead)
{
    const struct mm_type *type = header->type;
    void *object = refcount_payload(header);
    struct refcount_cascade *cascade = &mutator->cascade;
    if (type == &refcount_weak_type)
        refcount_weak_unlink(object);
    bool legacy = type->flags & MM_TYPE_LEGACY;
    if (!legacy && finalize(header, type, cascade))
        return dead;
    if (type->weaklist) {
        cascade->nesting++;
        refcount_weak_clear((struct mm_weaklist *)(void *)((char *)object + type->weaklist));
        cascade->nesting--;
    }
    if (legacy && finalize(header, type, cascade))
        return dead;
    dead = drop_all(object, type, dead);
    free_block(mutator, header, mm_type_payload_bytes(type, mm_type_length(type, object)));
    return dead;
}

/* What of an object's fields dies: the one to be freed next stays out of the list, in a register. */
static inline struct refcount_header *drop_next(struct mm_ref *field, struct refcount_header *next,
                                                struct refcount_header **dead)
{
    void *object = field->object;
    if (!object || !refcount_drop(refcount_of(object)))
        return next;
    if (next)
        *dead = refcount_push_dead(next, *dead);
    return refcount_of(object);
}

static inline struct refcount_header *drop_fields(struct mm_ref *fields, unsigned count, struct refcount_header **dead)
{
    struct refcount_header *next = NULL;
    while (count-- > 0)
        next = drop_next(&fields[count], next, dead);
    return next;
}

/* Frees `header`, and of what dies with it and of the list `dead` simple objects, as many as `most`, until a special
 * one comes or none is left. Returns what is left.
 *
 * The layouts of list nodes and trees are guessed by a branch, so that the processor goes on to the next object before
 * it has read this one's shape; any other is computed. The counts are kept in registers. */
REFCOUNT_INLINE struct refcount_header *free_simple(struct refcount_mutator *mutator, struct refcount_header *header,
                                                    struct refcount_header *dead, uint64_t most)
{
    uint64_t left = most, sizes = 0;
    while (header) {
        uint64_t word = refcount_read(header), layout = word & (REFCOUNT_LAYOUT | REFCOUNT_SPECIAL);
        struct mm_ref *fields = refcount_payload(header);
        struct refcount_header *next;
        if (__builtin_expect(layout & REFCOUNT_SPECIAL || left == 0, 0)) {
            dead = refcount_push_dead(header, dead);
            break;
        }
        if (layout == refcount_layout(2, 0))
            next = drop_next(&fields[0], drop_next(&fields[1], NULL, &dead), &dead);
        else if (layout == refcount_layout(1, 0))
            next = drop_next(&fields[0], NULL, &dead);
        else
            next = drop_fields(mm_ref_at(fields, refcount_shape_first(word)), refcount_shape_fields(word), &dead);
        left--;
        sizes += word & REFCOUNT_SIZE;
        refcount_list_remove(header);
        free(header);
        if (!next && dead) {
            next = dead;
            dead = refcount_next_dead(refcount_read(next));
        }
        header = next;
    }
    uint64_t objects = most - left, bytes = refcount_shape_bytes(sizes);
    refcount_count_free(mutator, objects, bytes);
    refcount_unhold(mutator, bytes + objects * sizeof(struct refcount_header));
    return dead;
}

static struct refcount_header *free_first(struct refcount_mutator *mutator, struct refcount_header *dead)
{
    struct refcount_header *header = dead;
    dead = refcount_next_dead(refcount_read(header));
    if (mutator->objects_freed >= mutator->cascade.mark)
        cascade_announce_slow(&mutator->cascade);
    if (refcount_read(header) & REFCOUNT_SPECIAL)
        return free_special(mutator, header, dead);
    uint64_t until_pause = mutator->cascade.mark - mutator->objects_freed;
    return free_simple(mutator, header, dead, mutator->cascade.announced ? UINT64_MAX : until_pause);
}

static void free_list(struct refcount_mutator *mutator, struct refcount_header *dead)
{
    while (dead)
        dead = free_first(mutator, dead);
}

/* Inside a finalizer or a callback. */
static void cascade_run_nested(struct refcount_mutator *mutator, struct refcount_header *dead)
{
    struct refcount_cascade *cascade = &mutator->cascade;
    if (cascade->nesting < REFCOUNT_NESTING_MAX) {
        free_list(mutator, dead);
        return;
    }
    while (dead) {
        struct refcount_header *next = refcount_next_dead(refcount_read(dead));
        cascade->deferred = refcount_push_dead(dead, cascade->deferred);
        dead = next;
    }
}

/* The rest of a cascade that began when `start` objects had been freed. */
static void cascade_go_on(struct refcount_mutator *mutator, struct refcount_header *dead, uint64_t start)
{
    struct refcount_cascade *cascade = &mutator->cascade;
    cascade->mark = start + MM_CASCADE;
    free_list(mutator, dead);
    while (cascade->deferred) {
        dead = cascade->deferred;
        cascade->deferred = NULL;
        free_list(mutator, dead);
    }
    if (cascade->announced)
        cascade_end_slow(mutator);
}

void refcount_cascade_run(struct refcount_header *dead)
{
    struct refcount_mutator *mutator = refcount_mutator();
    if (mutator->cascade.nesting)
        cascade_run_nested(mutator, dead);
    else
        cascade_go_on(mutator, dead, mutator->objects_freed);
}

/* Not inlined, so that a leaf's death saves no registers. */
static __attribute__((noinline)) void cascade_start(struct refcount_mutator *mutator, struct refcount_header *header)
{
    uint64_t start = mutator->objects_freed;
    struct refcount_header *dead = free_simple(mutator, header, NULL, MM_CASCADE);
    if (__builtin_expect(dead != NULL, 0))
        cascade_go_on(mutator, dead, start);
}

/* Much of what dies takes nothing with it: a leaf, and the last node of a list, are freed without setting up a loop. */
void refcount_free_slow(struct refcount_header *header)
{
    struct refcount_mutator *mutator = refcount_mutator();
    uint64_t word = refcount_read(header), layout = word & (REFCOUNT_LAYOUT | REFCOUNT_SPECIAL);
    const struct mm_ref *fields = refcount_payload(header);
    if (__builtin_expect(mutator->cascade.nesting != 0, 0)) {
        cascade_run_nested(mutator, refcount_push_dead(header, NULL));
        return;
    }
    if (layout == 0 || (layout == refcount_layout(1, 0) && !fields[0].object)) {
        free_block(mutator, header, refcount_shape_bytes(word & REFCOUNT_SIZE));
        return;
    }
    cascade_start(mutator, header);
}
