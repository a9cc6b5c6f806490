/* The collector's controls. */
#include "contract.h"

#if MM_TRAITS & MM_TRAIT_COLLECTOR

static void test_enable_and_disable(void **state)
{
    (void)state;
    assert_true(mm_gc_is_enabled());
    mm_gc_disable();
    assert_false(mm_gc_is_enabled());
    MM_ROOT(ring);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(ring_new(&ring, 3), 0);
    expect_live(3000);
    struct mm_stats stats;
    mm_stats_get(&stats);
    assert_int_equal(stats.collections[0] + stats.collections[1] + stats.collections[2], 0);
    expect_found(settle(), 2997);
    expect_live(3);
    mm_gc_enable();
    assert_true(mm_gc_is_enabled());
    mm_root_set(&ring, NULL);
}

/* Collections happen by themselves: far more is allocated than the limit allows. */
static void test_automatic(void **state)
{
    (void)state;
    enum { RINGS = 60000 };
    MM_ROOT(kept);
    assert_int_equal(cell_push(&kept, 42), 0);
    for (int i = 0; i < RINGS; i++) {
        MM_ROOT(ring);
        assert_int_equal(ring_new(&ring, 5), 0);
        cells_drop(&ring);
    }
    struct mm_stats stats;
    mm_stats_get(&stats);
    assert_int_equal(stats.objects_allocated, 5 * RINGS + 1);
    assert_true(live_objects() < 5 * RINGS / 2);
    const struct cell *cell = mm_root_get(&kept);
    assert_int_equal(cell->value, 42);
    cells_drop(&kept);
}

static int automatic_setup(void **state)
{
    (void)state;
    heap_open(2 << 20);
    return 0;
}

static void test_thresholds(void **state)
{
    (void)state;
    const uint32_t wanted[MM_GENERATIONS] = {100, 5, 7};
    uint32_t got[MM_GENERATIONS], count[MM_GENERATIONS];
    mm_gc_set_threshold(wanted);
    mm_gc_get_threshold(got);
    assert_memory_equal(got, wanted, sizeof wanted);
    mm_gc_get_count(count);
    const uint32_t off[MM_GENERATIONS] = {0, 0, 0};
    mm_gc_set_threshold(off);
    mm_gc_get_threshold(got);
    assert_memory_equal(got, off, sizeof off);
    assert_true(mm_gc_is_enabled());
    MM_ROOT(ring);
    for (int i = 0; i < 100; i++)
        assert_int_equal(ring_new(&ring, 3), 0);
    expect_live(300);
    mm_root_set(&ring, NULL);
}

static void test_freeze(void **state)
{
    (void)state;
    mm_gc_disable();
    MM_ROOT(ring);
    assert_int_equal(ring_new(&ring, 5), 0);
    assert_int_equal(mm_gc_freeze_count(), 0);
    mm_gc_freeze();
    assert_int_equal(mm_gc_freeze_count(), 5);
    assert_int_equal(ring_new(&ring, 2), 0); /* drops the first */
    mm_root_set(&ring, NULL);
    expect_found(settle(), 2);
    expect_live(5);
    mm_gc_unfreeze();
    assert_int_equal(mm_gc_freeze_count(), 0);
    expect_found(settle(), 5);
    expect_live(0);
    mm_gc_enable();
}

static void test_get_objects(void **state)
{
    (void)state;
    void *objects[10];
    assert_int_equal(mm_gc_get_objects(-1, objects, 10), 0);
    MM_ROOT(ring);
    assert_int_equal(ring_new(&ring, 5), 0);
    assert_int_equal(mm_gc_get_objects(-1, NULL, 0), 5);
    assert_int_equal(mm_gc_get_objects(-1, objects, 2), 5);
    assert_int_equal(mm_gc_get_objects(-1, objects, 10), 5);
    unsigned found = 0;
    for (int i = 0; i < 5; i++)
        found |= 1u << ((struct cell *)objects[i])->value;
    assert_int_equal(found, 0x1F);
    settle();
    size_t sum = 0;
    for (int generation = 0; generation < MM_GENERATIONS; generation++)
        sum += mm_gc_get_objects(generation, NULL, 0);
    assert_int_equal(sum, 5);
    mm_root_set(&ring, NULL);
}

static void test_younger_generations(void **state)
{
    (void)state;
    mm_gc_disable();
    for (int generation = 0; generation < MM_GENERATIONS; generation++) {
        struct mm_stats before, after;
        mm_stats_get(&before);
        MM_ROOT(ring);
        assert_int_equal(ring_new(&ring, 4), 0);
        mm_root_set(&ring, NULL);
        expect_found(mm_collect(generation), 4);
        heap_check();
        mm_stats_get(&after);
        uint64_t collections = 0, collected = 0; /* where there is but one generation, an older one may be collected */
        for (int i = generation; i < MM_GENERATIONS; i++) {
            collections += after.collections[i] - before.collections[i];
            collected += after.collected[i] - before.collected[i];
        }
        assert_int_equal(collections, 1);
        assert_int_equal(collected, 4);
    }
    mm_gc_enable();
}

static int legacy_runs;
static void legacy_count(void *object)
{
    (void)object;
    legacy_runs++;
}

static void legacy_ring_drop(void)
{
    MM_ROOT(root);
    struct mortal *legacy = mm_new(&legacy_type, &root);
    legacy->value = 11;
    mm_set(legacy, &legacy->next, legacy);
    MM_ROOT(hanging);
    assert_int_equal(cell_push(&hanging, 12), 0);
    legacy = mm_root_get(&root);
    mm_move(legacy, &legacy->other, &hanging);
}

/* In a cycle: kept, and listed; what it reaches is kept with it. Elsewhere, and where the collector needs not break
 * cycles to reclaim them: an ordinary finalizer. */
static void test_garbage(void **state)
{
    (void)state;
    legacy_runs = 0;
    finalizer = legacy_count;
    mm_gc_disable();
    legacy_ring_drop();
    expect_found(settle(), 2);
    void *objects[4];
    size_t kept = mm_gc_garbage(objects, 4);
    if (kept == 0) {
        assert_int_equal(legacy_runs, 1);
        expect_live(0);
        return;
    }
    assert_int_equal(kept, 1);
    struct mortal *legacy = objects[0];
    assert_int_equal(legacy->value, 11);
    assert_int_equal(legacy_runs, 0);
    expect_live(2);
    struct mm_stats stats;
    mm_stats_get(&stats);
    assert_int_equal(stats.uncollectable[2], 2);
    {
        MM_ROOT(root);
        mm_root_set(&root, legacy);
        mm_set(legacy, &legacy->next, NULL); /* the programmer breaks the cycle */
        mm_gc_garbage_clear();
        assert_int_equal(mm_gc_garbage(objects, 4), 0);
    }
    settle();
    assert_int_equal(legacy_runs, 1);
    expect_live(0);
    mm_gc_enable();
}

int control_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_enable_and_disable, heap_setup_large, heap_teardown),
        cmocka_unit_test_setup_teardown(test_automatic, automatic_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_thresholds, heap_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_freeze, heap_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_get_objects, heap_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_younger_generations, heap_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_garbage, heap_setup, heap_teardown),
    };
    return cmocka_run_group_tests_name("control, " STRATEGY, tests, NULL, NULL);
}

#else

int control_tests(void)
{
    return 0;
}

#endif
