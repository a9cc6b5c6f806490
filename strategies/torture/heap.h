/* torture: the judge. It moves every object at every allocation, knows exactly what is reachable, and ends the process
 * at the first step outside the contract (violation.h lists the rules). It is never timed, so nothing is inlined. */
#ifndef TORTURE_HEAP_H
#define TORTURE_HEAP_H

#define MM_TRAITS                                                                                                      \
    (MM_TRAIT_CYCLES | MM_TRAIT_MOVES | MM_TRAIT_WEAK | MM_TRAIT_FINALIZERS | MM_TRAIT_COLLECTOR | MM_TRAIT_CHECKS)

/* What the root holds is kept in the heap; here is only where. */
struct mm_root {
    size_t position;
};

struct mm_region {
    struct mm_region *outer;
    uint64_t born;
};

/* ---- roots (roots.c) */

void torture_root_push(struct mm_root *root);
void torture_root_pop(struct mm_root *root);
void *torture_root_get(const struct mm_root *root);
void torture_root_set(struct mm_root *root, void *object);
void torture_root_move(struct mm_root *to, struct mm_root *from);

static inline void mm_root_push(struct mm_root *root)
{
    torture_root_push(root);
}

static inline void mm_root_pop(struct mm_root *root)
{
    torture_root_pop(root);
}

static inline void *mm_root_get(const struct mm_root *root)
{
    return torture_root_get(root);
}

static inline void mm_root_set(struct mm_root *root, void *object)
{
    torture_root_set(root, object);
}

static inline void mm_root_move(struct mm_root *to, struct mm_root *from)
{
    torture_root_move(to, from);
}

/* ---- allocation (allocate.c) */

void *torture_new(const struct mm_type *type, struct mm_root *out);
void *torture_new_tail(const struct mm_type *type, size_t length, struct mm_root *out);
int torture_refs_resize(struct mm_root *owner, size_t offset, size_t capacity);
int torture_bytes_resize(struct mm_root *owner, size_t offset, size_t capacity);

static inline void *mm_new(const struct mm_type *type, struct mm_root *out)
{
    return torture_new(type, out);
}

static inline void *mm_new_tail(const struct mm_type *type, size_t length, struct mm_root *out)
{
    return torture_new_tail(type, length, out);
}

static inline int mm_refs_resize(struct mm_root *owner, size_t offset, size_t capacity)
{
    return torture_refs_resize(owner, offset, capacity);
}

static inline int mm_bytes_resize(struct mm_root *owner, size_t offset, size_t capacity)
{
    return torture_bytes_resize(owner, offset, capacity);
}

/* ---- references (fields.c) */

void *torture_get(const struct mm_ref *field);
void torture_set(void *object, struct mm_ref *field, void *value);
void torture_move_in(void *object, struct mm_ref *field, struct mm_root *from);
void torture_take(struct mm_root *to, void *object, struct mm_ref *field);
const struct mm_type *torture_type_of(const void *object);

static inline void *mm_get(const struct mm_ref *field)
{
    return torture_get(field);
}

static inline void mm_set(void *object, struct mm_ref *field, void *value)
{
    torture_set(object, field, value);
}

static inline void mm_move(void *object, struct mm_ref *field, struct mm_root *from)
{
    torture_move_in(object, field, from);
}

static inline void mm_take(struct mm_root *to, void *object, struct mm_ref *field)
{
    torture_take(to, object, field);
}

static inline const struct mm_type *mm_type_of(const void *object)
{
    return torture_type_of(object);
}

/* ---- promises (promises.c) */

void torture_dead(const struct mm_type *type, void *object);
void torture_region_begin(struct mm_region *region);
void torture_region_end(struct mm_region *region);

static inline void mm_dead(const struct mm_type *type, void *object)
{
    torture_dead(type, object);
}

static inline void mm_region_begin(struct mm_region *region)
{
    torture_region_begin(region);
}

static inline void mm_region_end(struct mm_region *region)
{
    torture_region_end(region);
}

#endif
