/* set.h: CPython's set: a hash table of 2^n places, a key and its hash each; the first 8 places are in the object.
 *
 *     | fill | used | slots | capacity | bytes | capacity | 8 keys | 8 hashes | weak |
 *                       |                  +-> | hash 0 | hash 1 | ...      when there are more than 8 places
 *                       +-> | key 0 | key 1 | ... NULL |
 *
 * Bytes are CPython 3.11's, but keys and hashes lie apart, where CPython has them side by side.
 *
 * Invariants: a place without a key has hash 0 (never used: a search ends there) or 1 (a key was removed); a hash that
 * is kept has its top bit cut off; fill = keys + removed ones, and fill * 5 < (places - 1) * 3.
 */
#ifndef PY_SET_H
#define PY_SET_H

#include "pyobj/py.h"

enum { PY_SET_SMALL = 8 };

struct py_set {
    size_t fill, used;
    struct mm_refs keys;
    struct mm_bytes hashes;
    struct mm_ref small_keys[PY_SET_SMALL];
    uint64_t small_hashes[PY_SET_SMALL];
    struct mm_weaklist weaklist;
};

static const uint16_t py_set_refs[] = {48, 56, 64, 72, 80, 88, 96, 104}; /* small_keys */
static const uint16_t py_set_ref_buffers[] = {offsetof(struct py_set, keys)};
static const uint16_t py_set_byte_buffers[] = {offsetof(struct py_set, hashes)};
_Static_assert(offsetof(struct py_set, small_keys) == 48, "py_set_refs has the places of small_keys");
static const struct py_type py_set_type = {
    .mm = {.name = "set",
           .size = sizeof(struct py_set),
           .flags = MM_TYPE_TAGGED,
           .ref_count = PY_SET_SMALL,
           .refs_count = 1,
           .bytes_count = 1,
           .weaklist = offsetof(struct py_set, weaklist),
           .refs = py_set_refs,
           .ref_buffers = py_set_ref_buffers,
           .byte_buffers = py_set_byte_buffers},
    .kind = PY_SET,
};

static inline struct py_set *py_set_new(struct mm_root *out)
{
    return mm_new(&py_set_type.mm, out);
}

static inline size_t py_set_length(const struct py_set *set)
{
    return set->used;
}

/* Keys are int or str. Does not allocate. */
bool py_set_contains(const struct py_set *set, void *key);

/* set.add(key): hands it over, unless the set has an equal one: then `key` is as it was. 0 or -ENOMEM. */
int py_set_add(struct mm_root *set, struct mm_root *key);

/* Takes a key out of the set into a root. False if it has none. Does not allocate. */
bool py_set_remove(struct py_set *set, void *key, struct mm_root *out);

/* What set.update(other) does before it adds the `count` keys of another set or dict, as does {1, 2, 3} of constants: a
 * larger table, if it would come close to full. 0 or -ENOMEM. */
int py_set_reserve(struct mm_root *set, size_t count);

/* Keys by place, 0 to places - 1; NULL where there is none. */
static inline size_t py_set_places(const struct py_set *set)
{
    return set->keys.slots ? set->keys.capacity : PY_SET_SMALL;
}

static inline void *py_set_key_at(const struct py_set *set, size_t place)
{
    return mm_get(set->keys.slots ? &set->keys.slots[place] : &set->small_keys[place]);
}

#endif
