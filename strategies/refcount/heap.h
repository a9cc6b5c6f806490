/* refcount: pure reference counting on malloc. An object is freed in the moment its last reference goes; a cycle never.
 *
 * README.md has the layout. Taking a reference is one addition and dropping one a subtraction and a branch, inline;
 * what follows when the last one goes is out of line, in free.c. */
#ifndef REFCOUNT_HEAP_H
#define REFCOUNT_HEAP_H

#include <stdlib.h>

#include "count.h"
#ifdef REFCOUNT_ATOMIC
#define MM_TRAITS (MM_TRAIT_PROMPT | MM_TRAIT_WEAK | MM_TRAIT_FINALIZERS | MM_TRAIT_COUNTS | MM_TRAIT_THREADS)
#include "../refcount_atomic/mutator.h"
#else
#define MM_TRAITS (MM_TRAIT_PROMPT | MM_TRAIT_WEAK | MM_TRAIT_FINALIZERS | MM_TRAIT_COUNTS)
#include "mutator.h"
#endif

static inline struct refcount_header *refcount_of(const void *object)
{
    return (struct refcount_header *)(uintptr_t)object - 1;
}

static inline void *refcount_payload(struct refcount_header *header)
{
    return header + 1;
}

/* Of a typed object. */
static inline const struct mm_type **refcount_type(struct refcount_header *header)
{
    return (const struct mm_type **)(void *)header - 1;
}

/* The last reference to this object went: frees it, and what dies with it. */
void refcount_free_slow(struct refcount_header *header);

MM_INLINE void counted_take(void *object)
{
    if (object)
        refcount_take(refcount_of(object));
}

MM_INLINE void counted_drop(void *object)
{
    if (object && refcount_drop(refcount_of(object)))
        refcount_free_slow(refcount_of(object));
}

#include "common/counted.h"

/* ---- allocation */

#if REFCOUNT_LISTED
void refcount_list_add(struct refcount_header *header, const struct mm_type *type);
void refcount_list_remove(struct refcount_header *header);
#else
static inline void refcount_list_add(struct refcount_header *header, const struct mm_type *type)
{
    (void)header;
    (void)type;
}

static inline void refcount_list_remove(struct refcount_header *header)
{
    (void)header;
}
#endif

/* A block for an object whose word will be `word`, accounted for; nothing in it is valid yet. */
MM_INLINE struct refcount_header *refcount_new_block(uint64_t word, size_t payload_bytes)
{
    struct refcount_mutator *mutator = refcount_mutator();
    size_t bytes = word_typed_bytes(word) + sizeof(struct refcount_header) + payload_bytes;
    if (!refcount_hold(mutator, bytes))
        return NULL;
    char *block = malloc(bytes);
    if (__builtin_expect(block != NULL, 1))
        return (struct refcount_header *)(void *)(block + word_typed_bytes(word));
    refcount_refused_slow(mutator, bytes);
    return NULL;
}

/* Makes the block a zeroed object with one reference, the caller's. */
MM_INLINE void *refcount_new_object(struct refcount_header *header, const struct mm_type *type, uint64_t word,
                                    size_t payload_bytes)
{
    refcount_count_new(refcount_mutator(), word);
    header->word = word;
    if (word & WORD_TYPED)
        *refcount_type(header) = type;
    counted_zero(refcount_payload(header), payload_bytes);
    refcount_list_add(header, type);
    return refcount_payload(header);
}

/* Drops what the root holds; a finalizer may put something into it meanwhile. */
MM_INLINE void refcount_root_empty(struct mm_root *root)
{
    while (root->object) {
        void *old = root->object;
        root->object = NULL;
        counted_drop(old);
    }
}

/* The root is emptied before the object is made, not after: no call comes between the making and the first use then, so
 * that the compiler knows what the object holds, and leaves out what stores into NULL fields have to look at. */
MM_INLINE void *mm_new(const struct mm_type *type, struct mm_root *out)
{
    uint64_t word = word_of(type);
    struct refcount_header *header = refcount_new_block(word, type->size);
    if (!header)
        return NULL;
    refcount_root_empty(out);
    return out->object = refcount_new_object(header, type, word, type->size);
}

MM_INLINE void *mm_new_tail(const struct mm_type *type, size_t length, struct mm_root *out)
{
    size_t payload_bytes = mm_type_payload_bytes(type, length);
    uint64_t word = word_of(type);
    struct refcount_header *header = length > COUNTED_LENGTH_MAX ? NULL : refcount_new_block(word, payload_bytes);
    if (!header)
        return NULL;
    refcount_root_empty(out);
    size_t *object = refcount_new_object(header, type, word, payload_bytes);
    *object = length;
    return out->object = object;
}

int refcount_refs_resize(void *owner, size_t offset, size_t capacity);
int refcount_bytes_resize(void *owner, size_t offset, size_t capacity);

static inline int mm_refs_resize(struct mm_root *owner, size_t offset, size_t capacity)
{
    return refcount_refs_resize(owner->object, offset, capacity);
}

static inline int mm_bytes_resize(struct mm_root *owner, size_t offset, size_t capacity)
{
    return refcount_bytes_resize(owner->object, offset, capacity);
}

static inline const struct mm_type *mm_type_of(const void *object)
{
    return *refcount_type(refcount_of(object));
}

#endif
