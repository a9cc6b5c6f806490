/* Structures deeper than the C stack: neither reclaiming nor collecting may recurse into them. */
#include "contract.h"

#ifdef NDEBUG
enum { DEPTH = 1000000, TUPLES = 200000 };
#else /* where all is checked after every collection; a recursion would still not fit on a stack of 8 MiB */
enum { DEPTH = 200000, TUPLES = 100000 };
#endif

/* What torture looks at all over after each mm_dead has to be shorter. */
enum { BESIDE = MM_TRAITS & MM_TRAIT_CHECKS ? 2000 : DEPTH / 4 };

/* Another collection of what is alive, then all dies at once. */
static void test_chain(void **state)
{
    (void)state;
    struct mm_stats before;
    mm_stats_get(&before);
    struct mm_region region;
    mm_region_begin(&region);
    {
        MM_ROOT(head);
        for (uint64_t i = 0; i < DEPTH; i++)
            assert_int_equal(cell_push(&head, i), 0);
        settle();
        expect_live(DEPTH);
        cells_drop(&head);
        if (FREES_AT_ONCE)
            expect_live(0);
    }
    mm_region_end(&region);
    expect_all_freed(&before);
}

static int chest_push(struct mm_root *head)
{
    MM_ROOT(new);
    if (!mm_new(&chest_type, &new) || mm_refs_resize(&new, offsetof(struct chest, first), 2) != 0)
        return -ENOMEM;
    struct chest *chest = mm_root_get(&new);
    mm_move(chest, &chest->first.slots[1], head);
    mm_root_move(head, &new);
    return 0;
}

static void chests_drop(struct mm_root *head)
{
    for (struct chest *chest = mm_root_get(head), *next; SAYS_DEAD && chest; chest = next) {
        next = mm_get(&chest->first.slots[1]);
        mm_dead(&chest_type, chest);
    }
    mm_root_set(head, NULL);
}

static int tuple_push(struct mm_root *head)
{
    MM_ROOT(new);
    struct tuple *tuple = mm_new_tail(&tuple_type, 3, &new);
    if (!tuple)
        return -ENOMEM;
    mm_move(tuple, &tuple_slots(tuple)[2], head);
    mm_root_move(head, &new);
    return 0;
}

static void tuples_drop(struct mm_root *head)
{
    for (struct tuple *tuple = mm_root_get(head), *next; SAYS_DEAD && tuple; tuple = next) {
        next = mm_get(&tuple_slots(tuple)[2]);
        mm_dead(&tuple_type, tuple);
    }
    mm_root_set(head, NULL);
}

static void test_chains_of_tails_and_buffers(void **state)
{
    (void)state;
    struct mm_stats before;
    mm_stats_get(&before);
    struct mm_region region;
    mm_region_begin(&region);
    {
        MM_ROOT(tuples);
        MM_ROOT(chests);
        for (int i = 0; i < TUPLES; i++) {
            assert_int_equal(tuple_push(&tuples), 0);
            assert_int_equal(chest_push(&chests), 0);
        }
        settle();
        chests_drop(&chests);
        tuples_drop(&tuples);
    }
    mm_region_end(&region);
    expect_all_freed(&before);
}

/* A ring as long: in a cycle collector, one unreachable set. */
static void test_ring(void **state)
{
    (void)state;
    struct mm_stats before;
    mm_stats_get(&before);
    struct mm_region region;
    mm_region_begin(&region);
    {
        MM_ROOT(ring);
        assert_int_equal(ring_new(&ring, DEPTH), 0);
        settle();
        expect_live(DEPTH);
        cells_drop(&ring);
    }
    mm_region_end(&region);
    if (MM_TRAITS & (MM_TRAIT_CYCLES | MM_TRAIT_EXPLICIT_FREE | MM_TRAIT_NEVER_FREES))
        expect_all_freed(&before);
    else
        expect_live(DEPTH);
}

/* A long live chain, while much is allocated beside it. */
static void test_chain_beside_garbage(void **state)
{
    (void)state;
    struct mm_region region;
    mm_region_begin(&region);
    {
        MM_ROOT(head);
        for (uint64_t i = 0; i < BESIDE; i++) {
            assert_int_equal(cell_push(&head, i), 0);
            MM_ROOT(garbage);
            assert_non_null(mm_new(&word_type, &garbage));
            drop(&word_type, &garbage);
        }
        uint64_t expected = BESIDE;
        for (const struct cell *cell = mm_root_get(&head); cell; cell = mm_get(&cell->next))
            assert_int_equal(cell->value, --expected);
        cells_drop(&head);
    }
    mm_region_end(&region);
}

int deep_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_chain, heap_setup_large, heap_teardown),
        cmocka_unit_test_setup_teardown(test_chains_of_tails_and_buffers, heap_setup_large, heap_teardown),
        cmocka_unit_test_setup_teardown(test_ring, heap_setup_large, heap_teardown),
        cmocka_unit_test_setup_teardown(test_chain_beside_garbage, heap_setup_large, heap_teardown),
    };
    return cmocka_run_group_tests_name("deep structures, " STRATEGY, tests, NULL, NULL);
}
