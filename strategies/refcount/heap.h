/* refcount: pure reference counting on malloc. An object is freed in the moment its last reference goes; a cycle never.
 *
 * README.md has the layout. Taking a reference is one addition and dropping one a subtraction and a branch, inline;
 * what follows when the last one goes is out of line, in free.c. */
#ifndef REFCOUNT_HEAP_H
#define REFCOUNT_HEAP_H

#include <stdlib.h>
#include <string.h>

#include "count.h"
#ifdef REFCOUNT_ATOMIC
#define MM_TRAITS (MM_TRAIT_PROMPT | MM_TRAIT_WEAK | MM_TRAIT_FINALIZERS | MM_TRAIT_COUNTS | MM_TRAIT_THREADS)
#include "../refcount_atomic/mutator.h"
#else
#define MM_TRAITS (MM_TRAIT_PROMPT | MM_TRAIT_WEAK | MM_TRAIT_FINALIZERS | MM_TRAIT_COUNTS)
#include "mutator.h"
#endif

/* A compiler that thinks a fast path too long to be inlined would not know its type any more. */
#define REFCOUNT_INLINE static inline __attribute__((always_inline))

struct mm_root {
    void *object;
};

struct mm_region {
    char unused;
};

/* No tail and no buffer is longer, so that a size in bytes cannot overflow. */
#define REFCOUNT_LENGTH_MAX ((size_t)1 << 56)

static inline struct refcount_header *refcount_of(const void *object)
{
    return (struct refcount_header *)(uintptr_t)object - 1;
}

static inline void *refcount_payload(struct refcount_header *header)
{
    return header + 1;
}

/* The last reference to this object went: frees it, and what dies with it. */
void refcount_free_slow(struct refcount_header *header);

REFCOUNT_INLINE void refcount_take_object(void *object)
{
    if (object)
        refcount_take(refcount_of(object));
}

REFCOUNT_INLINE void refcount_drop_object(void *object)
{
    if (object && refcount_drop(refcount_of(object)))
        refcount_free_slow(refcount_of(object));
}

/* ---- roots: a pointer each; the reference is all there is to know of them */

static inline void mm_root_push(struct mm_root *root)
{
    root->object = NULL;
}

REFCOUNT_INLINE void mm_root_pop(struct mm_root *root)
{
    refcount_drop_object(root->object);
}

static inline void *mm_root_get(const struct mm_root *root)
{
    return root->object;
}

/* The root's reference to `object` is counted already; the old one goes. */
REFCOUNT_INLINE void refcount_deliver(struct mm_root *root, void *object)
{
    void *old = root->object;
    root->object = object;
    refcount_drop_object(old);
}

REFCOUNT_INLINE void mm_root_set(struct mm_root *root, void *object)
{
    refcount_take_object(object);
    refcount_deliver(root, object);
}

REFCOUNT_INLINE void mm_root_move(struct mm_root *to, struct mm_root *from)
{
    void *object = from->object;
    from->object = NULL;
    refcount_deliver(to, object);
}

/* ---- allocation */

#if REFCOUNT_LISTED
void refcount_list_add(struct refcount_header *header);
void refcount_list_remove(struct refcount_header *header);
#else
static inline void refcount_list_add(struct refcount_header *header)
{
    (void)header;
}

static inline void refcount_list_remove(struct refcount_header *header)
{
    (void)header;
}
#endif

/* What the word of a new object of this type is: its shape, and no reference but one. Special if dying takes more than
 * dropping a few reference fields in a row and freeing a small block, and if the type is not known to the compiler:
 * what it cannot fold would cost more here than it saves there. */
REFCOUNT_INLINE uint64_t refcount_word(const struct mm_type *type)
{
    bool simple = type->tail == MM_TAIL_NONE && !type->refs_count && !type->bytes_count && !type->weaklist &&
                  !type->finalize && type->size <= REFCOUNT_SIZE_MAX && type->ref_count <= REFCOUNT_FIELDS_MAX;
    if (!__builtin_constant_p(simple) || !simple)
        return REFCOUNT_SPECIAL;
    uint64_t fields = type->ref_count, first = fields ? type->refs[0] : 0;
    bool in_a_row = first % 8 == 0 && first <= REFCOUNT_FIRST_MAX && (fields < 2 || type->refs[1] == first + 8) &&
                    (fields < 3 || type->refs[2] == first + 16) && (fields < 4 || type->refs[3] == first + 24);
    if (!__builtin_constant_p(in_a_row) || !in_a_row)
        return REFCOUNT_SPECIAL;
    return refcount_layout(fields, first) | (uint64_t)type->size / 8 << 10;
}

/* Zeroes a payload. Word by word where it is small and its size known: the compiler then knows that a new object's
 * fields are NULL, and that what is first stored in them replaces nothing. */
REFCOUNT_INLINE void refcount_zero(void *payload, size_t bytes)
{
    char *at = payload;
    if (!__builtin_constant_p(bytes) || bytes > 64 || bytes % 8) {
        memset(at, 0, bytes);
        return;
    }
    if (bytes > 0)
        memset(at, 0, 8);
    if (bytes > 8)
        memset(at + 8, 0, 8);
    if (bytes > 16)
        memset(at + 16, 0, 8);
    if (bytes > 24)
        memset(at + 24, 0, 8);
    if (bytes > 32)
        memset(at + 32, 0, 8);
    if (bytes > 40)
        memset(at + 40, 0, 8);
    if (bytes > 48)
        memset(at + 48, 0, 8);
    if (bytes > 56)
        memset(at + 56, 0, 8);
}

/* A block for an object, accounted for; nothing in it is valid yet. */
REFCOUNT_INLINE struct refcount_header *refcount_new_block(size_t payload_bytes)
{
    struct refcount_mutator *mutator = refcount_mutator();
    size_t bytes = sizeof(struct refcount_header) + payload_bytes;
    if (!refcount_hold(mutator, bytes))
        return NULL;
    struct refcount_header *header = malloc(bytes);
    if (__builtin_expect(!header, 0))
        refcount_unhold(mutator, bytes);
    return header;
}

/* Makes the block a zeroed object with one reference, the caller's. */
REFCOUNT_INLINE void *refcount_new_object(struct refcount_header *header, const struct mm_type *type, uint64_t word,
                                          size_t payload_bytes)
{
    header->word = word;
    header->type = type;
    refcount_zero(refcount_payload(header), payload_bytes);
    refcount_list_add(header);
    refcount_count_new(refcount_mutator());
    return refcount_payload(header);
}

/* Drops what the root holds; a finalizer may put something into it meanwhile. */
REFCOUNT_INLINE void refcount_root_empty(struct mm_root *root)
{
    while (root->object) {
        void *old = root->object;
        root->object = NULL;
        refcount_drop_object(old);
    }
}

/* The root is emptied before the object is made, not after: no call comes between the making and the first use then, so
 * that the compiler knows what the object holds, and leaves out what stores into NULL fields have to look at. */
REFCOUNT_INLINE void *mm_new(const struct mm_type *type, struct mm_root *out)
{
    struct refcount_header *header = refcount_new_block(type->size);
    if (!header)
        return NULL;
    refcount_root_empty(out);
    return out->object = refcount_new_object(header, type, refcount_word(type), type->size);
}

REFCOUNT_INLINE void *mm_new_tail(const struct mm_type *type, size_t length, struct mm_root *out)
{
    size_t payload_bytes = mm_type_payload_bytes(type, length);
    struct refcount_header *header = length > REFCOUNT_LENGTH_MAX ? NULL : refcount_new_block(payload_bytes);
    if (!header)
        return NULL;
    refcount_root_empty(out);
    size_t *object = refcount_new_object(header, type, REFCOUNT_SPECIAL, payload_bytes);
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

/* ---- references */

static inline void *mm_get(const struct mm_ref *field)
{
    return field->object;
}

REFCOUNT_INLINE void mm_set(void *object, struct mm_ref *field, void *value)
{
    (void)object;
    refcount_take_object(value);
    void *old = field->object;
    field->object = value;
    refcount_drop_object(old);
}

REFCOUNT_INLINE void mm_move(void *object, struct mm_ref *field, struct mm_root *from)
{
    (void)object;
    void *old = field->object;
    field->object = from->object;
    from->object = NULL;
    refcount_drop_object(old);
}

REFCOUNT_INLINE void mm_take(struct mm_root *to, void *object, struct mm_ref *field)
{
    (void)object;
    void *value = field->object;
    field->object = NULL;
    refcount_deliver(to, value);
}

static inline const struct mm_type *mm_type_of(const void *object)
{
    return refcount_of(object)->type;
}

/* ---- what the programmer knows: the counts know it too */

static inline void mm_dead(const struct mm_type *type, void *object)
{
    (void)type;
    (void)object;
}

static inline void mm_region_begin(struct mm_region *region)
{
    (void)region;
}

static inline void mm_region_end(struct mm_region *region)
{
    (void)region;
}

#endif
