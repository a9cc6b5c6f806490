/* Roots and fields: who holds what, and what dropping it does. */
#include <stdlib.h>

#include "contract.h"

static void expect_live_at_once(uint64_t objects)
{
    heap_check();
    if (MM_TRAITS & MM_TRAIT_PROMPT)
        expect_live(objects);
}

static void test_roots(void **state)
{
    (void)state;
    struct mm_region region;
    mm_region_begin(&region);
    {
        MM_ROOT(first);
        MM_ROOT(second);
        assert_null(mm_root_get(&first));
        void *object = mm_new(&word_type, &first);
        mm_root_set(&second, object);
        mm_root_set(&first, NULL);
        expect_live_at_once(1);
        assert_ptr_equal(mm_root_get(&second), object);
        mm_root_move(&first, &second);
        assert_null(mm_root_get(&second));
        assert_ptr_equal(mm_root_get(&first), object);
        mm_root_set(&first, mm_root_get(&first));
        expect_live_at_once(1);
        assert_ptr_equal(mm_root_get(&first), object);
        drop(&word_type, &first);
        expect_live_at_once(0);
    }
    mm_region_end(&region);
}

static void test_scope(void **state)
{
    (void)state;
    struct mm_region region;
    mm_region_begin(&region);
    for (int i = 0; i < 10; i++) {
        MM_ROOT(inner);
        struct word *word = mm_new(&word_type, &inner);
        word->value = 1;
        mm_dead(&word_type, word);
        if (i == 5)
            break;
    }
    expect_live_at_once(0);
    mm_region_end(&region);
}

static uint64_t nested(unsigned depth)
{
    MM_ROOT(root);
    struct word *word = mm_new(&word_type, &root);
    word->value = depth;
    uint64_t sum = depth ? nested(depth - 1) : 0;
    word = mm_root_get(&root);
    sum += word->value;
    mm_dead(&word_type, word);
    return sum;
}

static void test_nested_scopes(void **state)
{
    (void)state;
    struct mm_region region;
    mm_region_begin(&region);
    assert_int_equal(nested(300), 300 * 301 / 2);
    expect_live_at_once(0);
    mm_region_end(&region);
}

static void test_roots_on_the_heap(void **state)
{
    (void)state;
    enum { COUNT = 200 };
    struct mm_region region;
    mm_region_begin(&region);
    struct mm_root *roots = malloc(COUNT * sizeof *roots);
    assert_non_null(roots);
    for (int i = 0; i < COUNT; i++) {
        mm_root_push(&roots[i]);
        ((struct word *)mm_new(&word_type, &roots[i]))->value = (uint64_t)i;
    }
    for (int i = 0; i < COUNT; i++)
        assert_int_equal(((struct word *)mm_root_get(&roots[i]))->value, i);
    for (int i = COUNT - 1; i >= 0; i--) {
        mm_dead(&word_type, mm_root_get(&roots[i]));
        mm_root_pop(&roots[i]);
    }
    free(roots);
    expect_live_at_once(0);
    mm_region_end(&region);
}

static void test_fields(void **state)
{
    (void)state;
    struct mm_region region;
    mm_region_begin(&region);
    {
        MM_ROOT(holder);
        MM_ROOT(held);
        mm_new(&cell_type, &holder);
        mm_new(&cell_type, &held);
        struct cell *cell = mm_root_get(&holder);
        void *value = mm_root_get(&held);
        mm_set(cell, &cell->next, value);
        mm_set(cell, &cell->other, value);
        assert_ptr_equal(mm_get(&cell->next), value);
        mm_root_set(&held, NULL);
        mm_set(cell, &cell->next, NULL);
        expect_live_at_once(2);
        mm_set(cell, &cell->other, mm_get(&cell->other));
        expect_live_at_once(2);
        assert_ptr_equal(mm_get(&cell->other), value);
        mm_dead(&cell_type, value);
        mm_set(cell, &cell->other, NULL);
        expect_live_at_once(1);
        drop(&cell_type, &holder);
    }
    mm_region_end(&region);
}

static void test_move_and_take(void **state)
{
    (void)state;
    struct mm_region region;
    mm_region_begin(&region);
    {
        MM_ROOT(holder);
        MM_ROOT(root);
        mm_new(&cell_type, &holder);
        mm_new(&cell_type, &root);
        struct cell *cell = mm_root_get(&holder);
        void *first = mm_root_get(&root);
        mm_move(cell, &cell->next, &root);
        assert_null(mm_root_get(&root));
        assert_ptr_equal(mm_get(&cell->next), first);
        void *second = mm_new(&cell_type, &root);
        cell = mm_root_get(&holder);
        mm_dead(&cell_type, mm_get(&cell->next));
        mm_move(cell, &cell->next, &root);
        expect_live_at_once(2);
        assert_ptr_equal(mm_get(&cell->next), second);
        mm_take(&root, cell, &cell->next);
        assert_null(mm_get(&cell->next));
        assert_ptr_equal(mm_root_get(&root), second);
        expect_live_at_once(2);
        drop(&cell_type, &root);
        expect_live_at_once(1);
        mm_take(&root, cell, &cell->next);
        assert_null(mm_root_get(&root));
        drop(&cell_type, &holder);
    }
    mm_region_end(&region);
}

/* What is dropped last may be what holds the new value. */
static void test_overwriting_the_holder(void **state)
{
    (void)state;
    struct mm_stats before;
    mm_stats_get(&before);
    struct mm_region region;
    mm_region_begin(&region);
    {
        MM_ROOT(head);
        for (uint64_t i = 0; i < 50; i++)
            assert_int_equal(cell_push(&head, i), 0);
        for (uint64_t i = 50; i-- > 0;) {
            struct cell *cell = mm_root_get(&head);
            assert_int_equal(cell->value, i);
            void *next = mm_get(&cell->next);
            mm_dead(&cell_type, cell);
            mm_root_set(&head, next);
            expect_live_at_once(i);
        }
    }
    mm_region_end(&region);
    expect_all_freed(&before);
}

#if MM_TRAITS & MM_TRAIT_COUNTS
static void test_counts(void **state)
{
    (void)state;
    MM_ROOT(first);
    MM_ROOT(second);
    void *object = mm_new(&cell_type, &first);
    assert_int_equal(mm_refcount(object), 1);
    mm_root_set(&second, object);
    assert_int_equal(mm_refcount(object), 2);
    struct cell *cell = object;
    mm_set(cell, &cell->next, object);
    assert_int_equal(mm_refcount(object), 3);
    mm_set(cell, &cell->next, NULL);
    mm_root_move(&first, &second);
    assert_int_equal(mm_refcount(object), 1);
}
#endif

int references_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_roots, heap_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_scope, heap_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_nested_scopes, heap_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_roots_on_the_heap, heap_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_fields, heap_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_move_and_take, heap_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_overwriting_the_holder, heap_setup, heap_teardown),
#if MM_TRAITS & MM_TRAIT_COUNTS
        cmocka_unit_test_setup_teardown(test_counts, heap_setup, heap_teardown),
#endif
    };
    return cmocka_run_group_tests_name("references, " STRATEGY, tests, NULL, NULL);
}
