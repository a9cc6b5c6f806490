/* json.h: json.loads: a text into dicts, lists, strs, ints, floats, True, False and None on the managed heap.
 *
 * The reading is yajl's (lloyd.github.io/yajl), by its events; its own memory lies outside the managed heap and outside
 * the allocator under test. As CPython's json does, keys are made once per document and shared; and of two equal keys
 * in one dict the later counts. An int beyond 64 bits becomes a float. Nesting is as deep as memory allows.
 */
#ifndef PY_JSON_H
#define PY_JSON_H

#include "common/outside.h"
#include "pyobj/py.h"

struct py_json {
    /* Set by the caller, with `pool` zeroed: */
    const struct mm_root *none, *yes, *no; /* None, True, False: shared by all values */
    struct mm_root *keys;                  /* a dict from each key to itself; it owns them: see py_dead_tree */
    struct outside_pool pool;
    void (*progress)(void *context, uint64_t values); /* called about every thousand values; or NULL */
    void *context;

    /* After a failure with -EINVAL: where, and the parser's words. */
    size_t offset, line, column; /* from 0; from 1, in bytes */
    char message[160];

    /* While it parses. */
    struct mm_root *outer;   /* a list: the containers around `current`; a dict is followed by its pending key */
    struct mm_root *current; /* the container that is being filled, or NULL */
    struct mm_root *key;     /* if that is a dict: the key of the value to come */
    struct mm_root *document;
    uint64_t values; /* since the last progress */
    int error;
};

/* Parses `text[0 .. bytes)`, behind which there is a 0, into `out`. 0; -ENOMEM; or -EINVAL: it is not JSON. After a
 * failure nothing is left of it but keys. */
int py_json_parse(struct py_json *json, const char *text, size_t bytes, struct mm_root *out);

/* The document's one object for a key, which lies outside the heap, into `out`. 0 or -ENOMEM. */
int py_json_key(struct py_json *json, const void *text, size_t bytes, struct mm_root *out);

#endif
