/* counted.h: roots and references of the counting strategies, as pointers whose objects are counted.
 *
 * heap.h defines counted_take(object) and counted_drop(object), both for NULL too, before it includes this. */
#ifndef COMMON_COUNTED_H
#define COMMON_COUNTED_H

#include <string.h>

/* A pointer: the reference is all there is to know of a root. */
struct mm_root {
    void *object;
};

struct mm_region {
    char unused;
};

/* No tail and no buffer is longer, so that a size in bytes cannot overflow. */
#define COUNTED_LENGTH_MAX ((size_t)1 << 56)

/* Zeroes a payload. Word by word where it is small and its size known: the compiler then knows that a new object's
 * fields are NULL, and that what is first stored in them replaces nothing. */
MM_INLINE void counted_zero(void *payload, size_t bytes)
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

/* ---- roots */

MM_INLINE void mm_root_push(struct mm_root *root)
{
    root->object = NULL;
}

MM_INLINE void mm_root_pop(struct mm_root *root)
{
    counted_drop(root->object);
}

MM_INLINE void *mm_root_get(const struct mm_root *root)
{
    return root->object;
}

/* The root's reference to `object` is counted already; the old one goes. */
MM_INLINE void counted_deliver(struct mm_root *root, void *object)
{
    void *old = root->object;
    root->object = object;
    counted_drop(old);
}

MM_INLINE void mm_root_set(struct mm_root *root, void *object)
{
    counted_take(object);
    counted_deliver(root, object);
}

MM_INLINE void mm_root_move(struct mm_root *to, struct mm_root *from)
{
    void *object = from->object;
    from->object = NULL;
    counted_deliver(to, object);
}

/* ---- references */

MM_INLINE void *mm_get(const struct mm_ref *field)
{
    return field->object;
}

MM_INLINE void mm_set(void *object, struct mm_ref *field, void *value)
{
    (void)object;
    counted_take(value);
    void *old = field->object;
    field->object = value;
    counted_drop(old);
}

MM_INLINE void mm_move(void *object, struct mm_ref *field, struct mm_root *from)
{
    (void)object;
    void *old = field->object;
    field->object = from->object;
    from->object = NULL;
    counted_drop(old);
}

MM_INLINE void mm_take(struct mm_root *to, void *object, struct mm_ref *field)
{
    (void)object;
    void *value = field->object;
    field->object = NULL;
    counted_deliver(to, value);
}

/* ---- what the programmer knows: the counts know it too */

MM_INLINE void mm_dead(const struct mm_type *type, void *object)
{
    (void)type;
    (void)object;
}

MM_INLINE void mm_region_begin(struct mm_region *region)
{
    (void)region;
}

MM_INLINE void mm_region_end(struct mm_region *region)
{
    (void)region;
}

#endif
