#include "pyobj/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yajl/yajl_parse.h>

#include "common/dead.h"
#include "pyobj/dict.h"
#include "pyobj/float.h"
#include "pyobj/int.h"
#include "pyobj/list.h"
#include "pyobj/str.h"
#include "pyobj/walk.h"

/* ---- values into containers */

enum { JSON_GO_ON = 1, JSON_STOP = 0 }; /* what yajl wants of a callback */
enum { JSON_PROGRESS = 1000 };

static int json_fail(struct py_json *json)
{
    json->error = -ENOMEM;
    return JSON_STOP;
}

static int json_put(struct py_json *json, struct mm_root *value)
{
    if (!mm_root_get(json->current)) {
        mm_root_move(json->document, value);
        return 0;
    }
    if (py_kind_of(mm_root_get(json->current)) == PY_LIST)
        return py_list_append(json->current, value);
    int error = py_dict_put(json->current, json->key, value);
    if (!error)
        mm_root_set(json->key, NULL); /* it is still there if the dict had an equal one */
    return error;
}

/* A value is complete: puts it where it belongs. What is left in `value`, an unwanted or a replaced one, dies. */
static int json_deliver(struct py_json *json, struct mm_root *value)
{
    int error = json_put(json, value);
    if (WORK_SAYS_DEAD)
        py_dead_tree(mm_root_get(value), false);
    mm_root_set(value, NULL);
    if (error)
        return json_fail(json);
    if (++json->values == JSON_PROGRESS) {
        json->values = 0;
        if (json->progress)
            json->progress(json->context, JSON_PROGRESS);
    }
    return JSON_GO_ON;
}

static int json_deliver_shared(struct py_json *json, const struct mm_root *constant)
{
    MM_ROOT(value);
    mm_root_set(&value, mm_root_get(constant));
    return json_deliver(json, &value);
}

/* ---- yajl's events */

static int json_null(void *context)
{
    struct py_json *json = context;
    return json_deliver_shared(json, json->none);
}

static int json_boolean(void *context, int value)
{
    struct py_json *json = context;
    return json_deliver_shared(json, value ? json->yes : json->no);
}

/* yajl has checked its form, and what follows it is no digit: a delimiter, or a 0. */
static int json_number(void *context, const char *text, size_t bytes)
{
    struct py_json *json = context;
    MM_ROOT(value);
    bool fraction = memchr(text, '.', bytes) || memchr(text, 'e', bytes) || memchr(text, 'E', bytes);
    errno = 0;
    int64_t integer = fraction ? 0 : strtoll(text, NULL, 10);
    void *made = fraction || errno == ERANGE ? py_float_new(strtod(text, NULL), &value) : py_int_new(integer, &value);
    return made ? json_deliver(json, &value) : json_fail(json);
}

static int json_string(void *context, const unsigned char *text, size_t bytes)
{
    struct py_json *json = context;
    MM_ROOT(value);
    return py_str_new(text, bytes, &value) ? json_deliver(json, &value) : json_fail(json);
}

static int json_map_key(void *context, const unsigned char *text, size_t bytes)
{
    struct py_json *json = context;
    return py_json_key(json, text, bytes, json->key) ? json_fail(json) : JSON_GO_ON;
}

/* The container around, and its key, wait in `outer`. */
static int json_start(struct py_json *json, struct mm_root *container)
{
    void *current = mm_root_get(json->current);
    if (current) {
        bool dict = py_kind_of(current) == PY_DICT;
        if (py_list_append(json->outer, json->current) || (dict && py_list_append(json->outer, json->key))) {
            py_dead(mm_root_get(container));
            return json_fail(json);
        }
    }
    mm_root_move(json->current, container);
    return JSON_GO_ON;
}

static int json_start_map(void *context)
{
    MM_ROOT(dict);
    return py_dict_new(&dict) ? json_start(context, &dict) : json_fail(context);
}

static int json_start_array(void *context)
{
    MM_ROOT(list);
    return py_list_new(&list) ? json_start(context, &list) : json_fail(context);
}

static int json_end(void *context)
{
    struct py_json *json = context;
    MM_ROOT(finished);
    mm_root_move(&finished, json->current);
    if (py_list_length(mm_root_get(json->outer)) > 0) {
        py_list_pop(json->outer, json->current);
        if (py_kind_of(mm_root_get(json->current)) == PY_STR) {
            mm_root_move(json->key, json->current);
            py_list_pop(json->outer, json->current);
        }
    }
    return json_deliver(json, &finished);
}

static const yajl_callbacks json_callbacks = {
    .yajl_null = json_null,
    .yajl_boolean = json_boolean,
    .yajl_number = json_number,
    .yajl_string = json_string,
    .yajl_start_map = json_start_map,
    .yajl_map_key = json_map_key,
    .yajl_end_map = json_end,
    .yajl_start_array = json_start_array,
    .yajl_end_array = json_end,
};

/* ---- yajl's memory */

static void *json_malloc(void *pool, size_t bytes)
{
    return outside_pool_alloc(pool, bytes);
}

static void *json_realloc(void *pool, void *memory, size_t bytes)
{
    return outside_pool_resize(pool, memory, bytes);
}

static void json_free(void *pool, void *memory)
{
    (void)pool;
    (void)memory;
}

/* ---- a parse */

static void json_locate(struct py_json *json, const char *text, size_t bytes, size_t offset)
{
    json->offset = offset < bytes ? offset : bytes;
    json->line = json->column = 1;
    for (size_t i = 0; i < json->offset; i++) {
        json->column++;
        if (text[i] == '\n') {
            json->line++;
            json->column = 1;
        }
    }
}

static void json_explain(struct py_json *json, yajl_handle parser, const char *text, size_t bytes)
{
    unsigned char *words = yajl_get_error(parser, 0, NULL, 0);
    const char *message = words ? (const char *)words : "parse error";
    snprintf(json->message, sizeof json->message, "%.*s", (int)strcspn(message, "\n"), message);
    if (words)
        yajl_free_error(parser, words);
    json_locate(json, text, bytes, yajl_get_bytes_consumed(parser));
}

/* Feeds the parser. */
static int json_read(struct py_json *json, const char *text, size_t bytes)
{
    yajl_alloc_funcs memory = {json_malloc, json_realloc, json_free, &json->pool};
    yajl_handle parser = yajl_alloc(&json_callbacks, &memory, json);
    if (!parser)
        return -ENOMEM;
    bool ended = false;
    yajl_status status = yajl_parse(parser, (const unsigned char *)text, bytes);
    if (status == yajl_status_ok) {
        ended = true;
        status = yajl_complete_parse(parser);
    }
    if (status == yajl_status_error) {
        json->error = -EINVAL;
        json_explain(json, parser, text, bytes);
        if (ended)
            json_locate(json, text, bytes, bytes);
    }
    yajl_free(parser);
    return json->error;
}

/* After a failure: all that was made, but the keys, dies. Those among the outer containers are not theirs. */
static void json_abandon(struct py_json *json)
{
    struct py_list *outer = mm_root_get(json->outer);
    for (size_t i = 0; i < py_list_length(outer); i++)
        if (py_list_get(outer, i) && py_kind_of(py_list_get(outer, i)) == PY_STR)
            mm_set(outer, &outer->items.slots[i], NULL);
    py_dead_tree(outer, false);
    py_dead_tree(mm_root_get(json->current), false);
    py_dead_tree(mm_root_get(json->document), false);
}

int py_json_parse(struct py_json *json, const char *text, size_t bytes, struct mm_root *out)
{
    MM_ROOT(outer);
    MM_ROOT(current);
    MM_ROOT(key);
    MM_ROOT(document);
    json->outer = &outer;
    json->current = &current;
    json->key = &key;
    json->document = &document;
    json->values = 0;
    json->error = 0;
    if (!py_list_new(&outer))
        return -ENOMEM;
    int error = json_read(json, text, bytes);
    if (!error) {
        py_dead(mm_root_get(&outer));
        mm_root_move(out, &document);
    } else if (WORK_SAYS_DEAD) {
        json_abandon(json);
    }
    if (json->progress)
        json->progress(json->context, json->values);
    outside_pool_reset(&json->pool);
    return error;
}

/* setdefault(key, key), and what was made in vain dies: as CPython's json does it. */
int py_json_key(struct py_json *json, const void *text, size_t bytes, struct mm_root *out)
{
    MM_ROOT(fresh);
    MM_ROOT(value);
    if (!py_str_new(text, bytes, &fresh))
        return -ENOMEM;
    void *known = py_dict_get(mm_root_get(json->keys), mm_root_get(&fresh));
    if (known) {
        mm_root_set(out, known);
        py_dead(mm_root_get(&fresh));
        return 0;
    }
    mm_root_set(&value, mm_root_get(&fresh));
    mm_root_set(out, mm_root_get(&fresh));
    int error = py_dict_put(json->keys, &fresh, &value);
    if (error) {
        mm_root_set(out, NULL);
        py_dead(mm_root_get(&fresh));
    }
    return error;
}
