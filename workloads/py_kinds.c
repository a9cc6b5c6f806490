/* py_kinds: each kind of Python object is made, grown, read, shrunk and dropped, in the ways that its type offers.
 *
 * What Python does all day, one kind at a time or all in turn; values are ints, shared from -5 to 256 as CPython's. The
 * objects of a round are in a region, and all are dead at its end. */
#include "workload.h"

#include <inttypes.h>
#include <stdio.h>

#include "common/dead.h"
#include "common/draw.h"
#include "pyobj/pyobj.h"

enum { KIND, ROUNDS, SIZE };
enum {
    KIND_ALL,
    KIND_LIST,
    KIND_TUPLE,
    KIND_STR,
    KIND_DICT,
    KIND_SET,
    KIND_DEQUE,
    KIND_ARRAY,
    KIND_BYTEARRAY,
    KIND_OBJECT,
    KIND_INSTANCE,
    KIND_GENERATOR,
    KINDS
};
static const char *const kinds[] = {
    [KIND_ALL] = "all",
    [KIND_LIST] = "list",
    [KIND_TUPLE] = "tuple",
    [KIND_STR] = "str",
    [KIND_DICT] = "dict",
    [KIND_SET] = "set",
    [KIND_DEQUE] = "deque",
    [KIND_ARRAY] = "array",
    [KIND_OBJECT] = "object",
    [KIND_INSTANCE] = "instance",
    [KIND_GENERATOR] = "generator",
    [KINDS] = NULL,
    [KIND_BYTEARRAY] = "bytearray",
};
static const struct workload_param params[] = {
    [KIND] = {.name = "kind",
              .kind = WORKLOAD_TEXT,
              .text = "all",
              .small_text = "all",
              .choices = kinds,
              .help = "which kind of object; all: each in turn"},
    [ROUNDS] = {.name = "rounds", .initial = 300, .small = 13, .lowest = 1, .highest = 1 << 28, .help = "objects"},
    [SIZE] = {.name = "size", .initial = 200, .small = 20, .lowest = 1, .highest = 1 << 24, .help = "items in each"},
    {.name = NULL},
};

struct state {
    struct py_shared shared;
};

/* What a round works with. */
struct round {
    const struct py_shared *shared;
    int64_t size;
    uint64_t number, sum;
};

static void mix(struct round *round, uint64_t value)
{
    round->sum = (round->sum ^ value) * 0x9e3779b97f4a7c15u;
}

/* Says that a value and all below it die, and drops it. */
static void drop(struct mm_root *root)
{
    if (WORK_SAYS_DEAD)
        py_dead_tree(mm_root_get(root), true);
    mm_root_set(root, NULL);
}

/* The value of an item: every fourth is shared. */
static int64_t item_value(const struct round *round, int64_t i)
{
    return i % 4 == 0 ? i % 250 : (int64_t)(round->number << 20) + i * 7919;
}

static int make_item(const struct round *round, int64_t i, struct mm_root *out)
{
    return py_int_make(round->shared, item_value(round, i), out) ? 0 : -ENOMEM;
}

/* ---- list and tuple */

static int fill_list(const struct round *round, struct mm_root *list)
{
    MM_ROOT(item);
    for (int64_t i = 0; i < round->size; i++) {
        if (make_item(round, i, &item))
            return -ENOMEM;
        if (i % 5 == 4 ? py_list_insert(list, (size_t)i / 2, &item) : py_list_append(list, &item)) {
            drop(&item);
            return -ENOMEM;
        }
    }
    return 0;
}

static void read_sequence(struct round *round, const void *sequence)
{
    for (size_t i = 0; i < py_sequence_length(sequence); i++)
        mix(round, (uint64_t)py_int_value(py_sequence_get(sequence, i)));
}

/* A list that borrows the items of another: they don't die with it. */
static void drop_alias(struct mm_root *root)
{
    if (mm_root_get(root))
        py_dead(mm_root_get(root));
    mm_root_set(root, NULL);
}

static int use_aliases(struct round *round, const struct mm_root *list)
{
    size_t length = py_list_length(mm_root_get(list));
    MM_ROOT(half);
    MM_ROOT(twice);
    MM_ROOT(both);
    bool made = py_list_slice(list, length / 4, length / 2, &half) && py_list_repeat(&half, 2, &twice) &&
                py_list_concat(&half, &twice, &both) && py_list_extend(&both, &half) == 0;
    if (made) {
        read_sequence(round, mm_root_get(&both));
        py_list_clear(&twice);
        mix(round, py_list_length(mm_root_get(&twice)));
    }
    drop_alias(&both);
    drop_alias(&twice);
    drop_alias(&half);
    return made ? 0 : -ENOMEM;
}

static int use_list(struct round *round)
{
    MM_ROOT(list);
    MM_ROOT(item);
    int error = py_list_new(&list) ? fill_list(round, &list) : -ENOMEM;
    if (!error)
        error = use_aliases(round, &list);
    for (size_t left = error ? 0 : py_list_length(mm_root_get(&list)); left > (size_t)round->size / 4; left--) {
        if (left % 2)
            py_list_pop(&list, &item);
        else
            py_list_pop_at(&list, left / 3, &item);
        mix(round, (uint64_t)py_int_value(mm_root_get(&item)));
        drop(&item);
    }
    drop(&list);
    return error;
}

static int use_tuple(struct round *round)
{
    MM_ROOT(list);
    MM_ROOT(tuple);
    MM_ROOT(copy);
    int error = py_list_new(&list) ? fill_list(round, &list) : -ENOMEM;
    if (!error && py_tuple_of(&list, 0, (size_t)round->size, &tuple) && py_list_of(&tuple, &copy))
        read_sequence(round, mm_root_get(&copy));
    else
        error = -ENOMEM;
    drop_alias(&copy);
    drop_alias(&tuple);
    drop(&list);
    return error;
}

/* ---- str */

static int make_word(const struct round *round, int64_t i, struct mm_root *out)
{
    static const char *const words[] = {"plain", "caf\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x90\x8d!"};
    char text[32];
    uint64_t bits = round->number + (uint64_t)i;
    size_t wide = draw_mix(&bits) % 64; /* most words are ASCII */
    int bytes = snprintf(text, sizeof text, "%s%" PRId64, words[wide < 4 ? wide : 0], i);
    return py_str_new(text, (size_t)bytes, out) ? 0 : -ENOMEM;
}

static int make_words(const struct round *round, struct mm_root *words)
{
    MM_ROOT(word);
    for (int64_t i = 0; i < round->size; i++) {
        if (make_word(round, i, &word))
            return -ENOMEM;
        if (py_list_append(words, &word)) {
            drop(&word);
            return -ENOMEM;
        }
    }
    return 0;
}

/* s += word for each, and word + s. */
static int add_words(const struct mm_root *words, struct mm_root *sum, struct mm_root *copied)
{
    MM_ROOT(word);
    MM_ROOT(old);
    for (size_t i = 0; i < py_list_length(mm_root_get(words)); i++) {
        mm_root_set(&word, py_list_get(mm_root_get(words), i));
        if (py_str_append(sum, &word))
            return -ENOMEM;
        if (i >= 10)
            continue;
        mm_root_set(&old, mm_root_get(copied));
        if (!py_str_concat(&word, &old, copied))
            return -ENOMEM;
        drop(&old);
    }
    return 0;
}

static int use_text(struct round *round, struct mm_root *words)
{
    MM_ROOT(separator);
    MM_ROOT(joined);
    MM_ROOT(sum);
    MM_ROOT(copied);
    MM_ROOT(part);
    mm_root_set(&separator, py_tuple_get(py_shared_get(round->shared, PY_SHARED_CHARACTER_STRS), ' '));
    int error = py_str_join(&separator, words, &joined) && py_str_new("", 0, &sum) && py_str_new("", 0, &copied)
                    ? add_words(words, &sum, &copied)
                    : -ENOMEM;
    if (!error) {
        size_t length = py_str_length(mm_root_get(&sum));
        mix(round, py_str_hash(mm_root_get(&joined)) ^ py_str_hash(mm_root_get(&copied)));
        error = py_str_slice(&sum, length / 3, length / 2, &part) ? 0 : -ENOMEM;
        mix(round, error ? 0 : py_str_hash(mm_root_get(&part)));
    }
    drop(&part);
    drop(&copied);
    drop(&sum);
    drop(&joined);
    return error;
}

static int use_str(struct round *round)
{
    MM_ROOT(words);
    int error = py_list_new(&words) ? make_words(round, &words) : -ENOMEM;
    if (!error)
        error = use_text(round, &words);
    drop(&words);
    return error;
}

/* ---- dict and set */

static int put_entry(const struct round *round, struct mm_root *dict, int64_t i)
{
    MM_ROOT(key);
    MM_ROOT(value);
    int error = round->number % 2 ? make_word(round, i, &key) : make_item(round, i, &key);
    if (!error)
        error = make_item(round, i + 1, &value);
    if (!error)
        error = py_dict_put(dict, &key, &value);
    drop(&key); /* in vain, or NULL */
    drop(&value);
    return error;
}

static void remove_entry(struct mm_root *dict, size_t entry)
{
    MM_ROOT(key);
    MM_ROOT(value);
    struct py_dict *object = mm_root_get(dict);
    if (py_dict_key_at(object, entry) && py_dict_remove(object, py_dict_key_at(object, entry), &key, &value)) {
        drop(&key);
        drop(&value);
    }
}

static int use_dict(struct round *round)
{
    MM_ROOT(dict);
    int error = (round->number % 3 ? py_dict_new(&dict) : py_dict_new_room((size_t)round->size, &dict)) ? 0 : -ENOMEM;
    for (int64_t i = 0; i < round->size && !error; i++) {
        error = put_entry(round, &dict, i);
        if (!error && i % 3 == 2)
            remove_entry(&dict, (size_t)i / 2);
    }
    for (size_t i = 0; !error && i < py_dict_entry_count(mm_root_get(&dict)); i++) {
        void *value = py_dict_value_at(mm_root_get(&dict), i);
        mix(round, value ? (uint64_t)py_int_value(value) : 1);
    }
    drop(&dict);
    return error;
}

static int use_set(struct round *round)
{
    MM_ROOT(set);
    MM_ROOT(key);
    MM_ROOT(removed);
    int error = py_set_new(&set) ? 0 : -ENOMEM;
    if (!error && round->number % 3 == 0)
        error = py_set_reserve(&set, (size_t)round->size);
    for (int64_t i = 0; i < round->size && !error; i++) {
        error = make_item(round, i, &key);
        if (!error && (error = py_set_add(&set, &key)) == 0 && i % 3 == 2) {
            drop(&key); /* there was an equal one, or NULL */
            error = make_item(round, i / 2, &key);
            bool found = !error && py_set_remove(mm_root_get(&set), mm_root_get(&key), &removed);
            mix(round, found);
            drop(&removed);
        }
        drop(&key);
    }
    mix(round, error ? 0 : py_set_length(mm_root_get(&set)));
    drop(&set);
    return error;
}

/* ---- deque */

static int use_deque(struct round *round)
{
    MM_ROOT(deque);
    MM_ROOT(item);
    int error = py_deque_new(&deque) ? 0 : -ENOMEM;
    for (int64_t i = 0; i < round->size && !error; i++) {
        if (!(error = make_item(round, i, &item)))
            error = i % 3 ? py_deque_append(&deque, &item) : py_deque_append_left(&deque, &item);
        drop(&item);
    }
    while (!error && py_deque_length(mm_root_get(&deque)) > (size_t)round->size / 5) {
        if (round->number % 2)
            py_deque_pop(mm_root_get(&deque), &item);
        else
            py_deque_pop_left(mm_root_get(&deque), &item);
        mix(round, (uint64_t)py_int_value(mm_root_get(&item)));
        drop(&item);
    }
    drop(&deque);
    return error;
}

/* ---- packed numbers */

static int use_array(struct round *round)
{
    static const char typecodes[] = "bBhHiIlLqQfd";
    MM_ROOT(array);
    int error = py_array_new(typecodes[round->number % (sizeof typecodes - 1)], 0, &array) ? 0 : -ENOMEM;
    for (int64_t i = 0; i < round->size && !error; i++)
        error = i % 2 ? py_array_append_int(&array, i - 50) : py_array_append_float(&array, (double)i);
    if (!error)
        error = py_array_resize(&array, (size_t)round->size / 3);
    for (size_t i = 0; !error && i < ((struct py_array *)mm_root_get(&array))->length; i++)
        mix(round, (uint64_t)py_array_get_int(mm_root_get(&array), i));
    drop(&array);
    return error;
}

static int use_bytearray(struct round *round)
{
    MM_ROOT(array);
    int error = py_bytearray_new(&array) ? 0 : -ENOMEM;
    for (int64_t i = 0; i < round->size && !error; i++)
        error = py_bytearray_append(&array, (unsigned char)i);
    if (!error)
        error = py_bytearray_resize(&array, (size_t)round->size / 3);
    for (size_t i = 0; !error && i < ((struct py_bytearray *)mm_root_get(&array))->length; i++)
        mix(round, ((struct py_bytearray *)mm_root_get(&array))->buffer.bytes[i]);
    drop(&array);
    return error;
}

/* ---- objects with attributes */

static int use_object(struct round *round)
{
    MM_ROOT(objects); /* a chain: the first slot is the next */
    MM_ROOT(object);
    MM_ROOT(item);
    int error = 0;
    for (int64_t i = 0; i < round->size && !error; i++) {
        if (!(i % 2 ? py_object_new(3, &object) : py_object_new_weak(2, &object)))
            error = -ENOMEM;
        else if (!(error = make_item(round, i, &item)))
            py_object_put(mm_root_get(&object), 1, &item);
        if (mm_root_get(&object)) {
            py_object_put(mm_root_get(&object), 0, &objects);
            mm_root_move(&objects, &object);
        }
    }
    for (void *at = mm_root_get(&objects); !error && at; at = py_object_get(at, 0))
        mix(round, (uint64_t)py_int_value(py_object_get(at, 1)));
    drop(&objects);
    return error;
}

static const char *const person_attributes[] = {"name", "age", "next", NULL};
static uint32_t person_spare;
static const struct py_class person = PY_CLASS("Person", person_attributes, 3, &person_spare);
enum { PERSON_NAME, PERSON_AGE, PERSON_NEXT };

static int make_person(const struct round *round, int64_t i, struct mm_root *out)
{
    MM_ROOT(name);
    MM_ROOT(age);
    if (make_word(round, i, &name) || make_item(round, i, &age) || !py_instance_new(&person, out)) {
        drop(&name);
        drop(&age);
        return -ENOMEM;
    }
    py_instance_put(mm_root_get(out), PERSON_NAME, &name);
    py_instance_put(mm_root_get(out), PERSON_AGE, &age);
    return 0;
}

static int use_instance(struct round *round)
{
    MM_ROOT(people); /* a chain */
    MM_ROOT(fresh);
    MM_ROOT(dict);
    int error = 0;
    py_class_open(&person);
    for (int64_t i = 0; i < round->size && !error; i++) {
        if ((error = make_person(round, i, &fresh)))
            break;
        if (i % 4 == 3 && !py_instance_dict(&fresh, &dict))
            error = -ENOMEM;
        py_instance_put(mm_root_get(&fresh), PERSON_NEXT, &people);
        mm_root_move(&people, &fresh);
        mm_root_set(&dict, NULL);
    }
    for (void *at = mm_root_get(&people); !error && at; at = py_instance_get(at, PERSON_NEXT))
        mix(round,
            py_str_hash(py_instance_get(at, PERSON_NAME)) + (uint64_t)py_int_value(py_instance_get(at, PERSON_AGE)));
    drop(&people);
    return error;
}

/* ---- generator: `(x for x in list)` of a function that was made for it */

enum { LOCAL_LIST, LOCAL_X, PLACES = 4 };

static int resume(struct mm_root *frame, struct mm_root *yielded)
{
    struct py_generator *generator = mm_root_get(frame);
    const struct py_list *list = mm_get(py_generator_local(generator, LOCAL_LIST));
    size_t next = (size_t)generator->state++;
    if (next >= py_list_length(list))
        return 0;
    mm_set(generator, py_generator_local(generator, LOCAL_X), py_list_get(list, next));
    mm_root_set(yielded, py_list_get(list, next));
    return 1;
}

static int use_generator(struct round *round)
{
    MM_ROOT(list);
    MM_ROOT(function);
    MM_ROOT(generator);
    MM_ROOT(item);
    int error = py_list_new(&list) ? fill_list(round, &list) : -ENOMEM;
    if (!error && (!py_function_new(NULL, &function) || !py_generator_new(resume, PLACES, &generator)))
        error = -ENOMEM;
    if (!error) {
        struct py_generator *frame = mm_root_get(&generator);
        mm_set(frame, py_generator_local(frame, LOCAL_LIST), mm_root_get(&list));
        while (py_generator_next(&generator, &item) > 0)
            mix(round, (uint64_t)py_int_value(mm_root_get(&item)));
    }
    mm_root_set(&item, NULL);
    drop_alias(&generator);
    drop_alias(&function);
    drop(&list);
    return error;
}

/* ---- a run */

static int (*const uses[])(struct round *round) = {
    [KIND_LIST] = use_list,
    [KIND_TUPLE] = use_tuple,
    [KIND_STR] = use_str,
    [KIND_DICT] = use_dict,
    [KIND_SET] = use_set,
    [KIND_DEQUE] = use_deque,
    [KIND_ARRAY] = use_array,
    [KIND_OBJECT] = use_object,
    [KIND_BYTEARRAY] = use_bytearray,
    [KIND_INSTANCE] = use_instance,
    [KIND_GENERATOR] = use_generator,
};

static int run_iteration(struct run *run)
{
    struct state *state = run->state;
    struct round round = {.shared = &state->shared, .size = run->params[SIZE].integer};
    int error = 0;
    for (int64_t i = 0; i < run->params[ROUNDS].integer && !error; i++) {
        int64_t kind = run->params[KIND].integer == KIND_ALL ? 1 + i % (KINDS - 1) : run->params[KIND].integer;
        struct mm_region region;
        mm_region_begin(&region);
        round.number = (uint64_t)i;
        error = uses[kind](&round);
        mm_region_end(&region);
        run_done(run, 1);
    }
    run_check(run, round.sum);
    return error;
}

static int setup(struct run *run)
{
    struct state *state = run->state;
    return py_shared_open(&state->shared);
}

static void teardown(struct run *run)
{
    struct state *state = run->state;
    py_shared_close(&state->shared);
}

WORKLOAD(py_kinds) = {
    .summary = "each kind of Python object is made, grown, read, shrunk and dropped",
    .unit = "objects",
    .params = params,
    .state_bytes = sizeof(struct state),
    .setup = setup,
    .run = run_iteration,
    .teardown = teardown,
};
