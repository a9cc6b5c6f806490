/* one_memory.h: an allocator's mistake, for the workloads that have to notice it. Included before all of a workload's
 * file, it makes every fourth allocation of the same type and size return the object of the one before. */
#ifndef ONE_MEMORY_H
#define ONE_MEMORY_H

#include <string.h>

#include "mm.h"

static inline void *one_memory_new_tail(const struct mm_type *type, size_t length, struct mm_root *out)
{
    static struct {
        const struct mm_type *type;
        size_t length, count;
        void *object;
    } before;
    if (type != before.type || length != before.length || ++before.count % 4 != 0) {
        before.type = type;
        before.length = length;
        return before.object = mm_new_tail(type, length, out);
    }
    memset(before.object, 0, mm_type_payload_bytes(type, length));
    memcpy(before.object, &length, sizeof length);
    return out->object = before.object;
}

#define mm_new_tail one_memory_new_tail

#endif
