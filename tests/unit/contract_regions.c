/* Regions, for all strategies; and what the programmer says of single objects. */
#include "contract.h"

static void expect_left(uint64_t objects)
{
    settle();
    if (!(MM_TRAITS & MM_TRAIT_NEVER_FREES))
        expect_live(objects);
}

static void make_garbage(int count)
{
    MM_ROOT(root);
    for (int i = 0; i < count; i++) {
        assert_non_null(mm_new_tail(&string_type, (size_t)i * 17, &root));
        drop(&string_type, &root);
    }
}

static void test_nested(void **state)
{
    (void)state;
    struct mm_region outer, middle, inner;
    mm_region_begin(&outer);
    MM_ROOT(kept);
    assert_int_equal(cell_push(&kept, 1), 0);
    mm_region_begin(&middle);
    {
        MM_ROOT(root);
        assert_int_equal(cell_push(&root, 2), 0);
        for (int i = 0; i < 10; i++) {
            mm_region_begin(&inner);
            make_garbage(100);
            mm_region_end(&inner);
            expect_left(2);
        }
        const struct cell *cell = mm_root_get(&root);
        assert_int_equal(cell->value, 2);
        cells_drop(&root);
    }
    mm_region_end(&middle);
    expect_left(1);
    const struct cell *cell = mm_root_get(&kept);
    assert_int_equal(cell->value, 1);
    cells_drop(&kept);
    mm_region_end(&outer);
    expect_left(0);
}

static void test_empty(void **state)
{
    (void)state;
    struct mm_region outer, inner;
    for (int i = 0; i < 3; i++) {
        mm_region_begin(&outer);
        mm_region_begin(&inner);
        mm_region_end(&inner);
        mm_region_end(&outer);
    }
    expect_left(0);
}

/* An older object may shrink its buffers in a region, and drop what it refers to. */
static void test_older_objects_shrink(void **state)
{
    (void)state;
    struct mm_region outer, inner;
    mm_region_begin(&outer);
    {
        MM_ROOT(root);
        assert_non_null(mm_new(&chest_type, &root));
        assert_int_equal(mm_bytes_resize(&root, offsetof(struct chest, text), 5000), 0);
        assert_int_equal(mm_bytes_resize(&root, offsetof(struct chest, more), 1 << 20), 0);
        assert_int_equal(mm_refs_resize(&root, offsetof(struct chest, first), 1000), 0);
        mm_region_begin(&inner);
        make_garbage(50);
        assert_int_equal(mm_bytes_resize(&root, offsetof(struct chest, text), 1000), 0);
        assert_int_equal(mm_bytes_resize(&root, offsetof(struct chest, more), 0), 0);
        assert_int_equal(mm_refs_resize(&root, offsetof(struct chest, first), 10), 0);
        mm_region_end(&inner);
        expect_left(1);
        if (!(MM_TRAITS & MM_TRAIT_NEVER_FREES))
            expect_live_bytes(sizeof(struct chest) + 1000 + 10 * sizeof(struct mm_ref));
        drop(&chest_type, &root);
    }
    mm_region_end(&outer);
    expect_left(0);
    if (!(MM_TRAITS & MM_TRAIT_NEVER_FREES))
        expect_live_bytes(0);
}

/* An older object's buffer that grows in a region, where it is or by moving, is the region's: it is shrunk to nothing
 * before the end, be that in a region further in. */
static void grow_in_region(size_t old_bytes, size_t new_bytes, bool moves)
{
    struct mm_region outer, inner;
    MM_ROOT(root);
    assert_non_null(mm_new(&chest_type, &root));
    assert_int_equal(mm_bytes_resize(&root, offsetof(struct chest, text), old_bytes), 0);
    if (moves)
        make_garbage(1);
    mm_region_begin(&outer);
    assert_int_equal(mm_bytes_resize(&root, offsetof(struct chest, text), new_bytes), 0);
    mm_region_begin(&inner);
    assert_int_equal(mm_bytes_resize(&root, offsetof(struct chest, text), new_bytes / 2), 0);
    assert_int_equal(mm_bytes_resize(&root, offsetof(struct chest, text), 0), 0);
    mm_region_end(&inner);
    mm_region_end(&outer);
    settle();
    if (MM_TRAITS & MM_TRAIT_REGIONS) {
        expect_live(moves ? 2 : 1);
        expect_live_bytes(sizeof(struct chest) + (moves ? string_type.size : 0));
    } else if (!(MM_TRAITS & MM_TRAIT_NEVER_FREES)) {
        expect_live(1);
        expect_live_bytes(sizeof(struct chest));
    }
    drop(&chest_type, &root);
}

static void test_older_buffers_grow(void **state)
{
    (void)state;
    static const size_t sizes[][2] = {{80, 800}, {200000, 800000}, {0, 800}, {80, 800000}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (int moves = 0; moves <= 1; moves++) {
            struct mm_region region;
            mm_region_begin(&region);
            grow_in_region(sizes[i][0], sizes[i][1], moves);
            mm_region_end(&region);
            expect_left(0);
        }
}

/* Region after region takes no more memory than the first few. */
static void test_footprint_is_bounded(void **state)
{
    (void)state;
    REQUIRE_TRAIT((uint32_t)~MM_TRAIT_NEVER_FREES);
    uint64_t bound = 0;
    for (int i = 0; i < 30; i++) {
        struct mm_region region;
        mm_region_begin(&region);
        make_garbage(1000);
        mm_region_end(&region);
        settle();
        struct mm_stats stats;
        mm_stats_get(&stats);
        if (i == 3)
            bound = stats.footprint_bytes + stats.footprint_bytes / 8 + (1 << 16);
        if (i > 3)
            assert_true(stats.footprint_bytes <= bound);
    }
}

#if MM_TRAITS & MM_TRAIT_REGIONS
static uint64_t footprint_bytes(void)
{
    struct mm_stats stats;
    mm_stats_get(&stats);
    return stats.footprint_bytes;
}

/* How much the arena still holds after a region of many MiB. */
static uint64_t kept_bytes(const char *keep)
{
    const char *const params[] = {"chunk_kib=64", keep, NULL};
    assert_int_equal(mm_heap_open(&(struct mm_config){.params = params}), 0);
    struct mm_region region;
    mm_region_begin(&region);
    {
        MM_ROOT(root);
        for (int i = 0; i < 3000; i++)
            assert_non_null(mm_new_tail(&string_type, 5000, &root));
    }
    assert_true(footprint_bytes() > 14 << 20);
    heap_check();
    mm_region_end(&region);
    uint64_t kept = footprint_bytes();
    heap_close();
    return kept;
}

static void test_what_is_kept(void **state)
{
    (void)state;
    assert_int_equal(kept_bytes("keep_kib=0"), 0);
    assert_int_equal(kept_bytes("keep_kib=256"), 256 << 10);
    assert_true(kept_bytes("keep_kib=1000000") > 14 << 20);
}
#endif

/* mm_dead: freed at once by those who listen, not before the last reference goes by the others. */
static void test_dead(void **state)
{
    (void)state;
    struct mm_stats before;
    mm_stats_get(&before);
    struct mm_region region;
    mm_region_begin(&region);
    {
        MM_ROOT(root);
        assert_non_null(mm_new(&chest_type, &root));
        assert_int_equal(mm_bytes_resize(&root, offsetof(struct chest, text), 1000), 0);
        assert_int_equal(mm_refs_resize(&root, offsetof(struct chest, second), 50), 0);
        mm_dead(&chest_type, mm_root_get(&root));
        expect_live(MM_TRAITS & MM_TRAIT_EXPLICIT_FREE ? 0 : 1);
        mm_root_set(&root, NULL);
        if (FREES_AT_ONCE)
            expect_live_bytes(0);
    }
    mm_region_end(&region);
    expect_all_freed(&before);
}

int regions_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_nested, heap_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_empty, heap_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_older_objects_shrink, heap_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_older_buffers_grow, heap_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_footprint_is_bounded, heap_setup, heap_teardown),
#if MM_TRAITS & MM_TRAIT_REGIONS
        cmocka_unit_test(test_what_is_kept),
#endif
        cmocka_unit_test_setup_teardown(test_dead, heap_setup, heap_teardown),
    };
    return cmocka_run_group_tests_name("regions, " STRATEGY, tests, NULL, NULL);
}
