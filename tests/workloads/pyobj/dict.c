/* dict: keys of both kinds, and against a model. */
#include "fixture.h"

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

/* Room for keys that come; and a str's dict that an int joins. */
static void test_dict_of_str(void **state)
{
    (void)state;
    MM_ROOT(dict);
    MM_ROOT(key);
    MM_ROOT(value);
    assert_non_null(py_dict_new_room(20, &dict));
    size_t bytes = py_sizeof(mm_root_get(&dict));
    for (char c = 'a'; c <= 'p'; c++) {
        assert_non_null(py_str_new(&c, 1, &key));
        assert_non_null(py_int_new(c, &value));
        assert_int_equal(py_dict_put(&dict, &key, &value), 0);
    }
    assert_int_equal(py_sizeof(mm_root_get(&dict)), bytes);
    assert_int_equal(put_int(&dict, 5, 6), 0);
    assert_int_equal(py_dict_length(mm_root_get(&dict)), 17);
    for (char c = 'a'; c <= 'p'; c++) {
        assert_non_null(py_str_new(&c, 1, &key));
        assert_int_equal(py_int_value(py_dict_get(mm_root_get(&dict), mm_root_get(&key))), c);
        drop(&key);
    }
    drop(&dict);
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

int dict_tests(void)
{
    const struct CMUnitTest tests[] = {TEST(test_dict_of_str), TEST(test_dict_against_model)};
    return cmocka_run_group_tests_name("dict", tests, NULL, NULL);
}
