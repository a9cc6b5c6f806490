/* The operations on the graph: roots, objects, references, buffers. */
#include <errno.h>
#include <inttypes.h>

#include "driver.h"

static const struct place nothing = {MODEL_NONE, NULL};

/* ---- roots */

static void push(void)
{
    if (model.root_count < MODEL_ROOTS - 16)
        driver_push(&driver.own_roots[model.root_count]);
}

static void pop(void)
{
    if (model.root_count > driver.scope_floor)
        driver_pop();
}

static void root_set(void)
{
    size_t root = driver_choose_root();
    driver_root_set(root, driver_byte() % 4 == 0 ? nothing : driver_find());
}

static void hand_over(size_t to, size_t from)
{
    model_move(&model.roots[to], &model.roots[from]);
    mm_root_move(driver.roots[to], driver.roots[from]);
    driver_settle();
}

static void root_move(void)
{
    size_t to = driver_choose_root(), from = driver_choose_root();
    if (to == from)
        return;
    hand_over(to, from);
    driver_in_root(to);
    driver_in_root(from);
}

/* Drops what a finalizer has resurrected. */
static void bury(void)
{
    driver_root_set(driver_below(DRIVER_GRAVES), nothing);
}

/* A C scope: roots that go when it is left, with operations inside. */
static void scope(void)
{
    if (driver.scopes == DRIVER_SCOPES || model.root_count > MODEL_ROOTS - 16)
        return;
    size_t outer_roots = driver.scope_floor, outer_regions = driver.region_floor;
    size_t inside = driver_below(32);
    driver.scopes++;
    {
        MM_ROOT(first);
        MM_ROOT(second);
        struct mm_root *roots[] = {&first, &second};
        for (size_t i = 0; i < 2; i++) {
            driver.roots[model.root_count] = roots[i];
            model.roots[model.root_count++] = MODEL_NONE;
        }
        driver.scope_floor = model.root_count;
        driver.region_floor = driver.region_count;
        driver_run_some(inside);
        while (driver.region_count > driver.region_floor)
            driver_region_end();
        while (model.root_count > driver.scope_floor)
            driver_pop();
        for (size_t i = 0; i < 2; i++) {
            model.root_count--;
            model_point(&model.roots[model.root_count], MODEL_NONE);
        }
    }
    driver_settle();
    driver.scopes--;
    driver.scope_floor = outer_roots;
    driver.region_floor = outer_regions;
}

/* ---- objects */

static void new_in_root(void)
{
    size_t root = driver_choose_root();
    const struct kind *kind = driver_choose_kind();
    driver_new(kind, driver_choose_length(kind), root);
}

/* Hands the reference of the last root to a reference of an object, or drops it. */
static void move_last(struct place place, struct slot slot)
{
    size_t root = model.root_count - 1;
    if (!slot.model)
        return;
    model_move(slot.model, &model.roots[root]);
    model.unlinked = true; /* moved into itself, an object is lost */
    mm_move(place.real, slot.real, driver.roots[root]);
    driver_settle();
}

/* What a workload does most: a new object, held for a moment, becomes part of a structure. */
static void new_in_field(void)
{
    if (model.root_count > MODEL_ROOTS - 8)
        return;
    struct mm_root root;
    size_t index = driver_push(&root);
    const struct kind *kind = driver_choose_kind();
    if (driver_new(kind, driver_choose_length(kind), index)) {
        struct place place = driver_find_object();
        move_last(place, driver_choose_slot(place));
    }
    driver_pop();
}

/* ---- references */

static void set(void)
{
    struct place object = driver_find_object();
    struct slot slot = driver_choose_slot(object);
    if (slot.model)
        driver_set(object, slot, driver_byte() % 4 == 0 ? nothing : driver_find());
}

static void move(void)
{
    size_t root = driver_choose_root();
    struct place object = driver_find_object();
    struct slot slot = driver_choose_slot(object);
    if (!slot.model)
        return;
    model_move(slot.model, &model.roots[root]);
    model.unlinked = true; /* moved into itself, an object is lost */
    mm_move(object.real, slot.real, driver.roots[root]);
    driver_settle();
    driver_in_root(root);
}

static void take(void)
{
    size_t root = driver_choose_root();
    struct place object = driver_find_object();
    struct slot slot = driver_choose_slot(object);
    if (!slot.model || model_at(object.index)->type->flags & MM_TYPE_UNTRACKS)
        return;
    model_move(&model.roots[root], slot.model);
    mm_take(driver.roots[root], object.real, slot.real);
    driver_settle();
    driver_in_root(root);
}

/* Drops all references of an object, one by one. */
static void empty(void)
{
    struct mm_root root;
    if (model.root_count > MODEL_ROOTS - 8)
        return;
    size_t index = driver_push(&root);
    driver_root_set(index, driver_find_object());
    int32_t serial = model.roots[index];
    if (serial != MODEL_NONE && !(model_at(serial)->type->flags & MM_TYPE_UNTRACKS)) {
        struct model_object *object = model_at(serial);
        for (int group = 0; group < GROUPS; group++)
            for (uint32_t i = 0; i < object->refs[group].capacity; i++) {
                struct place place = driver_in_root(index);
                struct slot slot = {&object->refs[group].slots[i],
                                    kind_ref(object->type, place.real, (enum model_group)group, i)};
                driver_set(place, slot, nothing);
            }
    }
    driver_pop();
}

/* ---- buffers */

/* A buffer that grows is allocated, so in a region only objects of that region may have theirs grown. */
static bool may_grow(const struct model_object *object)
{
    return object->region == driver.region_count;
}

static size_t choose_capacity(size_t old)
{
    uint8_t byte = driver_byte();
    if (byte < 96)
        return old + byte % 8;
    if (byte < 144)
        return old > byte % 8 ? old - byte % 8 : 0;
    if (byte < 224 || !(driver.profile & PROFILE_LARGE))
        return old < 400 && byte % 4 == 0 ? old * 2 : byte % 24;
    return (size_t)(byte - 224) * 100;
}

static void resize_refs(size_t root, unsigned buffer, size_t capacity)
{
    struct model_object *object = model_at(model.roots[root]);
    enum model_group group = (enum model_group)(GROUP_BUFFER_0 + buffer);
    struct model_refs before = object->refs[group];
    static int32_t cut[MODEL_SLOTS];
    size_t cut_count = capacity < before.capacity ? before.capacity - capacity : 0;
    for (size_t i = 0; i < cut_count; i++)
        cut[i] = before.slots[capacity + i];
    uint64_t bytes_freed = model.bytes_freed;
    if (cut_count != 0)
        model_resize(object, group, (uint32_t)capacity);
    int error = mm_refs_resize(driver.roots[root], object->type->ref_buffers[buffer], capacity);
    if (error) {
        driver_expect_failure();
        if (error != -ENOMEM)
            driver_fail("mm_refs_resize returns %d", error);
        model.bytes_freed = bytes_freed;
        object->refs[group].capacity = before.capacity;
        for (size_t i = 0; i < cut_count; i++)
            model_point(&before.slots[capacity + i], cut[i]);
    } else if (cut_count == 0) {
        model_resize(object, group, (uint32_t)capacity);
    }
    driver_settle();
}

static void stamp(struct model_object *object, int32_t serial, enum model_bytes_group group, void *real)
{
    struct mm_bytes bytes = kind_bytes(object->type, real, group);
    struct model_bytes *wanted = &object->bytes[group];
    wanted->stamped = wanted->capacity;
    wanted->version++;
    for (size_t i = 0; i < wanted->stamped; i++)
        bytes.bytes[i] = kind_stamp(wanted, serial, i);
}

static void resize_bytes(size_t root, size_t capacity)
{
    struct model_object *object = model_at(model.roots[root]);
    struct model_bytes *bytes = &object->bytes[BYTES_BUFFER];
    int error = mm_bytes_resize(driver.roots[root], object->type->byte_buffers[0], capacity);
    if (error) {
        driver_expect_failure();
        if (error != -ENOMEM)
            driver_fail("mm_bytes_resize returns %d", error);
    } else {
        model.bytes_allocated += capacity > bytes->capacity ? capacity : 0;
        model.bytes_freed += capacity > bytes->capacity ? bytes->capacity : bytes->capacity - capacity;
        bytes->capacity = (uint32_t)capacity;
        bytes->stamped = bytes->stamped < capacity ? bytes->stamped : (uint32_t)capacity;
    }
    driver_settle();
    struct place place = driver_in_root(root);
    const char *damage = kind_check(object, place.index, place.real);
    if (damage)
        driver_fail("after mm_bytes_resize to %zu: %s", capacity, damage);
    if (driver_byte() % 2 == 0)
        stamp(object, place.index, BYTES_BUFFER, place.real);
}

static void resize_in(size_t root)
{
    const struct model_object *object = model_at(model.roots[root]);
    unsigned refs = object->type->refs_count, choices = refs + object->type->bytes_count;
    if (choices == 0)
        return;
    unsigned choice = (unsigned)driver_below(choices);
    bool is_refs = choice < refs;
    size_t old = is_refs ? object->refs[GROUP_BUFFER_0 + choice].capacity : object->bytes[BYTES_BUFFER].capacity / 5;
    size_t capacity = choose_capacity(old);
    if (capacity > old && !may_grow(object))
        capacity = old / 2;
    if (!is_refs)
        resize_bytes(root, capacity * 5);
    else if (model_has_room(capacity))
        resize_refs(root, choice, capacity);
}

static void resize(void)
{
    size_t root = driver_choose_root();
    if (model.roots[root] != MODEL_NONE && model_at(model.roots[root])->type)
        resize_in(root);
}

/* The same for an object that no root held. */
static void resize_inner(void)
{
    if (model.root_count > MODEL_ROOTS - 8)
        return;
    struct mm_root root;
    size_t index = driver_push(&root);
    driver_root_set(index, driver_find_object());
    if (model.roots[index] != MODEL_NONE)
        resize_in(index);
    driver_pop();
}

static void write_bytes(void)
{
    struct place place = driver_find_object();
    if (place.index == MODEL_NONE)
        return;
    for (int group = 0; group < BYTES_GROUPS; group++)
        stamp(model_at(place.index), place.index, (enum model_bytes_group)group, place.real);
}

/* ---- shapes that random steps seldom make */

static size_t choose_chain_length(void)
{
    uint8_t byte = driver_byte();
    return byte < 240 ? (size_t)(1 + byte % 40) : (size_t)(byte - 239) * 150;
}

static const struct kind *choose_chain_kind(void)
{
    const struct kind *const choices[] = {kind_pair, kind_link, kind_branch, kind_final};
    return choices[driver_below(driver.profile & PROFILE_FINALIZED ? 4 : 3)];
}

/* A chain in a root, each new one in front. */
static void chain_in(size_t root, const struct kind *kind, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        struct mm_root next;
        size_t index = driver_push(&next);
        if (driver_new(kind, 0, index)) {
            struct place place = driver_in_root(index);
            struct slot slot = {&model_at(place.index)->refs[GROUP_FIXED].slots[0],
                                kind_ref(kind->type, place.real, GROUP_FIXED, 0)};
            model_move(slot.model, &model.roots[root]);
            mm_move(place.real, slot.real, driver.roots[root]);
            hand_over(root, index);
        }
        driver_pop();
    }
}

static void chain(void)
{
    if (model.root_count > MODEL_ROOTS - 8 || !model_has_room(10000))
        return;
    size_t root = driver_choose_root();
    driver_root_set(root, nothing);
    chain_in(root, choose_chain_kind(), choose_chain_length());
}

/* A ring; the root drops it at once, or keeps it. Another root may have a weak reference to it. */
static void ring(void)
{
    if (model.root_count > MODEL_ROOTS - 8 || !model_has_room(10000))
        return;
    struct mm_root first;
    size_t root = driver_choose_root(), index = driver_push(&first);
    const struct kind *kind = choose_chain_kind();
    driver_root_set(root, nothing);
    chain_in(root, kind, 1);
    driver_root_set(index, driver_in_root(root));
    chain_in(root, kind, choose_chain_length() / 4);
    struct place last = driver_in_root(index);
    if (last.index != MODEL_NONE) {
        struct slot slot = {&model_at(last.index)->refs[GROUP_FIXED].slots[0],
                            kind_ref(kind->type, last.real, GROUP_FIXED, 0)};
        driver_set(last, slot, driver_in_root(root));
    }
    driver_pop();
    uint8_t byte = driver_byte();
    if (byte % 4 == 0 && driver.profile & PROFILE_WEAK)
        driver_weak_new(root, driver_choose_root());
    if (byte % 2 == 0)
        driver_root_set(root, nothing);
}

/* A complete binary tree in the last root: what a depth-first walk needs room for. */
static void grow(size_t depth)
{
    size_t index = model.root_count - 1;
    if (!driver_new(kind_branch, 0, index) || depth == 0)
        return;
    for (size_t side = 0; side < 2; side++) {
        struct mm_root child;
        driver_push(&child);
        grow(depth - 1);
        struct place place = driver_in_root(index);
        move_last(place, (struct slot){&model_at(place.index)->refs[GROUP_FIXED].slots[side],
                                       kind_ref(kind_branch->type, place.real, GROUP_FIXED, side)});
        driver_pop();
    }
}

static void tree(void)
{
    if (model.root_count > MODEL_ROOTS - 16 || !model_has_room(1000))
        return;
    struct mm_root root;
    size_t to = driver_choose_root(), index = driver_push(&root);
    grow(driver_below(8));
    hand_over(to, index);
    driver_pop();
}

/* Puts a new object into each empty slot of the buffers and the tail of what the root holds, `left` at most. */
static void fill_in(size_t root, const struct kind *kind, size_t left)
{
    struct mm_root fresh;
    size_t index = driver_push(&fresh);
    int32_t serial = model.roots[root];
    for (int group = GROUP_TAIL; serial != MODEL_NONE && group < GROUPS; group++) {
        struct model_object *object = model_at(serial);
        for (uint32_t i = 0; left != 0 && i < object->refs[group].capacity; i++) {
            int32_t *slot = &object->refs[group].slots[i];
            if (*slot != MODEL_NONE || !driver_may_write(object, slot) || !driver_new(kind, 0, index))
                continue;
            struct place place = driver_in_root(root);
            move_last(place, (struct slot){slot, kind_ref(object->type, place.real, (enum model_group)group, i)});
            left--;
        }
    }
    driver_pop();
}

/* Wide objects that are full: with chance alone they stay nearly empty. */
static void fill(void)
{
    if (model.root_count > MODEL_ROOTS - 8 || !model_has_room(2000))
        return;
    struct mm_root holder;
    size_t owner = driver_push(&holder);
    driver_root_set(owner, driver_find_object());
    fill_in(owner, choose_chain_kind(), driver_byte());
    driver_pop();
}

static void new_full_list(void)
{
    if (model.root_count > MODEL_ROOTS - 8 || !model_has_room(2000))
        return;
    size_t root = driver_choose_root(), length = driver_byte() % 100;
    if (!driver_new(kind_list, 0, root))
        return;
    resize_refs(root, 0, length);
    fill_in(root, choose_chain_kind(), length);
}

const struct operation graph_operations[] = {
    {"push", 6, push, 0, 0},
    {"pop", 5, pop, 0, 0},
    {"root_set", 10, root_set, 0, 0},
    {"root_move", 4, root_move, 0, 0},
    {"bury", 3, bury, PROFILE_FINALIZED, 0},
    {"scope", 3, scope, 0, 0},
    {"new_in_root", 14, new_in_root, 0, 0},
    {"new_in_field", 20, new_in_field, 0, 0},
    {"set", 20, set, 0, 0},
    {"move", 8, move, 0, 0},
    {"take", 8, take, 0, 0},
    {"empty", 2, empty, 0, 0},
    {"resize", 8, resize, PROFILE_BUFFERS, 0},
    {"resize_inner", 6, resize_inner, PROFILE_BUFFERS, 0},
    {"write_bytes", 4, write_bytes, 0, 0},
    {"fill", 4, fill, 0, 0},
    {"new_full_list", 3, new_full_list, PROFILE_BUFFERS, 0},
    {"tree", 2, tree, 0, 0},
    {"chain", 1, chain, PROFILE_CHAINS, 0},
    {"ring", 3, ring, 0, 0},
    {NULL, 0, NULL, 0, 0},
};
