/* Objects: zeroed, delivered, told apart, kept. */
#include "contract.h"

static void expect_zero(const void *memory, size_t bytes)
{
    const unsigned char *byte = memory;
    for (size_t i = 0; i < bytes; i++)
        if (byte[i])
            fail_msg("byte %zu of %zu is %u", i, bytes, byte[i]);
}

/* Objects of every size, filled with ones before they die, so that their memory is dirty when it comes again. */
static void dirty_strings(size_t longest)
{
    struct mm_region region;
    mm_region_begin(&region);
    {
        MM_ROOT(string);
        for (size_t length = 0; length <= longest; length = length * 3 / 2 + 1) {
            struct string *payload = mm_new_tail(&string_type, length, &string);
            assert_non_null(payload);
            assert_int_equal(payload->length, length);
            assert_int_equal(payload->hash, 0);
            expect_zero(string_bytes(payload), length);
            for (size_t i = 0; i < length; i++)
                string_bytes(payload)[i] = 0xFF;
            payload->hash = UINT32_MAX;
            drop(&string_type, &string);
        }
    }
    mm_region_end(&region);
    settle();
}

static void test_zeroed(void **state)
{
    (void)state;
    for (int round = 0; round < 3; round++)
        dirty_strings(5000);
    for (int round = 0; round < 3; round++)
        dirty_strings(1 << 20);
}

static void test_zeroed_objects(void **state)
{
    (void)state;
    for (int round = 0; round < 3; round++) {
        struct mm_region region;
        mm_region_begin(&region);
        for (int i = 0; i < 200; i++) {
            MM_ROOT(root);
            struct chest *chest = mm_new(&chest_type, &root);
            assert_non_null(chest);
            expect_zero(chest, sizeof *chest);
            drop(&chest_type, &root);
            struct cell *cell = mm_new(&cell_type, &root);
            expect_zero(cell, sizeof *cell);
            cell->value = UINT64_MAX;
            drop(&cell_type, &root);
        }
        mm_region_end(&region);
        settle();
    }
}

static void test_delivered(void **state)
{
    (void)state;
    struct mm_region region;
    mm_region_begin(&region);
    {
        MM_ROOT(root);
        void *object = mm_new(&word_type, &root);
        assert_non_null(object);
        assert_ptr_equal(object, mm_root_get(&root));
        assert_int_equal((uintptr_t)object % 8, 0);
        if (SAYS_DEAD)
            drop(&word_type, &root);
        void *other = mm_new_tail(&string_type, 3, &root);
        assert_ptr_equal(other, mm_root_get(&root));
        assert_int_equal((uintptr_t)other % 8, 0);
        if (FREES_AT_ONCE)
            expect_live(1);
        drop(&string_type, &root);
    }
    mm_region_end(&region);
}

static void test_type_of(void **state)
{
    (void)state;
    struct mm_region region;
    mm_region_begin(&region);
    {
        MM_ROOT(cell);
        MM_ROOT(tuple);
        mm_new(&cell_type, &cell);
        mm_new_tail(&tuple_type, 5, &tuple);
        assert_ptr_equal(mm_type_of(mm_root_get(&cell)), &cell_type);
        assert_ptr_equal(mm_type_of(mm_root_get(&tuple)), &tuple_type);
        drop(&tuple_type, &tuple);
        drop(&cell_type, &cell);
    }
    mm_region_end(&region);
}

static void tuple_check(struct mm_root *root, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        struct mm_ref *slot = &tuple_slots(mm_root_get(root))[i];
        assert_null(mm_get(slot));
        MM_ROOT(word);
        struct word *value = mm_new(&word_type, &word);
        value->value = i;
        struct tuple *tuple = mm_root_get(root);
        mm_move(tuple, &tuple_slots(tuple)[i], &word);
    }
    struct tuple *tuple = mm_root_get(root);
    assert_int_equal(tuple->length, length);
    for (size_t i = 0; i < length; i++) {
        struct word *value = mm_get(&tuple_slots(tuple)[i]);
        assert_int_equal(value->value, i);
        mm_dead(&word_type, value);
    }
}

static void test_tails_of_references(void **state)
{
    (void)state;
    struct mm_stats before;
    mm_stats_get(&before);
    static const size_t lengths[] = {0, 1, 2, 3, 10, 63, 64, 65, 400};
    struct mm_region region;
    mm_region_begin(&region);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        MM_ROOT(tuple);
        assert_non_null(mm_new_tail(&tuple_type, lengths[i], &tuple));
        tuple_check(&tuple, lengths[i]);
        drop(&tuple_type, &tuple);
    }
    mm_region_end(&region);
    expect_all_freed(&before);
}

static void test_kept(void **state)
{
    (void)state;
    enum { COUNT = 300 };
    struct mm_region region;
    mm_region_begin(&region);
    {
        MM_ROOT(head);
        for (uint64_t i = 0; i < COUNT; i++) {
            assert_int_equal(cell_push(&head, i), 0);
            MM_ROOT(garbage);
            mm_new_tail(&string_type, i, &garbage);
            drop(&string_type, &garbage);
        }
        settle();
        uint64_t expected = COUNT;
        for (const struct cell *cell = mm_root_get(&head); cell; cell = mm_get(&cell->next))
            assert_int_equal(cell->value, --expected);
        assert_int_equal(expected, 0);
        cells_drop(&head);
    }
    mm_region_end(&region);
}

static void test_size_of(void **state)
{
    (void)state;
    struct mm_region region;
    mm_region_begin(&region);
    {
        MM_ROOT(root);
        mm_new(&chest_type, &root);
        size_t empty = mm_size_of(&chest_type, mm_root_get(&root));
        assert_true(empty >= sizeof(struct chest) && empty <= sizeof(struct chest) + 64);
        assert_int_equal(mm_bytes_resize(&root, offsetof(struct chest, text), 1000), 0);
        assert_int_equal(mm_refs_resize(&root, offsetof(struct chest, second), 100), 0);
        size_t full = mm_size_of(&chest_type, mm_root_get(&root));
        assert_true(full >= empty + 1800 && full <= empty + 1800 + 600);
        drop(&chest_type, &root);
        mm_new_tail(&string_type, 999, &root);
        assert_true(mm_size_of(&string_type, mm_root_get(&root)) >= 999 + string_type.size);
        drop(&string_type, &root);
    }
    mm_region_end(&region);
}

int allocation_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_zeroed, heap_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_zeroed_objects, heap_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_delivered, heap_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_type_of, heap_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_tails_of_references, heap_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_kept, heap_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_size_of, heap_setup, heap_teardown),
    };
    return cmocka_run_group_tests_name("allocation, " STRATEGY, tests, NULL, NULL);
}
