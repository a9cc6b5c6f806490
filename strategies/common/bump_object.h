/* bump_object.h: objects in bump memory, for strategies whose references are plain.h's. */
#ifndef COMMON_BUMP_OBJECT_H
#define COMMON_BUMP_OBJECT_H

#include "common/bump.h"
#include "common/plain.h"

/* An object, its tag written, counted; not zeroed unless free_is_zero. NULL at the limit. */
MM_INLINE void *bump_object_new(struct bump *bump, const struct mm_type *type, size_t payload_bytes)
{
    bump = bump_in_register(bump);
    void *block = bump_take(bump, bump_round(plain_tag_bytes(type) + payload_bytes));
    if (__builtin_expect(!block, 0))
        return NULL;
    bump_count(bump, payload_bytes);
    return plain_tag(type, block);
}

#endif
