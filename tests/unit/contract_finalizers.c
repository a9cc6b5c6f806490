/* Finalizers: once each, before the object's references go; they may allocate, and resurrect. */
#include "contract.h"

#if MM_TRAITS & MM_TRAIT_FINALIZERS

static struct {
    int count;
    uint64_t last, sum;
    struct mm_root *saved; /* where a finalizer resurrects to; NULL: it does not */
} seen;

static void look(void *object)
{
    struct mortal *mortal = object;
    seen.count++;
    seen.last = mortal->value;
    const struct mortal *next = mm_get(&mortal->next);
    if (next)
        seen.sum += next->value;
    if (seen.saved)
        mm_root_set(seen.saved, object);
}

static int look_setup(void **state)
{
    seen.count = 0;
    seen.last = seen.sum = 0;
    seen.saved = NULL;
    finalizer = look;
    return heap_setup(state);
}

static void mortal_new(struct mm_root *out, uint64_t value)
{
    struct mortal *mortal = mm_new(&mortal_type, out);
    assert_non_null(mortal);
    mortal->value = value;
}

static void mortal_push(struct mm_root *head, uint64_t value)
{
    MM_ROOT(new);
    mortal_new(&new, value);
    struct mortal *mortal = mm_root_get(&new);
    mm_move(mortal, &mortal->next, head);
    mm_root_move(head, &new);
}

static void test_once(void **state)
{
    (void)state;
    {
        MM_ROOT(root);
        mortal_new(&root, 12);
        settle();
        assert_int_equal(seen.count, 0);
    }
    settle();
    expect_live(0);
    assert_int_equal(seen.count, 1);
    assert_int_equal(seen.last, 12);
    settle();
    assert_int_equal(seen.count, 1);
}

/* What it refers to is still there when the finalizer runs. */
static void test_before_its_references_go(void **state)
{
    (void)state;
    {
        MM_ROOT(head);
        for (uint64_t i = 0; i < 10; i++)
            mortal_push(&head, i);
    }
    settle();
    expect_live(0);
    assert_int_equal(seen.count, 10);
    assert_int_equal(seen.sum, 0 + 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8);
}

static void test_resurrection(void **state)
{
    (void)state;
    MM_ROOT(saved);
    seen.saved = &saved;
    {
        MM_ROOT(root);
        mortal_new(&root, 3);
        MM_ROOT(next);
        assert_int_equal(cell_push(&next, 4), 0);
        struct mortal *mortal = mm_root_get(&root);
        mm_move(mortal, &mortal->other, &next);
    }
    settle();
    expect_found((uint64_t)seen.count, 1);
    struct mortal *mortal = mm_root_get(&saved);
    assert_non_null(mortal);
    assert_int_equal(mortal->value, 3);
    const struct cell *cell = mm_get(&mortal->other);
    assert_int_equal(cell->value, 4);
    settle();
    expect_live(2);
    seen.saved = NULL;
    mm_root_set(&saved, NULL);
    settle();
    assert_int_equal(seen.count, 1);
    expect_live(0);
}

static void allocate(void *object)
{
    uint64_t value = ((struct mortal *)object)->value;
    seen.count++;
    MM_ROOT(root);
    for (uint64_t i = 0; i < value; i++)
        assert_int_equal(cell_push(&root, i), 0);
}

static void test_that_allocates(void **state)
{
    (void)state;
    finalizer = allocate;
    {
        MM_ROOT(head);
        for (uint64_t i = 0; i < 30; i++)
            mortal_push(&head, i);
    }
    settle();
    expect_found((uint64_t)seen.count, 30);
    settle();
    expect_live(0);
}

/* A finalizer that makes another mortal object: that one has its turn too. */
static void succeed(void *object)
{
    uint64_t value = ((struct mortal *)object)->value;
    seen.count++;
    if (value == 0)
        return;
    MM_ROOT(heir);
    mortal_new(&heir, value - 1);
}

static void test_that_makes_mortals(void **state)
{
    (void)state;
    finalizer = succeed;
    {
        MM_ROOT(root);
        mortal_new(&root, 5);
    }
    for (int i = 0; i < 7; i++)
        settle();
    expect_live(0);
    assert_int_equal(seen.count, 6);
}

#if MM_TRAITS & MM_TRAIT_WEAK
static void count_call(void *weak, void *context)
{
    (void)weak;
    (*(int *)context)++;
}

/* Weak references to the object itself, in two roots that outlive it. */
static struct mm_root late[2];
static int late_calls;

static void look_weakly(void *object)
{
    seen.count++;
    MM_ROOT(self);
    mm_root_set(&self, object);
    assert_non_null(mm_weak_new(&self, NULL, NULL, &late[0]));
    assert_non_null(mm_weak_new(&self, count_call, &late_calls, &late[1]));
}

/* A legacy finalizer runs after the weak references to its object were cleared, and makes new ones. */
static void test_makes_weak_references(void **state)
{
    (void)state;
    late_calls = 0;
    finalizer = look_weakly;
    mm_root_push(&late[0]);
    mm_root_push(&late[1]);
    {
        MM_ROOT(root);
        assert_non_null(mm_new(&legacy_type, &root));
    }
    settle();
    settle(); /* a collector that takes weak references for references had to wait */
    expect_found((uint64_t)seen.count, 1);
    expect_live(2);
    for (int i = 0; i < 2; i++) {
        MM_ROOT(target);
        assert_null(mm_weak_get(mm_root_get(&late[i]), &target));
    }
    if (MM_TRAITS & MM_TRAIT_PROMPT)
        assert_int_equal(late_calls, 0);
    mm_root_pop(&late[1]);
    mm_root_pop(&late[0]);
}
#endif

#if MM_TRAITS & MM_TRAIT_PROMPT && MM_TRAITS & MM_TRAIT_COLLECTOR
static bool is_tracked(const void *object)
{
    void *objects[16];
    size_t count = mm_gc_get_objects(0, objects, 16);
    for (size_t i = 0; i < count && i < 16; i++)
        if (objects[i] == object)
            return true;
    return false;
}

static void look_whether_tracked(void *object)
{
    seen.count++;
    assert_true(is_tracked(object));
}

/* As in CPython, a dying object is tracked, and young, while its finalizer runs, of whatever kind that is. */
static void test_tracked_meanwhile(void **state)
{
    (void)state;
    finalizer = look_whether_tracked;
    const struct mm_type *const types[] = {&mortal_type, &legacy_type};
    for (int i = 0; i < 2; i++) {
        MM_ROOT(root);
        assert_non_null(mm_new(types[i], &root));
        mm_collect(MM_GENERATIONS - 1);
        assert_false(is_tracked(mm_root_get(&root)));
        mm_root_set(&root, NULL);
        assert_int_equal(seen.count, i + 1);
    }
    settle();
    expect_live(0);
}

static void collect(void *object)
{
    (void)object;
    seen.count++;
    mm_collect(MM_GENERATIONS - 1);
}

/* A collection in the finalizer may untrack what it finds. */
static void test_untracked_meanwhile(void **state)
{
    (void)state;
    static const struct mm_type type = {.name = "tuple",
                                        .size = sizeof(struct tuple),
                                        .flags = MM_TYPE_UNTRACKS,
                                        .tail = MM_TAIL_REFS,
                                        .finalize = collect};
    {
        MM_ROOT(root);
        assert_non_null(mm_new_tail(&type, 0, &root));
    }
    assert_int_equal(seen.count, 1);
    settle();
    expect_live(0);
}
#endif

static void test_not_at_close(void **state)
{
    (void)state;
    heap_open(0);
    finalizer = look;
    seen.count = 0;
    struct mm_root root;
    mm_root_push(&root);
#if MM_TRAITS & MM_TRAIT_CYCLES
    mm_gc_disable();
    mortal_new(&root, 1);
    struct mortal *mortal = mm_root_get(&root);
    mm_set(mortal, &mortal->next, mortal);
    mm_root_set(&root, NULL);
#endif
    mm_root_pop(&root);
    heap_close();
    assert_int_equal(seen.count, 0);
    finalizer = NULL;
    heap_open(0);
}

#if MM_TRAITS & MM_TRAIT_CYCLES
static void ring_of_mortals(struct mm_root *out, uint64_t length)
{
    MM_ROOT(last);
    mortal_push(out, 0);
    mm_root_set(&last, mm_root_get(out));
    for (uint64_t i = 1; i < length; i++)
        mortal_push(out, i);
    struct mortal *mortal = mm_root_get(&last);
    mm_set(mortal, &mortal->next, mm_root_get(out));
}

static void test_in_a_cycle(void **state)
{
    (void)state;
    {
        MM_ROOT(ring);
        ring_of_mortals(&ring, 6);
    }
    settle();
    expect_live(0);
    assert_int_equal(seen.count, 6);
    assert_int_equal(seen.sum, 15);
}

/* One saves itself, and with it all that it reaches; none is finalized again. */
static void test_resurrection_of_a_cycle(void **state)
{
    (void)state;
    MM_ROOT(saved);
    seen.saved = &saved;
    {
        MM_ROOT(ring);
        ring_of_mortals(&ring, 6);
    }
    settle();
    expect_found((uint64_t)seen.count, 6);
    expect_live(6);
    const struct mortal *mortal = mm_root_get(&saved);
    for (int i = 0; i < 6; i++)
        mortal = mm_get(&mortal->next);
    assert_ptr_equal(mortal, mm_root_get(&saved));
    mm_root_set(&saved, NULL);
    settle();
    expect_live(0);
    assert_int_equal(seen.count, 6);
}
#endif

int finalizers_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_once, look_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_before_its_references_go, look_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_resurrection, look_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_that_allocates, look_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_that_makes_mortals, look_setup, heap_teardown),
#if MM_TRAITS & MM_TRAIT_WEAK
        cmocka_unit_test_setup_teardown(test_makes_weak_references, look_setup, heap_teardown),
#endif
#if MM_TRAITS & MM_TRAIT_PROMPT && MM_TRAITS & MM_TRAIT_COLLECTOR
        cmocka_unit_test_setup_teardown(test_tracked_meanwhile, look_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_untracked_meanwhile, look_setup, heap_teardown),
#endif
        cmocka_unit_test_teardown(test_not_at_close, heap_teardown),
#if MM_TRAITS & MM_TRAIT_CYCLES
        cmocka_unit_test_setup_teardown(test_in_a_cycle, look_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_resurrection_of_a_cycle, look_setup, heap_teardown),
#endif
    };
    return cmocka_run_group_tests_name("finalizers, " STRATEGY, tests, NULL, NULL);
}

#else

int finalizers_tests(void)
{
    return 0;
}

#endif
