/* What a program can ask of the heap: references and bytes of an object, what is tracked, what was kept, and when the
 * collector works. */
#include <string.h>

#include "contract.h"

/* ---- of one object */

/* Roots and fields count alike, borrowed pointers not at all. */
static void test_references(void **state)
{
    (void)state;
#if MM_TRAITS & MM_TRAIT_COUNTS
    struct mm_region region;
    mm_region_begin(&region);
    {
        MM_ROOT(first);
        MM_ROOT(second);
        assert_int_equal(cell_push(&first, 1), 0);
        struct cell *cell = mm_root_get(&first);
        assert_int_equal(mm_refcount(cell), 1);
        mm_set(cell, &cell->next, cell);
        assert_int_equal(mm_refcount(cell), 2);
        mm_root_set(&second, mm_get(&cell->next));
        assert_int_equal(mm_refcount(cell), 3);
        mm_root_move(&first, &second);
        assert_int_equal(mm_refcount(cell), 2);
        mm_take(&second, cell, &cell->next);
        assert_int_equal(mm_refcount(cell), 2);
    }
    mm_region_end(&region);
#else
    skip();
#endif
}

/* What strategies put before an object, at most; a build with assertions keeps lists there. */
#ifdef NDEBUG
enum { HEADER_MOST_BYTES = 32 };
#else
enum { HEADER_MOST_BYTES = 96 };
#endif

/* Payload and header: at least what was asked for, not much more, and the same for each object of a type. */
static void test_bytes(void **state)
{
    (void)state;
    struct mm_region region;
    mm_region_begin(&region);
    {
        MM_ROOT(first);
        MM_ROOT(second);
        assert_int_equal(cell_push(&first, 1), 0);
        assert_int_equal(cell_push(&second, 2), 0);
        size_t bytes = mm_size_of(&cell_type, mm_root_get(&first));
        assert_in_range(bytes, sizeof(struct cell), sizeof(struct cell) + HEADER_MOST_BYTES + sizeof(struct cell) / 2);
        assert_int_equal(mm_size_of(&cell_type, mm_root_get(&second)), bytes);
        cells_drop(&first);
        cells_drop(&second);
    }
    mm_region_end(&region);
}

#if MM_TRAITS & MM_TRAIT_COLLECTOR

/* ---- callbacks */

struct heard {
    int starts, stops, generation;
    uint64_t collected, at; /* `at`: how many events all had heard */
};

static uint64_t events;

static void hear(const struct mm_event *event, void *context)
{
    struct heard *heard = context;
    heard->at = ++events;
    assert_int_equal(event->cause, MM_PAUSE_COLLECTION);
    heard->generation = event->generation;
    if (event->kind == MM_EVENT_PAUSE_BEGIN) {
        heard->starts++;
        assert_int_equal(event->freed, 0);
        return;
    }
    assert_int_equal(event->kind, MM_EVENT_PAUSE_END);
    heard->stops++;
    heard->collected = event->freed;
}

/* The harness's listener is told too: of the begin before, of the end after the callbacks. */
static void listen(const struct mm_event *event, void *context)
{
    const struct heard *heard = context;
    if (event->kind == MM_EVENT_HEAP_GROWN || event->cause != MM_PAUSE_COLLECTION)
        return;
    assert_int_equal(heard->starts, heard->stops);
}

static void test_callbacks(void **state)
{
    (void)state;
    struct heard first = {0}, second = {0};
    mm_gc_disable();
    mm_listen(listen, &first);
    assert_int_equal(mm_gc_callback_add(hear, &first), 0);
    assert_int_equal(mm_gc_callback_add(hear, &second), 0);
    {
        MM_ROOT(ring);
        assert_int_equal(ring_new(&ring, 3), 0);
    }
    settle();
    assert_int_equal(first.starts, 1);
    assert_int_equal(first.stops, 1);
    assert_int_equal(first.generation, MM_GENERATIONS - 1);
    assert_int_equal(second.stops, 1);
    assert_true(first.at < second.at);
    assert_int_equal(mm_gc_callback_remove(hear, &first), 0);
    assert_int_equal(mm_gc_callback_remove(hear, &first), -ENOENT);
    settle();
    assert_int_equal(first.stops, 1);
    assert_int_equal(second.stops, 2);
    assert_int_equal(mm_gc_callback_remove(hear, &second), 0);
    mm_listen(NULL, NULL);
    mm_gc_enable();
    if (!(MM_TRAITS & MM_TRAIT_CONSERVATIVE))
        assert_int_equal(first.collected, 3);
}

static void test_callbacks_are_few(void **state)
{
    (void)state;
    struct heard heard = {0};
    for (int i = 0; i < MM_GC_CALLBACKS; i++)
        assert_int_equal(mm_gc_callback_add(hear, &heard), 0);
    assert_int_equal(mm_gc_callback_add(hear, &heard), -ENOSPC);
    settle();
    assert_int_equal(heard.stops, MM_GC_CALLBACKS);
    for (int i = 0; i < MM_GC_CALLBACKS; i++)
        assert_int_equal(mm_gc_callback_remove(hear, &heard), 0);
}

/* ---- what is tracked */

/* Each object is in one generation, whatever a strategy makes of generations. */
static void test_generations(void **state)
{
    (void)state;
    mm_gc_disable();
    MM_ROOT(ring);
    assert_int_equal(ring_new(&ring, 7), 0);
    settle();
    MM_ROOT(young);
    assert_int_equal(ring_new(&young, 3), 0);
    void *objects[10];
    size_t sum = 0;
    for (int generation = 0; generation < MM_GENERATIONS; generation++)
        sum += mm_gc_get_objects(generation, NULL, 0);
    assert_int_equal(sum, 10);
    assert_int_equal(mm_gc_get_objects(MM_GENERATIONS, NULL, 0), 0);
    assert_int_equal(mm_gc_get_objects(-1, objects, 10), 10);
    for (int i = 0; i < 10; i++)
        for (int j = 0; j < i; j++)
            assert_ptr_not_equal(objects[i], objects[j]);
    mm_gc_enable();
}

#endif

#if MM_TRAITS & MM_TRAIT_SAVE_ALL

/* ---- what is kept */

static void garbage_ring(size_t length)
{
    MM_ROOT(ring);
    assert_int_equal(ring_new(&ring, length), 0);
}

/* What is unreachable is counted as collected, and is there all the same, until the list is cleared and the next
 * collection finds it again. */
static void test_save_all(void **state)
{
    (void)state;
    void *objects[8];
    mm_gc_disable();
    assert_false(mm_gc_save_all());
    mm_gc_set_save_all(true);
    assert_true(mm_gc_save_all());
    garbage_ring(5);
    assert_int_equal(settle(), 5);
    assert_int_equal(live_objects(), 5);
    assert_int_equal(mm_gc_garbage(objects, 8), 5);
    unsigned found = 0;
    for (int i = 0; i < 5; i++)
        found |= 1u << ((const struct cell *)objects[i])->value;
    assert_int_equal(found, 0x1f);
    assert_int_equal(settle(), 0); /* the list refers to them */
    mm_gc_set_save_all(false);
    mm_gc_garbage_clear();
    assert_int_equal(mm_gc_garbage(objects, 8), 0);
    assert_int_equal(live_objects(), 5);
    assert_int_equal(settle(), 5);
    assert_int_equal(live_objects(), 0);
    mm_gc_enable();
}

/* The heap is closed with garbage kept, and the next one keeps none. */
static void test_save_all_ends(void **state)
{
    (void)state;
    mm_gc_set_save_all(true);
    garbage_ring(4);
    settle();
    assert_int_equal(mm_gc_garbage(NULL, 0), 4);
    heap_close();
    heap_open(0);
    assert_false(mm_gc_save_all());
    assert_int_equal(mm_gc_garbage(NULL, 0), 0);
    garbage_ring(4);
    settle();
    assert_int_equal(live_objects(), 0);
}

#endif

int introspection_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_references, heap_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_bytes, heap_setup, heap_teardown),
#if MM_TRAITS & MM_TRAIT_COLLECTOR
        cmocka_unit_test_setup_teardown(test_callbacks, heap_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_callbacks_are_few, heap_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_generations, heap_setup, heap_teardown),
#endif
#if MM_TRAITS & MM_TRAIT_SAVE_ALL
        cmocka_unit_test_setup_teardown(test_save_all, heap_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_save_all_ends, heap_setup, heap_teardown),
#endif
    };
    return cmocka_run_group_tests_name("introspection, " STRATEGY, tests, NULL, NULL);
}
