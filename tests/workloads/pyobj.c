/* Python's objects under one strategy: sizes and growth as CPython 3.11.7's, and dict and list against models.
 *
 * Each test runs in a region, says what dies, and leaves nothing behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "common/dead.h"
#include "common/draw.h"
#include "pyobj/constant.h"
#include "pyobj/dict.h"
#include "pyobj/float.h"
#include "pyobj/generator.h"
#include "pyobj/int.h"
#include "pyobj/json.h"
#include "pyobj/list.h"
#include "pyobj/range.h"
#include "pyobj/str.h"
#include "pyobj/tuple.h"
#include "pyobj/walk.h"

enum { SLOW = (MM_TRAITS & MM_TRAIT_CHECKS) != 0 };
enum { PY_HEADER = 16, PY_GC_HEADER = 16 };

struct fixture {
    struct mm_region region;
};

static int open_heap(void **state)
{
    static struct fixture fixture;
    struct mm_config config = {0};
    if (mm_heap_open(&config))
        return -1;
    mm_region_begin(&fixture.region);
    *state = &fixture;
    return 0;
}

static int close_heap(void **state)
{
    struct fixture *fixture = *state;
    struct mm_stats stats;
    mm_region_end(&fixture->region);
    mm_collect(MM_GENERATIONS - 1);
    mm_stats_get(&stats);
    const char *broken = mm_heap_check();
    mm_heap_close();
    if (broken)
        fail_msg("%s", broken);
    if (!(MM_TRAITS & MM_TRAIT_NEVER_FREES) && stats.objects_allocated != stats.objects_freed)
        fail_msg("%llu objects leaked", (unsigned long long)(stats.objects_allocated - stats.objects_freed));
    return 0;
}

/* Says that a value and all below it die, and drops it. */
static void drop(struct mm_root *root)
{
    if (WORK_SAYS_DEAD)
        py_dead_tree(mm_root_get(root), true);
    mm_root_set(root, NULL);
}

/* ---- sizes: sys.getsizeof, less the headers */

static void test_int(void **state)
{
    (void)state;
    static const struct {
        int64_t value;
        size_t getsizeof;
    } cases[] = {
        {0, 28},
        {1, 28},
        {-1, 28},
        {((int64_t)1 << 30) - 1, 28},
        {1 - ((int64_t)1 << 30), 28},
        {(int64_t)1 << 30, 32},
        {-((int64_t)1 << 30), 32},
        {((int64_t)1 << 60) - 1, 32},
        {(int64_t)1 << 60, 36},
        {-((int64_t)1 << 60), 36},
        {INT64_MAX, 36},
        {INT64_MIN, 36},
    };
    MM_ROOT(number);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct py_int *object = py_int_new(cases[i].value, &number);
        assert_non_null(object);
        assert_int_equal(py_kind_of(object), PY_INT);
        assert_int_equal(py_int_value(object), cases[i].value);
        assert_int_equal(PY_HEADER + mm_type_payload_bytes(&py_int_type.mm, object->length), cases[i].getsizeof);
        drop(&number);
    }
}

static void test_float_and_constants(void **state)
{
    (void)state;
    MM_ROOT(value);
    struct py_float *number = py_float_new(-0.5, &value);
    assert_true(number->value == -0.5 && py_kind_of(number) == PY_FLOAT);
    assert_int_equal(PY_HEADER + py_float_type.mm.size, 24);
    drop(&value);
    assert_int_equal(py_kind_of(py_none_new(&value)), PY_NONE);
    py_dead(mm_root_get(&value)); /* py_dead_tree leaves constants alone */
    mm_root_set(&value, NULL);
    struct py_constant *yes = py_bool_new(true, &value);
    assert_true(yes->value == 1 && py_kind_of(yes) == PY_BOOL);
    py_dead(mm_root_get(&value));
}

static void test_str(void **state)
{
    (void)state;
    MM_ROOT(a);
    MM_ROOT(b);
    struct py_str *str = py_str_new("", 0, &a);
    assert_int_equal(PY_HEADER + mm_type_payload_bytes(&py_str_type.mm, str->length), 49);
    assert_int_equal(str->characters, 0);
    drop(&a);
    str = py_str_new("0123456789", 10, &a);
    assert_int_equal(PY_HEADER + mm_type_payload_bytes(&py_str_type.mm, str->length), 59);
    assert_int_equal(str->characters, 10);
    assert_int_equal(str->flags, PY_STR_ASCII);
    assert_int_equal(py_str_text(str)[10], 0);
    str = py_str_new("012345678\xc3\xa9", 11, &b);
    assert_int_equal(str->characters, 10);
    assert_int_equal(str->flags, 0);
    assert_false(py_str_equal(mm_root_get(&a), mm_root_get(&b)));
    assert_true(py_str_hash(mm_root_get(&a)) != py_str_hash(mm_root_get(&b)));
    drop(&b);
    str = py_str_new("0123456789", 10, &b);
    assert_true(py_str_equal(mm_root_get(&a), str));
    assert_int_equal(py_str_hash(mm_root_get(&a)), py_str_hash(str));
    drop(&a);
    drop(&b);
}

static void test_tuple(void **state)
{
    (void)state;
    static const size_t lengths[] = {0, 1, 3, 1000}, getsizeof[] = {40, 48, 64, 8040};
    MM_ROOT(tuple);
    MM_ROOT(item);
    for (size_t i = 0; i < 4; i++) {
        struct py_tuple *object = py_tuple_new(lengths[i], &tuple);
        assert_int_equal(object->length, lengths[i]);
        assert_int_equal(PY_GC_HEADER + PY_HEADER + mm_type_payload_bytes(&py_tuple_type.mm, object->length),
                         getsizeof[i]);
        for (size_t k = 0; k < lengths[i]; k += 500) {
            assert_non_null(py_int_new((int64_t)k, &item));
            py_tuple_put(mm_root_get(&tuple), k, &item);
            assert_null(mm_root_get(&item));
            assert_int_equal(py_int_value(py_tuple_get(mm_root_get(&tuple), k)), k);
        }
        drop(&tuple);
    }
}

/* ---- list */

static void test_list_growth(void **state)
{
    (void)state;
    static const size_t length_capacity[][2] = {
        {1, 4},     {5, 8},     {9, 16},    {17, 24},   {25, 32},   {33, 40},   {41, 52},
        {53, 64},   {65, 76},   {77, 92},   {93, 108},  {109, 128}, {129, 148}, {149, 172},
        {173, 200}, {201, 232}, {233, 268}, {269, 308}, {309, 352}, {353, 400}, {401, 456},
        {457, 520}, {521, 592}, {593, 672}, {673, 760}, {761, 860}, {861, 972}, {973, 1100},
    };
    enum { STEPS = sizeof length_capacity / sizeof *length_capacity };
    MM_ROOT(list);
    MM_ROOT(none);
    MM_ROOT(item);
    assert_non_null(py_none_new(&none));
    assert_int_equal(PY_GC_HEADER + PY_HEADER + py_list_type.mm.size, 56);
    assert_non_null(py_list_new(&list));
    for (size_t length = 1, step = 0; length <= (SLOW ? 300 : 1000); length++) {
        if (step + 1 < STEPS && length_capacity[step + 1][0] == length)
            step++;
        mm_root_set(&item, mm_root_get(&none));
        assert_int_equal(py_list_append(&list, &item), 0);
        assert_null(mm_root_get(&item));
        struct py_list *object = mm_root_get(&list);
        assert_int_equal(object->length, length);
        assert_int_equal(object->items.capacity, length_capacity[step][1]);
    }
    drop(&list);
    py_dead(mm_root_get(&none));
}

/* [None] * 3, list.pop down to nothing: the room that CPython keeps. */
static void test_list_shrinks(void **state)
{
    (void)state;
    MM_ROOT(list);
    MM_ROOT(none);
    MM_ROOT(item);
    assert_non_null(py_none_new(&none));
    struct py_list *object = py_list_new_sized(100, &list);
    assert_int_equal(object->length, 100);
    assert_int_equal(object->items.capacity, 100);
    for (size_t i = 0; i < 100; i++) {
        mm_root_set(&item, mm_root_get(&none));
        py_list_put(mm_root_get(&list), i, &item);
    }
    for (size_t length = 100; length-- > 0;) {
        py_list_pop(&list, &item);
        assert_ptr_equal(mm_root_get(&item), mm_root_get(&none));
        object = mm_root_get(&list);
        assert_int_equal(object->length, length);
        assert_true(object->items.capacity >= length);
        if (length == 50)
            assert_int_equal(object->items.capacity, 100);
        if (length == 49)
            assert_int_equal(object->items.capacity, 60); /* (49 + 49 / 8 + 6) / 4 * 4 */
    }
    assert_int_equal(object->items.capacity, 0);
    assert_null(object->items.slots);
    mm_root_set(&item, NULL);
    drop(&list);
    py_dead(mm_root_get(&none));
}

static void test_list_swap(void **state)
{
    (void)state;
    MM_ROOT(list);
    MM_ROOT(item);
    assert_non_null(py_list_new_sized(1, &list));
    assert_non_null(py_int_new(1, &item));
    py_list_swap(mm_root_get(&list), 0, &item);
    assert_null(mm_root_get(&item));
    assert_non_null(py_int_new(2, &item));
    py_list_swap(mm_root_get(&list), 0, &item);
    assert_int_equal(py_int_value(mm_root_get(&item)), 1);
    assert_int_equal(py_int_value(py_list_get(mm_root_get(&list), 0)), 2);
    drop(&item);
    drop(&list);
}

/* ---- dict */

static size_t dict_getsizeof(const struct py_dict *dict)
{
    return PY_GC_HEADER + PY_HEADER + py_dict_type.mm.size + dict->entries.capacity * sizeof(struct mm_ref) +
           dict->table.capacity;
}

static int put_int(struct mm_root *dict, int64_t key, int64_t value)
{
    MM_ROOT(k);
    MM_ROOT(v);
    assert_non_null(py_int_new(key, &k));
    assert_non_null(py_int_new(value, &v));
    int error = py_dict_put(dict, &k, &v);
    drop(&k); /* not wanted, or NULL */
    drop(&v); /* replaced, or NULL */
    return error;
}

static void test_dict_growth(void **state)
{
    (void)state;
    static const size_t length_bytes[][2] = {
        {0, 64},     {1, 224},     {6, 352},     {11, 632},     {22, 1168},     {43, 2264},     {86, 4688},
        {171, 9304}, {342, 18512}, {683, 36952}, {1366, 73808}, {2731, 147544}, {5462, 294992}, {10923, 589912},
    };
    enum { STEPS = sizeof length_bytes / sizeof *length_bytes };
    MM_ROOT(dict);
    assert_non_null(py_dict_new(&dict));
    assert_int_equal(dict_getsizeof(mm_root_get(&dict)), 64);
    for (size_t length = 1, step = 0; length <= (SLOW ? 100 : 11000); length++) {
        if (step + 1 < STEPS && length_bytes[step + 1][0] == length)
            step++;
        assert_int_equal(put_int(&dict, (int64_t)length * 7 - 100, 0), 0);
        assert_int_equal(py_dict_length(mm_root_get(&dict)), length);
        assert_int_equal(dict_getsizeof(mm_root_get(&dict)), length_bytes[step][1]);
    }
    drop(&dict);
}

/* {"a": .., "b": ..} takes 184 bytes; with an int key it is rebuilt at once, keeps hashes, and is larger. */
static void test_dict_of_str(void **state)
{
    (void)state;
    MM_ROOT(dict);
    MM_ROOT(key);
    MM_ROOT(value);
    assert_non_null(py_dict_new(&dict));
    for (char c = 'a'; c <= 'b'; c++) {
        assert_non_null(py_str_new(&c, 1, &key));
        assert_non_null(py_int_new(c, &value));
        assert_int_equal(py_dict_put(&dict, &key, &value), 0);
    }
    assert_int_equal(dict_getsizeof(mm_root_get(&dict)), 184);
    assert_int_equal(put_int(&dict, 5, 6), 0);
    assert_int_equal(py_dict_length(mm_root_get(&dict)), 3);
    assert_int_equal(dict_getsizeof(mm_root_get(&dict)), 352);
    for (char c = 'a'; c <= 'b'; c++) {
        assert_non_null(py_str_new(&c, 1, &key));
        assert_int_equal(py_int_value(py_dict_get(mm_root_get(&dict), mm_root_get(&key))), c);
        drop(&key);
    }
    drop(&dict);
}

/* del d[i]; d[length + i] = 0, for i = 0, 1, ...: what sys.getsizeof(d) says from the first step and, if it changes,
 * from which other. */
static void test_dict_churn(void **state)
{
    (void)state;
    static const struct {
        int64_t length;
        size_t first, step, later;
    } cases[] = {{1, 224, 0, 224}, {2, 224, 3, 352}, {5, 352, 0, 352}, {10, 632, 0, 632}, {100, 4688, 70, 9304}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        MM_ROOT(dict);
        MM_ROOT(key);
        MM_ROOT(found);
        MM_ROOT(value);
        assert_non_null(py_dict_new(&dict));
        for (int64_t i = 0; i < cases[c].length; i++)
            assert_int_equal(put_int(&dict, i, 0), 0);
        for (int64_t i = 0; i < (SLOW ? 100 : 3000); i++) {
            assert_non_null(py_int_new(i, &key));
            assert_true(py_dict_remove(mm_root_get(&dict), mm_root_get(&key), &found, &value));
            drop(&key);
            drop(&found);
            drop(&value);
            assert_int_equal(put_int(&dict, cases[c].length + i, 0), 0);
            assert_int_equal(dict_getsizeof(mm_root_get(&dict)),
                             i < (int64_t)cases[c].step ? cases[c].first : cases[c].later);
        }
        drop(&dict);
    }
}

/* Against a table of values by key, and the order of insertion. */
enum { MODEL_KEYS = 200 };

struct model {
    int64_t value[MODEL_KEYS];
    uint64_t inserted[MODEL_KEYS]; /* when; 0: not in the dict */
    uint64_t clock;
    size_t used;
};

/* Keys of both kinds, some with equal low bits of hash, some negative. */
static void make_key(size_t number, struct mm_root *out)
{
    if (number % 3 == 0) {
        char text[4] = {'k', (char)('0' + number / 100), (char)('0' + number / 10 % 10), (char)('0' + number % 10)};
        assert_non_null(py_str_new(text, sizeof text, out));
    } else {
        assert_non_null(py_int_new(((int64_t)number - 100) * (number % 3 == 1 ? 1 : 65536), out));
    }
}

static void model_put(struct model *model, struct mm_root *dict, size_t number, int64_t value)
{
    MM_ROOT(key);
    MM_ROOT(item);
    make_key(number, &key);
    assert_non_null(py_int_new(value, &item));
    assert_int_equal(py_dict_put(dict, &key, &item), 0);
    if (model->inserted[number]) {
        assert_int_equal(py_int_value(mm_root_get(&item)), model->value[number]);
        assert_non_null(mm_root_get(&key));
    } else {
        assert_null(mm_root_get(&item));
        assert_null(mm_root_get(&key));
        model->inserted[number] = ++model->clock;
        model->used++;
    }
    model->value[number] = value;
    drop(&key);
    drop(&item);
}

static void model_remove(struct model *model, struct mm_root *dict, size_t number)
{
    MM_ROOT(key);
    MM_ROOT(old_key);
    MM_ROOT(old);
    make_key(number, &key);
    bool removed = py_dict_remove(mm_root_get(dict), mm_root_get(&key), &old_key, &old);
    assert_int_equal(removed, model->inserted[number] != 0);
    if (removed) {
        assert_int_equal(py_int_value(mm_root_get(&old)), model->value[number]);
        model->inserted[number] = 0;
        model->used--;
    }
    drop(&key);
    drop(&old_key);
    drop(&old);
}

static void model_get(const struct model *model, const struct mm_root *dict, size_t number)
{
    MM_ROOT(key);
    make_key(number, &key);
    void *value = py_dict_get(mm_root_get(dict), mm_root_get(&key));
    assert_int_equal(value != NULL, model->inserted[number] != 0);
    if (value)
        assert_int_equal(py_int_value(value), model->value[number]);
    drop(&key);
}

/* All of the dict, in its order. */
static void model_compare(const struct model *model, const struct py_dict *dict)
{
    uint64_t last = 0;
    size_t seen = 0;
    assert_int_equal(py_dict_length(dict), model->used);
    for (size_t i = 0; i < py_dict_entry_count(dict); i++) {
        if (!py_dict_key_at(dict, i)) {
            assert_null(py_dict_value_at(dict, i));
            continue;
        }
        size_t number = (size_t)(py_int_value(py_dict_value_at(dict, i)) % MODEL_KEYS);
        assert_int_equal(py_int_value(py_dict_value_at(dict, i)), model->value[number]);
        assert_true(model->inserted[number] > last);
        last = model->inserted[number];
        seen++;
    }
    assert_int_equal(seen, model->used);
}

static void test_dict_against_model(void **state)
{
    (void)state;
    static struct model model;
    model = (struct model){0};
    struct draw draw = draw_seeded(7);
    MM_ROOT(dict);
    assert_non_null(py_dict_new(&dict));
    for (int64_t i = 0; i < (SLOW ? 1500 : 100000); i++) {
        size_t span = i / 500 % 2 ? MODEL_KEYS : 12; /* many keys, then few: grows, shrinks, refills */
        size_t number = draw_below(&draw, span);
        switch (draw_below(&draw, 4)) {
        case 0: model_remove(&model, &dict, draw_below(&draw, MODEL_KEYS)); break;
        case 1: model_get(&model, &dict, number); break;
        default: model_put(&model, &dict, number, i * MODEL_KEYS + (int64_t)number); break;
        }
        if (i % 100 == 0)
            model_compare(&model, mm_root_get(&dict));
    }
    model_compare(&model, mm_root_get(&dict));
    drop(&dict);
}

/* ---- range, generator, walk, json */

static int count_down(struct mm_root *generator, struct mm_root *yielded)
{
    struct py_generator *frame = mm_root_get(generator);
    if (frame->state == 3)
        return 0;
    int64_t number = frame->state++;
    return py_int_new(number, yielded) ? 1 : -ENOMEM;
}

static void test_generator(void **state)
{
    (void)state;
    MM_ROOT(generator);
    MM_ROOT(item);
    struct py_generator *frame = py_generator_new(count_down, 1, &generator);
    assert_int_equal(PY_GC_HEADER + PY_HEADER + mm_type_payload_bytes(&py_generator_type.mm, frame->length), 176);
    for (int64_t i = 0; i < 3; i++) {
        assert_int_equal(py_generator_next(&generator, &item), 1);
        assert_int_equal(py_int_value(mm_root_get(&item)), i);
        drop(&item);
    }
    assert_int_equal(py_generator_next(&generator, &item), 0);
    assert_int_equal(py_generator_next(&generator, &item), 0);
    drop(&generator);
}

static void test_range(void **state)
{
    (void)state;
    MM_ROOT(root);
    int64_t number = 0;
    struct py_range *range = py_range_new(10, -3, 3, &root);
    assert_int_equal(PY_HEADER + py_range_type.mm.size, 48);
    for (int64_t expected = 10; expected > 1; expected -= 3) {
        assert_true(py_range_next(range, &number));
        assert_int_equal(number, expected);
    }
    assert_false(py_range_next(range, &number));
    drop(&root);
}

/* A list in a list in a list ..., deeper than the walk's own levels. */
static void test_walk_is_deep(void **state)
{
    (void)state;
    enum { DEPTH = SLOW ? 100 : 5000 };
    MM_ROOT(list);
    MM_ROOT(inner);
    assert_non_null(py_list_new(&list));
    for (int i = 1; i < DEPTH; i++) {
        mm_root_move(&inner, &list);
        assert_non_null(py_list_new(&list));
        assert_int_equal(py_list_append(&list, &inner), 0);
    }
    struct py_walk walk;
    size_t entered = 0, left = 0;
    py_walk_begin(&walk, mm_root_get(&list), true);
    while (py_walk_next(&walk)) {
        entered += walk.event == PY_WALK_ENTER;
        left += walk.event == PY_WALK_LEAVE;
    }
    assert_int_equal(py_walk_end(&walk), 0);
    assert_int_equal(entered, DEPTH);
    assert_int_equal(left, DEPTH);
    drop(&list);
}

/* What was parsed, in one line of signs: [ and { for containers, a letter for the rest. */
static void signature(void *value, char *text, size_t bytes)
{
    static const char signs[] = {[PY_NONE] = 'n', [PY_BOOL] = 'b', [PY_INT] = 'i', [PY_FLOAT] = 'f',
                                 [PY_STR] = 's',  [PY_LIST] = '[', [PY_DICT] = '{'};
    size_t length = 0;
    struct py_walk walk;
    py_walk_begin(&walk, value, true);
    while ((value = py_walk_next(&walk)) && length + 1 < bytes)
        text[length++] = walk.event == PY_WALK_LEAVE ? (char)(signs[py_kind_of(value)] + 2) : signs[py_kind_of(value)];
    text[length] = '\0';
    py_walk_end(&walk);
}

static void test_json(void **state)
{
    (void)state;
    static const char text[] = "{\"a\": [1, -2.5, \"\\u00e9\", null, true, {}], \"a\": {\"b\": [[]]}, \"c\": 1e999}";
    char found[64];
    MM_ROOT(none);
    MM_ROOT(yes);
    MM_ROOT(no);
    MM_ROOT(keys);
    MM_ROOT(document);
    assert_true(py_none_new(&none) && py_bool_new(true, &yes) && py_bool_new(false, &no) && py_dict_new(&keys));
    struct py_json json = {.none = &none, .yes = &yes, .no = &no, .keys = &keys};
    assert_int_equal(py_json_parse(&json, text, sizeof text - 1, &document), 0);
    signature(mm_root_get(&document), found, sizeof found);
    assert_string_equal(found, "{s{s[[]]}sf}");
    assert_int_equal(py_dict_length(mm_root_get(&keys)), 3);
    if (WORK_SAYS_DEAD)
        py_dead_tree(mm_root_get(&document), false);
    mm_root_set(&document, NULL);
    assert_int_equal(py_json_parse(&json, "[1,\n2", 5, &document), -EINVAL);
    assert_null(mm_root_get(&document));
    assert_true(json.line == 2 && strstr(json.message, "premature EOF"));
    outside_pool_close(&json.pool);
    if (WORK_SAYS_DEAD) {
        struct py_dict *dict = mm_root_get(&keys);
        for (size_t i = 0; i < py_dict_entry_count(dict); i++)
            py_dead(py_dict_key_at(dict, i));
        py_dead(dict);
    }
    mm_root_set(&keys, NULL);
    py_dead(mm_root_get(&none));
    py_dead(mm_root_get(&yes));
    py_dead(mm_root_get(&no));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_heap, close_heap)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_int),        TEST(test_float_and_constants), TEST(test_str),
        TEST(test_tuple),      TEST(test_list_growth),         TEST(test_list_shrinks),
        TEST(test_list_swap),  TEST(test_dict_growth),         TEST(test_dict_of_str),
        TEST(test_dict_churn), TEST(test_dict_against_model),  TEST(test_generator),
        TEST(test_range),      TEST(test_walk_is_deep),        TEST(test_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
