/* depth.c: a list's nodes are destroyed one inside the other, 50 deep; what comes deeper waits until those are freed.
 * Held to CPython: compiled against it too, and what is expected is the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mm.h"

struct node {
    struct mm_ref next;
};

struct last {
    struct mm_ref unused;
};

static uint64_t freed_before;

static void finalize(void *object)
{
    (void)object;
    struct mm_stats stats;
    mm_stats_get(&stats);
    freed_before = stats.objects_freed;
}

static const uint16_t refs[] = {0};
static const struct mm_type node_type = {.name = "node", .size = sizeof(struct node), .ref_count = 1, .refs = refs};
static const struct mm_type last_type = {
    .name = "last", .size = sizeof(struct last), .ref_count = 1, .refs = refs, .finalize = finalize};

/* So many nodes, the last of which refers to an object with a finalizer, and the first is dropped. Returns how many
 * were freed when the finalizer ran. */
static uint64_t freed_at_finalizer(size_t nodes)
{
    assert_int_equal(mm_heap_open(&(struct mm_config){.params = (const char *const[]){"enabled=0", NULL}}), 0);
    {
        MM_ROOT(list);
        MM_ROOT(made);
        assert_non_null(mm_new(&last_type, &list));
        for (size_t i = 0; i < nodes; i++) {
            struct node *node = mm_new(&node_type, &made);
            assert_non_null(node);
            mm_move(node, &node->next, &list);
            mm_root_move(&list, &made);
        }
    }
    struct mm_stats stats;
    mm_stats_get(&stats);
    assert_int_equal(stats.objects_freed, nodes + 1);
    assert_null(mm_heap_check());
    mm_heap_close();
    return freed_before;
}

/* 49 nodes and the last one are 50 deep: nothing is freed before. With one node more the last one is deferred, and the
 * 50 are freed first. Those that were deferred begin at depth 1, so that 49 of them make it 50: a second 49 is freed
 * before a third begins. */
static void test_depth(void **state)
{
    (void)state;
    assert_int_equal(freed_at_finalizer(0), 0);
    assert_int_equal(freed_at_finalizer(49), 0);
    assert_int_equal(freed_at_finalizer(50), 50);
    assert_int_equal(freed_at_finalizer(60), 50);
    assert_int_equal(freed_at_finalizer(50 + 48), 50);
    assert_int_equal(freed_at_finalizer(50 + 49), 50 + 49);
    assert_int_equal(freed_at_finalizer(50 + 49 + 49), 50 + 49 + 49);
    assert_int_equal(freed_at_finalizer(10000), 50 + (10000 - 50) / 49 * 49);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_depth)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
