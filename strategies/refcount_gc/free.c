/* free.c: destruction, in CPython's order.
 *
 * What an object refers to is dropped field by field, and what dies of it is destroyed before the next field is looked
 * at: by recursion, because the order shows in finalizers, callbacks and the collector's lists. The recursion is 50
 * deep at most. What dies deeper is deferred, last in first out, until the outermost destructor is through: CPython's
 * trashcan. The list of the deferred is threaded through their links. */
#include "internal.h"

#include "common/common.h"
#include "common/watch.h"

enum { NESTING_MAX = 50 };

static void destroy(struct refcount_gc_header *header, unsigned depth);

/* ---- cascades that are pauses */

/* Inside a collection the pause is the collection's. */
static void cascade_start(struct heap *heap)
{
    heap->cascade_start = heap->objects_freed;
    heap->cascade_mark = heap->collecting ? UINT64_MAX : heap->objects_freed + MM_CASCADE;
}

static void cascade_announce_slow(struct heap *heap)
{
    heap->cascade_mark = UINT64_MAX;
    heap->announced = true;
    common_emit(&(struct mm_event){.kind = MM_EVENT_PAUSE_BEGIN, .cause = MM_PAUSE_CASCADE});
}

static void cascade_end_slow(struct heap *heap)
{
    heap->announced = false;
    common_emit(&(struct mm_event){
        .kind = MM_EVENT_PAUSE_END, .cause = MM_PAUSE_CASCADE, .freed = heap->objects_freed - heap->cascade_start});
}

void refcount_gc_cascade_break(void)
{
    if (refcount_gc_heap.announced)
        cascade_end_slow(&refcount_gc_heap);
    cascade_start(&refcount_gc_heap);
}

/* ---- what all objects do */

static __attribute__((noinline)) void free_and_announce_slow(struct heap *heap, void *block)
{
    cascade_announce_slow(heap);
    blocks_free(block);
}

/* The last step of a death. Both calls are the function's last: nothing is saved for what follows them. */
MM_INLINE void free_counted(struct heap *heap, void *block)
{
    if (__builtin_expect(++heap->objects_freed > heap->cascade_mark, 0))
        free_and_announce_slow(heap, block);
    else
        blocks_free(block);
}

/* The account of so many containers, but for `objects_freed`. */
MM_INLINE void count_containers(struct heap *heap, size_t count, size_t payload_bytes)
{
    const size_t before_payload = sizeof(struct refcount_gc_link) + sizeof(struct refcount_gc_header);
    heap->containers_freed += count;
    heap->bytes_freed += payload_bytes;
    refcount_gc_unhold(count * before_payload + payload_bytes);
    heap->count[0] -= heap->count[0] < count ? heap->count[0] : count;
}

MM_INLINE void free_container(struct heap *heap, struct refcount_gc_header *header, size_t payload_bytes)
{
    count_containers(heap, 1, payload_bytes);
    watch_died(refcount_gc_payload(header));
    free_counted(heap, refcount_gc_link_of(header));
}

static void free_leaf(struct heap *heap, struct refcount_gc_header *header, size_t payload_bytes)
{
    heap->bytes_freed += payload_bytes;
    refcount_gc_unhold(sizeof *header + payload_bytes);
    watch_died(refcount_gc_payload(header));
    free_counted(heap, header);
}

void refcount_gc_free_block(struct refcount_gc_header *header)
{
    size_t payload_bytes =
        mm_type_payload_bytes(header->type, mm_type_length(header->type, refcount_gc_payload(header)));
    if (refcount_gc_is_container(header->word))
        free_container(&refcount_gc_heap, header, payload_bytes);
    else
        free_leaf(&refcount_gc_heap, header, payload_bytes);
}

/* `depth`: destructors on the C stack. */
MM_INLINE void drop_deep(struct mm_ref *field, void *depth)
{
    struct refcount_gc_header *target = refcount_gc_of(field->object);
    if (refcount_gc_drop(target))
        destroy(target, *(const unsigned *)depth);
}

/* Untracks a dead container. False if it has to wait for its destruction. */
MM_INLINE bool destroy_now(struct heap *heap, struct refcount_gc_header *header, unsigned depth)
{
    struct refcount_gc_link *link = refcount_gc_link_of(header);
    if (refcount_gc_is_tracked(link))
        refcount_gc_untrack(link);
    if (__builtin_expect(depth < NESTING_MAX, 1))
        return true;
    link->previous = heap->deferred ? refcount_gc_link_of(heap->deferred) : NULL;
    heap->deferred = header;
    return false;
}

/* ---- special objects */

/* Runs code of the mutator's inside a destructor at `depth`. */
static void call_finalizer(struct heap *heap, struct refcount_gc_header *header, unsigned depth)
{
    unsigned outer = heap->nesting;
    heap->nesting = depth;
    header->type->finalize(refcount_gc_payload(header));
    heap->nesting = outer;
}

/* One reference, which the finalizer's caller has. */
static void revive(struct refcount_gc_header *header)
{
    header->word = (header->word & (REFCOUNT_GC_SHAPE & ~REFCOUNT_GC_COLLECTING)) | REFCOUNT_GC_FINALIZED;
}

/* Once in an object's life; a container is tracked meanwhile, in generation 0, unless a collection in the finalizer
 * untracks it. True if it lives on because of it. */
static bool finalize(struct heap *heap, struct refcount_gc_header *header, unsigned depth)
{
    if (!header->type->finalize || header->word & REFCOUNT_GC_FINALIZED || heap->closing)
        return false;
    bool container = header->word & REFCOUNT_GC_CONTAINER;
    struct refcount_gc_link *link = refcount_gc_link_of(header);
    revive(header);
    if (container)
        refcount_gc_list_append(&heap->lists[0], link);
    call_finalizer(heap, header, depth);
    if (!refcount_gc_drop(header))
        return true;
    if (container && refcount_gc_is_tracked(link))
        refcount_gc_untrack(link);
    return false;
}

void refcount_gc_free_buffers(struct refcount_gc_header *header)
{
    const struct mm_type *type = header->type;
    void *object = refcount_gc_payload(header);
    for (unsigned i = 0; i < type->refs_count; i++) {
        struct mm_refs *refs = mm_refs_at(object, type->ref_buffers[i]);
        void *block = refs->slots;
        refcount_gc_block_resize(&block, refs->capacity * sizeof *refs->slots, 0);
    }
    for (unsigned i = 0; i < type->bytes_count; i++) {
        struct mm_bytes *bytes = mm_bytes_at(object, type->byte_buffers[i]);
        void *block = bytes->bytes;
        refcount_gc_block_resize(&block, bytes->capacity, 0);
    }
}

/* What the mutator is told of a death: its finalizer, its weak references. True if the object lives on because of it.
 * Not inlined, so that those that have neither save no registers. */
static __attribute__((noinline)) bool announce_death(struct heap *heap, struct refcount_gc_header *header,
                                                     unsigned depth)
{
    const struct mm_type *type = header->type;
    bool legacy = type->flags & MM_TYPE_LEGACY;
    if (!legacy && finalize(heap, header, depth))
        return true;
    if (type->weaklist) {
        unsigned outer = heap->nesting;
        heap->nesting = depth;
        refcount_gc_weak_clear(refcount_gc_weaklist(header));
        heap->nesting = outer;
    }
    if (legacy && finalize(heap, header, depth))
        return true;
    if (legacy && type->weaklist)
        refcount_gc_weak_forget(refcount_gc_weaklist(header));
    return false;
}

/* `depth`: destructors on the C stack, this one included. */
static void destroy_special(struct heap *heap, struct refcount_gc_header *header, unsigned depth)
{
    const struct mm_type *type = header->type;
    if ((type->finalize || type->weaklist) && announce_death(heap, header, depth))
        return;
    refcount_gc_trace_destroy(refcount_gc_payload(header), depth);
    refcount_gc_each_special(type, refcount_gc_payload(header), drop_deep, &depth);
    refcount_gc_free_buffers(header);
    refcount_gc_free_block(header);
}

/* ---- lists */

static inline bool is_list_node(uint64_t word)
{
    return (word & (REFCOUNT_GC_SPECIAL | REFCOUNT_GC_LAYOUT)) == refcount_gc_layout(1, 0);
}

/* A list's node, and those after it that die of it one after the other: as by recursion, each is untracked before the
 * next dies, and freed after that. No code of the mutator's runs meanwhile, so the account can wait. */
static void destroy_list(struct heap *heap, struct refcount_gc_header *header, unsigned depth)
{
    struct refcount_gc_header *waiting[NESTING_MAX];
    size_t count = 0, payload_bytes = 0;
    while (destroy_now(heap, header, depth)) {
        const struct mm_ref *payload = refcount_gc_payload(header);
        waiting[count++] = header;
        payload_bytes += refcount_gc_shape_size(header->word);
        depth++;
        if (!payload->object || !refcount_gc_drop(refcount_gc_of(payload->object)))
            break;
        header = refcount_gc_of(payload->object);
        if (!is_list_node(header->word)) {
            destroy(header, depth);
            break;
        }
    }
    count_containers(heap, count, payload_bytes);
    heap->objects_freed += count;
    if (__builtin_expect(heap->objects_freed > heap->cascade_mark, 0))
        cascade_announce_slow(heap);
    while (count-- > 0) {
        watch_died(refcount_gc_payload(waiting[count]));
        blocks_free(refcount_gc_link_of(waiting[count]));
    }
}

/* What they refer to needs no look, since that goes too. The last first, so that new objects, which the allocator makes
 * of what was freed last, lie in the order in which they are made. */
void refcount_gc_free_closed(struct refcount_gc_link *list)
{
    struct heap *heap = &refcount_gc_heap;
    size_t count = 0, payload_bytes = 0;
    for (struct refcount_gc_link *link = list->previous, *previous; link != list; link = previous) {
        struct refcount_gc_header *header = refcount_gc_header_of(link);
        previous = link->previous;
        count++;
        payload_bytes += refcount_gc_shape_size(header->word);
        watch_died(refcount_gc_payload(header));
        blocks_free(link);
    }
    refcount_gc_list_init(list);
    count_containers(heap, count, payload_bytes);
    heap->objects_freed += count;
}

/* ---- all */

/* `depth`: destructors on the C stack, this one not included. Weak references and leaves recur no further. */
static void destroy(struct refcount_gc_header *header, unsigned depth)
{
    struct heap *heap = &refcount_gc_heap;
    uint64_t word = header->word;
    if (is_list_node(word)) {
        destroy_list(heap, header, depth);
        return;
    }
    if (!refcount_gc_is_container(word)) {
        if (word & REFCOUNT_GC_SPECIAL)
            destroy_special(heap, header, depth);
        else
            free_leaf(heap, header, refcount_gc_shape_size(word));
        return;
    }
    if (refcount_gc_is_weak(header)) {
        refcount_gc_untrack(refcount_gc_link_of(header));
        refcount_gc_weak_unlink(refcount_gc_payload(header));
        refcount_gc_free_block(header);
        return;
    }
    if (!destroy_now(heap, header, depth))
        return;
    unsigned inner = depth + 1;
    if (word & REFCOUNT_GC_SPECIAL) {
        destroy_special(heap, header, inner);
        return;
    }
    refcount_gc_each_edge(header, drop_deep, &inner);
    free_container(heap, header, refcount_gc_shape_size(word));
}

/* The outermost destructor is through. */
static void destroy_deferred(struct heap *heap)
{
    heap->nesting = 1;
    while (heap->deferred) {
        struct refcount_gc_header *header = heap->deferred;
        struct refcount_gc_link *link = refcount_gc_link_of(header)->previous;
        heap->deferred = link ? refcount_gc_header_of(link) : NULL;
        destroy(header, 1);
    }
    heap->nesting = 0;
}

static inline void destroy_outermost(struct heap *heap, struct refcount_gc_header *header)
{
    destroy(header, 0);
    if (heap->deferred)
        destroy_deferred(heap);
}

void refcount_gc_free_slow(struct refcount_gc_header *header)
{
    struct heap *heap = &refcount_gc_heap;
    unsigned depth = heap->nesting;
    if (depth) {
        destroy(header, depth);
        return;
    }
    cascade_start(heap);
    destroy_outermost(heap, header);
    if (__builtin_expect(heap->announced, 0))
        cascade_end_slow(heap);
}

bool refcount_gc_cascade_begin(void)
{
    bool outermost = refcount_gc_heap.nesting == 0;
    if (outermost)
        cascade_start(&refcount_gc_heap);
    return outermost;
}

void refcount_gc_cascade_drop(void *object)
{
    struct heap *heap = &refcount_gc_heap;
    if (!object || !refcount_gc_drop(refcount_gc_of(object)))
        return;
    if (heap->nesting)
        destroy(refcount_gc_of(object), heap->nesting);
    else
        destroy_outermost(heap, refcount_gc_of(object));
}

void refcount_gc_cascade_end(bool outermost)
{
    if (outermost && refcount_gc_heap.announced)
        cascade_end_slow(&refcount_gc_heap);
}

/* ---- clearing */

static inline void clear_field(struct mm_ref *field, void *context)
{
    (void)context;
    void *object = field->object;
    field->object = NULL;
    counted_drop(object);
}

/* A buffer is empty before what it held is dropped: finalizers may look at it. */
static void clear_refs(const struct mm_type *type, void *object)
{
    for (unsigned i = 0; i < type->refs_count; i++) {
        struct mm_refs *refs = mm_refs_at(object, type->ref_buffers[i]), old = *refs;
        *refs = (struct mm_refs){0};
        refcount_gc_each_slot(old.slots, old.capacity, clear_field, NULL);
        void *block = old.slots;
        refcount_gc_block_resize(&block, old.capacity * sizeof *old.slots, 0);
    }
}

void refcount_gc_clear(struct refcount_gc_header *header)
{
    void *object = refcount_gc_payload(header);
    if (!(header->word & REFCOUNT_GC_SPECIAL)) {
        refcount_gc_each_edge(header, clear_field, NULL);
        return;
    }
    const struct mm_type *type = header->type;
    if (refcount_gc_is_weak(header)) {
        refcount_gc_weak_unlink(object);
        ((struct refcount_gc_weak *)object)->callback = NULL;
        return;
    }
    for (unsigned i = 0; i < type->ref_count; i++)
        clear_field(mm_ref_at(object, type->refs[i]), NULL);
    clear_refs(type, object);
    if (type->tail == MM_TAIL_REFS)
        refcount_gc_each_slot(mm_tail_refs(type, object), mm_type_length(type, object), clear_field, NULL);
}
