/* list and tuple, against a model; and a walk through what they hold. */
#include "fixture.h"

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

/* ---- against a model: an array of the values */

enum { MODEL_MAX = 400 };

struct model {
    int64_t values[MODEL_MAX];
    size_t length;
};

static void compare(const struct model *model, const struct py_list *list)
{
    assert_int_equal(py_list_length(list), model->length);
    for (size_t i = 0; i < model->length; i++)
        assert_int_equal(py_int_value(py_list_get(list, i)), model->values[i]);
    for (size_t i = model->length; i < list->items.capacity; i++)
        assert_null(mm_get(&list->items.slots[i]));
}

static void insert(struct model *model, struct mm_root *list, size_t index, int64_t value)
{
    MM_ROOT(item);
    assert_non_null(py_int_new(value, &item));
    assert_int_equal(index == model->length ? py_list_append(list, &item) : py_list_insert(list, index, &item), 0);
    assert_null(mm_root_get(&item));
    memmove(&model->values[index + 1], &model->values[index], (model->length - index) * sizeof *model->values);
    model->values[index] = value;
    model->length++;
}

static void remove_at(struct model *model, struct mm_root *list, size_t index)
{
    MM_ROOT(item);
    if (index + 1 == model->length)
        py_list_pop(list, &item);
    else
        py_list_pop_at(list, index, &item);
    assert_int_equal(py_int_value(mm_root_get(&item)), model->values[index]);
    drop(&item);
    model->length--;
    memmove(&model->values[index], &model->values[index + 1], (model->length - index) * sizeof *model->values);
}

static void test_list_against_model(void **state)
{
    (void)state;
    static struct model model;
    model.length = 0;
    struct draw draw = draw_seeded(3);
    MM_ROOT(list);
    assert_non_null(py_list_new(&list));
    for (int64_t i = 0; i < (SLOW ? 800 : 20000); i++) {
        size_t room = i / 200 % 2 ? MODEL_MAX : 20;
        if (model.length < room && draw_below(&draw, 5) < 3)
            insert(&model, &list, draw_below(&draw, model.length + 1), i);
        else if (model.length > 0)
            remove_at(&model, &list, draw_below(&draw, model.length));
        if (i % 20 == 0)
            compare(&model, mm_root_get(&list));
    }
    compare(&model, mm_root_get(&list));
    drop(&list);
}

/* ---- lists and tuples of the same items: they don't own them */

static void expect_numbers(const void *sequence, const int64_t *numbers, size_t length)
{
    assert_int_equal(py_sequence_length(sequence), length);
    for (size_t i = 0; i < length; i++)
        assert_int_equal(py_int_value(py_sequence_get(sequence, i)), numbers[i]);
}

static void test_aliases(void **state)
{
    (void)state;
    MM_ROOT(list);
    MM_ROOT(slice);
    MM_ROOT(twice);
    MM_ROOT(sum);
    MM_ROOT(tuple);
    make_numbers(6, &list);
    assert_non_null(py_list_slice(&list, 2, 4, &slice));
    expect_numbers(mm_root_get(&slice), (const int64_t[]){2, 3}, 2);
    assert_non_null(py_list_repeat(&slice, 2, &twice));
    expect_numbers(mm_root_get(&twice), (const int64_t[]){2, 3, 2, 3}, 4);
    assert_non_null(py_list_concat(&slice, &twice, &sum));
    expect_numbers(mm_root_get(&sum), (const int64_t[]){2, 3, 2, 3, 2, 3}, 6);
    assert_int_equal(py_list_extend(&slice, &slice), 0);
    expect_numbers(mm_root_get(&slice), (const int64_t[]){2, 3, 2, 3}, 4);
    assert_non_null(py_tuple_of(&list, 1, 5, &tuple));
    expect_numbers(mm_root_get(&tuple), (const int64_t[]){1, 2, 3, 4}, 4);
    assert_int_equal(py_list_extend(&slice, &tuple), 0);
    expect_numbers(mm_root_get(&slice), (const int64_t[]){2, 3, 2, 3, 1, 2, 3, 4}, 8);
    drop_alone(&twice);
    assert_non_null(py_list_of(&tuple, &twice));
    expect_numbers(mm_root_get(&twice), (const int64_t[]){1, 2, 3, 4}, 4);
    py_list_clear(&slice);
    assert_int_equal(py_list_length(mm_root_get(&slice)), 0);
    drop_alone(&slice);
    drop_alone(&twice);
    drop_alone(&sum);
    drop_alone(&tuple);
    drop(&list);
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

int sequence_tests(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_list_swap),
        TEST(test_list_against_model),
        TEST(test_aliases),
        TEST(test_walk_is_deep),
    };
    return cmocka_run_group_tests_name("sequences", tests, NULL, NULL);
}
