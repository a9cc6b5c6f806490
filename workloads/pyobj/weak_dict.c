#include "pyobj/weak_dict.h"

#if MM_TRAITS & MM_TRAIT_WEAK

#include "pyobj/hash.h"
#include "pyobj/shared.h"

static struct py_weak_dict *open_dicts;

static void drop_key(struct mm_root *key)
{
    if (mm_root_get(key) && !py_is_shared(mm_root_get(key)))
        py_dead(mm_root_get(key));
    mm_root_set(key, NULL);
}

/* Of one of the dicts that are open: a callback has room for one word, the hash. */
static void value_died(void *weak, void *context)
{
    MM_ROOT(key);
    MM_ROOT(value);
    for (struct py_weak_dict *weak_dict = open_dicts; weak_dict; weak_dict = weak_dict->next) {
        weak_dict->pending |= weak_dict->busy;
        if (!weak_dict->busy &&
            py_dict_remove_value(mm_root_get(&weak_dict->dict), (uintptr_t)context, weak, &key, &value)) {
            drop_key(&key);
            return;
        }
    }
}

/* Removes what died while the dict was busy. */
static void prune(struct py_weak_dict *weak_dict)
{
    struct py_dict *dict = mm_root_get(&weak_dict->dict);
    MM_ROOT(target);
    MM_ROOT(key);
    MM_ROOT(value);
    weak_dict->pending = false;
    for (size_t i = 0; i < py_dict_entry_count(dict); i++) {
        void *weak = py_dict_value_at(dict, i);
        if (weak && !mm_weak_get(weak, &target) && py_dict_remove(dict, py_dict_key_at(dict, i), &key, &value))
            drop_key(&key);
    }
}

int py_weak_dict_open(struct py_weak_dict *weak_dict)
{
    mm_root_push(&weak_dict->dict);
    if (!py_dict_new(&weak_dict->dict)) {
        mm_root_pop(&weak_dict->dict);
        return -ENOMEM;
    }
    weak_dict->busy = weak_dict->pending = false;
    weak_dict->next = open_dicts;
    open_dicts = weak_dict;
    return 0;
}

void py_weak_dict_close(struct py_weak_dict *weak_dict)
{
    struct py_weak_dict **at = &open_dicts;
    while (*at != weak_dict)
        at = &(*at)->next;
    *at = weak_dict->next;
    struct py_dict *dict = mm_root_get(&weak_dict->dict);
    for (size_t i = 0; i < py_dict_entry_count(dict); i++) {
        void *key = py_dict_key_at(dict, i);
        if (key && !py_is_shared(key))
            py_dead(key);
    }
    py_dead(dict);
    mm_root_pop(&weak_dict->dict);
}

int py_weak_dict_put(struct py_weak_dict *weak_dict, struct mm_root *key, const struct mm_root *value)
{
    MM_ROOT(weak);
    void *context = (void *)(uintptr_t)py_hash(mm_root_get(key)); /* NOLINT: no pointer, a word */
    if (!mm_weak_new(value, value_died, context, &weak))
        return -ENOMEM;
    weak_dict->busy = true;
    int error = py_dict_put(&weak_dict->dict, key, &weak);
    weak_dict->busy = false;
    if (weak_dict->pending)
        prune(weak_dict);
    return error;
}

void *py_weak_dict_get(const struct py_weak_dict *weak_dict, void *key, struct mm_root *out)
{
    void *weak = py_dict_get(mm_root_get(&weak_dict->dict), key);
    if (weak)
        return mm_weak_get(weak, out);
    mm_root_set(out, NULL);
    return NULL;
}

#endif
