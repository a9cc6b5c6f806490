/* Weak references and their callbacks. */
#include "contract.h"

#if MM_TRAITS & MM_TRAIT_WEAK

enum { CALLS = 16 };

/* What the callbacks saw: their contexts, in the order of the calls. */
static struct {
    int count;
    long contexts[CALLS];
    bool was_cleared;
} calls;

static void note(void *weak, void *context)
{
    assert_true(calls.count < CALLS);
    calls.contexts[calls.count++] = (long)(intptr_t)context;
    MM_ROOT(target);
    calls.was_cleared = mm_weak_get(weak, &target) == NULL;
}

static int weak_setup(void **state)
{
    calls.count = 0;
    calls.was_cleared = false;
    return heap_setup(state);
}

static void *weak_new(const struct mm_root *target, long context, struct mm_root *out)
{
    void *weak = mm_weak_new(target, context ? note : NULL, (void *)(intptr_t)context, out);
    assert_non_null(weak);
    assert_ptr_equal(weak, mm_root_get(out));
    return weak;
}

static void mortal_new(struct mm_root *out, uint64_t value)
{
    struct mortal *mortal = mm_new(&mortal_type, out);
    assert_non_null(mortal);
    mortal->value = value;
}

static void expect_gone(const struct mm_root *weak)
{
    MM_ROOT(target);
    assert_null(mm_weak_get(mm_root_get(weak), &target));
    assert_null(mm_root_get(&target));
}

static void test_alive_then_gone(void **state)
{
    (void)state;
    MM_ROOT(weak);
    MM_ROOT(target);
    mortal_new(&target, 9);
    weak_new(&target, 0, &weak);
    settle();
    {
        MM_ROOT(got);
        const struct mortal *mortal = mm_weak_get(mm_root_get(&weak), &got);
        assert_ptr_equal(mortal, mm_root_get(&target));
        assert_ptr_equal(mortal, mm_root_get(&got));
        assert_int_equal(mortal->value, 9);
        mm_root_set(&target, NULL);
        settle(); /* what a weak reference gave is held */
        mortal = mm_root_get(&got);
        assert_int_equal(mortal->value, 9);
    }
    settle();
    expect_live(1);
    expect_gone(&weak);
}

static void test_callback_once(void **state)
{
    (void)state;
    MM_ROOT(weak);
    MM_ROOT(target);
    mortal_new(&target, 1);
    weak_new(&target, 5, &weak);
    settle();
    assert_int_equal(calls.count, 0);
    mm_root_set(&target, NULL);
    settle();
    expect_live(1);
    assert_int_equal(calls.count, 1);
    assert_int_equal(calls.contexts[0], 5);
    assert_true(calls.was_cleared);
    expect_gone(&weak);
    settle();
    assert_int_equal(calls.count, 1);
}

static void test_newest_first(void **state)
{
    (void)state;
    MM_ROOT(first);
    MM_ROOT(second);
    MM_ROOT(third);
    MM_ROOT(without);
    MM_ROOT(target);
    mortal_new(&target, 1);
    weak_new(&target, 1, &first);
    weak_new(&target, 2, &second);
    weak_new(&target, 0, &without);
    weak_new(&target, 3, &third);
    mm_root_set(&target, NULL);
    settle();
    expect_live(4);
    assert_int_equal(calls.count, 3);
    for (int i = 0; i < 3; i++)
        assert_int_equal(calls.contexts[i], 3 - i);
    expect_gone(&without);
}

static void test_dropped_before_its_target(void **state)
{
    (void)state;
    MM_ROOT(target);
    mortal_new(&target, 1);
    {
        MM_ROOT(weak);
        weak_new(&target, 7, &weak);
        weak_new(&target, 8, &weak);
    }
    settle();
    expect_live(1);
    mm_root_set(&target, NULL);
    settle();
    assert_int_equal(calls.count, 0);
    expect_live(0);
}

/* Those without a callback may be one and the same; all read alike. */
static void test_many_without_callback(void **state)
{
    (void)state;
    MM_ROOT(target);
    MM_ROOT(holder);
    mortal_new(&target, 1);
    assert_non_null(mm_new_tail(&tuple_type, 30, &holder));
    for (size_t i = 0; i < 30; i++) {
        MM_ROOT(weak);
        weak_new(&target, 0, &weak);
        struct tuple *tuple = mm_root_get(&holder);
        mm_move(tuple, &tuple_slots(tuple)[i], &weak);
    }
    for (int alive = 1; alive >= 0; alive--) {
        for (size_t i = 0; i < 30; i++) {
            MM_ROOT(got);
            struct tuple *tuple = mm_root_get(&holder);
            assert_ptr_equal(mm_weak_get(mm_get(&tuple_slots(tuple)[i]), &got), mm_root_get(&target));
        }
        mm_root_set(&target, NULL);
        settle();
        if (alive && live_objects() > 31) /* the target too */
            expect_live(31);
    }
}

static void allocate(void *weak, void *context)
{
    (void)weak;
    calls.count++;
    MM_ROOT(root);
    for (int i = 0; i < 20; i++)
        assert_int_equal(cell_push(&root, (uint64_t)i), 0);
    assert_non_null(mm_new_tail(&string_type, 10000, &root));
    mm_root_move(context, &root);
}

static void test_callback_that_allocates(void **state)
{
    (void)state;
    MM_ROOT(made);
    MM_ROOT(weak);
    MM_ROOT(target);
    for (int round = 0; round < 10; round++) {
        mortal_new(&target, 1);
        assert_non_null(mm_weak_new(&target, allocate, &made, &weak));
        mm_root_set(&target, NULL);
        settle();
        expect_found((uint64_t)calls.count, (uint64_t)round + 1);
        const struct string *string = mm_root_get(&made);
        assert_int_equal(string->length, 10000);
    }
}

static void test_in_a_dying_chain(void **state)
{
    (void)state;
    MM_ROOT(weak);
    MM_ROOT(head);
    for (int i = 0; i < 10; i++) {
        MM_ROOT(new);
        mortal_new(&new, (uint64_t)i);
        struct mortal *mortal = mm_root_get(&new);
        mm_move(mortal, &mortal->next, &head);
        mm_root_move(&head, &new);
        if (i == 4)
            weak_new(&head, 40, &weak);
    }
    mm_root_set(&head, NULL);
    settle();
    expect_live(1);
    assert_int_equal(calls.count, 1);
    assert_int_equal(calls.contexts[0], 40);
    expect_gone(&weak);
}

#if MM_TRAITS & MM_TRAIT_CYCLES
/* Two objects that refer to each other; the second to `weak` too, if there is one. */
static void pair_new(struct mm_root *out)
{
    MM_ROOT(other);
    mortal_new(out, 1);
    mortal_new(&other, 2);
    struct mortal *mortal = mm_root_get(out);
    mm_set(mm_root_get(&other), &((struct mortal *)mm_root_get(&other))->next, mortal);
    mm_move(mortal, &mortal->next, &other);
}

static void test_cycle_with_callback_outside(void **state)
{
    (void)state;
    MM_ROOT(weak);
    MM_ROOT(pair);
    pair_new(&pair);
    weak_new(&pair, 3, &weak);
    mm_root_set(&pair, NULL);
    settle();
    expect_live(1);
    assert_int_equal(calls.count, 1);
    assert_true(calls.was_cleared);
    expect_gone(&weak);
}

/* A weak reference that is garbage with its target is not called. */
static void test_cycle_with_callback_inside(void **state)
{
    (void)state;
    MM_ROOT(pair);
    pair_new(&pair);
    {
        MM_ROOT(weak);
        weak_new(&pair, 3, &weak);
        struct mortal *mortal = mm_root_get(&pair);
        mm_move(mortal, &mortal->other, &weak);
    }
    mm_root_set(&pair, NULL);
    settle();
    expect_live(0);
    assert_int_equal(calls.count, 0);
}
#endif

#if MM_TRAITS & MM_TRAIT_CYCLES && MM_TRAITS & MM_TRAIT_FINALIZERS && MM_TRAITS & MM_TRAIT_COLLECTOR
/* Opens a heap that collects whenever it may. False if the strategy has no such parameter. */
static bool open_eager(void)
{
    static const char *const eager[] = {"collect_every=1", "threshold0=1", "every=1"};
    for (size_t i = 0; i < sizeof eager / sizeof *eager; i++)
        if (mm_heap_open(&(struct mm_config){.params = (const char *const[]){eager[i], NULL}}) == 0)
            return true;
    return false;
}

static struct mm_root watched, meanwhile;

static void watch(void *object)
{
    (void)object;
    weak_new(&watched, 0, &meanwhile);
}

/* The allocation of a weak reference collects, and a finalizer makes one to the same target. */
static void test_made_meanwhile(void **state)
{
    (void)state;
    if (MM_TRAITS & MM_TRAIT_CONSERVATIVE || !open_eager())
        skip();
    mm_root_push(&watched);
    mm_root_push(&meanwhile);
    {
        MM_ROOT(weak);
        MM_ROOT(pair);
        mm_gc_disable();
        mortal_new(&watched, 1);
        pair_new(&pair);
        mm_root_set(&pair, NULL);
        finalizer = watch;
        mm_gc_enable();
        weak_new(&watched, 0, &weak);
        heap_check();
        settle();
        finalizer = NULL;
        assert_non_null(mm_root_get(&meanwhile));
        mm_root_set(&watched, NULL);
        settle();
        expect_gone(&weak);
        expect_gone(&meanwhile);
    }
    mm_root_pop(&meanwhile);
    mm_root_pop(&watched);
    heap_close();
}
#endif

int weak_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_alive_then_gone, weak_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_callback_once, weak_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_newest_first, weak_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_dropped_before_its_target, weak_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_many_without_callback, weak_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_callback_that_allocates, weak_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_in_a_dying_chain, weak_setup, heap_teardown),
#if MM_TRAITS & MM_TRAIT_CYCLES
        cmocka_unit_test_setup_teardown(test_cycle_with_callback_outside, weak_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_cycle_with_callback_inside, weak_setup, heap_teardown),
#endif
#if MM_TRAITS & MM_TRAIT_CYCLES && MM_TRAITS & MM_TRAIT_FINALIZERS && MM_TRAITS & MM_TRAIT_COLLECTOR
        cmocka_unit_test(test_made_meanwhile),
#endif
    };
    return cmocka_run_group_tests_name("weak references, " STRATEGY, tests, NULL, NULL);
}

#else

int weak_tests(void)
{
    return 0;
}

#endif
