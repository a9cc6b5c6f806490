/* sizes.h: bytes that objects take, as figures: what CPython's tracemalloc would count (pyobj/sizeof.h), and what the
 * strategy took for them, headers included. */
#ifndef WORK_SIZES_H
#define WORK_SIZES_H

#include "pyobj/sizeof.h"
#include "workload.h"

/* What the strategy holds now. */
static inline uint64_t footprint_bytes(void)
{
    struct mm_stats stats;
    mm_stats_get(&stats);
    return stats.footprint_bytes;
}

/* The mean per object of what the strategy took since its footprint was `before_bytes`. */
static inline void report_taken_each(struct run *run, uint64_t before_bytes, uint64_t now_bytes, double count)
{
    run_figure(run, "taken_object_bytes", "bytes", ((double)now_bytes - (double)before_bytes) / count);
}

/* The mean per object of what tracemalloc would count of `count` objects made alike: the first few are each asked,
 * since the first instances of a class are larger, and all others are like the last. `traced_at` says it of one of
 * them. */
static inline void report_traced_each(struct run *run, size_t count, size_t (*traced_at)(const void *all, size_t index),
                                      const void *all)
{
    enum { ASKED = 64 };
    size_t asked = count < ASKED ? count : ASKED, bytes = 0;
    for (size_t i = 0; i < asked; i++)
        bytes += traced_at(all, i);
    if (count > asked)
        bytes += (count - asked) * traced_at(all, count - 1);
    run_figure(run, "traced_object_bytes", "bytes", (double)bytes / (double)count);
}

#endif
