/* grow.h: arrays that grow by doubling. */
#ifndef ANALYSIS_GROW_H
#define ANALYSIS_GROW_H

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

/* Makes room for `needed` elements of `size` bytes in the array at *array (a `T **`), whose capacity is *capacity.
 * 0 or -ENOMEM, with the array as it was. */
static inline int grow(void *array, size_t *capacity, size_t needed, size_t size)
{
    if (needed <= *capacity)
        return 0;
    size_t larger = *capacity < 8 ? 8 : *capacity * 2;
    if (larger < needed)
        larger = needed;
    void *moved = larger > SIZE_MAX / size ? NULL : realloc(*(void **)array, larger * size);
    if (!moved)
        return -ENOMEM;
    *(void **)array = moved;
    *capacity = larger;
    return 0;
}

#endif
