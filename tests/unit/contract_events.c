/* Events: each pause begins and ends, one at a time, and says what it freed. */
#include <string.h>

#include "contract.h"

static struct {
    int open, pauses[2]; /* by enum mm_pause_cause */
    uint64_t freed, uncollectable;
    int generation;
} heard;

static void listen(const struct mm_event *event, void *context)
{
    assert_ptr_equal(context, &heard);
    if (event->kind == MM_EVENT_HEAP_GROWN)
        return;
    assert_in_range(event->cause, MM_PAUSE_COLLECTION, MM_PAUSE_CASCADE);
    assert_in_range(event->generation, 0, MM_GENERATIONS - 1);
    if (event->kind == MM_EVENT_PAUSE_BEGIN) {
        assert_int_equal(heard.open, 0);
        heard.open++;
        return;
    }
    assert_int_equal(event->kind, MM_EVENT_PAUSE_END);
    assert_int_equal(heard.open, 1);
    heard.open--;
    heard.pauses[event->cause]++;
    heard.freed = event->freed;
    heard.uncollectable = event->uncollectable;
    heard.generation = event->generation;
}

static int listen_setup(void **state)
{
    memset(&heard, 0, sizeof heard);
    mm_listen(listen, &heard);
    return heap_setup_large(state);
}

static int listen_teardown(void **state)
{
    mm_listen(NULL, NULL);
    return heap_teardown(state);
}

static void list_of(struct mm_root *head, int length)
{
    for (int i = 0; i < length; i++)
        assert_int_equal(cell_push(head, (uint64_t)i), 0);
}

static void test_cascade(void **state)
{
    (void)state;
    struct mm_region region;
    mm_region_begin(&region);
    {
        MM_ROOT(head);
        list_of(&head, MM_CASCADE / 2);
        cells_drop(&head);
        assert_int_equal(heard.pauses[MM_PAUSE_CASCADE], 0);
        list_of(&head, 5 * MM_CASCADE);
        cells_drop(&head);
        assert_int_equal(heard.open, 0);
        if (MM_TRAITS & MM_TRAIT_PROMPT) {
            assert_int_equal(heard.pauses[MM_PAUSE_CASCADE], 1);
            assert_int_equal(heard.freed, 5 * MM_CASCADE);
        }
    }
    mm_region_end(&region);
}

static void test_collection(void **state)
{
    (void)state;
    struct mm_region region;
    mm_region_begin(&region);
    {
        MM_ROOT(ring);
#if MM_TRAITS & MM_TRAIT_COLLECTOR
        mm_gc_disable();
#endif
        assert_int_equal(ring_new(&ring, 10), 0);
        cells_drop(&ring);
        assert_int_equal(heard.pauses[MM_PAUSE_COLLECTION], 0);
        settle();
        assert_int_equal(heard.open, 0);
        assert_int_equal(heard.pauses[MM_PAUSE_COLLECTION], MM_TRAITS & MM_TRAIT_COLLECTOR ? 1 : 0);
        if (MM_TRAITS & MM_TRAIT_COLLECTOR) {
            if (heard.freed != MM_FREED_UNKNOWN) /* a strategy may count it after the pause */
                expect_found(heard.freed, 10);
            assert_int_equal(heard.generation, MM_GENERATIONS - 1);
            assert_int_equal(heard.uncollectable, 0);
        }
    }
    mm_region_end(&region);
}

/* Garbage of all kinds, with collections of their own accord: pauses never overlap. */
static void test_pauses_do_not_overlap(void **state)
{
    (void)state;
    struct mm_region region;
    mm_region_begin(&region);
    for (int i = 0; i < 60; i++) {
        MM_ROOT(root);
        list_of(&root, i * 60);
        cells_drop(&root);
        assert_int_equal(ring_new(&root, (size_t)i * 30 + 1), 0);
        cells_drop(&root);
        assert_int_equal(heard.open, 0);
    }
    mm_region_end(&region);
    settle();
    assert_int_equal(heard.open, 0);
}

int events_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_cascade, listen_setup, listen_teardown),
        cmocka_unit_test_setup_teardown(test_collection, listen_setup, listen_teardown),
        cmocka_unit_test_setup_teardown(test_pauses_do_not_overlap, listen_setup, listen_teardown),
    };
    return cmocka_run_group_tests_name("events, " STRATEGY, tests, NULL, NULL);
}
