/* rules.c: rules of refcount_gc that the golden traces do not reach: parameters of other CPythons, and tuples. What is
 * expected is worked out beside each test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mm.h"

struct node {
    struct mm_ref next, other;
};

struct tuple {
    size_t length;
};

struct number {
    uint64_t value;
};

static const uint16_t node_refs[] = {offsetof(struct node, next), offsetof(struct node, other)};
static const struct mm_type node_type = {
    .name = "node", .size = sizeof(struct node), .ref_count = 2, .refs = node_refs};
static const struct mm_type number_type = {.name = "number", .size = sizeof(struct number)};
static const struct mm_type tuple_type = {
    .name = "tuple", .size = sizeof(struct tuple), .flags = MM_TYPE_UNTRACKS, .tail = MM_TAIL_REFS};

static void open_heap(const char *const params[])
{
    assert_int_equal(mm_heap_open(&(struct mm_config){.params = params}), 0);
}

static void close_heap(void)
{
    assert_null(mm_heap_check());
    mm_heap_close();
}

/* Puts a new node before the list: it is reachable as soon as it is made. */
static void push(struct mm_root *list)
{
    MM_ROOT(made);
    struct node *node = mm_new(&node_type, &made);
    assert_non_null(node);
    mm_move(node, &node->next, list);
    mm_root_move(list, &made);
}

static void push_many(struct mm_root *list, size_t count)
{
    while (count-- > 0)
        push(list);
}

static void expect_generations(size_t youngest, size_t middle, size_t oldest)
{
    assert_int_equal(mm_gc_get_objects(0, NULL, 0), youngest);
    assert_int_equal(mm_gc_get_objects(1, NULL, 0), middle);
    assert_int_equal(mm_gc_get_objects(2, NULL, 0), oldest);
}

static void expect_collections(uint64_t youngest, uint64_t middle, uint64_t oldest)
{
    struct mm_stats stats;
    mm_stats_get(&stats);
    assert_int_equal(stats.collections[0], youngest);
    assert_int_equal(stats.collections[1], middle);
    assert_int_equal(stats.collections[2], oldest);
}

static void expect_counts(uint32_t youngest, uint32_t middle, uint32_t oldest)
{
    uint32_t count[MM_GENERATIONS];
    mm_gc_get_count(count);
    assert_int_equal(count[0], youngest);
    assert_int_equal(count[1], middle);
    assert_int_equal(count[2], oldest);
}

/* ---- triggers */

/* CPython 3.11, threshold 5: five nodes make the count 5, which is not above it. The sixth makes it 6: a collection,
 * which finds five and moves them on; then the sixth is tracked, and the count is 0, though there is one. */
static void test_examines_older(void **state)
{
    (void)state;
    open_heap((const char *const[]){"threshold0=5", NULL});
    {
        MM_ROOT(list);
        push_many(&list, 5);
        expect_collections(0, 0, 0);
        expect_counts(5, 0, 0);
        push(&list);
        expect_collections(1, 0, 0);
        expect_counts(0, 1, 0);
        expect_generations(1, 5, 0);
        push_many(&list, 5);
        expect_collections(1, 0, 0);
        push(&list); /* the twelfth: six wait now, since the collection before left one */
        expect_collections(2, 0, 0);
        expect_generations(1, 11, 0);
    }
    close_heap();
}

/* CPython 3.12, the same: the sixth is tracked when the collection runs, so it is moved on with the five. It lives,
 * though nothing refers to it yet but who asked for it. */
static void test_examines_new(void **state)
{
    (void)state;
    open_heap((const char *const[]){"threshold0=5", "examines_new=1", NULL});
    {
        MM_ROOT(list);
        push_many(&list, 5);
        expect_collections(0, 0, 0);
        push(&list);
        expect_collections(1, 0, 0);
        expect_counts(0, 1, 0);
        expect_generations(0, 6, 0);
        push_many(&list, 6);
        expect_collections(2, 0, 0);
        expect_generations(0, 12, 0);
    }
    close_heap();
}

/* When a node dies before the next is made, and only one is ever alive, the count goes between 0 and 1: no collection,
 * in either version. */
static void test_steady_state_does_not_collect(void **state)
{
    (void)state;
    static const char *const versions[][3] = {{"threshold0=1", "examines_new=0", NULL},
                                              {"threshold0=1", "examines_new=1", NULL}};
    for (size_t i = 0; i < 2; i++) {
        open_heap(versions[i]);
        for (int made = 0; made < 100; made++) {
            MM_ROOT(node);
            push(&node);
        }
        expect_collections(0, 0, 0);
        expect_counts(0, 0, 0);
        close_heap();
    }
}

/* 10,000 nodes that live, thresholds 700, 10, 10: a collection at every 701st, 14 in all (9,814 = 14 * 701). The 12th
 * is the first that finds count[1] above 10, so it is of generation 1: 13 and 1. Threshold 2000: at every 2,001st, 4 in
 * all. */
static void test_first_threshold(void **state)
{
    (void)state;
    open_heap(NULL);
    {
        MM_ROOT(list);
        push_many(&list, 10000);
        expect_collections(13, 1, 0);
        expect_counts(10000 - 9814, 2, 1);
    }
    close_heap();
    open_heap((const char *const[]){"threshold0=2000", "examines_new=1", NULL});
    {
        MM_ROOT(list);
        push_many(&list, 2000);
        expect_collections(0, 0, 0);
        push(&list);
        expect_collections(1, 0, 0);
        push_many(&list, 7999);
        expect_collections(4, 0, 0);
        expect_counts(10000 - 4 * 2001, 4, 0);
    }
    close_heap();
}

/* ---- tuples: what CPython's gc.is_tracked says after gc.collect() */

static void *tuple_new(struct mm_root *out, void *first, void *second)
{
    struct tuple *tuple = mm_new_tail(&tuple_type, 2, out);
    assert_non_null(tuple);
    struct mm_ref *slots = mm_tail_refs(&tuple_type, tuple);
    mm_set(tuple, &slots[0], first);
    mm_set(tuple, &slots[1], second);
    return tuple;
}

static void expect_tracked(size_t count)
{
    mm_collect(MM_GENERATIONS - 1);
    assert_int_equal(mm_gc_get_objects(-1, NULL, 0), count);
    assert_null(mm_heap_check());
}

/* A tuple of numbers is left out, one of a list is not; one with an empty slot may be filled yet. */
static void test_tuple_contents(void **state)
{
    (void)state;
    open_heap(NULL);
    {
        MM_ROOT(number);
        MM_ROOT(list);
        MM_ROOT(numbers);
        MM_ROOT(lists);
        MM_ROOT(unfinished);
        mm_new(&number_type, &number);
        push(&list);
        tuple_new(&numbers, mm_root_get(&number), mm_root_get(&number));
        tuple_new(&lists, mm_root_get(&number), mm_root_get(&list));
        void *tuple = tuple_new(&unfinished, mm_root_get(&number), NULL);
        assert_int_equal(mm_gc_get_objects(-1, NULL, 0), 4);
        expect_tracked(3);
        assert_int_equal(refcount_gc_heap.long_lived_total, 3);
        mm_set(tuple, &mm_tail_refs(&tuple_type, tuple)[1], mm_root_get(&number));
        expect_tracked(2);
    }
    close_heap();
}

/* A tuple of tuples is left out when those are: in the same collection if they are older, else in the next. */
static void test_tuple_of_tuples(void **state)
{
    (void)state;
    open_heap(NULL);
    {
        MM_ROOT(number);
        MM_ROOT(inner);
        MM_ROOT(outer);
        mm_new(&number_type, &number);
        tuple_new(&inner, mm_root_get(&number), mm_root_get(&number));
        tuple_new(&outer, mm_root_get(&inner), mm_root_get(&inner));
        expect_tracked(0);
        void *older = tuple_new(&outer, NULL, NULL);
        void *younger = tuple_new(&inner, mm_root_get(&number), mm_root_get(&number));
        for (size_t i = 0; i < 2; i++)
            mm_set(older, &mm_tail_refs(&tuple_type, older)[i], younger);
        expect_tracked(1);
        expect_tracked(0);
    }
    close_heap();
}

/* What is left out is freed as any other, and its death is counted: of 3 made and 1 freed, count[0] is 2. */
static void test_untracked_dies(void **state)
{
    (void)state;
    open_heap(NULL);
    {
        MM_ROOT(number);
        MM_ROOT(tuple);
        MM_ROOT(list);
        mm_new(&number_type, &number);
        tuple_new(&tuple, mm_root_get(&number), mm_root_get(&number));
        expect_tracked(0);
        push_many(&list, 3);
        mm_root_set(&tuple, NULL);
        expect_counts(2, 0, 0);
        expect_tracked(3);
    }
    struct mm_stats stats;
    mm_stats_get(&stats);
    assert_int_equal(stats.objects_allocated, 5);
    assert_int_equal(stats.objects_freed, 5);
    close_heap();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_examines_older),
        cmocka_unit_test(test_examines_new),
        cmocka_unit_test(test_steady_state_does_not_collect),
        cmocka_unit_test(test_first_threshold),
        cmocka_unit_test(test_tuple_contents),
        cmocka_unit_test(test_tuple_of_tuples),
        cmocka_unit_test(test_untracked_dies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
