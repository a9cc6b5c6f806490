/* json_document: a real JSON file is parsed into Python-shaped objects, walked, edited, walked again and dropped.
 *
 *     document = json.loads(text)
 *
 * The file is read in setup; parsing it into objects is timed. By default it is the table of the world's languages, ISO
 * 639-3, as Debian's iso-codes package has it: 7,900 small dicts with shared keys, 0.9 MB. */
#include "workload.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/dead.h"
#include "common/draw.h"
#include "pyobj/constant.h"
#include "pyobj/dict.h"
#include "pyobj/float.h"
#include "pyobj/int.h"
#include "pyobj/json.h"
#include "pyobj/list.h"
#include "pyobj/str.h"
#include "pyobj/walk.h"

#define BUILT_IN "builtin"

enum { FILE_NAME, EDIT };
static const struct workload_param params[] = {
    [FILE_NAME] = {.name = "file",
                   .kind = WORKLOAD_TEXT,
                   .text = "/usr/share/iso-codes/json/iso_639-3.json",
                   .small_text = BUILT_IN,
                   .help = "path of a JSON file; " BUILT_IN ": a small text inside the program"},
    [EDIT] = {.name = "edit",
              .initial = 50,
              .small = 50,
              .lowest = 0,
              .highest = 100,
              .help = "dicts and lists that are edited, per cent"},
    {.name = NULL},
};

/* All kinds of value, escapes, two equal keys, an int that needs three digits and one that is too large. */
static const char built_in[] =
    "{\"title\": \"A small document\", \"empty\": [{}, [], \"\"], \"none\": null, \"yes\": true, \"no\": false,\n"
    " \"numbers\": [0, -1, 1073741823, 1073741824, -9223372036854775808, 9223372036854775807, 18446744073709551616,\n"
    "  0.5, -1.25e-3, 6.02214076e23],\n"
    " \"text\": [\"line\\nbreak\", \"\\u00e9t\\u00e9\", \"\xc3\xa9t\xc3\xa9\", \"\\ud83d\\ude80\", "
    "\"\\\"quoted\\\"\"],\n"
    " \"twice\": 1, \"twice\": {\"the\": \"later\", \"one\": \"counts\"},\n"
    " \"languages\": [{\"alpha_3\": \"aaa\", \"name\": \"Ghotuo\", \"scope\": \"I\", \"type\": \"L\"},\n"
    "  {\"alpha_3\": \"deu\", \"alpha_2\": \"de\", \"name\": \"German\", \"scope\": \"I\", \"type\": \"L\"},\n"
    "  {\"alpha_3\": \"epo\", \"alpha_2\": \"eo\", \"name\": \"Esperanto\", \"scope\": \"I\", \"type\": \"C\"}],\n"
    " \"nested\": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"deep\"]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]],\n"
    " \"growing\": {\"a\": 1, \"b\": 2, \"c\": 3, \"d\": 4, \"e\": 5, \"f\": 6, \"g\": 7, \"h\": 8, \"i\": 9, \"j\": "
    "10,\n"
    "  \"k\": 11, \"l\": 12}}\n";

struct state {
    struct mm_root none, yes, no;
    char *text; /* with a 0 behind it */
    size_t bytes;
    struct outside_pool pool;
};

/* ---- walking */

static uint64_t float_bits(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static uint64_t read_value(void *value)
{
    switch (py_kind_of(value)) {
    case PY_BOOL: return 1 + (uint64_t)py_bool_value(value);
    case PY_INT: return (uint64_t)py_int_value(value);
    case PY_FLOAT: return float_bits(((struct py_float *)value)->value);
    case PY_STR: return py_str_hash(value) + py_str_length(value);
    case PY_LIST: return 11 + py_list_length(value);
    case PY_DICT: return 13 + py_dict_length(value);
    default: return 7;
    }
}

static int walk_document(struct run *run, void *document)
{
    struct py_walk walk;
    uint64_t sum = 0;
    py_walk_begin(&walk, document, true);
    for (void *value; (value = py_walk_next(&walk));)
        if (walk.event != PY_WALK_LEAVE)
            sum = (sum + read_value(value)) * 0x9e3779b97f4a7c15u;
    run_check(run, sum);
    return py_walk_end(&walk);
}

/* ---- editing */

static bool is_container(const void *value)
{
    return py_kind_of(value) == PY_LIST || py_kind_of(value) == PY_DICT;
}

static size_t slot_count(void *container)
{
    return py_kind_of(container) == PY_LIST ? py_list_length(container) : py_dict_entry_count(container);
}

/* An item of a list, a value of a dict; a dict's is NULL where a key was deleted. */
static struct mm_ref *slot_at(void *container, size_t index)
{
    if (py_kind_of(container) == PY_LIST)
        return &((struct py_list *)container)->items.slots[index];
    return &((struct py_dict *)container)->entries.slots[2 * index + 1];
}

/* All containers of the document, each after the one that it is in, into the list `found`. */
static int find_containers(const struct mm_root *document, struct mm_root *found)
{
    MM_ROOT(container);
    if (!is_container(mm_root_get(document)))
        return 0;
    mm_root_set(&container, mm_root_get(document));
    int error = py_list_append(found, &container);
    for (size_t i = 0; !error && i < py_list_length(mm_root_get(found)); i++) {
        size_t count = slot_count(py_list_get(mm_root_get(found), i));
        for (size_t j = 0; !error && j < count; j++) {
            void *value = mm_get(slot_at(py_list_get(mm_root_get(found), i), j));
            if (value && is_container(value)) {
                mm_root_set(&container, value);
                error = py_list_append(found, &container);
            }
        }
    }
    return error;
}

/* value.upper() of ASCII letters, in its place. */
static int edit_upper(struct mm_root *container, size_t index)
{
    MM_ROOT(upper);
    const struct py_str *old = mm_get(slot_at(mm_root_get(container), index));
    struct py_str *to = py_str_new_blank(py_str_form(old), py_str_length(old), &upper);
    if (!to)
        return -ENOMEM;
    struct mm_ref *slot = slot_at(mm_root_get(container), index);
    struct py_str *from = mm_get(slot);
    for (size_t i = 0; i < py_str_length(from); i++) {
        uint32_t c = py_str_at(from, i);
        py_str_put(to, i, c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    }
    mm_dead(&py_str_type.mm, from);
    mm_move(mm_root_get(container), slot, &upper);
    return 0;
}

/* del d[first key], unless it holds a container. */
static void edit_delete_first(struct py_dict *dict)
{
    MM_ROOT(key);
    MM_ROOT(value);
    if (py_dict_entry_count(dict) == 0 || !py_dict_key_at(dict, 0) || is_container(py_dict_value_at(dict, 0)))
        return;
    py_dict_remove(dict, py_dict_key_at(dict, 0), &key, &value);
    if (WORK_SAYS_DEAD)
        py_dead_tree(mm_root_get(&value), false);
}

/* d["edited"] = True, unless that would drop a container, or l.append(True). What it replaces dies. */
static int edit_mark(struct py_json *json, struct mm_root *container)
{
    static const char mark[] = "edited";
    MM_ROOT(key);
    MM_ROOT(value);
    mm_root_set(&value, mm_root_get(json->yes));
    if (py_kind_of(mm_root_get(container)) == PY_LIST)
        return py_list_append(container, &value);
    if (py_json_key(json, mark, sizeof mark - 1, &key))
        return -ENOMEM;
    void *old = py_dict_get(mm_root_get(container), mm_root_get(&key));
    if (old && is_container(old))
        return 0;
    int error = py_dict_put(container, &key, &value);
    if (WORK_SAYS_DEAD && !error)
        py_dead_tree(mm_root_get(&value), false);
    return error;
}

static int edit_container(struct py_json *json, struct mm_root *container)
{
    size_t count = slot_count(mm_root_get(container));
    for (size_t i = 0; i < count; i++) {
        void *value = mm_get(slot_at(mm_root_get(container), i));
        if (value && py_kind_of(value) == PY_STR && edit_upper(container, i))
            return -ENOMEM;
    }
    if (py_kind_of(mm_root_get(container)) == PY_DICT)
        edit_delete_first(mm_root_get(container));
    return edit_mark(json, container);
}

static int edit_document(struct run *run, struct py_json *json, const struct mm_root *document)
{
    MM_ROOT(found);
    MM_ROOT(container);
    if (!py_list_new(&found))
        return -ENOMEM;
    int error = find_containers(document, &found);
    struct draw draw = draw_seeded(run->seed);
    for (size_t i = 0; !error && i < py_list_length(mm_root_get(&found)); i++) {
        if (draw_below(&draw, 100) >= (uint64_t)run->params[EDIT].integer)
            continue;
        mm_root_set(&container, py_list_get(mm_root_get(&found), i));
        error = edit_container(json, &container);
    }
    mm_dead(&py_list_type.mm, mm_root_get(&found));
    return error;
}

/* ---- a run */

static void progress(void *context, uint64_t values)
{
    run_done(context, values);
}

static int parse_document(struct run *run, struct py_json *json, struct mm_root *document)
{
    const struct state *state = run->state;
    int error = py_json_parse(json, state->text, state->bytes, document);
    if (error == -EINVAL)
        return run_fail(run, error, "%s:%zu:%zu: not valid JSON at byte %zu: %s", run->params[FILE_NAME].text,
                        json->line, json->column, json->offset, json->message);
    return error;
}

static void drop(struct mm_root *document, struct mm_root *keys)
{
    if (WORK_SAYS_DEAD) {
        py_dead_tree(mm_root_get(document), false);
        struct py_dict *dict = mm_root_get(keys);
        for (size_t i = 0; i < py_dict_entry_count(dict); i++)
            py_dead(py_dict_key_at(dict, i));
        py_dead(dict);
    }
    mm_root_set(document, NULL);
    mm_root_set(keys, NULL);
}

static int use_document(struct run *run)
{
    struct state *state = run->state;
    MM_ROOT(document);
    MM_ROOT(keys);
    if (!py_dict_new(&keys))
        return -ENOMEM;
    struct py_json json = {
        .none = &state->none,
        .yes = &state->yes,
        .no = &state->no,
        .keys = &keys,
        .pool = state->pool,
        .progress = progress,
        .context = run,
    };
    int error = parse_document(run, &json, &document);
    if (!error)
        error = walk_document(run, mm_root_get(&document));
    if (!error)
        error = edit_document(run, &json, &document);
    if (!error)
        error = walk_document(run, mm_root_get(&document));
    drop(&document, &keys);
    state->pool = json.pool;
    return error;
}

static int run_iteration(struct run *run)
{
    struct mm_region region;
    mm_region_begin(&region);
    int error = use_document(run);
    mm_region_end(&region);
    return error;
}

/* ---- the input */

static void teardown(struct run *run)
{
    struct state *state = run->state;
    struct mm_root *constants[] = {&state->no, &state->yes, &state->none};
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++) {
        if (mm_root_get(constants[i]))
            py_dead(mm_root_get(constants[i]));
        mm_root_pop(constants[i]);
    }
    outside_free(state->text, state->bytes + 1, 1);
    outside_pool_close(&state->pool);
}

/* Reads all of an open file. 0, or a negative errno. */
static int read_text(struct state *state, int file)
{
    struct stat status;
    if (fstat(file, &status))
        return -errno;
    if (S_ISDIR(status.st_mode))
        return -EISDIR;
    if (!S_ISREG(status.st_mode))
        return -EINVAL;
    state->bytes = (size_t)status.st_size;
    state->text = outside_new(state->bytes + 1, 1);
    if (!state->text)
        return -ENOMEM;
    for (size_t done = 0; done < state->bytes;) {
        ssize_t got = read(file, state->text + done, state->bytes - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got < 0 ? -errno : -EIO;
        done += (size_t)got;
    }
    return 0;
}

static int load_file(struct run *run, const char *path)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    int error = file < 0 ? -errno : read_text(run->state, file);
    if (file >= 0)
        close(file);
    if (error == -EINVAL)
        return run_fail(run, error, "%s: not a regular file; give the path of a JSON file as file=PATH", path);
    if (error && error != -ENOMEM)
        return run_fail(run, error, "%s: %s; give the path of a readable JSON file as file=PATH%s", path,
                        strerror(-error), error == -ENOENT ? " or install the package iso-codes" : "");
    return error;
}

static int load_built_in(struct state *state)
{
    state->bytes = sizeof built_in - 1;
    state->text = outside_new(sizeof built_in, 1);
    if (!state->text)
        return -ENOMEM;
    memcpy(state->text, built_in, sizeof built_in);
    return 0;
}

static int setup(struct run *run)
{
    struct state *state = run->state;
    const char *path = run->params[FILE_NAME].text;
    mm_root_push(&state->none);
    mm_root_push(&state->yes);
    mm_root_push(&state->no);
    int error = strcmp(path, BUILT_IN) == 0 ? load_built_in(state) : load_file(run, path);
    if (!error && (!py_none_new(&state->none) || !py_bool_new(true, &state->yes) || !py_bool_new(false, &state->no)))
        error = -ENOMEM;
    if (error)
        teardown(run);
    return error;
}

WORKLOAD(json_document) = {
    .summary = "a JSON file is parsed into Python-shaped objects, walked, edited, walked again and dropped",
    .unit = "values",
    .params = params,
    .state_bytes = sizeof(struct state),
    .setup = setup,
    .run = run_iteration,
    .teardown = teardown,
};
