/* Buffers: they grow and shrink, keep what they hold, and die with their owner. */
#include "contract.h"

static const size_t FIRST = offsetof(struct chest, first), SECOND = offsetof(struct chest, second);
static const size_t TEXT = offsetof(struct chest, text), MORE = offsetof(struct chest, more);

static void chest_drop(struct mm_root *root)
{
    struct chest *chest = mm_root_get(root);
    for (size_t i = 0; SAYS_DEAD && i < chest->first.capacity; i++)
        if (mm_get(&chest->first.slots[i]))
            mm_dead(&word_type, mm_get(&chest->first.slots[i]));
    drop(&chest_type, root);
}

static void fill(struct mm_root *root, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        MM_ROOT(word);
        struct word *value = mm_new(&word_type, &word);
        assert_non_null(value);
        value->value = i;
        struct chest *chest = mm_root_get(root);
        assert_null(mm_get(&chest->first.slots[i]));
        mm_move(chest, &chest->first.slots[i], &word);
    }
}

static void expect_filled(struct mm_root *root, size_t capacity, size_t filled)
{
    struct chest *chest = mm_root_get(root);
    assert_int_equal(chest->first.capacity, capacity);
    for (size_t i = 0; i < capacity; i++) {
        const struct word *word = mm_get(&chest->first.slots[i]);
        if (i >= filled)
            assert_null(word);
        else
            assert_int_equal(word->value, i);
    }
}

static void grow_and_shrink(size_t most)
{
    struct mm_region region;
    mm_region_begin(&region);
    {
        MM_ROOT(root);
        mm_new(&chest_type, &root);
        size_t filled = 0;
        for (size_t capacity = 1; capacity <= most; capacity += capacity / 8 + 1) {
            assert_int_equal(mm_refs_resize(&root, FIRST, capacity), 0);
            expect_filled(&root, capacity, filled);
            fill(&root, filled, capacity);
            filled = capacity;
        }
        for (size_t capacity = filled; capacity > 0; capacity /= 2) {
            struct chest *chest = mm_root_get(&root);
            for (size_t i = capacity; SAYS_DEAD && i < chest->first.capacity; i++) {
                mm_dead(&word_type, mm_get(&chest->first.slots[i]));
                mm_set(chest, &chest->first.slots[i], NULL); /* resizing is an allocation */
            }
            assert_int_equal(mm_refs_resize(&root, FIRST, capacity), 0);
            expect_filled(&root, capacity, capacity);
            if (FREES_AT_ONCE)
                expect_live(capacity + 1);
        }
        assert_int_equal(mm_refs_resize(&root, FIRST, 40), 0);
        expect_filled(&root, 40, 1);
        chest_drop(&root);
    }
    mm_region_end(&region);
}

static void test_references(void **state)
{
    (void)state;
    struct mm_stats before;
    mm_stats_get(&before);
    grow_and_shrink(200);
    expect_all_freed(&before);
}

static void test_many_references(void **state)
{
    (void)state;
    struct mm_stats before;
    mm_stats_get(&before);
    grow_and_shrink(200000);
    expect_all_freed(&before);
}

static void text_expect(struct mm_root *root, size_t capacity, size_t filled)
{
    const struct chest *chest = mm_root_get(root);
    assert_int_equal(chest->text.capacity, capacity);
    for (size_t i = 0; i < capacity; i++)
        if (chest->text.bytes[i] != (i < filled ? (unsigned char)(i * 7 + 1) : 0))
            fail_msg("byte %zu of %zu is %u", i, capacity, chest->text.bytes[i]);
}

static void text_fill(struct mm_root *root)
{
    struct chest *chest = mm_root_get(root);
    for (size_t i = 0; i < chest->text.capacity; i++)
        chest->text.bytes[i] = (unsigned char)(i * 7 + 1);
}

static void test_bytes(void **state)
{
    (void)state;
    struct mm_stats before;
    mm_stats_get(&before);
    static const size_t capacities[] = {1, 8, 9, 100, 50, 90, 4096, 1 << 20, 1 << 22, 3 << 20, 100, 1 << 18, 7, 5000};
    struct mm_region region;
    mm_region_begin(&region);
    {
        MM_ROOT(root);
        mm_new(&chest_type, &root);
        size_t old = 0;
        for (size_t i = 0; i < sizeof capacities / sizeof *capacities; i++) {
            assert_int_equal(mm_bytes_resize(&root, TEXT, capacities[i]), 0);
            text_expect(&root, capacities[i], old < capacities[i] ? old : capacities[i]);
            text_fill(&root);
            old = capacities[i];
            heap_check();
        }
        chest_drop(&root);
    }
    mm_region_end(&region);
    expect_all_freed(&before);
}

static void test_emptied(void **state)
{
    (void)state;
    struct mm_region region;
    mm_region_begin(&region);
    {
        MM_ROOT(root);
        mm_new(&chest_type, &root);
        for (size_t bytes = 16; bytes <= 1 << 22; bytes *= 64) {
            assert_int_equal(mm_bytes_resize(&root, TEXT, bytes), 0);
            assert_int_equal(mm_refs_resize(&root, SECOND, bytes / 8), 0);
            text_fill(&root);
            expect_live_bytes(sizeof(struct chest) + 2 * bytes);
            assert_int_equal(mm_bytes_resize(&root, TEXT, 0), 0);
            assert_int_equal(mm_refs_resize(&root, SECOND, 0), 0);
            const struct chest *chest = mm_root_get(&root);
            assert_null(chest->text.bytes);
            assert_int_equal(chest->text.capacity, 0);
            assert_null(chest->second.slots);
            assert_int_equal(chest->second.capacity, 0);
            expect_live_bytes(sizeof(struct chest));
            assert_int_equal(mm_bytes_resize(&root, TEXT, bytes), 0);
            text_expect(&root, bytes, 0);
            assert_int_equal(mm_bytes_resize(&root, TEXT, 0), 0);
        }
        assert_int_equal(mm_bytes_resize(&root, TEXT, 0), 0);
        drop(&chest_type, &root);
    }
    mm_region_end(&region);
}

/* Buffers that grow in turns are in each other's way. */
static void test_side_by_side(void **state)
{
    (void)state;
    struct mm_region region;
    mm_region_begin(&region);
    {
        MM_ROOT(root);
        mm_new(&chest_type, &root);
        for (size_t capacity = 1; capacity < 3000; capacity += capacity / 4 + 1) {
            assert_int_equal(mm_bytes_resize(&root, TEXT, capacity), 0);
            assert_int_equal(mm_bytes_resize(&root, MORE, capacity), 0);
            assert_int_equal(mm_refs_resize(&root, FIRST, capacity), 0);
            assert_int_equal(mm_refs_resize(&root, SECOND, capacity), 0);
            text_fill(&root);
            struct chest *chest = mm_root_get(&root);
            for (size_t i = 0; i < capacity; i++)
                chest->more.bytes[i] = 0xEE;
            mm_set(chest, &chest->second.slots[capacity - 1], chest);
            mm_set(chest, &chest->second.slots[capacity - 1], NULL);
        }
        struct chest *chest = mm_root_get(&root);
        text_expect(&root, chest->text.capacity, chest->text.capacity);
        for (size_t i = 0; i < chest->second.capacity; i++)
            assert_null(mm_get(&chest->second.slots[i]));
        drop(&chest_type, &root);
    }
    mm_region_end(&region);
}

static void test_counts_of_bytes(void **state)
{
    (void)state;
    struct mm_region region;
    mm_region_begin(&region);
    {
        MM_ROOT(root);
        mm_new(&chest_type, &root);
        struct mm_stats before, after;
        mm_stats_get(&before);
        static const size_t capacities[] = {10, 30, 30, 20, 0, 5};
        for (size_t i = 0; i < sizeof capacities / sizeof *capacities; i++)
            assert_int_equal(mm_bytes_resize(&root, TEXT, capacities[i]), 0);
        mm_stats_get(&after);
        assert_int_equal(after.objects_allocated, before.objects_allocated);
        assert_int_equal(after.bytes_allocated - before.bytes_allocated, 10 + 30 + 5);
        assert_int_equal(after.bytes_freed - before.bytes_freed, 10 + 10 + 20);
        drop(&chest_type, &root);
    }
    mm_region_end(&region);
}

/* An object with more long arrays than a mark stack of the smallest size has room for. */
static void test_many_long_arrays(void **state)
{
    (void)state;
    enum { ARRAYS = 3, LENGTH = 200 };
    static const uint16_t arrays[ARRAYS] = {0, sizeof(struct mm_refs), 2 * sizeof(struct mm_refs)};
    static const struct mm_type type = {
        .name = "arrays", .size = ARRAYS * sizeof(struct mm_refs), .refs_count = ARRAYS, .ref_buffers = arrays};
    if (mm_heap_open(&(struct mm_config){.params = (const char *const[]){"mark_stack=4", NULL}}) != 0)
        skip();
    {
        MM_ROOT(root);
        assert_non_null(mm_new(&type, &root));
        for (size_t i = 0; i < ARRAYS; i++) {
            assert_int_equal(mm_refs_resize(&root, arrays[i], LENGTH), 0);
            for (size_t slot = 0; slot < LENGTH; slot++) {
                MM_ROOT(head);
                assert_int_equal(cell_push(&head, 1), 0);
                assert_int_equal(cell_push(&head, 2), 0);
                void *object = mm_root_get(&root);
                mm_move(object, &mm_refs_at(object, arrays[i])->slots[slot], &head);
            }
        }
        settle();
        expect_live(1 + 2 * ARRAYS * LENGTH);
    }
    settle();
    expect_live(0);
    heap_close();
}

int buffers_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_references, heap_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_many_references, heap_setup_large, heap_teardown),
        cmocka_unit_test_setup_teardown(test_bytes, heap_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_emptied, heap_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_side_by_side, heap_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_counts_of_bytes, heap_setup, heap_teardown),
        cmocka_unit_test(test_many_long_arrays),
    };
    return cmocka_run_group_tests_name("buffers, " STRATEGY, tests, NULL, NULL);
}
