/* weak_dict.h: weakref.WeakValueDictionary: a dict that does not keep its values alive, and loses each with its last
 * reference. Where the strategy has weak references.
 *
 * The dict's values are weak references with a callback, which finds its entry by the key's hash (CPython's has the key
 * in the weak reference) and removes it. A callback that comes while the dict is being rebuilt leaves that to its end.
 */
#ifndef PY_WEAK_DICT_H
#define PY_WEAK_DICT_H

#include "pyobj/dict.h"

#if MM_TRAITS & MM_TRAIT_WEAK

struct py_weak_dict {
    struct mm_root dict;
    struct py_weak_dict *next; /* of those that are open */
    bool busy, pending;        /* it is being rebuilt; and values died meanwhile */
};

/* Pushes its root. 0, or -ENOMEM with nothing pushed. */
int py_weak_dict_open(struct py_weak_dict *weak_dict);

/* Says that the keys die, and pops the root. */
void py_weak_dict_close(struct py_weak_dict *weak_dict);

/* weak_dict[key] = value, whose type has a weaklist. Hands the key over, as py_dict_put. 0 or -ENOMEM. */
int py_weak_dict_put(struct py_weak_dict *weak_dict, struct mm_root *key, const struct mm_root *value);

/* The value into `out`; NULL: there is none (any more). Returns it, borrowed. Does not allocate. */
void *py_weak_dict_get(const struct py_weak_dict *weak_dict, void *key, struct mm_root *out);

static inline size_t py_weak_dict_length(const struct py_weak_dict *weak_dict)
{
    return py_dict_length(mm_root_get(&weak_dict->dict));
}

#endif
#endif
