/* internal.h: what the strategy's own files share. */
#ifndef REFCOUNT_GC_INTERNAL_H
#define REFCOUNT_GC_INTERNAL_H

#include "mm.h"

/* A program that replays traces of CPython compiles the strategy with this, and hears of each destruction of a special
 * object, after its finalizer and before its references go; `depth`: destructors on the C stack. */
#ifdef REFCOUNT_GC_TRACE
void refcount_gc_trace_destroy(void *object, unsigned depth);
#else
static inline void refcount_gc_trace_destroy(void *object, unsigned depth)
{
    (void)object;
    (void)depth;
}
#endif

/* ---- edges */

/* Calls `visit` for each reference that an object holds: fields in their order, then buffers and tail from their last
 * slot to their first, as Python's lists and tuples go. Inlined with it. */
typedef void refcount_gc_visit(struct mm_ref *field, void *context);

MM_INLINE void refcount_gc_each_field(struct mm_ref *fields, size_t count, refcount_gc_visit *visit, void *context)
{
    for (size_t i = 0; i < count; i++)
        if (fields[i].object)
            visit(&fields[i], context);
}

MM_INLINE void refcount_gc_each_slot(struct mm_ref *slots, size_t count, refcount_gc_visit *visit, void *context)
{
    while (count-- > 0)
        if (slots[count].object)
            visit(&slots[count], context);
}

MM_INLINE void refcount_gc_each_special(const struct mm_type *type, void *object, refcount_gc_visit *visit,
                                        void *context)
{
    for (unsigned i = 0; i < type->ref_count; i++)
        if (mm_ref_at(object, type->refs[i])->object)
            visit(mm_ref_at(object, type->refs[i]), context);
    for (unsigned i = 0; i < type->refs_count; i++) {
        const struct mm_refs *refs = mm_refs_at(object, type->ref_buffers[i]);
        refcount_gc_each_slot(refs->slots, refs->capacity, visit, context);
    }
    if (type->tail == MM_TAIL_REFS)
        refcount_gc_each_slot(mm_tail_refs(type, object), mm_type_length(type, object), visit, context);
}

/* The layouts of list nodes and trees are guessed by a branch, so that the processor goes on to the next object before
 * it has read this one's shape; any other is computed. */
MM_INLINE void refcount_gc_each_edge(struct refcount_gc_header *header, refcount_gc_visit *visit, void *context)
{
    uint64_t word = header->word, layout = word & (REFCOUNT_GC_SPECIAL | REFCOUNT_GC_LAYOUT);
    struct mm_ref *fields = refcount_gc_payload(header);
    if (layout == refcount_gc_layout(2, 0))
        refcount_gc_each_field(fields, 2, visit, context);
    else if (layout == refcount_gc_layout(1, 0))
        refcount_gc_each_field(fields, 1, visit, context);
    else if (layout & REFCOUNT_GC_SPECIAL)
        refcount_gc_each_special(header->type, fields, visit, context);
    else
        refcount_gc_each_field(mm_ref_at(fields, refcount_gc_shape_first(word)), refcount_gc_shape_fields(word), visit,
                               context);
}

/* ---- destruction: free.c */

/* Empties every reference that an object holds, and drops it; a buffer of references goes. CPython's tp_clear. */
void refcount_gc_clear(struct refcount_gc_header *header);

/* Frees the buffers of an object, whatever they hold. */
void refcount_gc_free_buffers(struct refcount_gc_header *header);

/* Frees the block of an object that refers to nothing any more, and has no buffers. */
void refcount_gc_free_block(struct refcount_gc_header *header);

/* Frees all of a list, in which nothing is special, and nothing refers to anything but each other. */
void refcount_gc_free_closed(struct refcount_gc_link *list);

/* Between these two, references are dropped by refcount_gc_cascade_drop, and what dies of it all is one cascade: of a
 * list that is emptied. Begin returns what end is told: whether it is not inside another. */
bool refcount_gc_cascade_begin(void);
void refcount_gc_cascade_drop(void *object);
void refcount_gc_cascade_end(bool outermost);

/* A collection begins or ends in a cascade, perhaps: if that is a pause, it ends here, and its count begins anew. */
void refcount_gc_cascade_break(void);

/* ---- collection */

struct refcount_gc_reach {
    size_t reachable, unreachable;
    bool has_special; /* false: nothing unreachable is special */
};

/* How much is in a list: what the nearest caches hold, more than that, or everything that is tracked, which saves a
 * pass. All find the same. */
enum refcount_gc_extent { REFCOUNT_GC_FEW, REFCOUNT_GC_MANY, REFCOUNT_GC_ALL };

/* Finds what is reachable from outside `list`: moves the rest, in order, to `unreachable`, which has
 * REFCOUNT_GC_COLLECTING set. */
struct refcount_gc_reach refcount_gc_find_unreachable(struct refcount_gc_link *list,
                                                      struct refcount_gc_link *unreachable,
                                                      enum refcount_gc_extent extent);

struct refcount_gc_found {
    size_t collected, uncollectable;
};

/* Reclaims the unreachable, except what legacy finalizers can reach; what lives on goes to the end of `old`. */
struct refcount_gc_found refcount_gc_reclaim(struct refcount_gc_link *unreachable, struct refcount_gc_link *old,
                                             const struct refcount_gc_reach *reach);

/* Collects a generation and those younger. Returns collected + uncollectable; 0 if a collection is running. */
size_t refcount_gc_collect(int generation);

/* Puts an object into `garbage`, with a reference; false if there is no memory for it. */
bool refcount_gc_garbage_add(struct refcount_gc_header *header);

/* After `enabled`, `collecting` or threshold[0] changed. */
void refcount_gc_trigger_update(void);

/* ---- weak references: weak.c */

/* Those to one target are a list that begins in the target's weaklist: the one without a callback, which all callers
 * share, and then the others, newest first. A weak reference is a container, though it counts no reference. */
struct refcount_gc_weak {
    void *target; /* not counted; NULL once it is gone */
    mm_weak_callback *callback;
    void *context;
    struct refcount_gc_weak *next, *previous;
    uint64_t hash; /* CPython keeps its target's; here it makes it as large */
};

extern const struct mm_type refcount_gc_weak_type;

static inline bool refcount_gc_is_weak(const struct refcount_gc_header *header)
{
    return header->type == &refcount_gc_weak_type;
}

/* The weak references to an object of a type that has a weaklist. */
static inline struct mm_weaklist *refcount_gc_weaklist(struct refcount_gc_header *header)
{
    return (struct mm_weaklist *)(void *)((char *)refcount_gc_payload(header) + header->type->weaklist);
}

/* Takes it out of its target's list; it reads NULL. Its callback stays as it was. */
void refcount_gc_weak_unlink(struct refcount_gc_weak *weak);

/* The target dies: all weak references to it read NULL from now on, then their callbacks run. */
void refcount_gc_weak_clear(struct mm_weaklist *list);

/* The same for those that its legacy finalizer made, but without their callbacks, which could look at an object half
 * gone. */
void refcount_gc_weak_forget(struct mm_weaklist *list);

/* ---- buffers: buffer.c */

/* Resizes a block, with its account; new bytes are 0. Making it smaller or empty cannot fail. 0 or -ENOMEM. */
int refcount_gc_block_resize(void **block, size_t old_bytes, size_t new_bytes);

/* ---- the account: heap.c */

/* What was held last, and could not be had: it was never held, and the peak is what it was before. */
void refcount_gc_unhold_refused(size_t bytes);

/* Collects everything, if the collector is enabled; runs finalizers. False if nothing was done. */
bool refcount_gc_make_room(void);

static inline size_t refcount_gc_held(void)
{
    return refcount_gc_heap.mark - refcount_gc_heap.left;
}

#endif
