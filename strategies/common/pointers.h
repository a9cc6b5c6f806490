/* pointers.h: references as plain pointers, for strategies that neither count references nor note where they are; and
 * types as a word before the payload, of objects whose type is MM_TYPE_TAGGED. Any other object has nothing there.
 *
 * Included where `struct mm_root` is known: it has a field `object`. */
#ifndef COMMON_POINTERS_H
#define COMMON_POINTERS_H

static inline void *mm_root_get(const struct mm_root *root)
{
    return root->object;
}

static inline void mm_root_set(struct mm_root *root, void *object)
{
    root->object = object;
}

static inline void mm_root_move(struct mm_root *to, struct mm_root *from)
{
    void *object = from->object;
    from->object = NULL;
    to->object = object;
}

static inline void *mm_get(const struct mm_ref *field)
{
    return field->object;
}

static inline void mm_set(void *object, struct mm_ref *field, void *value)
{
    (void)object;
    field->object = value;
}

static inline void mm_move(void *object, struct mm_ref *field, struct mm_root *from)
{
    (void)object;
    field->object = from->object;
    from->object = NULL;
}

static inline void mm_take(struct mm_root *to, void *object, struct mm_ref *field)
{
    (void)object;
    to->object = field->object;
    field->object = NULL;
}

static inline size_t plain_tag_bytes(const struct mm_type *type)
{
    return type->flags & MM_TYPE_TAGGED ? sizeof(const struct mm_type *) : 0;
}

/* Writes the tag, if the type has one, at the block's start; returns the payload. */
static inline void *plain_tag(const struct mm_type *type, void *block)
{
    if (!(type->flags & MM_TYPE_TAGGED))
        return block;
    *(const struct mm_type **)block = type;
    return (char *)block + sizeof type;
}

static inline const struct mm_type *mm_type_of(const void *object)
{
    return ((const struct mm_type *const *)object)[-1];
}

#endif
