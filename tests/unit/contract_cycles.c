/* Cyclic garbage: reclaimed where the strategy says so, leaked to the last object where it does not. */
#include "contract.h"

/* After `count` rings of `length` in a region that has ended. */
static void expect_leak(const struct mm_stats *before, uint64_t objects)
{
    if (MM_TRAITS & (MM_TRAIT_CYCLES | MM_TRAIT_EXPLICIT_FREE | MM_TRAIT_NEVER_FREES)) {
        expect_all_freed(before);
        return;
    }
    struct mm_stats after;
    settle();
    mm_stats_get(&after);
    uint64_t leaked =
        after.objects_allocated - before->objects_allocated - (after.objects_freed - before->objects_freed);
    assert_int_equal(leaked, objects);
}

static void test_rings(void **state)
{
    (void)state;
    static const size_t lengths[] = {1, 2, 3, 10, 100};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct mm_stats before;
        mm_stats_get(&before);
        struct mm_region region;
        mm_region_begin(&region);
        for (int round = 0; round < 5; round++) {
            MM_ROOT(ring);
            assert_int_equal(ring_new(&ring, lengths[i]), 0);
            cells_drop(&ring);
        }
        mm_region_end(&region);
        expect_leak(&before, 5 * lengths[i]);
    }
}

/* What hangs on a ring goes with it; what is reachable from outside stays. */
static void test_what_hangs_on_a_ring(void **state)
{
    (void)state;
    struct mm_stats before;
    mm_stats_get(&before);
    struct mm_region region;
    mm_region_begin(&region);
    {
        MM_ROOT(kept);
        assert_int_equal(cell_push(&kept, 77), 0);
        {
            MM_ROOT(ring);
            MM_ROOT(hanging);
            assert_int_equal(ring_new(&ring, 4), 0);
            assert_int_equal(cell_push(&hanging, 5), 0);
            struct cell *cell = mm_root_get(&ring);
            struct cell *second = mm_get(&cell->next);
            mm_set(second, &second->other, mm_root_get(&kept));
            mm_move(cell, &cell->other, &hanging);
            mm_dead(&cell_type, mm_get(&cell->other));
            cells_drop(&ring);
        }
        settle();
        const struct cell *cell = mm_root_get(&kept);
        assert_int_equal(cell->value, 77);
        if (MM_TRAITS & MM_TRAIT_COLLECTOR)
            expect_live(1);
        cells_drop(&kept);
    }
    mm_region_end(&region);
    expect_leak(&before, 4 + 1 + 1);
}

/* Two rings of which one refers to the other; the one referred to is held, then not. */
static void test_rings_that_refer_to_rings(void **state)
{
    (void)state;
    struct mm_stats before;
    mm_stats_get(&before);
    struct mm_region region;
    mm_region_begin(&region);
    {
        MM_ROOT(held);
        assert_int_equal(ring_new(&held, 3), 0);
        {
            MM_ROOT(ring);
            assert_int_equal(ring_new(&ring, 2), 0);
            struct cell *cell = mm_root_get(&ring);
            mm_set(cell, &cell->other, mm_root_get(&held));
            cells_drop(&ring);
        }
        settle();
        struct cell *cell = mm_root_get(&held);
        for (int i = 0; i < 3; i++, cell = mm_get(&cell->next))
            assert_in_range(cell->value, 0, 2);
        assert_ptr_equal(cell, mm_root_get(&held));
        cells_drop(&held);
    }
    mm_region_end(&region);
    expect_leak(&before, 5);
}

/* Cycles through buffers and tails. */
static void test_every_kind_of_field(void **state)
{
    (void)state;
    struct mm_stats before;
    mm_stats_get(&before);
    struct mm_region region;
    mm_region_begin(&region);
    {
        MM_ROOT(chest_root);
        MM_ROOT(tuple_root);
        assert_non_null(mm_new(&chest_type, &chest_root));
        assert_int_equal(mm_refs_resize(&chest_root, offsetof(struct chest, second), 20), 0);
        assert_non_null(mm_new_tail(&tuple_type, 7, &tuple_root));
        struct chest *chest = mm_root_get(&chest_root);
        struct tuple *tuple = mm_root_get(&tuple_root);
        mm_set(chest, &chest->second.slots[19], tuple);
        mm_set(chest, &chest->single, chest);
        mm_set(tuple, &tuple_slots(tuple)[6], chest);
        mm_set(tuple, &tuple_slots(tuple)[0], tuple);
        settle();
        tuple = mm_root_get(&tuple_root);
        chest = mm_get(&tuple_slots(tuple)[6]);
        assert_ptr_equal(chest, mm_root_get(&chest_root));
        assert_ptr_equal(mm_get(&chest->second.slots[19]), tuple);
        mm_dead(&tuple_type, tuple);
        mm_dead(&chest_type, chest);
    }
    mm_region_end(&region);
    expect_leak(&before, 2);
}

/* A cycle that is broken by hand is no cycle: freed at once where that is promised. */
static void test_broken_by_hand(void **state)
{
    (void)state;
    struct mm_stats before;
    mm_stats_get(&before);
    struct mm_region region;
    mm_region_begin(&region);
    {
        MM_ROOT(ring);
        assert_int_equal(ring_new(&ring, 10), 0);
        struct cell *cell = mm_root_get(&ring);
        mm_set(cell, &cell->next, mm_get(&cell->next));
        struct cell *last = cell;
        for (int i = 0; i < 9; i++)
            last = mm_get(&last->next);
        mm_set(last, &last->next, NULL);
        cells_drop(&ring);
        if (FREES_AT_ONCE)
            expect_live(0);
    }
    mm_region_end(&region);
    expect_all_freed(&before);
}

#if MM_TRAITS & MM_TRAIT_COLLECTOR
/* The collector says how many it found. */
static void test_found(void **state)
{
    (void)state;
    settle();
    mm_gc_disable();
    MM_ROOT(ring);
    for (int i = 0; i < 10; i++)
        assert_int_equal(ring_new(&ring, 7), 0);
    cells_drop(&ring);
    expect_found(settle(), 70);
    expect_live(0);
    expect_found(settle(), 0);
    struct mm_stats stats;
    mm_stats_get(&stats);
    assert_true(stats.collections[2] >= 3);
    assert_int_equal(stats.collected[2], 70);
    assert_true(stats.collection_ns[2] > 0);
    mm_gc_enable();
}
#endif

int cycles_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_rings, heap_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_what_hangs_on_a_ring, heap_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_rings_that_refer_to_rings, heap_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_every_kind_of_field, heap_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_broken_by_hand, heap_setup, heap_teardown),
#if MM_TRAITS & MM_TRAIT_COLLECTOR
        cmocka_unit_test_setup_teardown(test_found, heap_setup, heap_teardown),
#endif
    };
    return cmocka_run_group_tests_name("cycles, " STRATEGY, tests, NULL, NULL);
}
