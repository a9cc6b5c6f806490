/* What a conservative strategy keeps is little: of a thousand structures that are dropped far from here, nearly all go.
 * The other tests excuse what is kept for a stale word; without this one they would excuse a strategy that frees
 * nothing. */
#include "contract.h"

#if MM_TRAITS & MM_TRAIT_CONSERVATIVE

enum { STRUCTURES = 1000, OF_EACH = 5, KEPT_MOST = STRUCTURES / 100 };

static int callbacks, finalizers;

static void count_callback(void *weak, void *context)
{
    (void)weak;
    (void)context;
    callbacks++;
}

static void count_finalizer(void *object)
{
    (void)object;
    finalizers++;
}

/* A ring, an object with a finalizer, which a weak reference with a callback refers to, and that one's place. */
static void make_structure(struct mm_root *weaks, size_t place)
{
    MM_ROOT(ring);
    assert_int_equal(ring_new(&ring, OF_EACH), 0);
    MM_ROOT(mortal);
    assert_non_null(mm_new(&mortal_type, &mortal));
    MM_ROOT(weak);
    assert_non_null(mm_weak_new(&mortal, count_callback, NULL, &weak));
    struct tuple *tuple = mm_root_get(weaks);
    mm_move(tuple, &tuple_slots(tuple)[place], &weak);
}

static __attribute__((noinline)) void make_structures(struct mm_root *weaks)
{
    for (size_t i = 0; i < STRUCTURES; i++)
        make_structure(weaks, i);
}

static void test_nearly_all_go(void **state)
{
    (void)state;
    callbacks = finalizers = 0;
    finalizer = count_finalizer;
    MM_ROOT(weaks);
    assert_non_null(mm_new_tail(&tuple_type, STRUCTURES, &weaks));
    make_structures(&weaks);
    settle();
    settle();
    uint64_t kept = live_objects() - (1 + STRUCTURES); /* the weak references and what has them */
    assert_in_range(kept, 0, KEPT_MOST * (OF_EACH + 1));
    assert_in_range(callbacks, STRUCTURES - KEPT_MOST, STRUCTURES);
    assert_int_equal(finalizers, callbacks);
    size_t readable = 0;
    for (size_t i = 0; i < STRUCTURES; i++) {
        MM_ROOT(target);
        struct tuple *tuple = mm_root_get(&weaks);
        readable += mm_weak_get(mm_get(&tuple_slots(tuple)[i]), &target) != NULL;
    }
    assert_int_equal(readable, STRUCTURES - callbacks);
}

/* One structure of very many objects can be kept whole; but not the one after the other. */
static void test_lists_come_and_go(void **state)
{
    (void)state;
    enum { LISTS = 50, LENGTH = 20000 };
    for (int i = 0; i < LISTS; i++) {
        MM_ROOT(list);
        for (uint64_t n = 0; n < LENGTH; n++)
            assert_int_equal(cell_push(&list, n), 0);
    }
    settle();
    assert_true(live_objects() <= LISTS / 10 * LENGTH);
}

int conservative_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_nearly_all_go, heap_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_lists_come_and_go, heap_setup, heap_teardown),
    };
    return cmocka_run_group_tests_name("conservative, " STRATEGY, tests, NULL, NULL);
}

#else

int conservative_tests(void)
{
    return 0;
}

#endif
