/* Chains of frees that are pauses, whatever their shape: where an object dies as soon as its last reference goes. */
#include <string.h>

#include "contract.h"

#if MM_TRAITS & MM_TRAIT_PROMPT

static struct {
    int open, cascades, collections;
    uint64_t freed; /* of the last cascade */
} heard;

static void listen(const struct mm_event *event, void *context)
{
    (void)context;
    if (event->kind == MM_EVENT_HEAP_GROWN)
        return;
    heard.open += event->kind == MM_EVENT_PAUSE_BEGIN ? 1 : -1;
    assert_in_range(heard.open, 0, 1);
    if (event->kind == MM_EVENT_PAUSE_BEGIN)
        return;
    if (event->cause == MM_PAUSE_COLLECTION) {
        heard.collections++;
        return;
    }
    heard.cascades++;
    heard.freed = event->freed;
}

static int cascades_setup(void **state)
{
    memset(&heard, 0, sizeof heard);
    int error = heap_setup_large(state);
#if MM_TRAITS & MM_TRAIT_COLLECTOR
    mm_gc_disable();
#endif
    mm_listen(listen, NULL);
    return error;
}

static int cascades_teardown(void **state)
{
    mm_listen(NULL, NULL);
#if MM_TRAITS & MM_TRAIT_COLLECTOR
    mm_gc_enable();
#endif
    return heap_teardown(state);
}

/* So many objects died since the last time: one pause if they are more than MM_CASCADE, else none. */
static void expect_cascade(uint64_t freed)
{
    assert_int_equal(heard.open, 0);
    assert_int_equal(heard.cascades, freed > MM_CASCADE ? 1 : 0);
    if (freed > MM_CASCADE)
        assert_int_equal(heard.freed, freed);
    heard.cascades = 0;
}

/* The smallest pause, the largest cascade that is none, and a large one; each of a shape with one object more. */
static const size_t lengths[] = {MM_CASCADE - 1, MM_CASCADE, MM_CASCADE + 1, 5 * MM_CASCADE};
enum { LENGTHS = sizeof lengths / sizeof *lengths };

static void test_list(void **state)
{
    (void)state;
    for (int i = 0; i < LENGTHS; i++) {
        MM_ROOT(list);
        for (size_t n = 0; n < lengths[i]; n++)
            assert_int_equal(cell_push(&list, n), 0);
        mm_root_set(&list, NULL);
        expect_cascade(lengths[i]);
    }
}

static void fill(struct mm_root *chest, size_t count)
{
    assert_int_equal(mm_refs_resize(chest, offsetof(struct chest, first), count), 0);
    struct chest *full = mm_root_get(chest);
    for (size_t i = 0; i < count; i++) {
        MM_ROOT(word);
        assert_non_null(mm_new(&word_type, &word));
        mm_move(full, &full->first.slots[i], &word);
    }
}

/* A Python list of numbers: what dies holds no references itself. */
static void test_buffer_dies(void **state)
{
    (void)state;
    for (int i = 0; i < LENGTHS; i++) {
        MM_ROOT(chest);
        assert_non_null(mm_new(&chest_type, &chest));
        fill(&chest, lengths[i]);
        mm_root_set(&chest, NULL);
        expect_cascade(lengths[i] + 1);
    }
}

/* The same list, which is emptied and lives on. */
static void test_buffer_is_emptied(void **state)
{
    (void)state;
    for (int i = 0; i < LENGTHS; i++) {
        MM_ROOT(chest);
        assert_non_null(mm_new(&chest_type, &chest));
        fill(&chest, lengths[i]);
        assert_int_equal(mm_refs_resize(&chest, offsetof(struct chest, first), 0), 0);
        expect_cascade(lengths[i]);
    }
}

static void test_tail(void **state)
{
    (void)state;
    for (int i = 0; i < LENGTHS; i++) {
        MM_ROOT(root);
        struct tuple *tuple = mm_new_tail(&tuple_type, lengths[i], &root);
        assert_non_null(tuple);
        for (size_t n = 0; n < lengths[i]; n++) {
            MM_ROOT(cell);
            assert_int_equal(cell_push(&cell, n), 0);
            mm_move(tuple, &tuple_slots(tuple)[n], &cell);
        }
        mm_root_set(&root, NULL);
        expect_cascade(lengths[i] + 1);
    }
}

static void mortals(struct mm_root *list, size_t count)
{
    while (count-- > 0) {
        MM_ROOT(made);
        struct mortal *mortal = mm_new(&mortal_type, &made);
        assert_non_null(mortal);
        mortal->value = count;
        mm_move(mortal, &mortal->next, list);
        mm_root_move(list, &made);
    }
}

/* What a finalizer allocates and drops dies in the cascade that it runs in. */
static void make_one(void *object)
{
    (void)object;
    MM_ROOT(cell);
    assert_int_equal(cell_push(&cell, 1), 0);
}

static void test_finalizers(void **state)
{
    (void)state;
    for (int i = 0; i < LENGTHS; i++) {
        MM_ROOT(list);
        mortals(&list, lengths[i]);
        finalizer = i % 2 ? make_one : NULL;
        mm_root_set(&list, NULL);
        expect_cascade(lengths[i] * (finalizer ? 2 : 1));
        finalizer = NULL;
    }
}

/* A collection in the midst of a cascade: three pauses, one after the other. */
static void collect_at_half(void *object)
{
    if (((const struct mortal *)object)->value == 2 * MM_CASCADE)
        mm_collect(MM_GENERATIONS - 1);
}

static void test_collection_in_cascade(void **state)
{
    (void)state;
    MM_ROOT(list);
    mortals(&list, 4 * MM_CASCADE);
    finalizer = collect_at_half;
    mm_root_set(&list, NULL);
    assert_int_equal(heard.open, 0);
    assert_int_equal(heard.collections, MM_TRAITS & MM_TRAIT_COLLECTOR ? 1 : 0);
    assert_int_equal(heard.cascades, MM_TRAITS & MM_TRAIT_COLLECTOR ? 2 : 1);
    assert_int_equal(live_objects(), 0);
}

/* What a collection frees is no cascade besides. */
static void test_cascade_in_collection(void **state)
{
    (void)state;
    if (!(MM_TRAITS & MM_TRAIT_COLLECTOR))
        skip();
    MM_ROOT(ring);
    assert_int_equal(ring_new(&ring, 5 * MM_CASCADE), 0);
    mm_root_set(&ring, NULL);
    assert_int_equal(settle(), 5 * MM_CASCADE);
    assert_int_equal(heard.collections, 1);
    assert_int_equal(heard.cascades, 0);
}

/* Many that die one by one, each at a step of the mutator's, are none. */
static void test_alone(void **state)
{
    (void)state;
    for (int i = 0; i < 5 * MM_CASCADE; i++) {
        MM_ROOT(word);
        assert_non_null(mm_new(&word_type, &word));
        MM_ROOT(cell);
        assert_int_equal(cell_push(&cell, 1), 0);
    }
    expect_cascade(0);
}

int cascades_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_list, cascades_setup, cascades_teardown),
        cmocka_unit_test_setup_teardown(test_buffer_dies, cascades_setup, cascades_teardown),
        cmocka_unit_test_setup_teardown(test_buffer_is_emptied, cascades_setup, cascades_teardown),
        cmocka_unit_test_setup_teardown(test_tail, cascades_setup, cascades_teardown),
        cmocka_unit_test_setup_teardown(test_finalizers, cascades_setup, cascades_teardown),
        cmocka_unit_test_setup_teardown(test_collection_in_cascade, cascades_setup, cascades_teardown),
        cmocka_unit_test_setup_teardown(test_cascade_in_collection, cascades_setup, cascades_teardown),
        cmocka_unit_test_setup_teardown(test_alone, cascades_setup, cascades_teardown),
    };
    return cmocka_run_group_tests_name("cascades, " STRATEGY, tests, NULL, NULL);
}

#else

int cascades_tests(void)
{
    return 0;
}

#endif
