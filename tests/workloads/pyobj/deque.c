/* deque: against a model, an array with room at both ends. */
#include "fixture.h"

enum { MIDDLE = 30000, MODEL_MAX = 2 * MIDDLE };

struct model {
    int64_t values[MODEL_MAX];
    size_t first, end;
};

static void push(struct model *model, struct mm_root *deque, bool left, int64_t value)
{
    MM_ROOT(item);
    assert_non_null(py_int_new(value, &item));
    assert_int_equal(left ? py_deque_append_left(deque, &item) : py_deque_append(deque, &item), 0);
    assert_null(mm_root_get(&item));
    model->values[left ? --model->first : model->end++] = value;
}

static void pop(struct model *model, struct mm_root *deque, bool left)
{
    MM_ROOT(item);
    if (left)
        py_deque_pop_left(mm_root_get(deque), &item);
    else
        py_deque_pop(mm_root_get(deque), &item);
    assert_int_equal(py_int_value(mm_root_get(&item)), model->values[left ? model->first++ : --model->end]);
    drop(&item);
}

static void compare(const struct model *model, const struct py_deque *deque)
{
    assert_int_equal(py_deque_length(deque), model->end - model->first);
    for (size_t i = model->first; i < model->end; i++)
        assert_int_equal(py_int_value(py_deque_get(deque, i - model->first)), model->values[i]);
    assert_int_equal(deque->blocks, (deque->left + deque->length + 63) / 64);
}

static void test_deque_against_model(void **state)
{
    (void)state;
    static struct model model;
    model.first = model.end = MIDDLE;
    struct draw draw = draw_seeded(5);
    MM_ROOT(deque);
    assert_non_null(py_deque_new(&deque));
    for (int64_t i = 0; i < (SLOW ? 1500 : 25000); i++) {
        bool grows = draw_below(&draw, 10) < (i / 700 % 2 ? 2 : 8);
        bool left = draw_below(&draw, 10) < (i / 300 % 2 ? 1 : 8); /* so that the blocks go round the map */
        if (grows)
            push(&model, &deque, left, i);
        else if (model.end > model.first)
            pop(&model, &deque, left);
        if (i % 500 == 0)
            compare(&model, mm_root_get(&deque));
    }
    compare(&model, mm_root_get(&deque));
    while (model.end > model.first)
        pop(&model, &deque, model.end % 3 == 0);
    compare(&model, mm_root_get(&deque));
    drop(&deque);
}

int deque_tests(void)
{
    const struct CMUnitTest tests[] = {TEST(test_deque_against_model)};
    return cmocka_run_group_tests_name("deque", tests, NULL, NULL);
}
