/* check.c: mm_heap_check. In debug builds it knows all objects, and counts their references anew. */
#include "check.h"

#include "internal.h"

static const char *check_account(void)
{
    struct mm_stats stats;
    mm_stats_get(&stats);
    if (stats.objects_freed > stats.objects_allocated)
        return "refcount: more objects were freed than allocated";
    if (stats.bytes_freed > stats.bytes_allocated)
        return "refcount: more bytes were freed than allocated";
    if (stats.footprint_bytes > stats.peak_footprint_bytes)
        return "refcount: more is held than the peak";
    return NULL;
}

#if REFCOUNT_LISTED

static struct refcount_header *objects;

void refcount_list_add(struct refcount_header *header, const struct mm_type *type)
{
    refcount_lock();
    header->listed_type = type;
    header->mark = REFCOUNT_LIVE;
    header->previous = NULL;
    header->next = objects;
    if (objects)
        objects->previous = header;
    objects = header;
    refcount_unlock();
}

void refcount_list_remove(struct refcount_header *header)
{
    refcount_lock();
    header->mark = 0;
    if (header->previous)
        header->previous->next = header->next;
    else
        objects = header->next;
    if (header->next)
        header->next->previous = header->previous;
    refcount_unlock();
}

void refcount_list_free(void)
{
    while (objects) {
        struct refcount_header *header = objects;
        const struct mm_type *type = header->listed_type;
        void *object = refcount_payload(header);
        for (unsigned i = 0; i < type->refs_count; i++)
            free(mm_refs_at(object, type->ref_buffers[i])->slots);
        for (unsigned i = 0; i < type->bytes_count; i++)
            free(mm_bytes_at(object, type->byte_buffers[i])->bytes);
        refcount_list_remove(header);
        free((char *)header - word_typed_bytes(refcount_read(header)));
    }
}

/* Counts a reference; false if it is one to something that is no object. */
static bool see(const struct mm_ref *field)
{
    if (!field->object)
        return true;
    struct refcount_header *header = refcount_of(field->object);
    if (header->mark != REFCOUNT_LIVE)
        return false;
    header->seen++;
    return true;
}

static bool see_slots(const struct mm_ref *slots, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!see(&slots[i]))
            return false;
    return true;
}

static bool see_all(struct refcount_header *header)
{
    const struct mm_type *type = header->listed_type;
    void *object = refcount_payload(header);
    bool good = true;
    for (unsigned i = 0; i < type->ref_count; i++)
        good = good && see(mm_ref_at(object, type->refs[i]));
    for (unsigned i = 0; i < type->refs_count; i++) {
        const struct mm_refs *refs = mm_refs_at(object, type->ref_buffers[i]);
        good = good && see_slots(refs->slots, refs->capacity);
    }
    if (type->tail == MM_TAIL_REFS)
        good = good && see_slots(mm_tail_refs(type, object), mm_type_length(type, object));
    return good;
}

static const char *check_weak(const struct refcount_header *header)
{
    const struct mm_type *type = header->listed_type;
    if (!type->weaklist)
        return NULL;
    const void *object = header + 1;
    const struct mm_weaklist *list = (const void *)((const char *)object + type->weaklist);
    const struct refcount_weak *previous = NULL;
    for (const struct refcount_weak *weak = list->first; weak; previous = weak, weak = weak->next) {
        if (refcount_of(weak)->mark != REFCOUNT_LIVE || refcount_of(weak)->listed_type != &refcount_weak_type)
            return "refcount: something else is in a list of weak references";
        if (weak->target != object || weak->previous != previous)
            return "refcount: a list of weak references is broken";
    }
    return NULL;
}

/* Those that die hold their references until their turn comes. */
static const char *check_objects(struct mm_stats *found)
{
    for (struct refcount_header *header = objects; header; header = header->next)
        header->seen = 0;
    for (struct refcount_header *header = objects; header; header = header->next) {
        if (header->mark != REFCOUNT_LIVE || (header->next && header->next->previous != header))
            return "refcount: the list of objects is broken";
        if (!see_all(header))
            return "refcount: a reference to something that was freed";
        const struct mm_type *type = header->listed_type;
        const void *object = header + 1;
        found->objects_allocated++;
        found->footprint_bytes += mm_size_of(type, object);
    }
    for (struct refcount_header *header = objects; header; header = header->next) {
        uint64_t word = refcount_read(header);
        if (word & WORD_DEAD ? header->seen != 0 : header->seen > word_count(word))
            return "refcount: an object has more references than are counted";
        const char *wrong = check_weak(header);
        if (wrong)
            return wrong;
    }
    return NULL;
}

const char *mm_heap_check(void)
{
    const char *wrong = check_account();
    if (wrong)
        return wrong;
    struct mm_stats found = {0}, stats;
    wrong = check_objects(&found);
    if (wrong)
        return wrong;
    mm_stats_get(&stats);
    if (found.objects_allocated != stats.objects_allocated - stats.objects_freed)
        return "refcount: the objects are not as many as were allocated and not freed";
    /* In a finalizer there may be a block that is to become an object. */
    if (refcount_mutator()->cascade.nesting ? found.footprint_bytes > stats.footprint_bytes
                                            : found.footprint_bytes != stats.footprint_bytes)
        return "refcount: what is held is not the sum of the objects";
    return NULL;
}

#else

void refcount_list_free(void) {}

const char *mm_heap_check(void)
{
    return check_account();
}

#endif
