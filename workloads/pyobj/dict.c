#include "pyobj/dict.h"

#include <string.h>

#include "pyobj/hash.h"

enum { DICT_EMPTY = -1, DICT_DELETED = -2 };
enum { DICT_MIN_LOG2_SIZE = 3, DICT_PERTURB_SHIFT = 5 };

/* ---- layout of the table */

/* The places for so many keys, as CPython 3.11 works them out: the next power of two, but for 1 to 7 it is 16, not 8.
 */
static unsigned dict_log2_size(uint64_t keys)
{
    const uint64_t least = (uint64_t)1 << DICT_MIN_LOG2_SIZE;
    uint64_t last = ((keys | least) - 1) | (least - 1);
    return 64 - (unsigned)__builtin_clzll(last);
}

static unsigned dict_log2_size_of_literal(uint64_t keys)
{
    return dict_log2_size((keys * 3 + 1) / 2);
}

static size_t dict_capacity(unsigned log2_size)
{
    return ((size_t)2 << log2_size) / 3;
}

static uint8_t dict_index_bytes(unsigned log2_size)
{
    return log2_size < 8 ? 1 : log2_size < 16 ? 2 : 4;
}

static size_t dict_table_bytes(unsigned log2_size, bool general)
{
    size_t hashes = general ? dict_capacity(log2_size) * sizeof(uint64_t) : 0;
    return sizeof(struct py_dict_keys) + hashes + ((size_t)dict_index_bytes(log2_size) << log2_size);
}

static uint64_t *dict_hashes(struct py_dict_keys *keys)
{
    return (uint64_t *)(void *)(keys + 1);
}

static unsigned char *dict_indices(struct py_dict_keys *keys)
{
    size_t hashes = keys->general ? dict_capacity(keys->log2_size) : 0;
    return (unsigned char *)(dict_hashes(keys) + hashes);
}

static int64_t dict_index_get(const struct py_dict_keys *keys, const unsigned char *indices, size_t place)
{
    switch (keys->index_bytes) {
    case 1: return ((const int8_t *)indices)[place];
    case 2: return ((const int16_t *)(const void *)indices)[place];
    default: return ((const int32_t *)(const void *)indices)[place];
    }
}

static void dict_index_set(const struct py_dict_keys *keys, unsigned char *indices, size_t place, int64_t entry)
{
    switch (keys->index_bytes) {
    case 1: ((int8_t *)indices)[place] = (int8_t)entry; break;
    case 2: ((int16_t *)(void *)indices)[place] = (int16_t)entry; break;
    default: ((int32_t *)(void *)indices)[place] = (int32_t)entry; break;
    }
}

/* ---- probing: the places where a hash may be, in order */

struct probe {
    size_t place, mask;
    uint64_t perturb;
};

static struct probe probe_first(const struct py_dict_keys *keys, uint64_t hash)
{
    size_t mask = ((size_t)1 << keys->log2_size) - 1;
    return (struct probe){hash & mask, mask, hash};
}

static void probe_next(struct probe *probe)
{
    probe->perturb >>= DICT_PERTURB_SHIFT;
    probe->place = (probe->place * 5 + probe->perturb + 1) & probe->mask;
}

static uint64_t dict_entry_hash(const struct py_dict *dict, size_t entry)
{
    struct py_dict_keys *keys = py_dict_keys(dict);
    return keys->general ? dict_hashes(keys)[entry] : py_hash(py_dict_key_at(dict, entry));
}

/* The entry with an equal key and, in `place`, where its index is; or -1. */
static int64_t dict_find(const struct py_dict *dict, void *key, uint64_t hash, size_t *place)
{
    struct py_dict_keys *keys = py_dict_keys(dict);
    if (!keys)
        return -1;
    const unsigned char *indices = dict_indices(keys);
    for (struct probe probe = probe_first(keys, hash);; probe_next(&probe)) {
        int64_t entry = dict_index_get(keys, indices, probe.place);
        if (entry == DICT_EMPTY)
            return -1;
        if (entry >= 0 && dict_entry_hash(dict, (size_t)entry) == hash &&
            py_same(py_dict_key_at(dict, (size_t)entry), key)) {
            *place = probe.place;
            return entry;
        }
    }
}

/* The index of a new entry goes to the first place on its way that is free. */
static void dict_index_add(struct py_dict_keys *keys, uint64_t hash, size_t entry)
{
    unsigned char *indices = dict_indices(keys);
    struct probe probe = probe_first(keys, hash);
    while (dict_index_get(keys, indices, probe.place) >= 0)
        probe_next(&probe);
    dict_index_set(keys, indices, probe.place, (int64_t)entry);
}

/* ---- building anew */

/* Moves the entries together, over the deleted ones. The indices are wrong after it. */
static void dict_compact(struct py_dict *dict)
{
    struct py_dict_keys *keys = py_dict_keys(dict);
    struct mm_ref *slots = dict->entries.slots;
    size_t to = 0;
    MM_ROOT(carried);
    for (size_t from = 0; from < keys->entry_count; from++) {
        if (!mm_get(&slots[2 * from]))
            continue;
        if (from != to) {
            mm_take(&carried, dict, &slots[2 * from]);
            mm_move(dict, &slots[2 * to], &carried);
            mm_take(&carried, dict, &slots[2 * from + 1]);
            mm_move(dict, &slots[2 * to + 1], &carried);
            if (keys->general)
                dict_hashes(keys)[to] = dict_hashes(keys)[from];
        }
        to++;
    }
    keys->usable += keys->entry_count - to;
    keys->entry_count = to;
}

static void dict_build_indices(struct py_dict *dict)
{
    struct py_dict_keys *keys = py_dict_keys(dict);
    memset(dict_indices(keys), 0xff, (size_t)keys->index_bytes << keys->log2_size);
    for (size_t entry = 0; entry < keys->entry_count; entry++)
        dict_index_add(keys, dict_entry_hash(dict, entry), entry);
}

/* The table has its new size: makes it say so, and fills it. It may have become general, never the opposite. */
static void dict_rebuild(struct py_dict *dict, unsigned log2_size, bool general)
{
    struct py_dict_keys *keys = py_dict_keys(dict);
    if (general && !keys->general)
        for (size_t entry = 0; entry < keys->entry_count; entry++)
            dict_hashes(keys)[entry] = py_hash(py_dict_key_at(dict, entry));
    keys->general = general;
    keys->log2_size = (uint8_t)log2_size;
    keys->index_bytes = dict_index_bytes(log2_size);
    keys->usable = dict_capacity(log2_size) - keys->entry_count;
    dict_build_indices(dict);
}

/* After a failure: the table is as it was, the entries may be fewer or more than it has places for. */
static void dict_restore(struct py_dict *dict)
{
    struct py_dict_keys *keys = py_dict_keys(dict);
    if (!keys)
        return;
    size_t capacity = dict_capacity(keys->log2_size), slots = dict->entries.capacity / 2;
    keys->usable = (slots < capacity ? slots : capacity) - keys->entry_count;
    dict_build_indices(dict);
}

static int dict_resize(struct mm_root *root, unsigned log2_size, bool general)
{
    struct py_dict *dict = mm_root_get(root);
    if (py_dict_keys(dict))
        dict_compact(dict);
    if (mm_refs_resize(root, offsetof(struct py_dict, entries), 2 * dict_capacity(log2_size)) ||
        mm_bytes_resize(root, offsetof(struct py_dict, table), dict_table_bytes(log2_size, general))) {
        dict_restore(mm_root_get(root));
        return -ENOMEM;
    }
    dict_rebuild(mm_root_get(root), log2_size, general);
    return 0;
}

/* Room for a key that is new. */
static int dict_make_room(struct mm_root *root, bool general)
{
    const struct py_dict *dict = mm_root_get(root);
    const struct py_dict_keys *keys = py_dict_keys(dict);
    if (!keys)
        return dict_resize(root, DICT_MIN_LOG2_SIZE, general);
    if (keys->usable > 0 && (keys->general || !general))
        return 0;
    return dict_resize(root, dict_log2_size(keys->used * 3), keys->general || general);
}

/* ---- what is offered */

struct py_dict *py_dict_new_room(size_t keys, struct mm_root *out)
{
    MM_ROOT(dict);
    if (!py_dict_new(&dict))
        return NULL;
    uint64_t first = keys < PY_DICT_LITERAL ? keys : PY_DICT_LITERAL;
    bool small = first <= dict_capacity(DICT_MIN_LOG2_SIZE);
    if (!small && dict_resize(&dict, dict_log2_size_of_literal(first), false)) {
        mm_dead(&py_dict_type.mm, mm_root_get(&dict));
        return NULL;
    }
    mm_root_move(out, &dict);
    return mm_root_get(out);
}

void *py_dict_get(const struct py_dict *dict, void *key)
{
    size_t place;
    int64_t entry = dict_find(dict, key, py_hash(key), &place);
    return entry < 0 ? NULL : py_dict_value_at(dict, (size_t)entry);
}

static void dict_replace(struct py_dict *dict, size_t entry, struct mm_root *value)
{
    MM_ROOT(old);
    struct mm_ref *slot = &dict->entries.slots[2 * entry + 1];
    mm_take(&old, dict, slot);
    mm_move(dict, slot, value);
    mm_root_move(value, &old);
}

int py_dict_put(struct mm_root *root, struct mm_root *key, struct mm_root *value)
{
    size_t place;
    uint64_t hash = py_hash(mm_root_get(key));
    int64_t found = dict_find(mm_root_get(root), mm_root_get(key), hash, &place);
    if (found >= 0) {
        dict_replace(mm_root_get(root), (size_t)found, value);
        return 0;
    }
    if (dict_make_room(root, py_kind_of(mm_root_get(key)) != PY_STR))
        return -ENOMEM;
    struct py_dict *dict = mm_root_get(root);
    struct py_dict_keys *keys = py_dict_keys(dict);
    size_t entry = keys->entry_count++;
    dict_index_add(keys, hash, entry);
    if (keys->general)
        dict_hashes(keys)[entry] = hash;
    mm_move(dict, &dict->entries.slots[2 * entry], key);
    mm_move(dict, &dict->entries.slots[2 * entry + 1], value);
    keys->used++;
    keys->usable--;
    return 0;
}

static void dict_delete(struct py_dict *dict, size_t place, int64_t entry, struct mm_root *key, struct mm_root *value)
{
    struct py_dict_keys *keys = py_dict_keys(dict);
    dict_index_set(keys, dict_indices(keys), place, DICT_DELETED);
    keys->used--;
    mm_take(key, dict, &dict->entries.slots[2 * entry]);
    mm_take(value, dict, &dict->entries.slots[2 * entry + 1]);
}

bool py_dict_remove(struct py_dict *dict, void *key, struct mm_root *key_out, struct mm_root *value_out)
{
    size_t place;
    int64_t entry = dict_find(dict, key, py_hash(key), &place);
    if (entry >= 0)
        dict_delete(dict, place, entry, key_out, value_out);
    return entry >= 0;
}

bool py_dict_remove_value(struct py_dict *dict, uint64_t hash, const void *value, struct mm_root *key_out,
                          struct mm_root *value_out)
{
    const struct py_dict_keys *keys = py_dict_keys(dict);
    if (!keys)
        return false;
    for (struct probe probe = probe_first(keys, hash);; probe_next(&probe)) {
        int64_t entry = dict_index_get(keys, dict_indices(py_dict_keys(dict)), probe.place);
        if (entry == DICT_EMPTY)
            return false;
        if (entry >= 0 && py_dict_value_at(dict, (size_t)entry) == value) {
            dict_delete(dict, probe.place, entry, key_out, value_out);
            return true;
        }
    }
}
