/* One function per operation of the contract that has a fast path, to be looked at once it is compiled. Each operation
 * stands here several times in one file, as in a workload: what the compiler would inline only once shows. */
#include "mm.h"

struct pair {
    struct mm_ref first, second;
    uint64_t value;
};

struct tuple {
    size_t length;
};

static const uint16_t pair_refs[] = {offsetof(struct pair, first), offsetof(struct pair, second)};
static const struct mm_type pair_type = {
    .name = "pair",
    .size = sizeof(struct pair),
    .ref_count = 2,
    .refs = pair_refs,
};
static const struct mm_type leaf_type = {.name = "leaf", .size = 16};
static const struct mm_type tagged_type = {
    .name = "tagged",
    .size = sizeof(struct pair),
    .flags = MM_TYPE_TAGGED,
    .ref_count = 2,
    .refs = pair_refs,
};
static const struct mm_type tuple_type = {
    .name = "tuple",
    .size = sizeof(struct tuple),
    .tail = MM_TAIL_REFS,
};

void *probe_new(struct mm_root *out);
void *probe_new_leaf(struct mm_root *out);
void *probe_new_tagged(struct mm_root *out);
void *probe_new_tail(size_t length, struct mm_root *out);
struct pair *probe_new_in_place(struct mm_root *out, uint64_t value);
void *probe_get(const struct pair *pair);
void probe_set(struct pair *pair, void *value);
void probe_set_null(struct pair *pair);
void probe_move(struct pair *pair, struct mm_root *from);
void probe_take(struct mm_root *to, struct pair *pair);
void *probe_root_get(const struct mm_root *root);
void probe_root_set(struct mm_root *root, void *object);
void probe_root_move(struct mm_root *to, struct mm_root *from);
void *probe_scope(const struct mm_root *root);
const struct mm_type *probe_type_of(const void *object);
void probe_region(struct mm_root *out);
void probe_dead(void *object);

void *probe_new(struct mm_root *out)
{
    return mm_new(&pair_type, out);
}

void *probe_new_leaf(struct mm_root *out)
{
    return mm_new(&leaf_type, out);
}

void *probe_new_tagged(struct mm_root *out)
{
    return mm_new(&tagged_type, out);
}

void *probe_new_tail(size_t length, struct mm_root *out)
{
    return mm_new_tail(&tuple_type, length, out);
}

/* What is written right after it is made need not be zeroed first. */
struct pair *probe_new_in_place(struct mm_root *out, uint64_t value)
{
    struct pair *pair = mm_new(&pair_type, out);
    if (pair)
        pair->value = value;
    return pair;
}

void *probe_get(const struct pair *pair)
{
    return mm_get(&pair->first);
}

void probe_set(struct pair *pair, void *value)
{
    mm_set(pair, &pair->first, value);
}

void probe_set_null(struct pair *pair)
{
    mm_set(pair, &pair->second, NULL);
}

void probe_move(struct pair *pair, struct mm_root *from)
{
    mm_move(pair, &pair->first, from);
}

void probe_take(struct mm_root *to, struct pair *pair)
{
    mm_take(to, pair, &pair->second);
}

void *probe_root_get(const struct mm_root *root)
{
    return mm_root_get(root);
}

void probe_root_set(struct mm_root *root, void *object)
{
    mm_root_set(root, object);
}

void probe_root_move(struct mm_root *to, struct mm_root *from)
{
    mm_root_move(to, from);
}

/* Push and pop. */
void *probe_scope(const struct mm_root *root)
{
    MM_ROOT(own);
    mm_root_set(&own, mm_root_get(root));
    return mm_root_get(&own);
}

const struct mm_type *probe_type_of(const void *object)
{
    return mm_type_of(object);
}

void probe_region(struct mm_root *out)
{
    struct mm_region region;
    mm_region_begin(&region);
    mm_new(&leaf_type, out);
    mm_root_set(out, NULL);
    mm_region_end(&region);
}

void probe_dead(void *object)
{
    mm_dead(&pair_type, object);
}
