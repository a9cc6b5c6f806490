#include "pyobj/set.h"

#include <string.h>

#include "pyobj/hash.h"

enum { SET_LINEAR_PROBES = 9, SET_PERTURB_SHIFT = 5, SET_LARGE = 50000 };

/* What stands for a hash where there is no key. */
enum { SET_UNUSED = 0, SET_REMOVED = 1 };

/* While the table is built anew: this key has not got its place yet. Cut off from all hashes. */
static const uint64_t set_waiting = (uint64_t)1 << 63;

/* A table: of the object or in buffers. Stale when those move. */
struct table {
    struct py_set *set;
    struct mm_ref *keys;
    uint64_t *hashes;
    size_t mask;
};

static struct table set_small_table(struct py_set *set)
{
    return (struct table){set, set->small_keys, set->small_hashes, PY_SET_SMALL - 1};
}

static struct table set_table(struct py_set *set)
{
    if (!set->keys.slots)
        return set_small_table(set);
    return (struct table){set, set->keys.slots, (uint64_t *)(void *)set->hashes.bytes, set->keys.capacity - 1};
}

/* ---- probing: runs of places side by side, and a jump after each */

struct probe {
    size_t place, left; /* in this run */
    uint64_t perturb;
};

static size_t run_length(const struct table *table, size_t place)
{
    return place + SET_LINEAR_PROBES <= table->mask ? SET_LINEAR_PROBES : 0;
}

static struct probe probe_first(const struct table *table, uint64_t hash)
{
    size_t place = hash & table->mask;
    return (struct probe){place, run_length(table, place), hash};
}

/* The first place of the run is what the jump goes from. */
static void probe_next(const struct table *table, struct probe *probe, size_t *first)
{
    if (probe->left > 0) {
        probe->left--;
        probe->place++;
        return;
    }
    probe->perturb >>= SET_PERTURB_SHIFT;
    *first = (*first * 5 + 1 + probe->perturb) & table->mask;
    probe->place = *first;
    probe->left = run_length(table, *first);
}

/* The place of an equal key, or the one to put it: the last on the way that had a key which was removed, or else the
 * unused one where the search ended. */
static size_t set_find(const struct table *table, void *key, uint64_t hash, bool *found)
{
    struct probe probe = probe_first(table, hash);
    size_t removed = SIZE_MAX;
    for (size_t first = probe.place;; probe_next(table, &probe, &first)) {
        void *at = mm_get(&table->keys[probe.place]);
        *found = at && table->hashes[probe.place] == hash && py_same(at, key);
        if (*found)
            return probe.place;
        if (!at && table->hashes[probe.place] == SET_UNUSED)
            return removed == SIZE_MAX ? probe.place : removed;
        if (!at)
            removed = probe.place;
    }
}

static uint64_t set_hash(void *key)
{
    return py_hash(key) & ~set_waiting;
}

/* ---- building anew: within one table, since a buffer cannot be handed from object to object */

/* Moves the keys to the first places, waiting, and forgets what was removed. */
static void set_compact(struct py_set *set)
{
    struct table table = set_table(set);
    size_t to = 0;
    MM_ROOT(carried);
    for (size_t from = 0; from <= table.mask; from++) {
        bool present = mm_get(&table.keys[from]) != NULL;
        uint64_t hash = table.hashes[from];
        table.hashes[from] = SET_UNUSED;
        if (!present)
            continue;
        mm_take(&carried, set, &table.keys[from]);
        mm_move(set, &table.keys[to], &carried);
        table.hashes[to++] = hash | set_waiting;
    }
    set->fill = set->used;
}

/* Puts a key where it belongs: in an unused place, or in that of one that still waits, which then goes on in its
 * stead. Only placed keys are passed over, and those stay; so each search finds what was placed. */
static void set_place(const struct table *table, struct mm_root *carried, uint64_t hash)
{
    struct probe probe = probe_first(table, hash);
    for (size_t first = probe.place;;) {
        uint64_t *there = &table->hashes[probe.place];
        struct mm_ref *slot = &table->keys[probe.place];
        bool present = mm_get(slot) != NULL;
        if (present && !(*there & set_waiting)) {
            probe_next(table, &probe, &first);
            continue;
        }
        uint64_t next_hash = *there & ~set_waiting;
        MM_ROOT(next);
        mm_take(&next, table->set, slot);
        mm_move(table->set, slot, carried);
        *there = hash;
        if (!present)
            return;
        mm_root_move(carried, &next);
        hash = next_hash;
        probe = probe_first(table, hash);
        first = probe.place;
    }
}

/* Gives every waiting key its place. */
static void set_rebuild(struct py_set *set)
{
    struct table table = set_table(set);
    MM_ROOT(carried);
    for (size_t i = 0; i < set->used; i++) {
        uint64_t hash = table.hashes[i];
        if (!mm_get(&table.keys[i]) || !(hash & set_waiting))
            continue;
        table.hashes[i] = SET_UNUSED;
        mm_take(&carried, set, &table.keys[i]);
        set_place(&table, &carried, hash & ~set_waiting);
    }
}

/* The keys, which are at the first places, to another table of the same set. */
static void set_carry(const struct table *from, const struct table *to)
{
    MM_ROOT(carried);
    for (size_t i = 0; i < from->set->used; i++) {
        mm_take(&carried, from->set, &from->keys[i]);
        mm_move(to->set, &to->keys[i], &carried);
        to->hashes[i] = from->hashes[i];
        from->hashes[i] = SET_UNUSED;
    }
}

static int set_resize_keys(struct mm_root *root, size_t places)
{
    return mm_refs_resize(root, offsetof(struct py_set, keys), places);
}

static int set_resize_hashes(struct mm_root *root, size_t places)
{
    return mm_bytes_resize(root, offsetof(struct py_set, hashes), places * sizeof(uint64_t));
}

/* There are never fewer hashes than keys. Failing, the table is as it was. */
static int set_grow(struct mm_root *root, size_t places)
{
    bool was_small = !((struct py_set *)mm_root_get(root))->keys.slots;
    if (set_resize_hashes(root, places) || set_resize_keys(root, places))
        return -ENOMEM;
    struct table small = set_small_table(mm_root_get(root)), large = set_table(mm_root_get(root));
    if (was_small)
        set_carry(&small, &large);
    return 0;
}

/* Failing, it keeps the room. */
static void set_shrink(struct mm_root *root, size_t places)
{
    size_t capacity = places == PY_SET_SMALL ? 0 : places;
    struct table small = set_small_table(mm_root_get(root)), large = set_table(mm_root_get(root));
    if (capacity == 0)
        set_carry(&large, &small);
    if (set_resize_keys(root, capacity) == 0) {
        (void)set_resize_hashes(root, capacity);
        return;
    }
    small = set_small_table(mm_root_get(root));
    large = set_table(mm_root_get(root));
    if (capacity == 0)
        set_carry(&small, &large);
}

/* To the first size above `minimum`, and without what was removed. */
static int set_resize(struct mm_root *root, size_t minimum)
{
    size_t places = PY_SET_SMALL, old = py_set_places(mm_root_get(root));
    int error = 0;
    while (places <= minimum)
        places *= 2;
    set_compact(mm_root_get(root));
    if (places > old)
        error = set_grow(root, places);
    else if (places < old)
        set_shrink(root, places);
    set_rebuild(mm_root_get(root));
    return error;
}

/* ---- what is offered */

bool py_set_contains(const struct py_set *set, void *key)
{
    struct table table = set_table((struct py_set *)(uintptr_t)set);
    bool found;
    set_find(&table, key, set_hash(key), &found);
    return found;
}

static bool is_too_full(size_t fill, size_t mask)
{
    return fill * 5 >= mask * 3;
}

int py_set_add(struct mm_root *root, struct mm_root *key)
{
    struct py_set *set = mm_root_get(root);
    struct table table = set_table(set);
    uint64_t hash = set_hash(mm_root_get(key));
    bool found;
    size_t place = set_find(&table, mm_root_get(key), hash, &found);
    if (found)
        return 0;
    bool was_unused = table.hashes[place] == SET_UNUSED;
    if (was_unused && is_too_full(set->fill + 1, table.mask)) {
        size_t used = set->used + 1;
        if (set_resize(root, used > SET_LARGE ? used * 2 : used * 4))
            return -ENOMEM;
        set = mm_root_get(root);
        table = set_table(set);
        place = set_find(&table, mm_root_get(key), hash, &found);
    }
    mm_move(set, &table.keys[place], key);
    table.hashes[place] = hash;
    set->fill += was_unused;
    set->used++;
    return 0;
}

bool py_set_remove(struct py_set *set, void *key, struct mm_root *out)
{
    struct table table = set_table(set);
    bool found;
    size_t place = set_find(&table, key, set_hash(key), &found);
    if (!found)
        return false;
    mm_take(out, set, &table.keys[place]);
    table.hashes[place] = SET_REMOVED;
    set->used--;
    return true;
}

int py_set_reserve(struct mm_root *root, size_t count)
{
    const struct py_set *set = mm_root_get(root);
    if (!is_too_full(set->fill + count, py_set_places(set) - 1))
        return 0;
    return set_resize(root, (set->used + count) * 2);
}
