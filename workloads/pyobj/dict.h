/* dict.h: CPython's compact dict: entries in the order of insertion, and a table of their indices.
 *
 *     | slots | capacity | bytes | capacity |
 *        |                  +-> | struct py_dict_keys | hashes, if general | indices: 1, 2 or 4 bytes each |
 *        +-> | key 0 | value 0 | key 1 | value 1 | ... NULL |
 *
 * The indices are a hash table of 2^n places: -1 empty, -2 deleted, else an entry. Entries are as many as two thirds of
 * the places. A deleted entry stays as NULL, NULL until the entries are used up; then the dict is built anew with
 * places for three times what it holds. While all keys are str ("not general") hashes are read from them and not kept.
 * Bytes are CPython 3.11's, but in two buffers where CPython has one block.
 *
 * Invariants: used + deleted = entry_count; entry_count + usable = capacity; an empty dict has no buffers; each entry
 * is in exactly one index.
 */
#ifndef PY_DICT_H
#define PY_DICT_H

#include "pyobj/py.h"

struct py_dict {
    struct mm_refs entries;
    struct mm_bytes table;
};

/* At the start of the table. */
struct py_dict_keys {
    uint64_t used;        /* keys in the dict */
    uint64_t usable;      /* entries that can still be added */
    uint64_t entry_count; /* so far, the deleted included */
    uint8_t log2_size;    /* of the places */
    uint8_t index_bytes;
    uint8_t general; /* has keys that are not str, so keeps hashes */
    uint8_t unused[5];
};

static const uint16_t py_dict_ref_buffers[] = {offsetof(struct py_dict, entries)};
static const uint16_t py_dict_byte_buffers[] = {offsetof(struct py_dict, table)};
static const struct py_type py_dict_type = {
    .mm = {.name = "dict",
           .size = sizeof(struct py_dict),
           .flags = MM_TYPE_TAGGED,
           .refs_count = 1,
           .bytes_count = 1,
           .ref_buffers = py_dict_ref_buffers,
           .byte_buffers = py_dict_byte_buffers},
    .kind = PY_DICT,
};

static inline struct py_dict *py_dict_new(struct mm_root *out)
{
    return mm_new(&py_dict_type.mm, out);
}

/* An empty dict with room for so many keys, as {"a": 1, "b": 2, ...} is made. Of a longer literal, CPython's compiler
 * makes a dict of the first 17, to which the others are added. */
enum { PY_DICT_LITERAL = 17 };
struct py_dict *py_dict_new_room(size_t keys, struct mm_root *out);

static inline struct py_dict_keys *py_dict_keys(const struct py_dict *dict)
{
    return (struct py_dict_keys *)(void *)dict->table.bytes;
}

static inline size_t py_dict_length(const struct py_dict *dict)
{
    return dict->table.bytes ? py_dict_keys(dict)->used : 0;
}

/* Keys are int or str. Finding does not allocate. The value, borrowed, or NULL. */
void *py_dict_get(const struct py_dict *dict, void *key);

/* dict[key] = value. Hands both over; then `value` holds what was replaced, or NULL, and `key` is NULL if it is in the
 * dict now, or as before if the dict had an equal one. 0, or -ENOMEM with dict, key and value as they were. */
int py_dict_put(struct mm_root *dict, struct mm_root *key, struct mm_root *value);

/* Takes a key and its value out of the dict into roots. False if it has none. Does not allocate. */
bool py_dict_remove(struct py_dict *dict, void *key, struct mm_root *key_out, struct mm_root *value_out);

/* The same for the entry that has this very value, by its key's hash (py_hash): for who has lost the key. */
bool py_dict_remove_value(struct py_dict *dict, uint64_t hash, const void *value, struct mm_root *key_out,
                          struct mm_root *value_out);

/* Entries by number, 0 to count - 1, in order of insertion; the key is NULL where one was deleted. */
static inline size_t py_dict_entry_count(const struct py_dict *dict)
{
    return dict->table.bytes ? py_dict_keys(dict)->entry_count : 0;
}

static inline void *py_dict_key_at(const struct py_dict *dict, size_t entry)
{
    return mm_get(&dict->entries.slots[2 * entry]);
}

static inline void *py_dict_value_at(const struct py_dict *dict, size_t entry)
{
    return mm_get(&dict->entries.slots[2 * entry + 1]);
}

#endif
