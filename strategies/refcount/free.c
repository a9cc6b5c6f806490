/* free.c: what follows when the last reference goes.
 *
 * The dead wait in a list threaded through their counts, so that a chain of any length is freed in a loop: no recursion
 * and no memory. The order is that of a recursive free that visits a node before its children, fields in their order:
 * they are dropped from the last to the first, each put before the others. */
#include "internal.h"

#include <assert.h>

#include "common/common.h"
#include "common/watch.h"

/* Finalizers and callbacks nested deeper than this leave their dead to the outermost cascade, as CPython's trashcan
 * does: code outside the strategy is the only way left to recur. */
#define REFCOUNT_NESTING_MAX 50

static void cascade_announce_slow(struct refcount_cascade *cascade)
{
    if (cascade->announced || !refcount_tells())
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
    refcount_write(header, WORD_SPECIAL | WORD_TYPED | REFCOUNT_FINALIZED);
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

/* Where an object's block begins. */
static inline void *block_of(struct refcount_header *header, uint64_t word)
{
    return (char *)header - word_typed_bytes(word);
}

static inline void free_block(struct refcount_header *header, uint64_t word)
{
    refcount_list_remove(header);
    watch_died(refcount_payload(header));
    free(block_of(header, word));
}

/* Accounts for `objects` that were freed, each of so many payload bytes and with this word. */
static inline void count_freed(struct refcount_mutator *mutator, uint64_t objects, uint64_t word, size_t payload_bytes)
{
    size_t bytes = word_typed_bytes(word) + sizeof(struct refcount_header) + payload_bytes;
    refcount_count_free(mutator, objects, objects * payload_bytes, word & WORD_TYPED ? objects : 0);
    refcount_unhold(mutator, objects * bytes);
}

/* CPython's order: finalizer, weak references, legacy finalizer, references, memory. */
static struct refcount_header *free_special(struct refcount_mutator *mutator, struct refcount_header *header,
                                            struct refcount_header *dead)
{
    const struct mm_type *type = *refcount_type(header);
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
    if (legacy && type->weaklist)
        refcount_weak_forget((struct mm_weaklist *)(void *)((char *)object + type->weaklist));
    dead = drop_all(object, type, dead);
    count_freed(mutator, 1, WORD_TYPED, mm_type_payload_bytes(type, mm_type_length(type, object)));
    free_block(header, WORD_TYPED);
    return dead;
}

/* ---- simple objects, in batches */

/* What waits does so in an array as long as a batch lasts: no object adds more to it than all its references but one.
 */
enum { BATCH_OBJECTS = MM_CASCADE, WAITING_MAX = BATCH_OBJECTS * (WORD_REFS_MAX - 1) };

struct batch {
    struct refcount_header *header;          /* to be freed next, or NULL */
    struct refcount_header *dead;            /* what comes after the waiting */
    uint64_t left;                           /* how many may still be freed */
    struct refcount_header **waiting, **end; /* the last comes first */
};

/* What of an object's references dies: the one to be freed next stays out of the array, in a register. */
MM_INLINE struct refcount_header *drop_next(struct batch *batch, const struct mm_ref *field,
                                            struct refcount_header *next)
{
    void *object = field->object;
    if (!object || !refcount_drop(refcount_of(object)))
        return next;
    if (next)
        *batch->end++ = next;
    return refcount_of(object);
}

/* The last reference first. */
MM_INLINE struct refcount_header *drop_refs(struct batch *batch, const struct mm_ref *payload, unsigned refs)
{
    struct refcount_header *next = NULL;
    while (refs) {
        unsigned last = 31 - (unsigned)__builtin_clz(refs);
        next = drop_next(batch, &payload[last], next);
        refs ^= 1u << last;
    }
    return next;
}

MM_INLINE struct refcount_header *take_dead(struct batch *batch)
{
    struct refcount_header *header = batch->dead;
    if (header)
        batch->dead = refcount_next_dead(refcount_read(header));
    return header;
}

MM_INLINE struct refcount_header *take_waiting(struct batch *batch)
{
    return batch->end > batch->waiting ? *--batch->end : take_dead(batch);
}

/* Frees what is next as long as it is of one shape. `is_list`: its only reference is the payload's first word. */
MM_INLINE void free_run(struct batch *batch, uint64_t shape, bool is_list)
{
    struct refcount_header *header = batch->header, *next;
    do {
        const struct mm_ref *payload = refcount_payload(header);
        if (is_list)
            next = drop_next(batch, &payload[0], NULL);
        else
            next = drop_refs(batch, payload, word_refs(shape));
        free_block(header, is_list ? 0 : shape);
        header = next ? next : take_waiting(batch);
    } while (--batch->left && header && (refcount_read(header) & WORD_SHAPE) == shape);
    batch->header = header;
}

/* The same for trees, whose references are the payload's first two words. What an inner node does and what a leaf does
 * is laid out in a row each, so that nothing is looked at twice and few branches are taken. */
static __attribute__((noinline)) void free_tree(struct batch *batch, uint64_t shape)
{
    struct refcount_header *header = batch->header, **end = batch->end;
    uint64_t left = batch->left;
    do {
        const struct mm_ref *payload = refcount_payload(header);
        void *first = payload[0].object, *second = payload[1].object;
        bool second_dies = second && __builtin_expect(refcount_drop(refcount_of(second)), 1);
        if (first && __builtin_expect(refcount_drop(refcount_of(first)), 1)) {
            if (__builtin_expect(second_dies, 1))
                *end++ = refcount_of(second);
            free_block(header, 0);
            header = refcount_of(first);
        } else {
            free_block(header, 0);
            if (second_dies)
                header = refcount_of(second);
            else if (__builtin_expect(end > batch->waiting, 1))
                header = *--end;
            else if (!(header = take_dead(batch)))
                break;
        }
        left--;
    } while (left && (refcount_read(header) & WORD_SHAPE) == shape);
    batch->header = header;
    batch->end = end;
    batch->left = header ? left : left - 1;
}

/* Frees `header`, and of what dies with it and of the list `dead` simple objects, as many as `most`, until a special
 * one comes or none is left. Returns what is left. `most` is at most BATCH_OBJECTS.
 *
 * For list nodes and trees the processor goes on to the next object before it has read this one's shape; for any other
 * it has to know that to find the references. */
static struct refcount_header *free_simple(struct refcount_mutator *mutator, struct refcount_header *header,
                                           struct refcount_header *dead, uint64_t most)
{
    struct refcount_header *waiting[WAITING_MAX];
    struct batch batch = {.header = header, .dead = dead, .left = most, .waiting = waiting, .end = waiting};
    while (batch.header && batch.left) {
        uint64_t shape = refcount_read(batch.header) & WORD_SHAPE, left = batch.left;
        if (shape & WORD_SPECIAL)
            break;
        if ((shape & (WORD_REFS | WORD_TYPED)) == WORD_FIRST_REFS(2))
            free_tree(&batch, shape);
        else if ((shape & (WORD_REFS | WORD_TYPED)) == WORD_FIRST_REFS(1))
            free_run(&batch, shape, true);
        else
            free_run(&batch, shape, false);
        count_freed(mutator, left - batch.left, shape, word_size(shape));
    }
    if (!batch.header)
        return NULL;
    for (; batch.waiting < batch.end; batch.waiting++)
        batch.dead = refcount_push_dead(*batch.waiting, batch.dead);
    return refcount_push_dead(batch.header, batch.dead);
}

/* ---- lists of the dead */

static struct refcount_header *free_first(struct refcount_mutator *mutator, struct refcount_header *dead)
{
    struct refcount_header *header = dead;
    dead = refcount_next_dead(refcount_read(header));
    bool is_pause = mutator->objects_freed >= mutator->cascade.mark;
    if (is_pause)
        cascade_announce_slow(&mutator->cascade);
    if (refcount_read(header) & WORD_SPECIAL)
        return free_special(mutator, header, dead);
    /* Up to the free that begins a pause, and no further. A pause that nobody is told of has begun as well. */
    uint64_t until_pause = mutator->cascade.mark - mutator->objects_freed;
    bool batch = is_pause || until_pause > BATCH_OBJECTS;
    return free_simple(mutator, header, dead, batch ? BATCH_OBJECTS : until_pause);
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
    struct refcount_header *dead = free_simple(mutator, header, NULL, BATCH_OBJECTS);
    if (__builtin_expect(dead != NULL, 0))
        cascade_go_on(mutator, dead, start);
}

/* What dies after the first node of a list, and was freed with it. */
static __attribute__((noinline)) void chain_go_on(struct refcount_mutator *mutator, struct refcount_header *dead,
                                                  uint64_t freed)
{
    cascade_go_on(mutator, refcount_push_dead(dead, NULL), mutator->objects_freed - freed);
}

/* A list: `object` is its second node. Nothing waits, since each node has one reference: as long as it has, and the
 * next node is of the same shape and has no other, that dies, and its word is not written before. */
static __attribute__((noinline)) void free_chain(struct refcount_mutator *mutator, struct refcount_header *header,
                                                 uint64_t shape, void *object)
{
    uint64_t freed = 1;
    while (object && refcount_is_only(refcount_of(object), shape) && freed < BATCH_OBJECTS) {
        free_block(header, 0);
        header = refcount_of(object);
        object = ((const struct mm_ref *)object)->object;
        freed++;
    }
    free_block(header, 0);
    count_freed(mutator, freed, 0, word_size(shape));
    if (__builtin_expect(object && refcount_drop(refcount_of(object)), 0))
        chain_go_on(mutator, refcount_of(object), freed);
}

/* Much of what dies takes nothing with it: a leaf, and the last node of a list, are freed without setting up a loop. */
void refcount_free_slow(struct refcount_header *header)
{
    struct refcount_mutator *mutator = refcount_mutator();
    uint64_t shape = refcount_read(header) & WORD_SHAPE, kind = shape & (WORD_REFS | WORD_SPECIAL | WORD_TYPED);
    const struct mm_ref *payload = refcount_payload(header);
    if (__builtin_expect(mutator->cascade.nesting != 0, 0)) {
        cascade_run_nested(mutator, refcount_push_dead(header, NULL));
    } else if (kind == 0 || (kind == WORD_FIRST_REFS(1) && !payload[0].object)) {
        count_freed(mutator, 1, 0, word_size(shape));
        free_block(header, 0);
    } else if (kind == WORD_FIRST_REFS(1)) {
        free_chain(mutator, header, shape, payload[0].object);
    } else {
        cascade_start(mutator, header);
    }
}
