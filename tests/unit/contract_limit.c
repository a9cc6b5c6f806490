/* The heap limit: it is kept, what fails leaves everything as it was, and what is freed can be used again. */
#include "contract.h"

enum { LIMIT = 1 << 20 };

static void expect_within_limit(void)
{
    heap_check();
    struct mm_stats stats;
    mm_stats_get(&stats);
    assert_true(stats.footprint_bytes <= LIMIT);
    assert_true(stats.peak_footprint_bytes <= LIMIT);
    assert_true(stats.peak_footprint_bytes >= stats.footprint_bytes);
}

/* How many cells fit. */
static uint64_t fill(struct mm_root *head)
{
    uint64_t count = 0;
    while (cell_push(head, count) == 0)
        assert_true(++count <= LIMIT / sizeof(struct cell));
    return count;
}

static void expect_list(const struct mm_root *head, uint64_t length)
{
    for (const struct cell *cell = mm_root_get(head); cell; cell = mm_get(&cell->next))
        assert_int_equal(cell->value, --length);
    assert_int_equal(length, 0);
}

static void test_full_and_again(void **state)
{
    (void)state;
    uint64_t first = 0;
    for (int round = 0; round < 4; round++) {
        struct mm_region region;
        mm_region_begin(&region);
        {
            MM_ROOT(head);
            uint64_t count = fill(&head);
            expect_within_limit();
            expect_list(&head, count);
            if (round == 0)
                first = count;
            else if (!(MM_TRAITS & MM_TRAIT_NEVER_FREES))
                assert_true(count >= first - first / 20);
            cells_drop(&head);
        }
        mm_region_end(&region);
        settle();
    }
    assert_true(first >= LIMIT / sizeof(struct cell) / 4);
}

static void test_out_is_as_it_was(void **state)
{
    (void)state;
    struct mm_region region;
    mm_region_begin(&region);
    {
        MM_ROOT(head);
        uint64_t count = fill(&head);
        struct mm_stats before, after;
        mm_stats_get(&before);
        assert_null(mm_new(&cell_type, &head));
        assert_null(mm_new_tail(&string_type, LIMIT, &head));
        assert_null(mm_new_tail(&tuple_type, LIMIT / 8, &head));
        mm_stats_get(&after);
        assert_int_equal(after.objects_allocated, before.objects_allocated);
        assert_int_equal(after.bytes_allocated, before.bytes_allocated);
        expect_list(&head, count);
        cells_drop(&head);
        expect_within_limit();
    }
    mm_region_end(&region);
}

static void test_buffers_are_as_they_were(void **state)
{
    (void)state;
    struct mm_region region;
    mm_region_begin(&region);
    {
        MM_ROOT(root);
        mm_new(&chest_type, &root);
        assert_int_equal(mm_bytes_resize(&root, offsetof(struct chest, text), 1000), 0);
        assert_int_equal(mm_refs_resize(&root, offsetof(struct chest, first), 100), 0);
        struct chest *chest = mm_root_get(&root);
        mm_set(chest, &chest->first.slots[99], chest);
        for (size_t i = 0; i < 1000; i++)
            chest->text.bytes[i] = 0x5A;
        assert_int_equal(mm_bytes_resize(&root, offsetof(struct chest, text), LIMIT), -ENOMEM);
        assert_int_equal(mm_refs_resize(&root, offsetof(struct chest, first), LIMIT / 8), -ENOMEM);
        expect_within_limit();
        chest = mm_root_get(&root);
        assert_int_equal(chest->text.capacity, 1000);
        assert_int_equal(chest->first.capacity, 100);
        assert_ptr_equal(mm_get(&chest->first.slots[99]), chest);
        assert_null(mm_get(&chest->first.slots[98]));
        for (size_t i = 0; i < 1000; i++)
            assert_int_equal(chest->text.bytes[i], 0x5A);
        mm_set(chest, &chest->first.slots[99], NULL);
        drop(&chest_type, &root);
    }
    mm_region_end(&region);
}

/* Shrinking gives way to something else. */
static void test_shrinking_makes_room(void **state)
{
    (void)state;
    REQUIRE_TRAIT(MM_TRAIT_PROMPT | MM_TRAIT_EXPLICIT_FREE | MM_TRAIT_COLLECTOR);
    MM_ROOT(root);
    mm_new(&chest_type, &root);
    assert_int_equal(mm_bytes_resize(&root, offsetof(struct chest, text), LIMIT / 16 * 9), 0);
    assert_int_equal(mm_bytes_resize(&root, offsetof(struct chest, more), LIMIT / 16 * 9), -ENOMEM);
    assert_int_equal(mm_bytes_resize(&root, offsetof(struct chest, text), 100), 0);
    assert_int_equal(mm_bytes_resize(&root, offsetof(struct chest, more), LIMIT / 16 * 9), 0);
    expect_within_limit();
    drop(&chest_type, &root);
}

/* Sizes that no machine has, or that overflow when they are computed. */
static void test_absurd_sizes(void **state)
{
    (void)state;
    static const size_t absurd[] = {(size_t)1 << 47,   (size_t)1 << 60,  SIZE_MAX / 8,
                                    SIZE_MAX / 8 + 1,  SIZE_MAX / 8 + 2, SIZE_MAX / 4 + 3,
                                    SIZE_MAX / 2 + 10, SIZE_MAX - 7,     SIZE_MAX};
    struct mm_region region;
    mm_region_begin(&region);
    {
        MM_ROOT(root);
        mm_new(&chest_type, &root);
        MM_ROOT(out);
        for (size_t i = 0; i < sizeof absurd / sizeof *absurd; i++) {
            assert_null(mm_new_tail(&string_type, absurd[i], &out));
            assert_null(mm_new_tail(&tuple_type, absurd[i], &out));
            assert_int_equal(mm_bytes_resize(&root, offsetof(struct chest, text), absurd[i]), -ENOMEM);
            assert_int_equal(mm_refs_resize(&root, offsetof(struct chest, first), absurd[i]), -ENOMEM);
            assert_null(mm_root_get(&out));
        }
        expect_within_limit();
        drop(&chest_type, &root);
    }
    mm_region_end(&region);
}

/* What the system refuses was never held, whether it is an object or a buffer; what is held after is in the peak. */
static void test_refused_is_not_in_the_peak(void **state)
{
    (void)state;
    static const size_t huge = (size_t)1 << 50;
    heap_open_large(0);
    struct mm_region region;
    mm_region_begin(&region);
    {
        MM_ROOT(root);
        assert_non_null(mm_new(&chest_type, &root));
        MM_ROOT(out);
        for (int i = 0; i < 2; i++) {
            struct mm_stats stats;
            assert_null(mm_new_tail(&string_type, huge, &out));
            assert_int_equal(mm_bytes_resize(&root, offsetof(struct chest, text), huge), -ENOMEM);
            assert_int_equal(mm_refs_resize(&root, offsetof(struct chest, first), huge / 8), -ENOMEM);
            mm_stats_get(&stats);
            assert_true(stats.peak_footprint_bytes >= stats.footprint_bytes);
            assert_true(stats.peak_footprint_bytes < (size_t)1 << 28);
            assert_int_equal(mm_bytes_resize(&root, offsetof(struct chest, text), 4 << 20), 0);
            assert_int_equal(mm_bytes_resize(&root, offsetof(struct chest, text), 0), 0);
            assert_null(mm_new_tail(&string_type, huge, &out));
            mm_stats_get(&stats);
            assert_true(stats.peak_footprint_bytes >= 4 << 20);
            assert_true(stats.peak_footprint_bytes < (size_t)1 << 28);
            mm_stats_reset_peak();
        }
        drop(&chest_type, &root);
    }
    mm_region_end(&region);
    heap_close();
}

/* The smallest heaps: the limit is kept, whatever does not fit. */
static void test_tiny_limits(void **state)
{
    (void)state;
    for (size_t limit = 1; limit <= 1 << 18; limit *= 3) {
        if (!heap_try_open_large(limit))
            continue;
        struct mm_region region;
        mm_region_begin(&region);
        {
            MM_ROOT(head);
            while (cell_push(&head, 0) == 0)
                ;
            struct mm_stats stats;
            mm_stats_get(&stats);
            assert_true(stats.peak_footprint_bytes <= limit);
            cells_drop(&head);
        }
        mm_region_end(&region);
        heap_close();
    }
}

static int limited_setup(void **state)
{
    (void)state;
    heap_open_large(LIMIT);
    return 0;
}

int limit_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_full_and_again, limited_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_out_is_as_it_was, limited_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_buffers_are_as_they_were, limited_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_shrinking_makes_room, limited_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_absurd_sizes, limited_setup, heap_teardown),
        cmocka_unit_test(test_refused_is_not_in_the_peak),
        cmocka_unit_test(test_tiny_limits),
    };
    return cmocka_run_group_tests_name("heap limit, " STRATEGY, tests, NULL, NULL);
}
