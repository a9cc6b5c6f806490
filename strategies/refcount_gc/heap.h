/* refcount_gc: reference counting, and CPython 3.11's generational collector for the cycles.
 *
 * README.md has the layout and the collector's rules. Counting is inline here; destruction (free.c) and collection
 * (collect.c, reach.c, trash.c) are out of line. */
#ifndef REFCOUNT_GC_HEAP_H
#define REFCOUNT_GC_HEAP_H

#include "common/blocks.h"
#include "object.h"

#define MM_TRAITS                                                                                                      \
    (MM_TRAIT_CYCLES | MM_TRAIT_PROMPT | MM_TRAIT_WEAK | MM_TRAIT_FINALIZERS | MM_TRAIT_COLLECTOR | MM_TRAIT_COUNTS |  \
     MM_TRAIT_SAVE_ALL)

enum { REFCOUNT_GC_PERMANENT = MM_GENERATIONS, REFCOUNT_GC_LISTS };

/* Three numbers are kept of objects and bytes, and the rest follows from them: what is held is mark - left; the payload
 * bytes that live are what is held without headers and garbage; those allocated are those that live and those freed. */
struct heap {
    size_t left; /* bytes that may be taken before the slow path has to be asked */
    size_t mark; /* what is held when none is left */
    uint64_t objects_allocated, containers_allocated;
    uint64_t objects_freed, containers_freed, bytes_freed;
    size_t limit_bytes, peak_bytes;
    size_t peak_before; /* the mark was last raised when this was the peak, */
    uint64_t raised_at; /* and so many objects_allocated; UINT64_MAX: what that was for is in use, or given back */

    /* The collector. */
    size_t count[MM_GENERATIONS]; /* [0] containers allocated less those freed since the last collection, [g]
                                     collections of generation g - 1 since the last of g */
    size_t trigger;               /* a count[0] above it starts a collection; SIZE_MAX while none may start */
    uint32_t threshold[MM_GENERATIONS];
    bool enabled, collecting, closing;
    bool examines_new; /* a collection sees the object whose allocation started it (CPython 3.12), or not (3.11) */
    bool save_all;     /* all that is unreachable goes to `garbage`, as with CPython's DEBUG_SAVEALL */
    bool has_untracks; /* there were objects of a MM_TYPE_UNTRACKS type */
    size_t long_lived_pending, long_lived_total;
    struct refcount_gc_link lists[REFCOUNT_GC_LISTS]; /* the generations, and the permanent one (mm_gc_freeze) */
    struct refcount_gc_header **garbage;              /* a reference each */
    size_t garbage_length, garbage_capacity;
    uint64_t collections[MM_GENERATIONS], collection_ns[MM_GENERATIONS];
    uint64_t collected[MM_GENERATIONS], uncollectable[MM_GENERATIONS];

    /* The cascade of destructions that the mutator is in. */
    unsigned nesting;                    /* destructors on the C stack, where the mutator's code runs in one */
    bool announced;                      /* the cascade has become a pause */
    uint64_t cascade_start;              /* objects_freed when it began */
    uint64_t cascade_mark;               /* when objects_freed passes it, the cascade is a pause */
    struct refcount_gc_header *deferred; /* dead containers that wait until the C stack is empty again */
};

extern struct heap refcount_gc_heap;

/* The last reference to this object went: destroys it, and what dies with it. */
void refcount_gc_free_slow(struct refcount_gc_header *header);

MM_INLINE void counted_take(void *object)
{
    if (object)
        refcount_gc_take(refcount_gc_of(object));
}

MM_INLINE void counted_drop(void *object)
{
    if (object && refcount_gc_drop(refcount_gc_of(object)))
        refcount_gc_free_slow(refcount_gc_of(object));
}

#include "common/counted.h"

/* ---- allocation */

/* Less than none is left, modulo 2^64: raises the mark by 1/256 of it; at the limit collects everything, if the
 * collector is enabled, and tries again. */
bool refcount_gc_hold_slow(size_t bytes);

/* The allocator had not what was held for it: gives that back, collects everything, if the collector is enabled, and
 * tries again. NULL: nothing is held. */
void *refcount_gc_malloc_slow(size_t bytes);

/* The count passed the trigger: collects, then tracks the new container, or the other way round (`examines_new`). */
void refcount_gc_trigger_slow(struct refcount_gc_link *link);

/* Accounts for bytes before they are asked for; false at the limit. */
static inline bool refcount_gc_hold(size_t bytes)
{
    struct heap *heap = &refcount_gc_heap;
    heap->left -= bytes;
    if (__builtin_expect((ptrdiff_t)heap->left < 0, 0))
        return refcount_gc_hold_slow(bytes);
    return true;
}

static inline void refcount_gc_unhold(size_t bytes)
{
    refcount_gc_heap.left += bytes;
}

/* Counts a new container; it is tracked after the collection that it may start. */
MM_INLINE void refcount_gc_track_new(struct refcount_gc_link *link)
{
    struct heap *heap = &refcount_gc_heap;
    heap->containers_allocated++;
    if (__builtin_expect(++heap->count[0] > heap->trigger, 0))
        refcount_gc_trigger_slow(link);
    else
        refcount_gc_list_append(&heap->lists[0], link);
}

/* What the word of a new object of this type is: its shape, and no reference but one. Special if dying takes more than
 * dropping a few reference fields in a row and freeing a small block, and if the type is not known to the compiler:
 * what it cannot fold would cost more here than it saves there. */
MM_INLINE uint64_t refcount_gc_word(const struct mm_type *type)
{
    uint64_t special = REFCOUNT_GC_SPECIAL | (mm_type_has_refs(type) ? REFCOUNT_GC_CONTAINER : 0u) |
                       (type->flags & MM_TYPE_UNTRACKS ? REFCOUNT_GC_UNTRACKS : 0u);
    bool simple = type->tail == MM_TAIL_NONE && !type->refs_count && !type->bytes_count && !type->weaklist &&
                  !type->finalize && !(type->flags & (MM_TYPE_UNTRACKS | MM_TYPE_NO_CLEAR)) &&
                  type->size <= REFCOUNT_GC_SIZE_MAX && type->ref_count <= REFCOUNT_GC_FIELDS_MAX;
    if (!__builtin_constant_p(simple) || !simple)
        return special;
    uint64_t fields = type->ref_count, first = fields ? type->refs[0] : 0;
    bool in_a_row = first % 8 == 0 && first <= REFCOUNT_GC_FIRST_MAX && (fields < 2 || type->refs[1] == first + 8) &&
                    (fields < 3 || type->refs[2] == first + 16) && (fields < 4 || type->refs[3] == first + 24);
    if (!__builtin_constant_p(in_a_row) || !in_a_row)
        return special;
    return refcount_gc_layout(fields, first) | (uint64_t)type->size / 8 << 10;
}

/* A zeroed object with one reference, the caller's, `link_bytes` behind the begin of its block. Not tracked, not
 * counted as a container. */
MM_INLINE struct refcount_gc_header *refcount_gc_new_block(const struct mm_type *type, uint64_t word, size_t link_bytes,
                                                           size_t payload_bytes)
{
    size_t bytes = link_bytes + sizeof(struct refcount_gc_header) + payload_bytes;
    if (!refcount_gc_hold(bytes))
        return NULL;
    char *block = blocks_malloc(bytes);
    if (__builtin_expect(!block, 0) && !(block = refcount_gc_malloc_slow(bytes)))
        return NULL;
    struct refcount_gc_header *header = (void *)(block + link_bytes);
    header->word = word;
    header->type = type;
    refcount_gc_heap.objects_allocated++;
    counted_zero(refcount_gc_payload(header), payload_bytes);
    return header;
}

MM_INLINE void *mm_new(const struct mm_type *type, struct mm_root *out)
{
    size_t link_bytes = mm_type_has_refs(type) ? sizeof(struct refcount_gc_link) : 0;
    struct refcount_gc_header *header = refcount_gc_new_block(type, refcount_gc_word(type), link_bytes, type->size);
    if (!header)
        return NULL;
    if (type->flags & MM_TYPE_UNTRACKS)
        refcount_gc_heap.has_untracks = true;
    if (link_bytes)
        refcount_gc_track_new(refcount_gc_link_of(header));
    counted_deliver(out, refcount_gc_payload(header));
    return refcount_gc_payload(header);
}

MM_INLINE void *mm_new_tail(const struct mm_type *type, size_t length, struct mm_root *out)
{
    if (length > COUNTED_LENGTH_MAX)
        return NULL;
    size_t link_bytes = mm_type_has_refs(type) ? sizeof(struct refcount_gc_link) : 0;
    size_t payload_bytes = mm_type_payload_bytes(type, length);
    struct refcount_gc_header *header = refcount_gc_new_block(type, refcount_gc_word(type), link_bytes, payload_bytes);
    if (!header)
        return NULL;
    *(size_t *)refcount_gc_payload(header) = length;
    if (type->flags & MM_TYPE_UNTRACKS)
        refcount_gc_heap.has_untracks = true;
    if (link_bytes)
        refcount_gc_track_new(refcount_gc_link_of(header));
    counted_deliver(out, refcount_gc_payload(header));
    return refcount_gc_payload(header);
}

int refcount_gc_refs_resize(struct mm_root *owner, size_t offset, size_t capacity);
int refcount_gc_bytes_resize(struct mm_root *owner, size_t offset, size_t capacity);

static inline int mm_refs_resize(struct mm_root *owner, size_t offset, size_t capacity)
{
    return refcount_gc_refs_resize(owner, offset, capacity);
}

static inline int mm_bytes_resize(struct mm_root *owner, size_t offset, size_t capacity)
{
    return refcount_gc_bytes_resize(owner, offset, capacity);
}

/* ---- types */

static inline const struct mm_type *mm_type_of(const void *object)
{
    return refcount_gc_of(object)->type;
}

#endif
