/* mm.h, as a watched workload sees it: every function that allocates also tells the recorder.
 *
 * The folder comes before strategies/ in the include path of `sites-<strategy>` alone, so that workloads are compiled
 * as they are, and no other executable knows of this. */
#ifndef WATCHED_MM_H
#define WATCHED_MM_H

#include_next "mm.h"

#include "common/watch.h"
#include "sites/process/record.h"

/* A call of its own, never inlined, like all that lead to it (-fno-inline): not every compiler's debug information lets
 * addr2line tell functions that were inlined into one another. */
#define WATCHED_CALL static __attribute__((noinline, unused))

WATCHED_CALL void *watched_new(const struct mm_type *type, struct mm_root *out)
{
    void *object = mm_new(type, out);
    if (object)
        record_object(object, type->size);
    return object;
}

WATCHED_CALL void *watched_new_tail(const struct mm_type *type, size_t length, struct mm_root *out)
{
    void *object = mm_new_tail(type, length, out);
    if (object)
        record_object(object, mm_type_payload_bytes(type, length));
    return object;
}

WATCHED_CALL int watched_refs_resize(struct mm_root *owner, size_t offset, size_t capacity)
{
    int error = mm_refs_resize(owner, offset, capacity);
    if (!error)
        record_buffer(mm_root_get(owner), offset, capacity * sizeof(struct mm_ref));
    return error;
}

WATCHED_CALL int watched_bytes_resize(struct mm_root *owner, size_t offset, size_t capacity)
{
    int error = mm_bytes_resize(owner, offset, capacity);
    if (!error)
        record_buffer(mm_root_get(owner), offset, capacity);
    return error;
}

/* What dies by the workload's own word, it says here. */
MM_INLINE void watched_dead(const struct mm_type *type, void *object)
{
    if (MM_TRAITS & MM_TRAIT_EXPLICIT_FREE)
        watch_died(object);
    mm_dead(type, object);
}

MM_INLINE void watched_region_begin(struct mm_region *region)
{
    if (MM_TRAITS & MM_TRAIT_REGIONS)
        record_region_begin();
    mm_region_begin(region);
}

MM_INLINE void watched_region_end(struct mm_region *region)
{
    mm_region_end(region);
    if (MM_TRAITS & MM_TRAIT_REGIONS)
        record_region_end();
}

#if MM_TRAITS & MM_TRAIT_WEAK
/* A strategy may hand out one that exists, and only it knows how large a new one is: what it counts beyond what was
 * recorded is the new one. */
WATCHED_CALL void *watched_weak_new(const struct mm_root *target, mm_weak_callback *callback, void *context,
                                    struct mm_root *out)
{
    void *weak = mm_weak_new(target, callback, context, out);
    struct mm_stats stats;
    mm_stats_get(&stats);
    if (weak && stats.objects_allocated > record_totals.objects_made)
        record_object(weak, stats.bytes_allocated - record_totals.bytes_made);
    return weak;
}
#define mm_weak_new watched_weak_new
#endif

#define mm_new          watched_new
#define mm_new_tail     watched_new_tail
#define mm_refs_resize  watched_refs_resize
#define mm_bytes_resize watched_bytes_resize
#define mm_dead         watched_dead
#define mm_region_begin watched_region_begin
#define mm_region_end   watched_region_end

#endif
