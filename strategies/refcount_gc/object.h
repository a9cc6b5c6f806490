/* object.h: what lies before an object, and what is done to its count.
 *
 * The count and the shape share a word, as under `refcount`: in the upper 48 bits the references but one, so that a
 * subtraction that borrows dropped the last; below them the shape, which tells the collector and the destructor where
 * the reference fields are without a look at the type. Objects that a shape cannot describe are special. */
#ifndef REFCOUNT_GC_OBJECT_H
#define REFCOUNT_GC_OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct refcount_gc_header {
    uint64_t word;
    const struct mm_type *type;
};

/* Before the header of a container, which is an object that can hold references. Tracked: in one of the lists, which
 * are doubly linked rings with a link of the heap's as their head. `next` is NULL when it is not. While a collection
 * looks for what is reachable, `previous` holds a number of references instead (reach.c). */
struct refcount_gc_link {
    struct refcount_gc_link *next;
    union {
        struct refcount_gc_link *previous;
        uint64_t references;
    };
};

#define REFCOUNT_GC_ONE  ((uint64_t)1 << 16)
#define REFCOUNT_GC_DEAD ((uint64_t)1 << 63) /* the last reference went, and the destructor has not come to it yet */

enum {
    REFCOUNT_GC_SPECIAL = 1 << 0,    /* look at the type */
    REFCOUNT_GC_COLLECTING = 1 << 1, /* a collection looks at it now, and has not found it reachable */
    /* Of a special object: */
    REFCOUNT_GC_CONTAINER = 1 << 2,
    REFCOUNT_GC_FINALIZED = 1 << 3, /* its finalizer has run */
    REFCOUNT_GC_UNTRACKS = 1 << 4,  /* of a MM_TYPE_UNTRACKS type */
    /* Of any other; bits 2 to 4 how many reference fields, in a row: a container if there are any; bits 5 to 9 where
     * the first is, in words; bits 10 to 15 the payload's size in words. */
    REFCOUNT_GC_FIELDS = 7 << 2,
    REFCOUNT_GC_LAYOUT = 0xff << 2,
    REFCOUNT_GC_SHAPE = 0xffff,
    REFCOUNT_GC_FIELDS_MAX = 4,
    REFCOUNT_GC_FIRST_MAX = 31 * 8,
    REFCOUNT_GC_SIZE_MAX = 63 * 8,
};

static inline uint64_t refcount_gc_layout(uint64_t fields, uint64_t first)
{
    return fields << 2 | first / 8 << 5;
}

static inline unsigned refcount_gc_shape_fields(uint64_t word)
{
    return (word >> 2) & 7;
}

static inline size_t refcount_gc_shape_first(uint64_t word)
{
    return (word >> 5 & 31) * 8;
}

static inline size_t refcount_gc_shape_size(uint64_t word)
{
    return (word >> 10 & 63) * 8;
}

static inline bool refcount_gc_is_container(uint64_t word)
{
    return word & REFCOUNT_GC_SPECIAL ? word & REFCOUNT_GC_CONTAINER : word & REFCOUNT_GC_FIELDS;
}

static inline struct refcount_gc_header *refcount_gc_of(const void *object)
{
    return (struct refcount_gc_header *)(uintptr_t)object - 1;
}

static inline void *refcount_gc_payload(struct refcount_gc_header *header)
{
    return header + 1;
}

/* Of a container. */
static inline struct refcount_gc_link *refcount_gc_link_of(struct refcount_gc_header *header)
{
    return (struct refcount_gc_link *)(void *)header - 1;
}

static inline struct refcount_gc_header *refcount_gc_header_of(struct refcount_gc_link *link)
{
    return (struct refcount_gc_header *)(void *)(link + 1);
}

static inline uint64_t refcount_gc_count(const struct refcount_gc_header *header)
{
    return header->word / REFCOUNT_GC_ONE + 1;
}

static inline void refcount_gc_take(struct refcount_gc_header *header)
{
    header->word += REFCOUNT_GC_ONE;
}

/* True if this was the last. */
static inline bool refcount_gc_drop(struct refcount_gc_header *header)
{
    header->word -= REFCOUNT_GC_ONE;
    return header->word & REFCOUNT_GC_DEAD;
}

static inline bool refcount_gc_is_dead(const struct refcount_gc_header *header)
{
    return header->word & REFCOUNT_GC_DEAD;
}

/* ---- lists */

static inline void refcount_gc_list_init(struct refcount_gc_link *list)
{
    list->next = list->previous = list;
}

static inline bool refcount_gc_list_is_empty(const struct refcount_gc_link *list)
{
    return list->next == list;
}

static inline void refcount_gc_list_append(struct refcount_gc_link *list, struct refcount_gc_link *link)
{
    struct refcount_gc_link *last = list->previous;
    link->next = list;
    link->previous = last;
    last->next = link;
    list->previous = link;
}

static inline void refcount_gc_list_remove(struct refcount_gc_link *link)
{
    link->previous->next = link->next;
    link->next->previous = link->previous;
}

static inline void refcount_gc_list_move(struct refcount_gc_link *link, struct refcount_gc_link *list)
{
    refcount_gc_list_remove(link);
    refcount_gc_list_append(list, link);
}

/* Appends all of `from`, which is empty after. */
static inline void refcount_gc_list_merge(struct refcount_gc_link *from, struct refcount_gc_link *to)
{
    if (refcount_gc_list_is_empty(from))
        return;
    to->previous->next = from->next;
    from->next->previous = to->previous;
    from->previous->next = to;
    to->previous = from->previous;
    refcount_gc_list_init(from);
}

static inline bool refcount_gc_is_tracked(const struct refcount_gc_link *link)
{
    return link->next != NULL;
}

static inline void refcount_gc_untrack(struct refcount_gc_link *link)
{
    refcount_gc_list_remove(link);
    link->next = NULL;
}

#endif
